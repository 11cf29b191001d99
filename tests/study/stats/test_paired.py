import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import ttost_paired

from regdash.study.comparisons import compare
from regdash.study.stats.intervals import Centre, paired_interval
from regdash.study.stats.paired import MATTERS, Verdict, judge, shown_interval, strict_interval
from regdash.study.stats.spending import error_share
from tests.study.stats.studies import result_of


def test_too_few_pairs_tell_nothing():
    for pairs in ([], [0.2], [0.2, 0.2001]):
        assert judge(pairs) == Verdict.UNDECIDED
    assert judge([0.2, 0.21, 0.22]) == Verdict.BETTER
    assert judge([0.2, math.nan, 0.2001, math.nan]) == Verdict.UNDECIDED


@given(st.lists(st.floats(-0.1, 0.1), max_size=30), st.integers(1, 5), st.integers(1, 10))
def test_swapping_the_arms_swaps_the_verdict(differences, looks, comparisons):
    swapped = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    verdict = Verdict(judge(differences, looks=looks, comparisons=comparisons).item())
    other_way = judge([-value for value in differences], looks=looks, comparisons=comparisons).item()
    assert other_way == swapped.get(verdict, verdict)


def test_every_other_cell_is_compared_pair_by_pair():
    rng = np.random.default_rng(4)
    luck = rng.normal(0.8, 0.05, 20)
    result = result_of([luck, luck + rng.normal(0.06, 0.01, 20), luck + rng.normal(-0.04, 0.01, 20), luck + 0.0001])
    first, second, third = compare(result)
    assert [c.cell for c in (first, second, third)] == [1, 2, 3]
    assert [c.verdict for c in (first, second, third)] == ["better", "worse", "alike so far"]
    expected = result.values("fresh_accuracy")[1] - result.values("fresh_accuracy")[0]
    np.testing.assert_array_equal(first.differences, expected)
    np.testing.assert_array_equal(first.replicates, range(20))
    assert (first.mean, first.low, first.high) == pytest.approx(paired_interval(expected))
    assert first.comparisons == 3
    level = 1 - float(error_share(1, 3))
    assert first.strict == pytest.approx(paired_interval(expected, level))
    assert first.strict.low < first.low < first.mean < first.high < first.strict.high


def test_the_baseline_may_be_any_cell():
    result = result_of(np.random.default_rng(5).uniform(0.7, 0.9, (3, 20)))
    forth, back = compare(result, baseline=0)[1], compare(result, baseline=2)[0]
    assert (forth.cell, forth.baseline) == (back.baseline, back.cell) == (2, 0)
    np.testing.assert_array_equal(forth.differences, -back.differences)
    assert (forth.low, forth.high) == pytest.approx((-back.high, -back.low))


@pytest.mark.parametrize("baseline", [-1, 3])
def test_a_baseline_that_is_no_cell_is_refused(baseline):
    with pytest.raises(IndexError, match="cells 0 to 2"):
        compare(result_of(np.full((3, 5), 0.8)), baseline=baseline)


def test_diverged_and_missing_pairs_are_left_out_and_counted():
    fresh = np.random.default_rng(6).uniform(0.7, 0.9, (2, 10))
    diverged, done = np.zeros((2, 10), dtype=bool), np.ones((2, 10), dtype=bool)
    diverged[0, 1] = diverged[1, 2] = True
    complete = compare(result_of(fresh, diverged=diverged))[0]
    assert (complete.n, complete.n_diverged, complete.n_missing) == (8, 2, 0)
    np.testing.assert_array_equal(complete.replicates, [0, 3, 4, 5, 6, 7, 8, 9])
    done[1, 8:] = False
    diverged[0, 9] = True  # whose partner is missing: one reason is enough
    part = compare(result_of(fresh, diverged=diverged, done=done))[0]
    assert (part.n, part.n_diverged, part.n_missing) == (6, 2, 2)


def test_part_of_a_study_gets_no_verdict():
    fresh = np.linspace(0.7, 0.75, 20) + np.array([[0.0], [0.2]]) + np.random.default_rng(0).normal(0, 0.01, (2, 20))
    assert compare(result_of(fresh))[0].verdict == Verdict.BETTER
    done = np.ones((2, 20), dtype=bool)
    done[1, 19] = False
    part = compare(result_of(fresh, done=done))[0]
    assert part.verdict == Verdict.UNDECIDED
    assert part.low > 0, "though its interval is shown"


def test_less_loss_is_better():
    result = result_of(np.full((2, 20), 0.8))
    result.curves[1, :, 4] = 0.1 * result.curves[0, :, 4]
    forth = compare(result, metric="val_loss")[0]
    assert forth.mean < 0
    assert forth.verdict == Verdict.BETTER


def test_looking_again_asks_for_more():
    fresh = np.full((2, 10), 0.8)
    fresh[1] += np.linspace(-0.01, 0.06, 10)
    result = result_of(fresh)
    assert [compare(result, looks=looks)[0].verdict for looks in (1, 6)] == [Verdict.BETTER, Verdict.UNDECIDED]


