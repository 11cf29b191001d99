import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.results import Summary
from regdash.teaching.arms import Arm
from regdash.words import runs as run_words


def arm(key, config, *, train, fresh, diverged=False, memorised=math.nan, **numbers):
    """An arm whose numbers are given: sentences depend on `summary`, not on how it came about."""

    class Stub:
        summary = Summary(
            train_accuracy=train, val_accuracy=fresh, fresh_accuracy=fresh, gap=train - fresh, best_epoch=3,
            memorised=memorised, **numbers,
        )  # fmt: skip

    stub = Stub()
    stub.config, stub.diverged = config, diverged
    return Arm(key=key, run=stub)


NOISY_FREE = RunConfig(dropout=0.0, label_noise=0.2)
FREE = RunConfig(dropout=0.0)


def headline(free, tamed, config=None, *, base=FREE, memorised=math.nan, free_numbers=None, **kwargs):
    config = config or base.but(dropout=0.5)
    none = arm("none", base, train=free[0], fresh=free[1], memorised=memorised, **(free_numbers or {}))
    yours = arm("yours", config, train=tamed[0], fresh=tamed[1], **kwargs)
    return run_words.headline(none, yours).replace(run_words.NBSP, " ")


def test_the_opening_scenario():
    assert headline((0.98, 0.76), (0.77, 0.884), base=NOISY_FREE, memorised=0.95) == (
        "Without regularization the network memorises its training set (train 98 %, fresh data 76 %). "
        "In this pair of runs, yours, with dropout 0.5, ends 21 points lower on its training points and 12 points "
        "higher on fresh data."
    )


@given(*[st.floats(0, 1)] * 4, st.booleans(), st.booleans())
def test_a_pair_of_runs_is_described_and_never_judged(free, fresh, tamed, tamed_fresh, one, other):
    text = headline((free, fresh), (tamed, tamed_fresh), free_numbers={"one_answer": one}, one_answer=other)
    assert "In this pair of runs" in text
    for judging in ("gains", "gives up", "loses", "costs", "better", "worse", "helps", "because"):
        assert judging not in text
    up = 100 * (tamed_fresh - fresh)
    if not (other and not one):
        words = "higher on fresh data" if up >= 0.001 else "lower on fresh data" if up <= -0.001 else "as high on fresh"
        assert words in text


@given(st.floats(0.3, 1), st.floats(0.3, 1), st.floats(0, 1), st.sampled_from([0.0, 0.1, 0.2, 0.4]))
def test_the_opening_words_fit_what_is_learnt_by_heart(train, fresh, memorised, noise):
    base = FREE.but(label_noise=noise)
    text = headline((train, fresh), (train, fresh), base=base, memorised=memorised if noise else math.nan)
    opening = text.split("(")[0]
    mistakes, lies = 1 - fresh, memorised if noise else 0.0
    if "already does well" in opening:
        assert fresh >= 0.9
        assert lies < 0.3
    if "learns little" in opening:
        assert fresh < 0.75
        assert lies - mistakes < 0.15 or lies < 0.3
    if "memorises" in opening:
        assert train >= 0.95
        assert lies >= 0.9 or train - fresh >= 0.15 - noise
    if "a little" in opening:
        assert lies < 0.3 or lies - mistakes < 0.15


@pytest.mark.parametrize("noise", [0.0, 0.1, 0.3, 0.5])
@given(st.floats(0, 1))
def test_who_has_learnt_nothing_by_heart_does_not_overfit(noise, fresh):
    """A network as good on training points as on fresh ones, but for labels that were flipped."""
    config = FREE.but(label_noise=noise)
    flipped = round(noise * config.n_train) / config.n_train
    train = (1 - flipped) * fresh + flipped * (1 - fresh)
    summary = arm("none", config, train=train, fresh=fresh).run.summary
    assert run_words.overfitting(summary, config) == pytest.approx(0, abs=1e-9)


