import math
from dataclasses import replace

import pytest

from regdash import RunConfig
from regdash.results import Summary
from regdash.teaching.arms import Arm
from regdash.words import runs as run_words


def arm(key, config, *, train, fresh, diverged=False):
    """An arm whose numbers are given: sentences depend on `summary`, not on how it came about."""

    class Stub:
        summary = Summary(
            train_accuracy=train,
            val_accuracy=fresh,
            fresh_accuracy=fresh,
            gap=train - fresh,
            best_epoch=3,
            memorised=0.5,
        )

    stub = Stub()
    stub.config, stub.diverged = config, diverged
    return Arm(key=key, run=stub)


FREE = RunConfig(dropout=0.0)


def headline(free, tamed, config=None, **kwargs):
    config = config or RunConfig(dropout=0.5)
    return run_words.headline(
        arm("none", FREE, train=free[0], fresh=free[1]), arm("yours", config, train=tamed[0], fresh=tamed[1], **kwargs)
    ).replace(run_words.NBSP, " ")


def test_the_designs_own_example():
    assert headline((0.98, 0.76), (0.77, 0.88)) == (
        "Without regularization the network memorises its training set (train 98 %, fresh data 76 %). "
        "Dropout 0.5 gives up 21 points of train accuracy but gains 12 on fresh data."
    )


def test_one_point_is_singular():
    assert "gives up 1 point of train" in headline((0.98, 0.76), (0.97, 0.9))


def test_a_small_difference_is_no_verdict():
    assert "too small for one pair of runs" in headline((0.98, 0.96), (0.97, 0.97))


@pytest.mark.parametrize(
    ("fresh", "words"),
    [(0.88, "(+1 point)"), (0.86, "(−1 point)"), (0.89, "(+2 points)"), (0.85, "(−2 points)"), (0.87, "(less")],
)
def test_a_small_difference_counts_its_points(fresh, words):
    assert words in headline((0.98, 0.87), (0.9, fresh))


def test_harm_is_said_as_plainly_as_gain():
    assert "gives up 18 points of train accuracy and loses 14 on fresh data" in headline((0.98, 0.94), (0.8, 0.8))


def test_two_gains_share_a_verb():
    assert "gains 6 points of train accuracy and 9 on fresh data" in headline((0.8, 0.76), (0.86, 0.85))


def test_no_regularizer_asks_for_one():
    assert "Raise dropout or weight decay" in headline((0.98, 0.76), (0.98, 0.76), config=FREE)


def test_divergence_is_said_first():
    text = headline((0.98, 0.76), (math.nan, math.nan), diverged=True)
    assert text.startswith("One of the networks diverged")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "no regularization"),
        ({"dropout": 0.3}, "dropout 0.3"),
        ({"dropout": 0.3, "weight_decay": 0.02}, "dropout 0.3 with weight decay 0.02"),
        ({"dropout": 0.3, "weight_decay": 0.02, "label_smoothing": 0.1},
         "dropout 0.3 with weight decay 0.02 and label smoothing 0.1"),
    ],
)  # fmt: skip
def test_regularizers_in_words(changes, words):
    assert run_words.regularizers(replace(FREE, **changes)) == words


def test_percent_of_nothing_is_not_defined():
    assert run_words.percent(math.nan) == "not defined"


def test_alternative_text_names_every_arm(arms):
    text = run_words.alternative_text("A sentence.", arms)
    assert text.startswith("A sentence.")
    for each in arms:
        assert each.label in text
