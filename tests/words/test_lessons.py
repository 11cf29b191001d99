"""Sentences of lessons, from runs and studies that are given."""

import dataclasses

import numpy as np
import pytest

from regdash.study import StudyResult
from regdash.study.stats.intervals import Interval
from regdash.teaching.lessons import LESSONS
from regdash.teaching.lessons.lesson import Surprise
from regdash.words import lessons as words
from regdash.words.worksheets import worksheet
from tests.lesson_runs import runs_of


@pytest.mark.parametrize("key", LESSONS)
def test_every_lesson_says_what_its_numbers_say(key):
    said = words.numbers(LESSONS[key], runs_of(key))
    assert said
    assert all(line.endswith(".") and "nan" not in line.lower().split() for line in said), said


def test_the_articles_accuracies_are_told_as_points():
    run = runs_of("demo-1")["demo-1"]
    first = words.numbers(LESSONS["demo-1"], runs_of("demo-1"))[0]
    right = round(60 * run.curves[2, -1])
    assert f"which is {right} of 60 points" in first


def given(fresh):
    """A study of demo-3 with these accuracies on fresh data (2, 20)."""
    result = StudyResult.empty(LESSONS["demo-3"].study)
    result.fresh_accuracy[:] = fresh
    result.done[:] = True
    return result


def test_a_claim_that_holds_is_said_to_hold_with_its_interval():
    free = 0.98 + 0.001 * np.arange(20) / 20
    said = words.surprise(LESSONS["demo-3"], given([free, free - 0.01 + 0.0001 * np.arange(20)]))
    assert (
        "Measured over 20 seeds, mean and 95 % interval.* Without regularization it is 0.9 points [0.9, 0.9] more."
        in said
    )
    assert said.endswith("So the claim holds in these seeds.")
    other = words.surprise(LESSONS["demo-3"], given([free - 0.01 + 0.0001 * np.arange(20), free]))
    assert other.endswith("] more. In these seeds it is the other way round.")


def test_a_claim_that_these_seeds_do_not_show_is_not_said_to_hold():
    wave = 0.02 * np.sin(np.arange(20))
    said = words.surprise(LESSONS["demo-3"], given([0.95 + wave, 0.95 - wave]))
    assert said.endswith("20 seeds leave the claim open.")


@pytest.mark.parametrize(
    ("low", "high", "limit", "below", "holds"),
    [(1, 2, 0, False, True), (-1, 2, 0, False, None), (-2, -1, 0, False, False), (1, 2, 1.5, False, None),
     (3, 4, 5, True, True), (3, 6, 5, True, None), (6, 7, 5, True, False)],
)  # fmt: skip
def test_a_claim_may_have_a_limit_on_either_side(low, high, limit, below, holds):
    claim = Surprise(text="x", found="{}", measure=print, limit=limit, below=below)
    assert claim.holds(Interval((low + high) / 2, low, high)) is holds


def test_peeking_is_told_from_the_pairs():
    rng = np.random.default_rng(0)
    said = words.peeking(given([0.95 + 0.01 * rng.normal(size=20), np.full(20, 0.95)]))
    share = int(said.split("names a winner in ")[1].split("\N{NO-BREAK SPACE}")[0])
    assert 15 <= share <= 40
    assert "of these 20 pairs" in said


def test_what_a_try_at_overfitting_came_to():
    config = LESSONS["overfit-it"].explore
    assert "does not count" in words.overfit_says(config, 0.8, 0.5, by_heart=0.95)
    assert "are lies" in words.overfit_says(config, 0.97, 0.5, by_heart=0.95)
    assert "All labels are true" in words.overfit_says(config.but(label_noise=0.0), 1.0, 0.9, by_heart=0.95)
    assert "hardly worse" in words.overfit_says(config.but(label_noise=0.0), 1.0, 0.97, by_heart=0.95)
    assert "diverged" in words.overfit_says(config, float("nan"), float("nan"), by_heart=0.95)


def test_a_collapse_is_named_when_it_is_one():
    runs = runs_of("too-much")
    assert words.collapse_says(runs["λ = 0.5"]).startswith("**That is a collapse.**")
    assert words.collapse_says(runs["λ = 0"]).startswith("No collapse")


def test_published_pairs_are_tallied():
    none, drop = (runs_of("one-seed-lies")[f"{name}, seed 1"] for name in ("None", "Dropout"))
    better = dataclasses.replace(drop, curves=none.curves + 1 / 60)
    said = words.published([(none, none), (none, better)])
    assert "“dropout wins, by 1 validation point”" in said
    assert "of 2 published: dropout wins 1, no regularization 0, ties 1" in said


@pytest.mark.parametrize("key", LESSONS)
def test_a_worksheet_is_made_of_the_lesson(key):
    sheet = worksheet(LESSONS[key], runs_of(key))
    assert sheet.count("<li>") >= len(LESSONS[key].question.choices) + len(LESSONS[key].hints)
    assert sheet.index('class="write"') < sheet.index('class="teacher"')


def test_a_worksheet_takes_nothing_for_markup():
    lesson = dataclasses.replace(LESSONS["demo-1"], title="<script>alert(1)</script>")
    assert "<script>" not in worksheet(lesson, runs_of("demo-1"))
