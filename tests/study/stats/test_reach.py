import numpy as np
import pytest

from regdash.study.comparisons import compare
from regdash.study.stats.paired import Verdict, judge
from regdash.study.stats.reach import MAX_MORE, chance, reach
from regdash.study.stats.spending import STEP
from tests.study.stats.studies import comparison_with, differences_with, result_of


def test_a_difference_that_200_seeds_hardly_decide():
    unsure, hopeless = comparison_with(0.002, 0.1), comparison_with(0.002, 0.1, n=400, looks=20)
    assert reach(unsure) is reach(hopeless) is None
    assert chance(unsure) > 0.2 > chance(hopeless)


def test_what_is_decided_needs_no_more_seeds():
    assert reach(comparison_with(0.1, 0.01)) == 0


def test_more_seeds_are_needed_where_some_diverge():
    fresh = np.full((2, 40), 0.5)
    fresh[1, ::2] += differences_with(0.025, 0.05, 20)
    diverged = np.zeros((2, 40), dtype=bool)
    diverged[1, 1::2] = True
    half_diverge = compare(result_of(fresh, diverged=diverged))[0]
    assert half_diverge.n == 20
    assert reach(half_diverge) > reach(comparison_with(0.025, 0.05))


def test_too_few_pairs_ask_for_seeds_unless_all_diverge():
    assert reach(compare(result_of(np.full((2, 1), 0.5)))[0]) == STEP
    diverged = np.zeros((2, 10), dtype=bool)
    diverged[1] = True
    assert reach(compare(result_of(np.full((2, 10), 0.5), diverged=diverged))[0]) is None


def test_pairs_that_are_alike_need_as_many_as_prove_it():
    assert reach(compare(result_of(np.full((2, 300), 0.8)))[0]) == 60, "358 in all"
    assert reach(compare(result_of(np.full((2, 100), 0.8)))[0]) is None


@pytest.mark.parametrize(("mean", "sd", "more"), [(0.02, 0.05, 60), (0.01, 0.05, 200), (0.0, 0.012, 100)])
def test_the_chance_is_that_of_studies_with_such_numbers(mean, sd, more):
    """Their true means lie about the one seen; the seeds that are there stay."""
    rng, tries = np.random.default_rng(3), 4000
    found = comparison_with(mean, sd)
    truths = rng.normal(mean, sd / np.sqrt(found.n), (tries, 1))
    fresh = rng.normal(truths, sd, (tries, more))
    pairs = np.concatenate([np.broadcast_to(found.differences, (tries, found.n)), fresh], axis=1)
    decided = (judge(pairs, looks=2) != Verdict.UNDECIDED).mean()
    assert chance(found, more) == pytest.approx(decided, abs=0.06)


def test_as_many_seeds_as_it_takes_and_no_more():
    found = comparison_with(0.03, 0.06)
    more = reach(found)
    assert STEP < more <= MAX_MORE
    assert chance(found, more) >= 0.8 > chance(found, more - STEP)
