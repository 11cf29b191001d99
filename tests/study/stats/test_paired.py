import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.study.comparisons import best, compare
from regdash.study.stats.intervals import paired_interval
from regdash.study.stats.paired import STEP, Best, Verdict, best_of, error_share, judge, reach
from tests.study import synthetic


def test_too_few_pairs_tell_nothing():
    for pairs in ([], [0.2], [0.2, 0.2001]):
        assert judge(pairs) == Verdict.UNDECIDED
    assert judge([0.2, 0.21, 0.22]) == Verdict.BETTER
    assert judge([0.2, math.nan, 0.2001, math.nan]) == Verdict.UNDECIDED


def test_equal_differences_decide_by_their_number():
    """They have no spread to measure with; the sign test asks for 7 pairs at 2.5 %."""
    assert judge([1 / 60] * 6) == Verdict.UNDECIDED
    assert judge([1 / 60] * 7) == Verdict.BETTER
    assert judge([-1 / 60] * 7) == Verdict.WORSE
    assert judge([0.0] * 7) == Verdict.SAME
    assert judge([0.0] * 6) == Verdict.UNDECIDED
    rounded = np.array([0.9, 0.8, 0.7, 0.6], dtype=np.float32) - np.array([0.8, 0.7, 0.6, 0.5], dtype=np.float32)
    assert np.ptp(rounded.astype(np.float64)) > 0, "the same difference, but for rounding"
    assert judge(rounded) == Verdict.UNDECIDED


def test_a_difference_that_is_sure_but_small_does_not_matter():
    assert judge(np.linspace(0.001, 0.003, 30)) == Verdict.SAME
    assert judge(np.linspace(0.001, 0.003, 30), matters=0.001) == Verdict.BETTER


@given(st.lists(st.floats(-0.1, 0.1), max_size=30), st.integers(1, 5), st.integers(1, 10))
def test_swapping_the_arms_swaps_the_verdict(differences, looks, comparisons):
    swapped = {Verdict.BETTER: Verdict.WORSE, Verdict.WORSE: Verdict.BETTER}
    verdict = Verdict(judge(differences, looks=looks, comparisons=comparisons).item())
    other_way = judge([-value for value in differences], looks=looks, comparisons=comparisons).item()
    assert other_way == swapped.get(verdict, verdict)


def test_all_looks_together_err_in_less_than_one_study_in_twenty():
    assert 4 * sum(error_share(look, 4) for look in range(1, 100)) <= 0.05
    assert error_share(5000, 1) == 0.0, "so many looks that nothing may be said any more"
    assert judge([0.2, 0.21, 0.22], looks=5000) == Verdict.UNDECIDED


@pytest.mark.parametrize(("looks", "comparisons"), [(0, 1), (1, 0), (-1, 3)])
def test_a_study_is_looked_at_and_compares(looks, comparisons):
    with pytest.raises(ValueError, match="at least 1"):
        error_share(looks, comparisons)


def result_of(fresh, **arrays):
    """A study of one cell per row of `fresh`."""
    fresh = np.asarray(fresh, dtype=np.float64)
    return synthetic.result(synthetic.spec(*fresh.shape), fresh_accuracy=fresh, **arrays)


def test_every_other_cell_is_compared_pair_by_pair():
    rng = np.random.default_rng(4)
    luck = rng.normal(0.8, 0.05, 20)
    result = result_of([luck, luck + rng.normal(0.06, 0.01, 20), luck + rng.normal(-0.04, 0.01, 20), luck + 0.0001])
    first, second, third = compare(result)
    assert [c.cell for c in (first, second, third)] == [1, 2, 3]
    assert [c.verdict for c in (first, second, third)] == ["better", "worse", "no difference that matters"]
    expected = result.values("fresh_accuracy")[1] - result.values("fresh_accuracy")[0]
    np.testing.assert_array_equal(first.differences, expected)
    np.testing.assert_array_equal(first.replicates, range(20))
    assert (first.mean, first.low, first.high) == pytest.approx(paired_interval(expected))
    assert first.comparisons == 3
    level = 1 - error_share(1, 3)
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
    assert best(result, "val_loss").cell == 1


