"""Each interval of a narrowing is the one of so many pairs: by scipy, by hand, and by `shown_interval`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regdash.study.stats.intervals import Centre
from regdash.study.stats.narrowing import MOST_POINTS, narrowing
from regdash.study.stats.paired import shown_interval
from regdash.study.stats.peeking import FIRST_LOOK
from regdash.study.stats.spending import MIN_PAIRS


def luck():
    return np.random.default_rng(11)


@pytest.mark.parametrize("n", [3, 4, 20, 60, 202])
def test_means_are_those_of_a_t_test_on_the_first_pairs(n):
    pairs = luck().normal(0.02, 0.05, n)
    found = narrowing(pairs)
    np.testing.assert_array_equal(found.pairs, np.arange(3, n + 1))
    for k, centre, low, high in zip(found.pairs, found.centre, found.low, found.high, strict=True):
        test = stats.ttest_1samp(pairs[:k], 0)
        assert centre == pytest.approx(sum(pairs[:k]) / k)
        assert (low, high) == pytest.approx(tuple(test.confidence_interval(0.95)))


def test_medians_begin_with_the_fewest_pairs_that_the_sign_test_can_use():
    pairs = luck().lognormal(0, 1, 40)
    found = narrowing(pairs, Centre.MEDIAN)
    assert found.pairs[0] == next(n for n in range(1, 40) if 2 * 0.5**n <= 0.05) == 6
    np.testing.assert_allclose(found.centre, [np.median(pairs[:k]) for k in range(6, 41)])
    for k, low, high in zip(found.pairs, found.low, found.high, strict=True):
        rank = int(stats.binom.ppf(0.025, k, 0.5))  # the exact interval is between these, the smooth one within it
        ordered = np.sort(pairs[:k])
        assert ordered[rank - 1] - 1e-12 <= low <= ordered[rank] + 1e-12
        assert ordered[k - 1 - rank] - 1e-12 <= high <= ordered[k - rank] + 1e-12


@given(st.lists(st.floats(-0.6, 0.6) | st.just(float("nan")), max_size=40), st.sampled_from(Centre), st.integers(3, 60))
def test_each_point_is_the_interval_that_the_page_would_show_of_so_many_pairs(differences, centre, most):
    found = narrowing(differences, centre, most=most)
    there = [value for value in differences if value == value]
    assert len(found.pairs) <= most
    for k, *point in zip(found.pairs, found.centre, found.low, found.high, strict=True):
        np.testing.assert_allclose(point, [float(end) for end in shown_interval(there[:k], centre)], atol=1e-12)
    if len(there) >= MIN_PAIRS:
        assert found.pairs[-1] == len(there)
    else:
        assert len(found.pairs) == 0


@pytest.mark.parametrize("centre", Centre)
@pytest.mark.parametrize("n", [3, 6, 20, 350, 1000])
def test_the_last_point_is_that_of_all_pairs_to_the_last_bit(n, centre):
    pairs = luck().normal(0.01, 0.03, n)
    found = narrowing(pairs, centre)
    last = [found.centre[-1], found.low[-1], found.high[-1]]
    np.testing.assert_array_equal(last, [float(end) for end in shown_interval(pairs, centre)])


def test_of_a_thousand_pairs_the_first_have_a_point_each_and_all_are_few():
    pairs = narrowing(luck().normal(0, 1, 1000)).pairs
    assert len(pairs) <= MOST_POINTS
    np.testing.assert_array_equal(pairs[:20], np.arange(3, 23))
    assert pairs[-1] == 1000
    assert (np.diff(pairs) > 0).all()
    assert (np.diff(pairs) / pairs[:-1]).max() <= 1 / 3, "no jump by more than a third"


def test_equal_differences_have_centres_without_an_interval_until_one_differs():
    found = narrowing([0.02] * 5)
    np.testing.assert_allclose(found.centre, 0.02)
    assert np.isnan([found.low, found.high]).all()
    found = narrowing([0.02] * 5 + [0.03])
    np.testing.assert_array_equal(found.pairs, [6])
    assert np.isfinite([found.low, found.high]).all()


def test_it_begins_where_peeking_does():
    """The page warns of looking after every pair; the lesson measures it from the same number on."""
    assert narrowing(luck().normal(0, 1, 9)).pairs[0] == FIRST_LOOK
