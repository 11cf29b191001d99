"""What a batch leaves behind: curves, snapshots and predictions, worked out from stored logits many epochs at a time.

Counting right answers and adding up losses epoch by epoch would cost more than the training itself. So an epoch only
copies its logits into a buffer, and every so often the whole buffer is turned into rows of the curves at once.

Axes: R runs, E epochs in the buffer, T epochs in all, S kept epochs, C = 2 classes, N training points, V validation
points, M = N' + V' all points of the test pass with both parts rounded up.
"""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from regdash.config import RunConfig
from regdash.data import Dataset
from regdash.ensemble.layout import Parameters, padded
from regdash.ensemble.losses import log_softmax, nll_sum
from regdash.ensemble.network import blocks_of
from regdash.ensemble.unlocked import as_written
from regdash.results import HISTORY_COLUMNS, Floats, Run, Snapshots, snapshot_epochs

_SURELY_FINITE = 1e30  # logits below it cannot make a mean of at most 1,800 losses overflow
_NO_CLASS = np.uint8(2)  # the label of padding, so that no answer is right there
_BUFFER_FLOATS = 2**18  # 1 MiB of logits, so that they are still in the cache when they are read


class Recorder:
    """Curves and snapshots of R runs with the same shapes and epochs. `starts` are the runs that they go on from.

    curves     (R, 5, T) float64, flipped (R, T) float64, as in `Run`
    snapshots  (S, all) float32, flat parameters; predicted (R, S, N + V) uint8
    diverged_at  (R,) int, the first epoch (from 0) whose losses are not finite; T if none
    all_diverged  whether no run is worth training on, as far as the buffers have been worked out
    """

    def __init__(
        self,
        configs: Sequence[RunConfig],
        data: Sequence[Dataset],
        parameters: Parameters,
        snapshots: Snapshots,
        starts: Sequence[Run] = (),
    ) -> None:
        first, device, n_runs = configs[0], parameters.flat.device, len(configs)
        self.parameters = parameters
        train, val = blocks_of(first)
        self._train, self._val = slice(*train), slice(*val)
        train_rows, rows = padded(train[1]), padded(val[1])
        self._is_smoothed = np.array([c.label_smoothing > 0 for c in configs])
        self._labels = np.full((n_runs, rows), _NO_CLASS)  # (R, M)
        self._labels[:, self._train] = np.stack([d.y_train for d in data])
        self._labels[:, self._val] = np.stack([d.y_val for d in data])
        self._is_class_1 = torch.from_numpy(self._labels == 1).to(device)  # (R, M)
        self._is_flipped = np.stack([d.flipped for d in data])  # (R, N)

        done = starts[0].config.epochs if starts else 0
        capacity = max(1, min(first.epochs - done, _BUFFER_FLOATS // (n_runs * 2 * (rows + train_rows))))
        self._capacity = capacity
        self._dropped = torch.zeros(capacity, n_runs, 2, train_rows, dtype=torch.float32, device=device)  # dropout on
        self._tested = torch.zeros(capacity, n_runs, 2, rows, dtype=torch.float32, device=device)  # dropout off
        self._logp = torch.empty_like(self._tested)
        self._terms = np.empty((rows, capacity, n_runs), dtype=np.float32)  # (M, E, R)
        self.start, self.count = done, 0  # epochs already worked out, epochs in the buffer

        self.kept_epochs = tuple(epoch for epoch in snapshot_epochs(first.epochs, snapshots) if epoch > done)
        self._slot_of = {epoch - 1: slot for slot, epoch in enumerate(self.kept_epochs)}
        self.snapshots = torch.empty(len(self.kept_epochs), *parameters.flat.shape, dtype=torch.float32, device=device)
        self.predicted = np.zeros((n_runs, len(self.kept_epochs), first.n_samples), dtype=np.uint8)
        self.curves = np.full((n_runs, len(HISTORY_COLUMNS), first.epochs), np.nan)
        self.flipped = np.full((n_runs, first.epochs), np.nan)
        for run, start in enumerate(starts):
            self.curves[run, :, :done], self.flipped[run, :done] = start.curves, start.flipped
        self.diverged_at, self.all_diverged = np.full(n_runs, first.epochs), False

    @property
    def room(self) -> int:
        """How many epochs fit into the buffer."""
        return self._capacity - self.count

    def slots(self, count: int) -> list[tuple[Tensor, Tensor, Tensor | None]]:
        """Where the next epochs' results go, of as many as there is room for.

        Logits with dropout on (R, C, N') and off (R, C, M), and flat parameters if the epoch is to be kept.
        """
        buffered = range(self.count, self.count + count)
        kept = [self._slot_of.get(self.start + epoch) for epoch in buffered]
        return [
            (self._dropped[epoch], self._tested[epoch], None if slot is None else self.snapshots[slot])
            for epoch, slot in zip(buffered, kept, strict=True)
        ]

    def end_epochs(self, count: int) -> None:
        """The slots of the next `count` epochs are filled."""
        self.count += count
        if self.count == self._capacity:
            self.flush()

    def flush(self) -> None:
        """Turn the buffered epochs into rows of the curves."""
        if not self.count:
            return
        classes, train = _classes(self._tested[: self.count]), self._train  # (E, R, M)
        right = classes.view(np.uint8) == self._labels  # (E, R, M), false in the padding
        dropped = _classes(self._dropped[: self.count, ..., train])  # (E, R, N)
        n_train, n_val = (part.stop - part.start for part in (train, self._val))
        train_loss, val_loss = self._losses(self._tested[: self.count], train, self._val)
        rows = np.stack(
            [
                _share(right[..., train], n_train),
                _share(dropped.view(np.uint8) == self._labels[:, train], n_train),
                _share(right[..., self._val], n_val),
                train_loss,
                val_loss,
            ]
        )  # (5, E, R)
        memorised = _share(right[..., train] & self._is_flipped, self._is_flipped.sum(-1))
        finite = np.isfinite(rows).all(0) & self._training_loss_is_finite()  # (E, R)
        self._note_divergence(finite)
        epochs = slice(self.start, self.start + self.count)
        fine = epochs.start + np.arange(self.count)[:, None] < self.diverged_at  # (E, R)
        self.curves[:, :, epochs] = np.where(fine, rows, np.nan).transpose(2, 0, 1)
        self.flipped[:, epochs] = np.where(fine, memorised, np.nan).T
        self._predict(classes & fine[:, :, None])
        self.start, self.count = epochs.stop, 0
        self.all_diverged = bool((self.diverged_at < self.start).all())

    def _losses(self, logits: Tensor, *parts: slice) -> list[Floats]:
        """Logits (E, R, C, M or N') → mean cross-entropy over each part of the points, (E, R)."""
        count, _, _, n_points = logits.shape
        logp = self._log_probabilities(logits)
        labels = self._is_class_1[:, :n_points]
        picked = torch.where(labels, logp[:, :, 1], logp[:, :, 0])  # (E, R, M)
        terms = self._terms[:n_points, :count]
        np.copyto(terms, picked.cpu().numpy().transpose(2, 0, 1))
        return [(0 - nll_sum(terms[part])) / np.float32(part.stop - part.start) for part in parts]  # 0, never -0

    def _log_probabilities(self, logits: Tensor) -> Tensor:
        """(E, R, C, N') → the same shape, in memory that the next call overwrites."""
        out = self._logp.view(-1)[: logits.numel()].view(logits.shape)
        with as_written():
            log_softmax(logits.flatten(0, 1), out.flatten(0, 1))
        return out

    def _training_loss_is_finite(self) -> NDArray[np.bool_]:
        """(E, R) whether the training loss itself, dropout on, is finite."""
        logits = self._dropped[: self.count]  # (E, R, C, N')
        low, high = torch.aminmax(logits)
        if low > -_SURELY_FINITE and high < _SURELY_FINITE:  # false for NaN
            return np.ones(logits.shape[:2], dtype=bool)
        finite: NDArray[np.bool_] = np.isfinite(*self._losses(logits, self._train))
        smooth = self._log_probabilities(logits)[..., self._train].sum(2).mean(-1).cpu().numpy()  # (E, R)
        finite &= np.isfinite(smooth) | ~self._is_smoothed
        return finite

    def _note_divergence(self, finite: NDArray[np.bool_]) -> None:
        first = np.where(finite.all(0), np.iinfo(int).max, self.start + finite.argmin(0))
        self.diverged_at = np.minimum(self.diverged_at, first)

    def _predict(self, classes: NDArray[np.bool_]) -> None:
        """Fill in the classes (E, R, M) at the kept epochs among the buffered ones."""
        for epoch in range(self.count):
            slot = self._slot_of.get(self.start + epoch)
            if slot is not None:
                self.predicted[:, slot, : self._train.stop] = classes[epoch, :, self._train]
                self.predicted[:, slot, self._train.stop :] = classes[epoch, :, self._val]


def _classes(logits: Tensor) -> NDArray[np.bool_]:
    """Logits (E, R, C, N) → (E, R, N), whether class 1. `argmax` takes the first of equals: class 0.

    numpy, since it compares several times faster than torch.
    """
    planes = logits.cpu().numpy()
    classes: NDArray[np.bool_] = np.greater(planes[:, :, 1], planes[:, :, 0])
    return classes


def _share(right: NDArray[np.bool_], out_of: NDArray[np.int64] | int) -> Floats:
    """(E, R, N) bool → (E, R), a float32 mean like the oracle's; NaN where it is a mean over nothing."""
    with np.errstate(invalid="ignore"):
        share: Floats = right.sum(-1).astype(np.float32) / np.float32(out_of)
    return share
