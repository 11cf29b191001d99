"""What lessons claim holds over many seeds; `python -m bench lessons` asks 200 of each, this some of a few."""

import numpy as np
import pytest

from regdash.study import paired_interval, run_study
from regdash.teaching.lessons import LESSONS


@pytest.mark.slow
@pytest.mark.parametrize("key", ["demo-1", "exercise-2", "exercise-3"])
def test_a_claim_holds_over_twenty_seeds(key):
    lesson = LESSONS[key]
    values = lesson.surprise.measure(run_study(lesson.study))
    assert values.shape == (20,)
    assert lesson.surprise.holds(paired_interval(values))


@pytest.mark.parametrize("key", LESSONS)
def test_a_claim_is_one_number_a_seed(key):
    lesson = LESSONS[key]
    small = lesson.study.but(base=lesson.study.base.but(epochs=12, width=8)).with_seeds(3)
    values = lesson.surprise.measure(run_study(small))
    assert values.shape == (3,)
    assert np.isfinite(values).all()