def test_equal_differences_name_a_winner_by_their_number():
    """They have no spread to measure with; the sign test asks for 7 pairs at 2.5 %."""
    assert judge([1 / 60] * 6) == Verdict.UNDECIDED
    assert judge([1 / 60] * 7) == Verdict.BETTER
    assert judge([-1 / 60] * 7) == Verdict.WORSE
    rounded = np.array([0.9, 0.8, 0.7, 0.6], dtype=np.float32) - np.array([0.8, 0.7, 0.6, 0.5], dtype=np.float32)
    assert np.ptp(rounded.astype(np.float64)) > 0, "the same difference, but for rounding"
    assert judge(rounded) == Verdict.UNDECIDED


@pytest.mark.parametrize("n", [7, 20, 100, 350])
def test_pairs_without_a_difference_are_alike_so_far_and_no_more(n):
    assert judge(np.zeros(n)) == Verdict.ALIKE
    assert judge(np.zeros(6)) == Verdict.UNDECIDED


def test_so_many_pairs_without_a_difference_are_the_same():
    """From 358 on: fewer leave room for failures of 60 points in one pair of 120, which make half a point."""
    assert [judge(np.zeros(n)).item() for n in (357, 358)] == [Verdict.ALIKE, Verdict.SAME]


def test_a_difference_that_is_sure_but_small_does_not_matter():
    assert judge(np.linspace(0.001, 0.003, 30)) == Verdict.ALIKE
    assert judge(np.linspace(0.001, 0.003, 1000)) == Verdict.SAME
    assert judge(np.linspace(0.001, 0.003, 30), matters=0.001) == Verdict.BETTER


def test_one_failure_among_many_alike_keeps_them_from_being_the_same():
    pairs = np.zeros(360)
    pairs[7] = -0.5
    assert judge(pairs) == Verdict.ALIKE
    pairs[7:10] = -0.5
    assert judge(pairs) == Verdict.UNDECIDED


@given(st.integers(0, 2**32), st.integers(3, 60), st.integers(1, 6), st.integers(1, 30))
def test_alike_is_what_two_one_sided_tests_say(seed, n, looks, comparisons):
    """Statsmodels' test of equivalence, at half the level each, since the interval has two sides."""
    rng = np.random.default_rng(seed)
    pairs = rng.normal(rng.uniform(-0.003, 0.003), 0.006, n)
    p, _, _ = ttost_paired(pairs, np.zeros(n), -MATTERS, MATTERS)
    level = float(error_share(looks, comparisons, n)) / 2
    if abs(p - level) > 1e-12:
        alike = judge(pairs, looks=looks, comparisons=comparisons) in (Verdict.ALIKE, Verdict.SAME)
        assert alike == (p < level)


def test_a_median_is_not_moved_by_a_few():
    """Losses of a few runs are huge; half of the runs say which setting is usually better."""
    pairs = np.concatenate([np.linspace(-0.4, -0.2, 25), [30.0, 80.0, 200.0]])
    assert judge(pairs, sign=-1) == Verdict.UNDECIDED
    assert judge(pairs, sign=-1, centre=Centre.MEDIAN) == Verdict.BETTER
    assert judge(np.linspace(-0.002, 0.003, 60), centre=Centre.MEDIAN) == Verdict.SAME, "a failure moves no median"
    assert judge(np.linspace(1, 2, 6), centre=Centre.MEDIAN) == Verdict.UNDECIDED
    assert judge(np.linspace(1, 2, 7), centre=Centre.MEDIAN) == Verdict.BETTER


def test_a_difference_that_is_small_makes_no_winner():
    """However sure it is: either it does not matter, or seeds are too few to know."""
    pairs = np.linspace(-0.004, 0.012, 20)
    _, low, _ = strict_interval(pairs)
    assert low > 0
    assert judge(pairs) == Verdict.UNDECIDED
    assert judge(pairs + 0.0011) == Verdict.BETTER
    assert judge(np.tile(pairs, 20)) == Verdict.ALIKE


def test_equal_differences_have_no_interval_to_show():
    middle, low, high = shown_interval([[0.02] * 5, [0.0] * 5, [0.01, 0.02, 0.03, 0.04, 0.05]])
    np.testing.assert_allclose(middle, [0.02, 0.0, 0.03])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, False]


@given(st.lists(st.floats(-0.1, 0.1), min_size=3, max_size=30), st.sampled_from(Centre), st.integers(1, 9))
def test_each_look_and_each_comparison_asks_for_more(differences, centre, looks):
    def width(**asked):
        _, low, high = strict_interval(differences, centre=centre, **asked)
        return high - low

    assert width(looks=looks + 1) >= width(looks=looks)
    assert width(looks=looks, comparisons=5) >= width(looks=looks)


def test_collapsed_runs_are_counted_apart():
    fresh = np.random.default_rng(1).normal(0.9, 0.01, (2, 20))
    collapsed = np.zeros((2, 20), dtype=bool)
    collapsed[0, :2] = collapsed[1, 1:5] = True
    fresh[collapsed] = 0.5
    found = compare(result_of(fresh, collapsed=collapsed))[0]
    assert (found.n, found.n_collapsed, found.n_apart) == (20, (4, 2), 5)
    kept = found.differences[~collapsed.any(axis=0)]
    assert found.rest == pytest.approx(paired_interval(kept))
    collapsed[0, :18] = True
    few = compare(result_of(fresh, collapsed=collapsed))[0].rest
    assert few.mean == pytest.approx(found.differences[18:].mean())
    assert np.isnan([few.low, few.high]).all(), "of two pairs"
    assert found.mean == pytest.approx(found.differences.mean())
