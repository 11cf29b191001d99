import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.study.metrics import MATTERS
from regdash.study.paired import STEP, Best, Verdict, best, best_of, compare, error_share, judge, paired_interval, reach
from tests.study import synthetic
from tests.study.test_intervals import TRIES, accuracy_differences

LOOKS = 5
DRAWS = {
    "normal": lambda rng, n, arms: rng.normal(0, 0.05, (TRIES, arms + 1, n)),
    "accuracies": lambda rng, n, arms: accuracy_differences(rng, n, arms=arms + 1),
    "60 points": lambda rng, n, arms: accuracy_differences(rng, n, arms=arms + 1, points=60),
}


def winners(verdicts):
    return (verdicts == Verdict.BETTER.value) | (verdicts == Verdict.WORSE.value)


def differences_of(kind, seed, n, arms):
    """(TRIES, arms, n): arms that are all the same, each minus one shared baseline."""
    values = DRAWS[kind](np.random.default_rng(seed), n, arms)
    return values[:, 1:] - values[:, :1]


def at_looks(differences, first, comparisons):
    """(LOOKS, TRIES, arms): the verdicts when 20 pairs are added before each look but the first."""
    return np.stack(
        [
            judge(differences[..., : first + STEP * (look - 1)], looks=look, comparisons=comparisons)
            for look in range(1, LOOKS + 1)
        ]
    )


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("n", [3, 10, 20, 50])
def test_equal_arms_rarely_have_a_winner(kind, n):
    assert winners(judge(differences_of(kind, n, n, 1)[:, 0])).mean() <= 0.05


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("n", [3, 10, 20, 50])
def test_equal_arms_rarely_have_a_winner_among_four_comparisons(kind, n):
    verdicts = judge(differences_of(kind, 100 + n, n, 4), comparisons=4)
    assert winners(verdicts).any(axis=1).mean() <= 0.05


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("first", [10, 20, 50])
@pytest.mark.parametrize("arms", [1, 4])
def test_equal_arms_rarely_have_a_winner_however_often_seeds_are_added(kind, first, arms):
    differences = differences_of(kind, 200 + first, first + STEP * (LOOKS - 1), arms)
    assert winners(at_looks(differences, first, arms)).any(axis=(0, 2)).mean() <= 0.05


def test_without_the_corrections_equal_arms_would_have_winners():
    """What the two corrections are for: were every look at every arm judged at 5 %, a third of studies would err."""
    differences = differences_of("accuracies", 7, 10 + STEP * (LOOKS - 1), 4)
    lengths = [10 + STEP * look for look in range(LOOKS)]
    careless = [paired_interval(arm[:n]) for study in differences[:200] for arm in study for n in lengths]
    wrong = np.array([low > 0 or high < 0 for _, low, high in careless]).reshape(200, -1).any(axis=1)
    assert wrong.mean() > 0.2


@pytest.mark.parametrize("arms", [1, 4])
def test_a_difference_that_just_matters_is_rarely_said_not_to(arms):
    rng = np.random.default_rng(arms)
    differences = rng.normal(MATTERS, 0.006, (TRIES, arms, 10 + STEP * (LOOKS - 1)))
    verdicts = at_looks(differences, 10, arms)
    assert (verdicts == Verdict.SAME.value).any(axis=(0, 2)).mean() <= 0.05


@pytest.mark.parametrize("sign", [1, -1])
def test_a_large_difference_is_found_and_its_direction_too(sign):
    differences = accuracy_differences(np.random.default_rng(1), 20, gain=0.06)
    expected = Verdict.BETTER if sign > 0 else Verdict.WORSE
    assert (judge(differences, sign=sign, comparisons=4) == expected.value).mean() > 0.99


def test_arms_that_hardly_differ_are_said_not_to():
    differences = np.random.default_rng(2).normal(0.0005, 0.005, (TRIES, 50))
    assert (judge(differences) == Verdict.SAME.value).mean() > 0.99


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


@pytest.mark.parametrize(("mean", "sd"), [(0.02, 0.05), (0.03, 0.1), (0.0, 0.012), (0.002, 0.01)])
def test_the_seeds_that_may_decide_it_mostly_do(mean, sd):
    comparison = comparison_with(mean, sd)
    more = reach(comparison)
    assert more % STEP == 0
    assert more > STEP
    samples = np.random.default_rng(8).normal(mean, sd, (TRIES, 20 + more))
    assert (judge(samples, looks=2) != Verdict.UNDECIDED).mean() >= 0.78
    assert (judge(samples[:, :-STEP], looks=2) != Verdict.UNDECIDED).mean() <= 0.82


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


def test_a_lead_in_loss_is_positive_too():
    values = np.random.default_rng(1).normal([[0.6], [0.3]], 0.01, (2, 20))
    found = best_of(values, sign=-1)
    assert found.cell == 1
    assert found.lead.mean == pytest.approx(0.3, abs=0.02)
    assert found.lead.low < found.lead.mean < found.lead.high


def test_the_truly_best_cell_is_among_those_that_may_be_it():
    """At none of five looks in more than 5 % of studies is it ruled out, though others come close."""
    rng = np.random.default_rng(10)
    means = np.array([0.0, 0.005, 0.012, 0.02, 0.021])
    tries, n = 400, 20 + STEP * (LOOKS - 1)
    values = means[:, None] + rng.normal(0, 0.03, (tries, 1, n)) + rng.normal(0, 0.02, (tries, 5, n))
    lost = 0
    for study in values:
        looks = [best_of(study[:, : 20 + STEP * look], looks=1 + look) for look in range(LOOKS)]
        lost += any(4 not in (found.cell, *found.rivals) for found in looks)
    assert lost / tries <= 0.05


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