def test_looking_again_asks_for_more():
    fresh = np.full((2, 10), 0.8)
    fresh[1] += np.linspace(-0.01, 0.06, 10)
    result = result_of(fresh)
    assert [compare(result, looks=looks)[0].verdict for looks in (1, 6)] == [Verdict.BETTER, Verdict.UNDECIDED]


def differences_with(mean, sd, n):
    """n differences with exactly this mean and standard deviation."""
    shape = np.random.default_rng(n).normal(size=n)
    return mean + sd * (shape - shape.mean()) / shape.std(ddof=1)


def comparison_with(mean, sd, n=20, looks=1):
    fresh = np.full((2, n), 0.5)
    fresh[1] += differences_with(mean, sd, n)
    return compare(result_of(fresh), looks=looks)[0]


def test_a_hopeless_difference_is_called_that():
    assert reach(comparison_with(0.002, 0.1)) is None


def test_what_is_decided_needs_no_more_seeds():
    assert reach(comparison_with(0.1, 0.01)) == 0


def test_more_seeds_are_needed_where_some_diverge():
    fresh = np.full((2, 40), 0.5)
    fresh[1, ::2] += differences_with(0.02, 0.05, 20)
    diverged = np.zeros((2, 40), dtype=bool)
    diverged[1, 1::2] = True
    half_diverge = compare(result_of(fresh, diverged=diverged))[0]
    assert half_diverge.n == 20
    assert reach(half_diverge) > reach(comparison_with(0.02, 0.05))


def test_too_few_pairs_ask_for_seeds_unless_all_diverge():
    assert reach(compare(result_of(np.full((2, 1), 0.5)))[0]) == STEP
    diverged = np.zeros((2, 10), dtype=bool)
    diverged[1] = True
    assert reach(compare(result_of(np.full((2, 10), 0.5), diverged=diverged))[0]) is None


def test_the_best_cell_and_its_rivals():
    rng = np.random.default_rng(9)
    luck = rng.normal(0.8, 0.05, 20)
    means = [0.0, 0.07, 0.068, -0.03]
    found = best(result_of([luck + mean + rng.normal(0, 0.01, 20) for mean in means]))
    assert found.cell in (1, 2)
    assert set(found.rivals) == {1, 2} - {found.cell}
    assert not found.clear
    assert found.runner_up == found.rivals[0]
    assert found.lead.low <= 0.005
    assert found.low < found.mean < found.high


def test_a_clear_best_cell():
    rng = np.random.default_rng(9)
    found = best(result_of(rng.normal([[0.6], [0.8], [0.7]], 0.01, (3, 20))))
    assert (found.cell, found.rivals, found.runner_up, found.clear) == (1, (), 2, True)
    assert found.lead.low > 0.08


def test_part_of_a_study_rules_nothing_out():
    fresh = np.random.default_rng(9).normal([[0.6], [0.8], [0.7]], 0.01, (3, 20))
    done = np.ones((3, 20), dtype=bool)
    done[1, 19] = False
    whole, part = best(result_of(fresh)), best(result_of(fresh, done=done))
    assert (whole.complete, whole.rivals, whole.clear) == (True, (), True)
    assert (part.complete, part.cell, part.rivals, part.clear) == (False, 1, (2, 0), False)


def test_a_lead_in_loss_is_positive_too():
    values = np.random.default_rng(1).normal([[0.6], [0.3]], 0.01, (2, 20))
    found = best_of(values, sign=-1)
    assert found.cell == 1
    assert found.lead.mean == pytest.approx(0.3, abs=0.02)
    assert found.lead.low < found.lead.mean < found.lead.high


def test_cells_without_a_value_are_no_rivals():
    values = np.full((3, 10), np.nan)
    assert best_of(values) is None
    values[1] = np.linspace(0.7, 0.8, 10)
    alone = best_of(values)
    assert isinstance(alone, Best)
    assert (alone.cell, alone.rivals, alone.runner_up, alone.lead) == (1, (), None, None)
    values[2, :2] = 0.1
    assert best_of(values).rivals == (2,), "two pairs rule nothing out"


def test_a_study_of_one_cell_compares_nothing():
    result = result_of(np.full((1, 5), 0.8))
    assert compare(result) == []
    assert best(result).clear
