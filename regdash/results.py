"""`Run`: what a training leaves behind, as plain data. numpy and pandas only.

Axes: T epochs, S kept epochs (snapshots), P parameters, N points, G grid side.
"""

import numbers
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regdash.config import RunConfig
from regdash.errors import ConfigError, SnapshotError, shown
from regdash.surroundings.arithmetic import usual_arithmetic

HISTORY_COLUMNS = ("train_accuracy", "train_accuracy_dropout_on", "val_accuracy", "train_loss", "val_loss")
DEFAULT_SNAPSHOTS = 40
GRID_SIDE = 40
CHUNK = 1600  # points at once: a whole grid, whose activations still stay in the processor's cache
LATE = 20  # epochs before the last one, to which it is compared
SOFTNESS = 4.0  # of surfaces, see `level_probabilities`

Floats = NDArray[np.float32]
Snapshots = int | Sequence[int]
"""How many epochs' weights a run keeps, evenly spread; or the epochs themselves, ascending to the last one."""


def snapshot_epochs(epochs: int, count: Snapshots = DEFAULT_SNAPSHOTS) -> tuple[int, ...]:
    """Up to `count` evenly spread epochs of 1..epochs: the last one if count > 0, and if count > 1 the first.

    Or the epochs that are given instead of a count. Raises `ConfigError` for what `Snapshots` does not allow.
    """
    if isinstance(count, Sequence):
        if [*count] != sorted({*count} & {*range(1, epochs + 1)}) or epochs not in count:
            rule = f"epochs must ascend, from 1 at least to {epochs}"
            raise ConfigError(f"snapshots={shown(count)} cannot be used: {rule}")
        return tuple(count)
    if isinstance(count, bool) or not isinstance(count, numbers.Integral) or count < 0:
        raise ConfigError(f"snapshots={shown(count)} cannot be used: it must be a whole number from 0 on")
    if count == 1:
        return (epochs,)
    return tuple(int(e) for e in np.unique(np.linspace(1, epochs, min(count, epochs)).round()))


def grid_axis(points: Floats) -> Floats:
    """(G,) coordinates, the same for both inputs, of a square that covers `points` (N, 2) with a margin.

    The half side is rounded up to a multiple of 0.5, so that another seed rarely moves the axes.
    """
    half = np.ceil((np.abs(points).max() + 0.2) * 2) / 2
    return np.linspace(-half, half, GRID_SIDE, dtype=np.float32)


