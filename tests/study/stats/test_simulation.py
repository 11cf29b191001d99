"""What the statistics promise, checked by simulation: coverage of the intervals, errors of the verdicts."""

import numpy as np
import pytest

from regdash.study.metrics import MATTERS
from regdash.study.stats.intervals import paired_interval
from regdash.study.stats.paired import Verdict, judge
from regdash.study.stats.rivals import best_of
from regdash.study.stats.spending import STEP

pytestmark = pytest.mark.slow
TRIES = 2_000
LOOKS = 5
ALLOWED = 0.055  # 5 %, and what 2,000 tries of them scatter
DRAWS = {
    "normal": lambda rng, n, arms: rng.normal(0, 0.05, (TRIES, arms + 1, n)),
    "accuracies": lambda rng, n, arms: accuracy_differences(rng, n, arms=arms + 1),
    "60 points": lambda rng, n, arms: accuracy_differences(rng, n, arms=arms + 1, points=60),
}


def covered(samples, mean, level=0.95):
    """The share of rows of `samples` (TRIES, n) whose interval holds the true mean."""
    intervals = [paired_interval(row, level) for row in samples]
    return np.mean([interval.low <= mean <= interval.high for interval in intervals])


def accuracy_differences(rng, n, *, gain=0.0, points=4_000, tries=TRIES, arms=1):
    """Realistic differences: the runs of a pair share a seed's luck, each has some of its own, and points are counted.

    (tries, n) for one arm against the baseline, else (tries, arms, n): all arms against one and the same baseline.
    """
    luck = rng.beta(24, 6, (tries, 1, n))  # most seeds between 65 and 92 %
    own = rng.normal(0, 0.03, (tries, arms + 1, n))
    shift = np.r_[0.0, np.full(arms, gain)][:, None]
    chance = 0.9 * luck + 0.05 + shift + np.clip(own, -0.04, 0.04)
    right = rng.binomial(points, np.clip(chance, 0, 1)) / points
    differences = right[:, 1:] - right[:, :1]
    return differences[:, 0] if arms == 1 else differences


@pytest.mark.parametrize("n", [10, 20, 50])
def test_the_interval_covers_the_mean_of_normal_differences(n):
    samples = np.random.default_rng(n).normal(0.02, 0.05, (TRIES, n))
    assert 0.93 <= covered(samples, 0.02) <= 0.97


@pytest.mark.parametrize("points", [60, 4_000])
@pytest.mark.parametrize("n", [10, 20, 50])
def test_the_interval_covers_the_mean_of_accuracy_differences(n, points):
    samples = accuracy_differences(np.random.default_rng(n + points), n, gain=-0.03, points=points)
    assert 0.93 <= covered(samples, -0.03) <= 0.97


@pytest.mark.parametrize("n", [10, 20, 50])
def test_the_interval_covers_the_mean_where_runs_sometimes_collapse(n):
    """Three seeds in four gain a little, the fourth loses 30 points: about as skewed as a study can be.

    With 10 pairs the interval covers a little less than it says, since one try in eighteen sees no collapse at all.
    """
    rng = np.random.default_rng(n)
    collapses = rng.random((TRIES, n)) < 0.25
    samples = np.where(collapses, -0.3, 0.02) + rng.normal(0, 0.02, (TRIES, n))
    assert covered(samples, 0.25 * -0.3 + 0.75 * 0.02) >= (0.90 if n == 10 else 0.92)


def test_a_level_is_what_it_says():
    samples = np.random.default_rng(0).normal(size=(TRIES, 12))
    assert 0.78 <= covered(samples, 0, level=0.8) <= 0.82
    assert covered(samples, 0, level=0.999) >= 0.995


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
    assert winners(judge(differences_of(kind, n, n, 1)[:, 0])).mean() <= ALLOWED


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("n", [3, 10, 20, 50])
def test_equal_arms_rarely_have_a_winner_among_four_comparisons(kind, n):
    verdicts = judge(differences_of(kind, 100 + n, n, 4), comparisons=4)
    assert winners(verdicts).any(axis=1).mean() <= ALLOWED


