"""Studies for the charts: small ones, trained once, and the same in part, empty or with diverged runs."""

import dataclasses

import numpy as np
import pytest

from regdash.study import StudyResult, StudySpec, run_study
from regdash.teaching.scenarios import NOISY

BASE = NOISY.but(width=6, epochs=8, n_samples=60)


@pytest.fixture(scope="session")
def one_field():
    """Dropout over 6 seeds; the values are not in order on purpose."""
    return run_study(StudySpec(base=BASE, sweep={"dropout": [0.5, 0.0, 0.3]}, seeds=6))


@pytest.fixture(scope="session")
def two_fields():
    """Weight decay × width over 4 seeds, both out of order."""
    sweep = {"weight_decay": [0.1, 0.0], "width": [8, 2, 4]}
    return run_study(StudySpec(base=BASE, sweep=sweep, seeds=4))


@pytest.fixture(scope="session")
def in_part(two_fields):
    """The first seed alone, and of the first cell nothing."""
    result = two_fields.copy()
    gone = np.ones_like(result.done)
    gone[1:, 0] = False
    return without(result, gone, diverged=False)


@pytest.fixture(scope="session")
def partly_diverged(one_field):
    """All runs of one cell diverged, and one run of another."""
    gone = np.zeros_like(one_field.done)
    gone[0], gone[1, 2] = True, True
    return without(one_field.copy(), gone, diverged=True)


@pytest.fixture(scope="session")
def nothing(two_fields):
    return StudyResult.empty(two_fields.spec)


def without(result, gone, *, diverged):
    """The result without the numbers of some runs (V, S): not done, or diverged."""
    for name in ("curves", "memorised", "fresh_accuracy", "val_60_accuracy"):
        getattr(result, name)[gone] = np.nan
    result.diverged[gone] = diverged
    result.done[gone] = diverged
    return dataclasses.replace(result)
