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
from regdash.results import HISTORY_COLUMNS, Floats, snapshot_epochs

_SURELY_FINITE = 1e30  # logits below it cannot make a mean of at most 1,800 losses overflow
_BUFFER_FLOATS = 2**18  # 1 MiB of logits, so that they are still in the cache when they are read


class Recorder:
    """Curves and snapshots of R runs with the same shapes and epochs.

    curves     (R, 5, T) float64, flipped (R, T) float64, as in `Run`
    snapshots  (S, R, stride) float32 padded parameters; predicted (R, S, N + V) uint8
    diverged_at  (R,) int, the first epoch (from 0) whose losses are not finite; T if none
    """

    def __init__(
        self, configs: Sequence[RunConfig], data: Sequence[Dataset], parameters: Parameters, snapshots: int
    ) -> None:
        first, device, n_runs = configs[0], parameters.flat.device, len(configs)
        self.parameters = parameters
        train, val = blocks_of(first)
        self._train, self._val = slice(*train), slice(*val)
        train_rows, rows = padded(train[1]), padded(val[1])
        self._is_smoothed = np.array([c.label_smoothing > 0 for c in configs])
        self.y_train = torch.stack([d.y_train for d in data]).to(device)  # (R, N)
        self.y_val = torch.stack([d.y_val for d in data]).to(device)  # (R, V)
        self.is_flipped = torch.stack([d.flipped for d in data]).to(device)  # (R, N)

        capacity = max(1, min(first.epochs, _BUFFER_FLOATS // (n_runs * 2 * (rows + train_rows))))
        self.dropped = torch.zeros(capacity, n_runs, 2, train_rows, device=device)  # dropout on
        self.tested = torch.zeros(capacity, n_runs, 2, rows, device=device)  # dropout off
        self._dropped_slots, self._tested_slots = self.dropped.unbind(), self.tested.unbind()
        self.start, self.count = 0, 0  # epochs already worked out, epochs in the buffer

        self.kept_epochs = snapshot_epochs(first.epochs, snapshots)
        self._slot_of = {epoch - 1: slot for slot, epoch in enumerate(self.kept_epochs)}
        self.snapshots = torch.zeros(len(self.kept_epochs), *parameters.flat.shape, device=device)
        self.predicted = np.zeros((n_runs, len(self.kept_epochs), first.n_samples), dtype=np.uint8)
        self.curves = np.full((n_runs, len(HISTORY_COLUMNS), first.epochs), np.nan)
        self.flipped = np.full((n_runs, first.epochs), np.nan)
        self.diverged_at = np.full(n_runs, first.epochs)

    def training_logits(self, logits: Tensor) -> Tensor:
        """Take the epoch's logits with dropout on, (R, C, N'); returns the copy."""
        return self._dropped_slots[self.count].copy_(logits)

    def end_epoch(self, logits: Tensor) -> None:
        """Take the epoch's logits with dropout off, (R, C, M), and its parameters if they are to be kept."""
        self._tested_slots[self.count].copy_(logits)
        slot = self._slot_of.get(self.start + self.count)
        if slot is not None:
            self.snapshots[slot].copy_(self.parameters.flat)
        self.count += 1
        if self.count == len(self.tested):
            self.flush()

    def flush(self) -> None:
        """Turn the buffered epochs into rows of the curves."""
        if not self.count:
            return
        dropped = self.dropped[: self.count, ..., self._train]  # (E, R, C, N)
        tested = self.tested[: self.count]  # (E, R, C, M)
        train = tested[..., self._train]
        val = tested[..., self._val]

        n_train, n_val = train.shape[-1], val.shape[-1]
        train_right = _is_right(train, self.y_train)  # (E, R, N)
        memorised = _share(train_right & self.is_flipped, self.is_flipped.sum(-1).cpu().numpy())
        logp = _log_probabilities(tested)
        train_loss, val_loss = (
            _mean_loss(logp[..., self._train], self.y_train),
            _mean_loss(logp[..., self._val], self.y_val),
        )
        rows = np.stack(
            [
                _share(train_right, n_train),
                _share(_is_right(dropped, self.y_train), n_train),
                _share(_is_right(val, self.y_val), n_val),
                train_loss,
                val_loss,
            ]
        )  # (5, E, R)
        finite = np.isfinite(rows).all(0) & self._training_loss_is_finite()  # (E, R)
        self._note_divergence(finite)
        epochs = slice(self.start, self.start + self.count)
        fine = epochs.start + np.arange(self.count)[:, None] < self.diverged_at  # (E, R)
        self.curves[:, :, epochs] = np.where(fine, rows, np.nan).transpose(2, 0, 1)
        self.flipped[:, epochs] = np.where(fine, memorised, np.nan).T
        self._predict(train, val, fine)
        self.start, self.count = epochs.stop, 0

    @property
    def all_diverged(self) -> bool:
        """Whether no run is worth training on."""
        return bool((self.diverged_at < self.start).all())

    def _training_loss_is_finite(self) -> NDArray[np.bool_]:
        """(E, R) whether the training loss itself, dropout on, is finite."""
        logits = self.dropped[: self.count]  # (E, R, C, N')
        if logits.abs().amax() < _SURELY_FINITE:  # false for NaN
            return np.ones(logits.shape[:2], dtype=bool)
        logp = _log_probabilities(logits)[..., self._train]  # (E, R, C, N)
        smooth = logp.sum(2).mean(-1).cpu().numpy()  # (E, R)
        finite: NDArray[np.bool_] = np.isfinite(_mean_loss(logp, self.y_train))
        finite &= np.isfinite(smooth) | ~self._is_smoothed
        return finite

    def _note_divergence(self, finite: NDArray[np.bool_]) -> None:
        first = np.where(finite.all(0), np.iinfo(int).max, self.start + finite.argmin(0))
        self.diverged_at = np.minimum(self.diverged_at, first)

    def _predict(self, train: Tensor, val: Tensor, fine: NDArray[np.bool_]) -> None:
        """Fill in the classes at the kept epochs among the buffered ones; `fine` (E, R) says where there is one."""
        epochs = [epoch for epoch in range(self.count) if self.start + epoch in self._slot_of]
        slots = [self._slot_of[self.start + epoch] for epoch in epochs]
        logits = torch.cat([train[epochs], val[epochs]], dim=-1)  # (K, R, C, N + V)
        classes = (logits[:, :, 1] > logits[:, :, 0]).cpu().numpy() & fine[epochs][:, :, None]
        self.predicted[:, slots] = classes.swapaxes(0, 1)


def _is_right(logits: Tensor, labels: Tensor) -> Tensor:
    """Logits (E, R, C, N), labels (R, N) → (E, R, N) bool. `argmax` takes the first of equals: class 0."""
    return (logits[:, :, 1] > logits[:, :, 0]) == labels.bool()


def _share(right: Tensor, out_of: NDArray[np.int64] | int) -> Floats:
    """(E, R, N) bool → (E, R), a float32 mean like the oracle's; NaN where it is a mean over nothing."""
    count = right.sum(-1).cpu().numpy().astype(np.float32)
    with np.errstate(invalid="ignore"):
        return count / np.float32(out_of)


def _log_probabilities(logits: Tensor) -> Tensor:
    """(E, R, C, N') → the same shape."""
    flat = logits.flatten(0, 1)
    return log_softmax(flat, torch.empty_like(flat)).view_as(logits)


def _mean_loss(logp: Tensor, labels: Tensor) -> Floats:
    """Log-probabilities (E, R, C, N), labels (R, N) → mean cross-entropy (E, R)."""
    picked = torch.where(labels.bool(), logp[:, :, 1], logp[:, :, 0])  # (E, R, N)
    total = nll_sum(picked.movedim(-1, 0).contiguous().cpu().numpy())  # (E, R)
    return -total / np.float32(labels.shape[-1])