@pytest.mark.parametrize("kind", DRAWS)
@pytest.mark.parametrize("first", [10, 20, 50])
@pytest.mark.parametrize("arms", [1, 4])
def test_equal_arms_rarely_have_a_winner_however_often_seeds_are_added(kind, first, arms):
    differences = differences_of(kind, 200 + first, first + STEP * (LOOKS - 1), arms)
    assert winners(at_looks(differences, first, arms)).any(axis=(0, 2)).mean() <= ALLOWED


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
    assert np.isin(verdicts, [Verdict.SAME, Verdict.ALIKE]).any(axis=(0, 2)).mean() <= ALLOWED


@pytest.mark.parametrize("sign", [1, -1])
def test_a_large_difference_is_found_and_its_direction_too(sign):
    differences = accuracy_differences(np.random.default_rng(1), 20, gain=0.06)
    expected = Verdict.BETTER if sign > 0 else Verdict.WORSE
    assert (judge(differences, sign=sign, comparisons=4) == expected.value).mean() > 0.99


def test_arms_that_hardly_differ_are_said_not_to():
    many = np.random.default_rng(3).normal(0, 0.005, (100, 600))
    assert (judge(many, looks=30) == Verdict.SAME.value).all()
    differences = np.random.default_rng(2).normal(0.0005, 0.005, (TRIES, 50))
    assert (judge(differences) == Verdict.ALIKE.value).mean() > 0.99


def test_the_truly_best_cell_is_among_those_that_may_be_it():
    """At none of five looks in more than 5 % of studies is it ruled out, though others come close."""
    rng = np.random.default_rng(10)
    means = np.array([0.0, 0.0198, 0.0199, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.0201])
    tries, n, best_cell = 400, 10 + STEP * (LOOKS - 1), len(means) - 1
    values = means[:, None] + rng.normal(0, 0.03, (tries, 1, n)) + rng.normal(0, 0.02, (tries, len(means), n))
    lost = 0
    for study in values:
        looks = [best_of(study[:, : 10 + STEP * look], looks=1 + look) for look in range(LOOKS)]
        lost += any(best_cell not in (found.cell, *found.rivals) for found in looks)
    assert lost / tries <= 0.05


@pytest.mark.parametrize("cells", [2, 4, 8])
def test_equal_cells_are_rarely_ruled_out(cells):
    """At none of five looks does more than one study in twenty say that one of them may not be as good."""
    values = np.random.default_rng(cells).normal(0.8, 0.03, (400, cells, 10 + STEP * (LOOKS - 1)))
    out = [
        any(len(best_of(study[:, : 10 + STEP * k], looks=1 + k).rivals) < cells - 1 for k in range(LOOKS))
        for study in values
    ]
    assert np.mean(out) <= 0.07


@pytest.mark.parametrize(("size", "comparisons", "seeds"), [(0.4, 1, 85), (0.4, 3, 105), (0.4, 24, 150), (0.2, 1, 560)])
def test_small_differences_are_found_with_seeds_enough(size, comparisons, seeds):
    """Four studies in five are decided by so many seeds, looking every 20, and by straight lines between looks."""
    looks = -(-seeds // STEP)
    differences = np.random.default_rng(5).normal(size, 1, (TRIES, STEP * looks))
    named = [
        winners(judge(differences[:, : STEP * look], looks=look, comparisons=comparisons, matters=0.0))
        for look in range(1, looks + 1)
    ]
    decided = np.logical_or.accumulate(named).mean(axis=1)
    assert np.interp(seeds, STEP * np.arange(1, looks + 1), decided) >= 0.8


def test_another_first_seed_counts_as_two_looks():
    """Ten first seeds, all their luck new, name a winner among equals in less than one case in twenty."""
    differences = np.random.default_rng(6).normal(size=(4_000, 10, 20))
    named = [winners(judge(differences[:, k], looks=1 + 2 * k)) for k in range(10)]
    assert np.any(named, axis=0).mean() <= ALLOWED
