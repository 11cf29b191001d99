import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.study.comparisons import compare_pair
from regdash.study.stats.paired import Verdict
from regdash.words.opinions import judgement, standing
from regdash.words.runs import NBSP
from tests.study import synthetic

CONFIG = RunConfig(dropout=0.5, weight_decay=0.02)


def compared(differences, **arrays):
    n = len(differences)
    free = synthetic.result(synthetic.spec(1, n), fresh_accuracy=np.full((1, n), 0.5), **arrays)
    yours = synthetic.result(synthetic.spec(1, n), fresh_accuracy=0.5 + np.asarray(differences)[None])
    return compare_pair(free, yours)


def luck(n=20, sd=0.01):
    return np.random.default_rng(1).normal(0, sd, n)


@pytest.mark.parametrize(
    ("mean", "sd", "words"),
    [
        (0.1, 0.01, "is better on fresh data, by 10."),
        (-0.1, 0.01, "is worse on fresh data, by 10."),
        (0.01, 0.1, "it cannot be told yet whether"),
        (0.0, 0.002, "and without are alike so far on fresh data: "),
    ],
)
def test_each_verdict_has_its_sentence_and_its_interval(mean, sd, words):
    found = compared(mean + luck(sd=sd) - luck(sd=sd).mean())
    text = judgement(found, CONFIG).replace(NBSP, " ")
    assert text.startswith("Over 20 pairs, each with a seed and data of its own, ")
    assert "dropout 0.5 and weight decay 0.02" in text
    assert words in text
    assert "[" in text


def test_what_diverged_is_counted():
    diverged = np.zeros((1, 20), dtype=bool)
    diverged[0, :2] = True
    assert "2 pairs left out" in judgement(compared(0.1 + luck(), diverged=diverged), CONFIG)
    assert "nothing to compare" in judgement(compared(luck(), diverged=np.ones((1, 20), dtype=bool)), CONFIG)


@given(st.floats(-0.4, 0.4))
def test_where_this_pair_lies_is_counted(own):
    found = compared(luck())
    below, above = (found.differences < own - 1e-9).sum(), (found.differences > own + 1e-9).sum()
    text = standing(found, own)
    if below == 20:
        assert text.endswith(": all 20 have less.")
    elif above == 20:
        assert text.endswith(": all 20 have more.")
    else:
        assert text.endswith(f": {below} of 20 have less, {above} more.")


@pytest.mark.parametrize(
    ("among", "said"), [(False, "9 of 20 have less, 8 more, 3 equal"), (True, "9 of 20 have less, 8 more, 2 equal")]
)
def test_all_pairs_are_accounted_for(among, said):
    """Beginners add the numbers up. One that is among them need not be told that it is as high as itself."""
    found = compared([0.1] * 9 + [0.2] * 3 + [0.3] * 8)
    assert said in standing(found, float(found.differences[10]), among=among)
    alone = compared([0.1] * 9 + [0.2] + [0.3] * 10)
    assert "9 of 20 have less, 10 more." in standing(alone, float(alone.differences[9]), among=True)
    assert "9 of 20 have less, 10 more, 1 equal." in standing(alone, float(alone.differences[9]))


def test_without_a_pair_of_ones_own_nothing_is_said():
    assert standing(compared(luck()), math.nan) == ""


@given(st.lists(st.floats(-0.2, 0.2), min_size=3, max_size=40))
def test_a_judgement_is_no_stronger_than_its_verdict(differences):
    found = compared(differences)
    text = judgement(found, CONFIG)
    assert ("is better on" in text) == (found.verdict == Verdict.BETTER)
    assert ("is worse on" in text) == (found.verdict == Verdict.WORSE)
    assert ("no difference that matters" in text) == (found.verdict == Verdict.SAME)


def test_collapsed_runs_are_told_apart():
    collapsed = np.zeros((1, 20), dtype=bool)
    collapsed[0, :3] = True
    text = judgement(compared(0.1 + luck(), collapsed=collapsed), CONFIG)
    assert "In 3 pairs a run gave one answer everywhere (0 yours, 3 without regularization); the other 17" in text
