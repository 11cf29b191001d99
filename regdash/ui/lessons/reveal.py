"""What follows the question: the answer, how to read it off the picture, the numbers, many seeds, where to go on."""

from collections.abc import Mapping

import streamlit as st

from regdash.figures import theme
from regdash.figures.explore.picture import Picture, payload
from regdash.figures.lessons.kinds import CHARTS, arms
from regdash.results import Run
from regdash.teaching.lessons import Lesson, printed
from regdash.ui.common import cache
from regdash.ui.components.chart import chart
from regdash.ui.components.picture import Words, picture
from regdash.ui.lessons import seeds
from regdash.ui.lessons.activities import ACTIVITIES
from regdash.ui.lessons.ways import Ways
from regdash.words import lessons as words
from regdash.words import runs as run_words
from regdash.words import settings as setting_words


def show(lesson: Lesson, runs: Mapping[str, Run], ways: Ways) -> None:
    """All of it, top to bottom."""
    st.success(f"The runs say: **{lesson.question.right(runs)}**.", icon=":material/check:")
    st.markdown(lesson.question.reading)
    figures(lesson, runs)
    st.header("What the numbers say")
    st.markdown("\n".join(f"- {line}" for line in words.numbers(lesson, runs)))
    with st.expander("What the code prints", icon=":material/terminal:"):
        st.code("\n".join(printed(lesson, runs)), language=None, wrap_lines=True)
        st.caption("To the last digit, on a machine with the same kind of processor.")
    st.header("What one seed cannot say")
    seeds.show(lesson)
    st.header("Try it yourself")
    st.markdown(lesson.try_it)
    if lesson.activity:
        ACTIVITIES[lesson.activity](lesson, runs)
    _go_on(lesson, ways)


def figures(lesson: Lesson, runs: Mapping[str, Run]) -> None:
    """Its charts, and the race of its networks if it has one."""
    colours = theme.palette(st.context.theme.type)
    for index, (data, alt) in enumerate(CHARTS[lesson.kind](lesson, runs, colours)):
        chart(
            data, alt=alt, settings=setting_words.of_run(lesson.explore), level=3,
            key=f"lesson_chart_{lesson.key}_{index}", file_stem=f"regdash-{lesson.key}",
        )  # fmt: skip
    racing = arms(lesson, runs)
    if not racing:
        return
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


def _go_on(lesson: Lesson, ways: Ways) -> None:
    with st.container(horizontal=True):
        if st.button(
            "Continue in Explore", icon=":material/explore:", key=f"lesson_explore_{lesson.key}", type="primary",
            help="Exactly the settings and curves of this lesson, in the laboratory.",
        ):  # fmt: skip
            ways.explore(lesson.explore, lesson.view)
        if st.button(
            "Continue in Study", icon=":material/query_stats:", key=f"lesson_study_{lesson.key}",
            help="The study of this lesson: change what it sweeps, add seeds.",
        ):  # fmt: skip
            ways.study(lesson.study)


FAIR = "A fair race: the same points, the same first weights. Press Play."
