"""`StudyResult`: what a study leaves behind, whole or in part, as plain arrays and tidy frames. numpy and pandas only.

Axes: V cells, S replicates, T epochs of the longest run, G grid side. Missing is NaN: runs that are not done yet,
epochs from a divergence on, epochs that a shorter run does not have.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regdash.config import FIELDS, RunConfig
from regdash.errors import StudyError, shown
from regdash.results import GRID_SIDE, HISTORY_COLUMNS, Floats
from regdash.study.spec import StudySpec

METRICS = (
    "train_accuracy", "val_accuracy", "fresh_accuracy", "gap", "memorised", "train_loss", "val_loss",
    "best_epoch", "best_val_loss", "best_val_accuracy", "best_train_accuracy", "val_60_accuracy",
)  # fmt: skip
FLAGS = ("diverged", "collapsed", "done")
PER_RUN = ("curves", "memorised", "fresh_accuracy", "val_60_accuracy", *FLAGS)  # (V, S, ...)
TEXT = pd.StringDtype("pyarrow", na_value=np.nan)  # what pandas takes for text by itself
NEUTRAL = 128  # a surface's level where nothing is known: probability one half


@dataclass(frozen=True, kw_only=True, eq=False)
class StudyResult:
    """All runs of a study; `empty` makes one without any, and the fields may be filled by hand for tests.

    spec             the study
    curves           (V, S, 5, T) float32, rows as in HISTORY_COLUMNS
    memorised        (V, S) float32, share of the flipped labels reproduced after the last epoch; NaN if none is flipped
    fresh_accuracy   (V, S) float32, on 4,000 fresh points with clean labels after the last epoch; NaN if diverged
    val_60_accuracy  (V, S) float32, on the first 60 validation points after the last epoch; NaN if diverged
    diverged         (V, S) bool
    collapsed        (V, S) bool, runs that give all their training and validation points the same answer after the last
                     epoch: they have learned nothing, and their accuracy is the share of one class
    done             (V, S) bool, which runs are there
    surfaces         (V, G, G) uint8, levels as in `Run.surfaces`, of replicate 0 after the last epoch; 128 everywhere
                     while that run is not done
    axis             (V, G) float32, the grid's coordinates along both inputs, per cell; NaN while not done
    """

    spec: StudySpec
    curves: Floats
    memorised: Floats
    fresh_accuracy: Floats
    val_60_accuracy: Floats
    diverged: NDArray[np.bool_]
    collapsed: NDArray[np.bool_]
    done: NDArray[np.bool_]
    surfaces: NDArray[np.uint8]
    axis: Floats

    @classmethod
    def empty(cls, spec: StudySpec) -> "StudyResult":
        """A result in which no run is done."""
        cells_and_seeds = spec.n_cells, spec.n_seeds
        nothing = np.full((3, *cells_and_seeds), np.nan, dtype=np.float32)
        return cls(
            spec=spec,
            curves=np.full((*cells_and_seeds, len(HISTORY_COLUMNS), spec.max_epochs), np.nan, dtype=np.float32),
            memorised=nothing[0],
            fresh_accuracy=nothing[1],
            val_60_accuracy=nothing[2],
            diverged=np.zeros(cells_and_seeds, dtype=bool),
            collapsed=np.zeros(cells_and_seeds, dtype=bool),
            done=np.zeros(cells_and_seeds, dtype=bool),
            surfaces=np.full((spec.n_cells, GRID_SIDE, GRID_SIDE), NEUTRAL, dtype=np.uint8),
            axis=np.full((spec.n_cells, GRID_SIDE), np.nan, dtype=np.float32),
        )

    def cut(self, spec: StudySpec) -> "StudyResult":
        """The result of `spec`, the same study over the first of these seeds: views of these arrays, not to be changed.

        Raises `StudyError` if it is another study.
        """
        n = spec.n_seeds
        if not spec.is_same_but_seeds(self.spec) or self.spec.seeds[:n] != spec.seeds:
            raise StudyError("this result cannot be cut so: it must be the same study over the first of its seeds")
        return dataclasses.replace(self, spec=spec, **{name: getattr(self, name)[:, :n] for name in PER_RUN})

    def copy(self) -> "StudyResult":
        """The same numbers in memory of their own."""
        arrays = {
            field.name: getattr(self, field.name).copy() for field in dataclasses.fields(self) if field.name != "spec"
        }
        return dataclasses.replace(self, **arrays)

    def __getstate__(self) -> dict[str, Any]:
        """What is copied, pickled and sent: the fields. What was computed from them is computed again there.

        It would be most of the load, and what `values` hands out would no longer be read-only there.
        """
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}

    @property
    def n_done(self) -> int:
        """How many runs are there, diverged ones included."""
        return int(self.done.sum())

    @property
    def n_diverged(self) -> int:
        """How many runs' losses stopped being finite."""
        return int(self.diverged.sum())

    @property
    def complete(self) -> bool:
        """Whether all runs are there."""
        return bool(self.done.all())

    def config(self, cell: int, seed_index: int) -> RunConfig:
        """The settings of one run: cell 0…V−1, replicate 0…S−1."""
        return self.spec.config(cell, seed_index)

    def values(self, metric: str) -> NDArray[np.float64]:
        """(V, S) one of METRICS; NaN where a run is not done, diverged, or has no such number."""
        if metric not in METRICS:
            raise StudyError(f"metric={shown(metric)} cannot be used: no such metric; use one of {', '.join(METRICS)}")
        return self._metrics[metric]

    @cached_property
    def epochs(self) -> NDArray[np.int64]:
        """(V,) how many epochs a cell's runs have."""
        return np.array([self.spec.cell_config(cell).epochs for cell in range(self.spec.n_cells)])

    @cached_property
    def runs(self) -> pd.DataFrame:
        """One row a run (index `run`), in the order of `spec.configs()`: all settings, METRICS, then
        diverged, collapsed, done.

        `best_epoch` is Int64 (missing where a run is not done or diverged in the first epoch), metrics are float64.
        """
        frame = pd.DataFrame(self._settings(), index=pd.RangeIndex(self.spec.n_runs, name="run"))
        for metric in METRICS:
            frame[metric] = self._metrics[metric].ravel()
        best_epoch = self._metrics["best_epoch"].ravel()
        none = np.isnan(best_epoch)
        frame["best_epoch"] = pd.arrays.IntegerArray(np.where(none, 0, best_epoch).astype(np.int64), none)
        for flag in FLAGS:
            frame[flag] = getattr(self, flag).ravel()
        return frame

    def curves_frame(self) -> pd.DataFrame:
        """One row a run and epoch, for downloads: `run` (as in `runs`), swept settings, seeds, epoch, five curves.

        Runs that are not done are left out, and so are epochs that a run does not have; a diverged run's NaN stay.
        """
        done = np.flatnonzero(self.done.ravel())
        lengths = np.repeat(self.epochs, self.spec.n_seeds)[done]
        run = np.repeat(done, lengths)
        epoch = np.arange(len(run)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        curves = self.curves.reshape(-1, *self.curves.shape[2:])
        settings = self._settings()
        columns: dict[str, Any] = {"run": run}
        columns |= {name: settings[name].take(run) for name in (*self.spec.fields, "seed", "data_seed")}
        columns["epoch"] = epoch + 1
        columns |= {name: curves[run, row, epoch] for row, name in enumerate(HISTORY_COLUMNS)}
        return pd.DataFrame(columns)

    def _settings(self) -> dict[str, Any]:
        """One column per setting, one entry a run."""
        spec = self.spec
        cells = [spec.cell_config(cell) for cell in range(spec.n_cells)]
        columns: dict[str, list[Any]] = {
            name: [getattr(cell, name) for cell in cells for _ in range(spec.n_seeds)] for name in FIELDS
        }
        columns["seed"] = list(spec.seeds) * spec.n_cells
        columns["data_seed"] = [spec.data_seed(index) for index in range(spec.n_seeds)] * spec.n_cells
        return {name: _column(name, values) for name, values in columns.items()}

    @cached_property
    def _metrics(self) -> Mapping[str, NDArray[np.float64]]:
        """Each of METRICS as (V, S) float64."""
        last = self._at((self.epochs - 1)[:, None])  # (5, V, S)
        train, _, val, train_loss, val_loss = last
        best_epoch = self._best_epoch()
        best = self._at(np.nan_to_num(best_epoch, nan=1).astype(int) - 1)  # NaN at epoch 1, where there is no best one
        fresh = self.fresh_accuracy.astype(np.float64)
        metrics = {
            "train_accuracy": train,
            "val_accuracy": val,
            "fresh_accuracy": fresh,
            "gap": train - fresh,
            "memorised": self.memorised.astype(np.float64),
            "train_loss": train_loss,
            "val_loss": val_loss,
            "best_epoch": best_epoch,
            "best_val_loss": best[4],
            "best_val_accuracy": best[2],
            "best_train_accuracy": best[0],
            "val_60_accuracy": self.val_60_accuracy.astype(np.float64),
        }
        for values in metrics.values():
            values.flags.writeable = False  # `values` hands them out
        return metrics

    def _best_epoch(self) -> NDArray[np.float64]:
        """(V, S) epoch of the lowest validation loss, from 1; NaN if there is none."""
        losses = np.where(np.isnan(self.curves[:, :, 4]), np.inf, self.curves[:, :, 4])  # (V, S, T)
        return np.where(np.isfinite(losses).any(-1), losses.argmin(-1) + 1.0, np.nan)

    def _at(self, epoch: NDArray[np.int64]) -> NDArray[np.float64]:
        """(5, V, S) the curves at an epoch index, (V, S) or (V, 1)."""
        index = np.broadcast_to(epoch, self.done.shape)[:, :, None, None]
        rows = np.take_along_axis(self.curves, index, axis=-1)[..., 0]  # (V, S, 5)
        return np.moveaxis(rows, -1, 0).astype(np.float64)


def _column(name: str, values: list[Any]) -> Any:
    """A setting's values as a frame holds them. pandas would choose the type of text by its options."""
    if FIELDS[name].kind is str:
        return pd.array(values, dtype=TEXT)
    return np.array(values, dtype=np.int64 if FIELDS[name].kind is int else np.float64)