def level_probabilities() -> Floats:
    """(256,) float32: the probability of class 1 that each level of `Run.surfaces` stands for.

    A level is round(255·σ(z / 4)) of the logit difference z. So levels between grid points can be had by interpolation:
    z is piecewise linear in a ReLU network, and σ(z / 4) nearly so around the boundary, where the probability itself,
    σ(z), would jump from 0 to 1 within a cell and turn a slanted boundary into steps.
    """
    share = np.clip(np.arange(256) / 255, 1e-9, 1 - 1e-9)
    probability: Floats = (1 / (1 + (1 / share - 1) ** SOFTNESS)).astype(np.float32)
    return probability


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The numbers that sentence, metrics and tables show; accuracies and shares from 0 to 1, NaN where undefined."""

    train_accuracy: float
    val_accuracy: float
    fresh_accuracy: float
    gap: float  # train minus fresh accuracy, both after the last epoch
    best_epoch: int | None  # lowest validation loss; None if the first epoch already diverged
    memorised: float  # share of the flipped labels that the network reproduces after the last epoch
    one_answer: bool = False  # after the last epoch, every training and validation point gets the same class
    jump: float = 0.0  # train accuracy after the last epoch minus its median over the `LATE` epochs before


@dataclass(frozen=True, kw_only=True, eq=False)
class End:
    """Where a training stood after its last epoch: all it takes to go on.

    values  (3, P) float32: weights, and Adam's means of gradients and of their squares
    stream  uint8, the state of the generator that draws dropout masks; None without dropout
    """

    values: Floats
    stream: NDArray[np.uint8] | None

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.values.nbytes + (0 if self.stream is None else self.stream.nbytes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """One trained network.

    config       the settings that made it
    curves       (5, T) float64, rows as in HISTORY_COLUMNS; NaN from the epoch on where a loss was not finite
    flipped      (T,) float64, share of the flipped training labels that the network reproduces; NaN if none is flipped
    test_accuracy  accuracy on 4,000 fresh points with clean labels after the last epoch; NaN if the run diverged
    diverged     whether a loss stopped being finite
    kept_epochs  (S,) the epochs whose weights were kept, ascending, the last epoch included
    parameters   (S, P) float32: weight, then bias, of each layer in order, flattened
    predicted    (S, N) uint8, class of each training, then each validation point, dropout off
    axis         (G,) float32, the grid's coordinates along both inputs
    tested       accuracy on the fresh points after earlier epochs, by epoch: there `until` may cut the run short
    end          from where training can go on; None if that was not kept, or the run diverged
    """

    config: RunConfig
    curves: NDArray[np.float64]
    flipped: NDArray[np.float64]
    test_accuracy: float
    diverged: bool
    kept_epochs: tuple[int, ...]
    parameters: Floats
    predicted: NDArray[np.uint8]
    axis: Floats
    tested: Mapping[int, float] = field(default_factory=dict)
    end: End | None = None

    @cached_property
    def history(self) -> pd.DataFrame:
        """One row an epoch (index `epoch`, 1…T), the five HISTORY_COLUMNS as float64."""
        epochs = pd.RangeIndex(1, self.config.epochs + 1, name="epoch")
        return pd.DataFrame(self.curves.T, index=epochs, columns=list(HISTORY_COLUMNS))

    @cached_property
    def summary(self) -> Summary:
        """The final numbers, computed once for everything that shows them."""
        train, _, val, _, val_loss = self.curves
        return Summary(
            train_accuracy=float(train[-1]),
            val_accuracy=float(val[-1]),
            fresh_accuracy=self.test_accuracy,
            gap=float(train[-1]) - self.test_accuracy,
            best_epoch=None if np.isnan(val_loss).all() else int(np.nanargmin(val_loss)) + 1,
            memorised=float(self.flipped[-1]),
            one_answer=len(self.predicted) > 0 and bool((self.predicted[-1] == self.predicted[-1, 0]).all()),
            jump=float(train[-1] - np.median(train[-1 - LATE : -1])) if len(train) > LATE else 0.0,
        )

    @cached_property
    def grid(self) -> Floats:
        """(G·G, 2) float32 grid points; x₁ is constant within each block of G, x₀ runs fastest."""
        x0, x1 = np.meshgrid(self.axis, self.axis)
        return np.stack([x0.ravel(), x1.ravel()], axis=1)

    def boundary(self, epoch: int) -> Floats:
        """Probability of class 1 on the grid after `epoch`, dropout off: (G, G) float32, row = x₁, column = x₀.

        Raises `SnapshotError` if the weights of that epoch were not kept (see `kept_epochs`).
        """
        return self.probability(self.grid, epoch).reshape(GRID_SIDE, GRID_SIDE)

    @cached_property
    @usual_arithmetic
    def surfaces(self) -> NDArray[np.uint8]:
        """(S, G, G) uint8: the network at every kept epoch on the grid of `boundary`, as levels for pictures.

        `level_probabilities()[level]` is the probability of class 1; from level 128 on the class is 1. Where the run
        had diverged, the level is 128.
        """
        frames = np.empty((len(self.kept_epochs), GRID_SIDE, GRID_SIDE), dtype=np.uint8)
        for frame, epoch in zip(frames, self.kept_epochs, strict=True):
            soft = _sigmoid(self._logit(self.grid, epoch) / SOFTNESS)
            np.rint(255 * np.nan_to_num(soft, nan=0.5, copy=False).reshape(frame.shape), out=frame, casting="unsafe")
        return frames

    def without_weights(self) -> "Run":
        """The same run, its surfaces computed and its weights dropped: at most 0.3 MB instead of 20 in a cache."""
        light = replace(self, parameters=np.empty((0, 0), dtype=np.float32))
        light.__dict__["surfaces"] = self.surfaces  # where cached_property looks first
        return light

    def contains(self, epochs: int) -> bool:
        """Whether the run of so many epochs is this one or can be had from it by `until`."""
        return epochs == self.config.epochs or (epochs in self.tested and epochs in self.kept_epochs)

    def until(self, epoch: int) -> "Run":
        """The run of fewer epochs, to the last bit: it is the beginning of this one. Arrays are views of this run's.

        Raises `SnapshotError` unless the run `contains` it.
        """
        if epoch == self.config.epochs:
            return self
        if not self.contains(epoch):
            raise SnapshotError(f"this run cannot be cut short after epoch {epoch}, only after {sorted(self.tested)}")
        n_kept = self.kept_epochs.index(epoch) + 1
        start = replace(
            self,
            config=self.config.but(epochs=epoch),
            curves=self.curves[:, :epoch],
            flipped=self.flipped[:epoch],
            test_accuracy=self.tested[epoch],
            diverged=bool(np.isnan(self.curves[:, epoch - 1]).any()),
            kept_epochs=self.kept_epochs[:n_kept],
            parameters=self.parameters[:n_kept],
            predicted=self.predicted[:n_kept],
            tested={earlier: share for earlier, share in self.tested.items() if earlier < epoch},
            end=None,
        )
        if "surfaces" in self.__dict__:
            start.__dict__["surfaces"] = self.surfaces[:n_kept]
        return start

    def followed_by(self, rest: "Run", kept: Collection[int]) -> "Run":
        """The longer run, without weights, of which this one is the beginning, and `rest` holds what was kept later.

        `kept` are the epochs that the longer one keeps, of those that this one has.
        """
        slots = [slot for slot, epoch in enumerate(self.kept_epochs) if epoch in kept]
        tested = {**self.tested, self.config.epochs: self.test_accuracy}
        whole = replace(
            rest,
            kept_epochs=(*(self.kept_epochs[slot] for slot in slots), *rest.kept_epochs),
            parameters=np.empty((0, 0), dtype=np.float32),
            predicted=np.concatenate([self.predicted[slots], rest.predicted]),
            tested={epoch: share for epoch, share in tested.items() if epoch in kept} | dict(rest.tested),
        )
        whole.__dict__["surfaces"] = np.concatenate([self.surfaces[slots], rest.surfaces])
        return whole

    def without_pictures(self) -> "Run":
        """What it takes to go on training, and the curves: nothing else needs to travel to where that is done."""
        nothing = np.empty((0, 0), dtype=np.float32)
        return replace(self, kept_epochs=(), parameters=nothing, predicted=nothing.astype(np.uint8), tested={})

    @usual_arithmetic
    def probability(self, x: Floats, epoch: int) -> Floats:
        """Probability of class 1 at points `x` (N, 2) float32 after `epoch`, dropout off: (N,) float32."""
        return _sigmoid(self._logit(x, epoch))

    def layers(self, epoch: int) -> list[tuple[Floats, Floats]]:
        """Weight (out, in) and bias (out,) of each layer after `epoch`, as `nn.Linear` has them.

        Raises `SnapshotError` if the weights of that epoch were not kept.
        """
        if self.kept_epochs and not len(self.parameters):
            raise SnapshotError("this run's weights were dropped to save memory; its surfaces are still there")
        if epoch not in self.kept_epochs:
            kept = ", ".join(map(str, self.kept_epochs)) or "none"
            raise SnapshotError(f"the weights of epoch {epoch} were not kept; kept epochs: {kept}")
        return self._layers(self.parameters[self.kept_epochs.index(epoch)])

    def _logit(self, x: Floats, epoch: int) -> Floats:
        """Logit of class 1 minus that of class 0 at `x` (N, 2) after `epoch`, dropout off: (N,)."""
        layers = self.layers(epoch)
        x = np.ascontiguousarray(x.T)  # (2, N): points side by side, so that adding a bias fills wide registers
        return np.concatenate([_forward(layers, x[:, at : at + CHUNK]) for at in range(0, x.shape[1], CHUNK)])

    def _layers(self, flat: Floats) -> list[tuple[Floats, Floats]]:
        """Cut one snapshot (P,) into the layers' weights (out, in) and biases (out,)."""
        layers, start = [], 0
        sizes = self.config.layer_sizes
        for n_in, n_out in pairwise(sizes):
            weight = flat[start : start + n_out * n_in].reshape(n_out, n_in)
            start += n_out * n_in
            layers.append((weight, flat[start : start + n_out]))
            start += n_out
        return layers


def _forward(layers: list[tuple[Floats, Floats]], x: Floats) -> Floats:
    """Difference of the two logits at `x` (2, N), dropout off: (N,). Its sigmoid is the softmax's class 1."""
    *hidden, (weight, bias) = layers
    for w, b in hidden:
        x = w @ x  # (H, N)
        x += b[:, None]
        np.maximum(x, 0.0, out=x)
    difference: Floats = (weight[1] - weight[0]) @ x + (bias[1] - bias[0])
    return difference


def _sigmoid(z: Floats) -> Floats:
    """1 / (1 + e^-z) as (1 + tanh(z/2)) / 2: tanh cannot overflow, unlike exp."""
    share: Floats = 0.5 + 0.5 * np.tanh(0.5 * z)
    return share
