"""Peeking: its share against a plain loop with scipy, and its bounds."""

import numpy as np
import pytest
from scipy import stats

from regdash.study.stats.peeking import peeking_share


def plain(differences, walks, seed):
    """The same, one walk and one look at a time, judged by scipy's own t test."""
    random = np.random.default_rng(seed)
    signs = random.choice((-1.0, 1.0), size=(walks, len(differences)))
    orders = random.permuted(np.broadcast_to(differences, signs.shape), axis=1)
    stopped = 0
    for walk in orders * signs:
        stopped += any(stats.ttest_1samp(walk[:n], 0.0).pvalue < 0.05 for n in range(3, len(walk) + 1))
    return stopped / walks


def test_the_share_is_that_of_a_plain_loop():
    differences = np.random.default_rng(5).normal(0.3, 1.0, 12)
    assert peeking_share(differences, walks=150, seed=9) == plain(differences, 150, 9)


def test_peeking_at_twenty_pairs_names_a_winner_far_too_often():
    """Nothing differs in a walk; a single look would err in 5 %."""
    share = peeking_share(np.random.default_rng(1).normal(0.0, 0.01, 20))
    assert 0.15 < share < 0.35


@pytest.mark.parametrize("differences", [[], [0.1, 0.2], [np.nan] * 5, [0.0] * 20])
def test_where_nothing_can_be_seen_nobody_stops(differences):
    assert peeking_share(differences) == 0.0


def test_missing_pairs_are_left_out_and_a_seed_gives_the_same_walks():
    values = np.random.default_rng(2).normal(size=10)
    assert peeking_share([*values, np.nan]) == peeking_share(values)
    assert peeking_share(values, seed=1) != peeking_share(values, seed=2)
