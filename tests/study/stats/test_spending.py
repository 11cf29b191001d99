import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import multivariate_normal, norm

from regdash.study.stats.spending import ERROR_SHARE, MOST_LOOKS, STEP, error_share, levels, spent


def crossed(times, found):
    """The chance that a random walk leaves the bounds at any of its `times`, by scipy's normal distribution."""
    times, bounds = np.asarray(times, dtype=float), norm.isf(np.asarray(found) / 2)
    shared = np.sqrt(np.minimum.outer(times, times) / np.maximum.outer(times, times))
    stays = multivariate_normal(np.zeros(len(times)), shared, abseps=1e-7, releps=1e-7, maxpts=2_000_000, seed=1)
    return 1 - stays.cdf(bounds, lower_limit=-bounds)


@pytest.mark.slow
@pytest.mark.parametrize("first", [3, 12, 20])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 24])
@pytest.mark.parametrize("looks", [1, 2, 3, 4])
def test_each_look_spends_its_part_and_no_more(looks, alpha, first):
    times = [first + STEP * look for look in range(looks)]
    assert crossed(times, levels(alpha, looks, first)) == pytest.approx(alpha * spent(looks), rel=2e-3)


@pytest.mark.parametrize(
    "times",
    [
        [20 * k for k in range(1, 41)], [3 + 20 * k for k in range(40)], [3] + [20 * k for k in range(1, 40)],
        [5, 10, 15] + [20 * k for k in range(1, 30)], [20, 21, 22, 23, 40, 41, 60], list(range(3, 60)),
    ],
)  # fmt: skip
def test_however_seeds_are_added_one_study_in_twenty_errs_at_most(times):
    """A walk of many steps: 20,000 of them, so that the share is known to half a percent."""
    rng, tries = np.random.default_rng(0), 20_000
    walk, before, out = np.zeros(tries), 0, np.zeros(tries, dtype=bool)
    for look, n in enumerate(times, start=1):
        walk += rng.normal(0, math.sqrt(n - before), tries)
        out |= np.abs(walk) > norm.isf(error_share(look, 1, n) / 2) * math.sqrt(n)
        before = n
    assert out.mean() <= ERROR_SHARE + 0.004


def test_looking_after_every_seed_at_the_plain_level_errs_far_more_often():
    """The negative control: the same walk without the rule."""
    walks = np.random.default_rng(0).normal(size=(5_000, 200)).cumsum(axis=1)
    plain = np.abs(walks) > 1.96 * np.sqrt(np.arange(1, 201))
    assert plain[:, 2:].any(axis=1).mean() > 0.3


def test_the_part_that_is_spent_grows_and_never_is_all():
    parts = [spent(look) for look in range(1, 1000)]
    assert parts[0] == 0.5
    assert all(np.diff(parts) > 0)
    assert parts[-1] < 1


def test_an_interval_at_these_levels_shrinks_to_nothing():
    """Half of it, in standard deviations: with levels that halve, it stopped at 0.26."""
    halves = [norm.isf(float(error_share(look, 1, STEP * look)) / 2) / math.sqrt(STEP * look) for look in range(1, 500)]
    assert all(np.diff(halves) < 0)
    assert halves[49] < 0.12
    assert halves[-1] < 0.05


def test_beyond_the_looks_that_are_integrated_levels_go_on_falling():
    found = [float(error_share(look, 1, STEP * look)) for look in range(MOST_LOOKS - 2, MOST_LOOKS + 4)]
    assert all(np.diff(found) < 0)
    assert error_share(5000, 1, 100_000) > 0


def test_pairs_of_different_numbers_have_levels_of_their_own():
    together = error_share(2, 3, [[40, 30], [10, 400]])
    assert together.shape == (2, 2)
    assert together[0, 0] == error_share(2, 3, 40)
    assert together[0, 1] < together[0, 0], "a first look after 10 pairs knew less of this one"
    assert together[1, 0] == together[1, 1] == error_share(2, 3, 23), "nobody knows when: after 3"


@pytest.mark.parametrize(("looks", "comparisons"), [(0, 1), (1, 0), (-1, 3)])
def test_a_study_is_looked_at_and_compares(looks, comparisons):
    with pytest.raises(ValueError, match="at least 1"):
        error_share(looks, comparisons)


def dunnett(comparisons):
    """The two-sided 5 % point of Dunnett's test with many degrees of freedom: a shared baseline, correlation 1/2."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)

    def stays(edge):
        shared = nodes / math.sqrt(2)
        each = norm.cdf((edge - shared) * math.sqrt(2)) - norm.cdf((-edge - shared) * math.sqrt(2))
        return weights @ each**comparisons / math.sqrt(2 * math.pi)

    return brentq(lambda edge: stays(edge) - 0.95, 1, 6)


def test_why_not_dunnett():
    """It saves little, and beside a steady baseline, where differences are independent, it errs too often."""
    assert dunnett(3) == pytest.approx(2.35, abs=0.005), "the published tables' value"
    assert dunnett(1) == pytest.approx(norm.isf(0.025), abs=1e-6)
    for comparisons, seeds_saved in ((3, 0.04), (24, 0.1)):
        edge, ours = dunnett(comparisons), norm.isf(0.025 / comparisons)
        assert (ours / edge) ** 2 - 1 < seeds_saved
        assert 1 - (1 - 2 * norm.sf(edge)) ** comparisons > 0.05
    assert 1 - (1 - 2 * norm.sf(dunnett(24))) ** 24 > 0.07
