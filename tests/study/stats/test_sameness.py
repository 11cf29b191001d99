import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from regdash.study.stats.sameness import pairs_needed, proven, share_interval, unseen

MATTERS, WIDEST = 0.005, 0.6


def proved(differences, **changes):
    return proven(differences, **{"matters": MATTERS, "widest": WIDEST, **changes})


def test_it_takes_so_many_pairs_without_any_difference():
    for comparisons in (1, 3, 24):
        needed = pairs_needed(matters=MATTERS, widest=WIDEST, comparisons=comparisons)
        assert not proved(np.zeros(needed - 1), comparisons=comparisons)
        assert proved(np.zeros(needed), comparisons=comparisons)
    assert pairs_needed(matters=MATTERS, widest=WIDEST) == 358


@given(st.lists(st.floats(-0.6, 0.6), max_size=50), st.integers(1, 30))
def test_the_stakes_are_those_of_the_bet(differences, comparisons):
    """Told pair by pair, as the gambler sees it."""
    up = down = 1.0
    for difference in differences:
        up *= (WIDEST - difference) / (WIDEST - MATTERS)
        down *= (WIDEST + difference) / (WIDEST - MATTERS)
    if abs(min(up, down) * 0.05 / comparisons - 1) > 1e-9:
        assert proved(differences, comparisons=comparisons) == (min(up, down) >= comparisons / 0.05)


@pytest.mark.slow
@pytest.mark.parametrize("harm", [0.1, 0.5, 0.6])
@pytest.mark.parametrize("side", [1, -1])
def test_failures_that_just_matter_are_hardly_ever_proved_away(harm, side):
    """Pairs are equal but for rare failures, which make the mean differ by exactly what matters: looked at always."""
    rng, tries, n = np.random.default_rng(2), 2_000, 1_500
    pairs = side * harm * (rng.random((tries, n)) < MATTERS / harm)
    ever = np.zeros(tries, dtype=bool)
    for seen in range(100, n, 25):
        ever |= proved(pairs[:, :seen])
    assert ever.mean() <= 0.06


def test_the_interval_alone_would_call_them_the_same():
    """The negative control: 1 % of failures, none among 20 pairs in four studies of five."""
    pairs = 0.5 * (np.random.default_rng(3).random((2_000, 20)) < 0.01) + np.random.default_rng(4).normal(
        0, 0.001, (2_000, 20)
    )
    _, high = stats.t.interval(0.975, 19, loc=pairs.mean(axis=1), scale=stats.sem(pairs, axis=1))
    assert (high < MATTERS).mean() > 0.75
    assert not proved(pairs).any()


def test_missing_pairs_are_left_out_and_a_wider_difference_counts_as_wide_as_it_is():
    zeros = np.zeros(358)
    assert not proved(np.where(np.arange(358) < 5, math.nan, zeros))
    assert proved(np.concatenate([zeros, [math.nan, math.inf]]))
    assert not proved(np.concatenate([np.zeros(5000), [0.9]]))
    assert not proved([])
    np.testing.assert_array_equal(proved(np.zeros((2, 3, 400))), np.ones((2, 3), dtype=bool))


@given(st.integers(0, 200), st.integers(1, 200))
def test_the_interval_of_a_share_is_clopper_and_pearsons(count, n):
    count = min(count, n)
    found = stats.binomtest(count, n).proportion_ci(method="exact")
    assert share_interval(count, n) == pytest.approx((found.low, found.high), abs=1e-9)
    assert share_interval(count, n) == pytest.approx(proportion_confint(count, n, method="beta"), abs=1e-9)


def test_nothing_seen_says_nothing():
    assert share_interval(0, 0) == (0.0, 1.0)
    assert unseen(0) == 1.0
    assert (1 - unseen(20)) ** 20 == pytest.approx(0.05)
