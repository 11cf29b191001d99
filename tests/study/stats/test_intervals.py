import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from regdash.study.stats.intervals import (
    half_width,
    mean_interval,
    median_interval,
    moments,
    paired_interval,
    quantile,
)

NUMBERS = st.floats(-10, 10) | st.just(math.nan)
ROWS = arrays.arrays(np.float64, arrays.array_shapes(min_dims=2, max_dims=3, min_side=1, max_side=7), elements=NUMBERS)


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=40), st.floats(0.5, 0.9999))
def test_it_is_the_interval_of_scipy(differences, level):
    mean, low, high = paired_interval(differences, level)
    spread = stats.sem(differences)
    if spread > 1e-12:
        expected = stats.t.interval(level, len(differences) - 1, loc=np.mean(differences), scale=spread)
        assert (low, high) == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert low <= mean <= high
    assert mean == pytest.approx(np.mean(differences), abs=1e-12)


def test_nothing_one_pair_and_equal_pairs():
    assert np.isnan(paired_interval([])).all()
    assert np.isnan(paired_interval([math.nan, math.nan])).all()
    one = paired_interval([0.1, math.nan])
    assert one.mean == 0.1
    assert np.isnan(one[1:]).all()
    assert paired_interval([0.25] * 5) == (0.25, 0.25, 0.25)


def test_missing_pairs_are_left_out():
    assert paired_interval([0.1, math.nan, 0.3, math.inf]) == paired_interval([0.1, 0.3])


@pytest.mark.parametrize("level", [0, 1, -0.5, 95, math.nan])
def test_a_level_out_of_range_is_refused(level):
    with pytest.raises(ValueError, match="between 0 and 1"):
        paired_interval([0.1, 0.2], level)


def test_a_tiny_share_of_errors_keeps_its_digits():
    assert half_width(20, 1.0, 1e-14) == pytest.approx(stats.t.isf(5e-15, 19) / math.sqrt(20), rel=1e-9)


@given(ROWS)
def test_moments_leave_out_what_is_missing(values):
    n, mean, sd = moments(values)
    for at in np.ndindex(n.shape):
        there = values[at][~np.isnan(values[at])]
        assert n[at] == len(there)
        assert mean[at] == pytest.approx(there.mean(), abs=1e-9) if len(there) else np.isnan(mean[at])
        assert sd[at] == pytest.approx(there.std(ddof=1), abs=1e-9) if len(there) > 1 else np.isnan(sd[at])


@given(ROWS, st.sampled_from([0, 0.25, 0.5, 0.75, 1]))
def test_quantiles_are_those_of_numpy(values, share):
    found = quantile(values, share)
    for at in np.ndindex(found.shape):
        there = values[at][~np.isnan(values[at])]
        expected = np.quantile(there, share) if len(there) else np.nan
        assert found[at] == pytest.approx(expected, abs=1e-9, nan_ok=True)


def test_many_intervals_at_once_are_each_that_of_its_row():
    values = np.random.default_rng(3).normal(size=(4, 5, 9))
    many = np.stack(mean_interval(values), axis=-1)
    each = [[paired_interval(row) for row in block] for block in values]
    np.testing.assert_allclose(many, each, rtol=1e-12)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=60), st.sampled_from([0.05, 0.01, 0.0005]))
def test_the_interval_of_a_median_is_the_sign_tests(values, alpha):
    middle, low, high = median_interval(values, alpha=alpha)
    assert middle == pytest.approx(np.median(values))
    exact = stats.quantile_test(values, p=0.5).confidence_interval(1 - alpha)
    expected = (-math.inf, math.inf) if math.isnan(exact.low) else (exact.low, exact.high)
    assert (low, high) == expected


def test_the_interval_of_a_median_leaves_out_what_is_missing():
    values = np.array([[0.3, math.nan, 0.1, 0.2, 0.5, 0.4, 0.6], [math.nan] * 7])
    middle, low, high = median_interval(values)
    assert (middle[0], low[0], high[0]) == (pytest.approx(0.35), 0.1, 0.6)
    assert np.isnan(middle[1])
    assert (low[1], high[1]) == (-math.inf, math.inf)
    assert np.isnan(median_interval(np.empty((2, 0)))[0]).all()


@pytest.mark.parametrize("n", [6, 10, 20, 50])
@pytest.mark.parametrize("draw", ["standard_normal", "standard_cauchy", "standard_exponential"])
def test_a_smooth_interval_of_a_median_covers_what_it_says(n, draw):
    """Whatever the law of the values, of which a mean of some would not even exist."""
    values = getattr(np.random.default_rng(n), draw)((20_000, n))
    truth = math.log(2) if draw == "standard_exponential" else 0
    _, low, high = median_interval(values, smooth=True)
    assert 0.94 <= np.mean((low <= truth) & (truth <= high)) <= 0.97
    _, wide_low, wide_high = median_interval(values)
    assert (wide_low <= low).all()
    assert (wide_high >= high).all()
