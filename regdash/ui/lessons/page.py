"""The Lessons page: which of its three views the address asks for."""

import streamlit as st

from regdash import permalink
from regdash.teaching.lessons import Lesson, shelf
from regdash.ui.common import links, presenter, share, shared
from regdash.ui.components.history import settled
from regdash.ui.components.page import page as for_browser
from regdash.ui.lessons import index, lesson, progress, seeds, sheet, talk
from regdash.ui.lessons.ways import Ways

_ANSWER = "share_answer"
LESSON, WORKSHEET = "lesson", "worksheet"  # parameters of the address


def page(ways: Ways) -> None:
    """Draw the page."""
    with st.container(key="unseen"):
        kept = st.container()
        progress.arrive(kept)
        for_browser("lessons", said=seeds.spoken(), charts_follow=True)
    found = shelf()
    for refused in found.refused:
        st.warning(refused, icon=":material/block:")
    asked = st.query_params.get(LESSON)
    chosen = found.lessons.get(asked or "")
    if chosen is None:
        if asked:
            st.info("There is no lesson of that name; here are all.", icon=":material/link_off:")
        progress.keep(kept)  # before the page shows it: whoever starts over and leaves at once has started over
        index.show(found.lessons)
    elif st.query_params.get(WORKSHEET) == "true":
        sheet.show(chosen)
    elif presenter.is_on():
        talk.show(chosen)
    else:
        lesson.show(chosen, found.lessons, ways)
    if chosen is not None:
        progress.keep(kept)
    links.say()
    with st.sidebar:
        share.button(lambda: _here(chosen), extras=lambda: _choose(chosen))
    settled(shared.in_address())


def _here(chosen: Lesson | None) -> permalink.Lesson | permalink.Lessons:
    """What is on screen. Whoever opens a lesson is asked first, unless the one who shares it wants otherwise."""
    if chosen is None:
        return permalink.Lessons()
    worksheet = st.query_params.get(WORKSHEET) == "true"
    return permalink.Lesson(key=chosen.key, worksheet=worksheet, answer=bool(st.session_state.get(_ANSWER)))


def _choose(chosen: Lesson | None) -> None:
    if chosen is not None:
        st.toggle("With the answer", key=_ANSWER, help="Off: whoever opens the link predicts first.")
