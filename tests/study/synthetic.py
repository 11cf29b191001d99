"""Study results made up for tests: chosen numbers instead of trained ones."""

import dataclasses

import numpy as np

from regdash import RunConfig
from regdash.study import StudyResult, StudySpec

BASE = RunConfig(n_samples=200, train_fraction=0.5, width=4, epochs=6)


def spec(n_cells: int = 3, n_seeds: int = 5, **changes) -> StudySpec:
    """A study of `n_cells` dropouts."""
    dropouts = [round(0.02 * cell, 2) for cell in range(n_cells)]
    return StudySpec(**{"base": BASE, "sweep": {"dropout": dropouts}, "seeds": n_seeds, **changes})


def result(of: StudySpec, *, seed: int = 0, **arrays) -> StudyResult:
    """A complete result of random numbers, with some arrays (broadcast to their shape) as given.

    Runs marked as diverged, or not done, lose their numbers as they would in a real result: `done` and `diverged` are
    looked at last.
    """
    rng = np.random.default_rng(seed)
    made = StudyResult.empty(of)
    made.curves[:] = rng.uniform(0.5, 1.0, made.curves.shape)
    for field in (made.memorised, made.fresh_accuracy, made.val_60_accuracy):
        field[:] = rng.uniform(0.5, 1.0, field.shape)
    made.surfaces[:] = rng.integers(0, 256, made.surfaces.shape)
    made.axis[:] = np.linspace(-3, 3, made.axis.shape[1])
    made.done[:] = True
    for name, values in arrays.items():
        getattr(made, name)[...] = values
    made.diverged[...] &= made.done
    for cell, epochs in enumerate(made.epochs):
        made.curves[cell, :, :, epochs:] = np.nan
    made.curves[made.diverged, :, 2:] = np.nan
    gone = made.diverged | ~made.done
    made.curves[~made.done] = np.nan
    for field in (made.memorised, made.fresh_accuracy, made.val_60_accuracy):
        field[gone] = np.nan
    made.surfaces[~made.done[:, 0]] = 128
    made.axis[~made.done[:, 0]] = np.nan
    return dataclasses.replace(made)  # nothing computed early is kept
