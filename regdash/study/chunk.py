"""A chunk: the part of a study that travels to an executor as one task, and what comes back from it.

Small in both directions: settings go there, curves and a few numbers a run come back, never weights.

Axes: R runs, K runs with a surface, T epochs, G grid side.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from regdash.config import DATA_FIELDS, RunConfig
from regdash.data import make
from regdash.ensemble.batch import train_batch
from regdash.ensemble.plan import batches
from regdash.results import GRID_SIDE, HISTORY_COLUMNS, Floats, Run
from regdash.study.stats.single_seed import N_POINTS
from regdash.surroundings.undisturbed import undisturbed


@dataclass(frozen=True, kw_only=True, eq=False)
class Chunk:
    """What R runs of one shape leave behind, in the order of their settings.

    curves           (R, 5, T) float32, as in HISTORY_COLUMNS; float32 is what they were computed in, so nothing is lost
    memorised        (R,) float32, as in `StudyResult`, and so are the next three
    fresh_accuracy   (R,) float32
    val_60_accuracy  (R,) float32
    diverged         (R,) bool
    collapsed        (R,) bool
    surfaces         (K, G, G) uint8, after the last epoch, of the runs that were asked for
    axes             (K, G) float32
    """

    curves: Floats
    memorised: Floats
    fresh_accuracy: Floats
    val_60_accuracy: Floats
    diverged: NDArray[np.bool_]
    collapsed: NDArray[np.bool_]
    surfaces: NDArray[np.uint8]
    axes: Floats


@undisturbed
def train_chunk(
    configs: Sequence[RunConfig],
    surfaces_for: Sequence[int],
    on_epoch: Callable[[int], None] | None = None,
    helper: Executor | None = None,
) -> Chunk:
    """Train runs of one shape (see `regdash.ensemble.plan.shape`); each has the bits that `regdash.train` gives it.

    surfaces_for  positions in `configs`
    on_epoch      gets the epochs done, and may raise to stop
    helper        draws dropout masks ahead in another thread
    """
    runs: dict[int, Run] = {}
    for positions in batches(
        configs, 1
    ):  # one, unless more runs were asked for than fit; sorted as the engine likes it
        before = len(runs) * configs[0].epochs

        def count(epoch: int, before: int = before, size: int = len(positions)) -> None:
            if on_epoch:
                on_epoch((before + epoch * size) // len(configs))

        chosen = [configs[position] for position in positions]
        runs.update(zip(positions, train_batch(chosen, 1, on_epoch=count, helper=helper), strict=True))
    ordered = [runs[position] for position in range(len(configs))]
    shown = [ordered[position] for position in surfaces_for]
    return Chunk(
        curves=_stacked([run.curves for run in ordered], len(HISTORY_COLUMNS), configs[0].epochs),
        memorised=_stacked([run.flipped[-1] for run in ordered]),
        fresh_accuracy=_stacked([run.test_accuracy for run in ordered]),
        val_60_accuracy=_few_points_accuracy(ordered),
        diverged=np.array([run.diverged for run in ordered], dtype=bool),
        collapsed=np.array([_one_answer(run) for run in ordered], dtype=bool),
        surfaces=np.array([run.surfaces[-1] for run in shown], dtype=np.uint8).reshape(-1, GRID_SIDE, GRID_SIDE),
        axes=_stacked([run.axis for run in shown], GRID_SIDE),
    )


def _stacked(values: Sequence[object], *shape: int) -> Floats:
    return np.array(values, dtype=np.float32).reshape(-1, *shape) if shape else np.array(values, dtype=np.float32)


def _one_answer(run: Run) -> bool:
    """Whether the network gives all its training and validation points the same answer after the last epoch."""
    return not run.diverged and bool(np.ptp(run.predicted[-1]) == 0)


def _few_points_accuracy(runs: Sequence[Run]) -> Floats:
    """(R,) float32 accuracy on the first 60 validation points after the last epoch, NaN for diverged runs."""
    keys = [tuple(getattr(run.config, name) for name in DATA_FIELDS) for run in runs]
    labels = {
        key: make(config).y_val[:N_POINTS].numpy()
        for key, config in dict(zip(keys, (run.config for run in runs), strict=True)).items()
    }
    accuracy = np.full(len(runs), np.nan, dtype=np.float32)
    for position, (run, key) in enumerate(zip(runs, keys, strict=True)):
        if not run.diverged:
            said = run.predicted[-1, run.config.n_train :][:N_POINTS]
            accuracy[position] = np.float32((said == labels[key]).sum()) / np.float32(len(said))
    return accuracy