def test_no_regularizer_asks_for_one():
    assert "Raise dropout or weight decay" in headline((0.98, 0.76), (0.98, 0.76), config=FREE)


def test_divergence_is_said_first():
    text = headline((0.98, 0.76), (math.nan, math.nan), diverged=True)
    assert text.startswith("One of the networks diverged")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"learning_rate": 1.0, "depth": 3}, "A learning rate of 1 is often too large"),
        ({"weight_decay": 1.0, "dropout": 0.0}, "Weight decay 1 is often so strong"),
        ({"dropout": 0.95}, "Dropout 0.95 often leaves too few units"),
        ({"learning_rate": 0.001, "epochs": 20}, "try more epochs"),
        ({"width": 1}, "One unit a layer is often too few"),
        ({"width": 2}, "2 units a layer is often too few"),
    ],
)
def test_what_often_makes_it_fail_is_named_and_what_to_try(changes, words):
    config = RunConfig(learning_rate=0.02).but(**changes)
    text = headline(
        (0.9, 0.8), (0.5, 0.5), config=config, base=config.but(dropout=0.0, weight_decay=0.0), one_answer=True
    )
    assert "gives the same answer everywhere" in text
    assert words in text
    assert "try" in text


def test_one_answer_everywhere_asks_for_no_more_regularization():
    broken = FREE.but(learning_rate=1.0)
    text = headline((0.5, 0.5), (0.5, 0.5), config=broken, base=broken, free_numbers={"one_answer": True})
    assert "Even without regularization the network gives the same answer everywhere" in text
    assert "Raise dropout" not in text


def test_accuracy_that_jumps_at_the_end_is_said():
    text = headline((0.98, 0.78), (0.74, 0.65), jump=-0.2)
    assert "Mind the last epochs" in text
    assert "Mind" not in headline((0.98, 0.78), (0.74, 0.65), jump=0.01)


@pytest.mark.parametrize(
    ("fresh", "words"),
    [
        (0.80325, "as high"),  # and so as the free network's
        (0.8035, "less than a point higher"),  # by one point of 4,000
        (0.80725, "less than a point higher"),
        (0.79425, "less than a point lower"),
        (0.81225, "less than a point higher"),
        (0.81325, "1 point higher"),
        (0.79225, "1 point lower"),
        (0.81875, "2 points higher"),
        (0.91075, "11 points higher"),  # "80.3 %" and "91.1 %" beside it
        (0.6333, "17 points lower"),
    ],
)
def test_the_headline_compares_in_whole_points_and_calls_nothing_equal_that_is_not(fresh, words):
    assert f"and {words} on fresh data." in headline((0.98, 0.80325), (0.95, fresh))


@given(*[st.integers(0, 4000)] * 2)
def test_what_the_headline_says_of_two_counts_is_true(free, tamed):
    """Of the points of fresh data, each network gets so many right."""
    text = headline((0.98, free / 4000), (0.95, tamed / 4000))
    difference = abs(tamed - free) / 40
    said = text.rsplit(" and ", 1)[1].removesuffix(" on fresh data.")
    assert (said == "as high") == (tamed == free)
    if said.startswith("less than a point"):
        assert 0 < difference < 1
    elif said != "as high":
        assert abs(int(said.split()[0]) - difference) <= 0.5
        assert said.split()[1] == ("point" if said.startswith("1 ") else "points")
    assert said.endswith("higher") == (tamed > free)
    assert said.endswith("lower") == (tamed < free)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "no regularization"),
        ({"dropout": 0.3}, "dropout 0.3"),
        ({"dropout": 0.3, "weight_decay": 0.02}, "dropout 0.3 and weight decay 0.02"),
        ({"dropout": 0.3, "weight_decay": 0.02, "label_smoothing": 0.1},
         "dropout 0.3, weight decay 0.02 and label smoothing 0.1"),
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
