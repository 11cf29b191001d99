"""What follows the question: the answer, how to read it off the picture, the numbers, many seeds, where to go on."""

from collections.abc import Mapping

import streamlit as st

from regdash.results import Run
from regdash.teaching.lessons import Lesson, printed
from regdash.ui.common.press import pressed
from regdash.ui.lessons import figures, seeds
from regdash.ui.lessons.activities import ACTIVITIES
from regdash.ui.lessons.ways import Ways
from regdash.words import lessons as words


def show(lesson: Lesson, runs: Mapping[str, Run], ways: Ways) -> None:
    """All of it, top to bottom."""
    st.success(f"The runs say: **{lesson.question.right(runs)}**.", icon=":material/check:")
    st.markdown(lesson.question.reading)
    figures.draw(lesson, runs)
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


def _go_on(lesson: Lesson, ways: Ways) -> None:
    with st.container(horizontal=True):
        if pressed(
            "Continue in Explore", icon=":material/explore:", key=f"lesson_explore_{lesson.key}", type="primary",
            help="Exactly the settings and curves of this lesson, in the laboratory.",
        ):  # fmt: skip
            ways.explore(lesson.explore, lesson.view)
        if pressed(
            "Continue in Study", icon=":material/query_stats:", key=f"lesson_study_{lesson.key}",
            help="The study of this lesson: change what it sweeps, add seeds.",
        ):  # fmt: skip
            ways.study(lesson.study)
