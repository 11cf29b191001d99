"""The lessons' figures: Plotly accepts them, they travel as JSON, and their numbers are those of the runs."""

import base64
import json

import numpy as np
import pytest
from plotly import graph_objects as go

from regdash.figures import theme
from regdash.figures.explore.curves import VIEWS
from regdash.figures.lessons.kinds import CHARTS, MOST_ARMS, arms
from regdash.results import HISTORY_COLUMNS
from regdash.teaching.lessons import LESSONS, rules
from regdash.words.lessons import SAYS
from tests.lesson_runs import runs_of


def numbers(typed):
    return np.frombuffer(base64.b64decode(typed["bdata"]), dtype=typed["dtype"])


def test_the_rules_know_the_kinds_that_there_are():
    assert set(rules.KINDS) == set(CHARTS) == set(SAYS)
    assert set(rules.VIEWS) == set(VIEWS)
    assert rules.MOST_ARMS == MOST_ARMS


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("key", LESSONS)
def test_plotly_accepts_every_figure_and_each_has_its_words(key, mode):
    lesson = LESSONS[key]
    shown = CHARTS[lesson.kind](lesson, runs_of(key), theme.palette(mode))
    assert shown or arms(lesson, runs_of(key)), "a lesson without any figure"
    for chart, alt in shown:
        json.dumps(chart, allow_nan=False)
        assert len(alt) > 40
        assert len(json.dumps(chart)) < 300_000
        for place in ("wide", "narrow"):
            go.Figure({"data": chart["data"], "layout": chart[place]["layout"]})


@pytest.mark.parametrize("key", [key for key, lesson in LESSONS.items() if lesson.curves])
def test_the_articles_figure_has_the_replays_numbers_bit_for_bit_and_matplotlibs_axis(key):
    lesson, runs = LESSONS[key], runs_of(key)
    ((chart, _),) = CHARTS["article"](lesson, runs, theme.LIGHT)
    drawn = [numbers(trace["y"]) for trace in chart["data"]]
    for curve, line in zip(lesson.curves, drawn, strict=True):
        np.testing.assert_array_equal(line, runs[curve.run].curves[HISTORY_COLUMNS.index(curve.column)])
    low, high = min(line.min() for line in drawn), max(line.max() for line in drawn)
    room = 0.05 * (high - low)
    assert chart["wide"]["layout"]["yaxis"]["range"] == pytest.approx([low - room, high + room])


@pytest.mark.parametrize("key", LESSONS)
def test_arms_of_a_picture_share_points_and_epochs(key):
    lesson = LESSONS[key]
    found = arms(lesson, runs_of(key))
    assert [arm.label for arm in found] == list(lesson.trains)[: len(found)]
    assert len({(arm.run.config.data_seed, arm.run.config.label_noise, arm.run.config.epochs) for arm in found}) <= 1
    assert len({arm.key for arm in found}) == len(found)
