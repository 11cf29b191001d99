"""The figures of a lesson: charts by its kind, and the fair race of its own runs."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from regdash.figures import theme
from regdash.figures.explore.picture import Picture, payload
from regdash.figures.lessons.kinds import CHARTS, arms
from regdash.results import Run
from regdash.teaching.arms import Arm
from regdash.teaching.lessons import Lesson
from regdash.ui.common import cache, presenter
from regdash.ui.components.chart import chart
from regdash.ui.components.picture import Words, picture
from regdash.words import runs as run_words
from regdash.words import settings as setting_words


def figures(lesson: Lesson, runs: Mapping[str, Run]) -> list[Callable[[], None]]:
    """What draws each of them, in their order."""
    colours = theme.palette(presenter.mode())
    made = CHARTS[lesson.kind](lesson, runs, colours)
    drawn: list[Callable[[], None]] = [partial(_chart, lesson, index, *each) for index, each in enumerate(made)]
    racing = arms(lesson, runs)
    return [*drawn, partial(_race, lesson, racing, colours)] if racing else drawn


def draw(lesson: Lesson, runs: Mapping[str, Run]) -> None:
    """Draw them all, one below the other."""
    for each in figures(lesson, runs):
        each()


def _chart(lesson: Lesson, index: int, data: dict[str, Any], alt: str) -> None:
    chart(
        data, alt=alt, settings=setting_words.of_run(lesson.explore), level=3,
        key=f"lesson_chart_{lesson.key}_{index}", file_stem=f"regdash-{lesson.key}",
    )  # fmt: skip


def _race(lesson: Lesson, racing: list[Arm], colours: theme.Palette) -> None:
    st.markdown(f"**{FAIR}**")
    points = cache.points(racing[0].run.config, float(racing[0].run.axis[-1]))
    data = payload(Picture(arms=racing, points=points, view=lesson.view, legend=False), colours)
    headline = f"{lesson.title}."
    said = Words(
        alt=run_words.alternative_text(headline, racing),
        headline=headline,
        settings=setting_words.of_runs([arm.run.config for arm in racing]),
        stem=f"regdash-{lesson.key}-race",
    )
    picture(data, words=said, key=f"lesson_picture_{lesson.key}")


FAIR = "A fair race: the same points, the same first weights. Press Play."
