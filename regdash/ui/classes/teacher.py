"""What a teacher has on the projector: question and counts, the way on, how to join. Never a key, nor who said what."""

import streamlit as st

from regdash.classes.codes import read_code
from regdash.classes.room import State
from regdash.errors import RegdashError
from regdash.teaching.lessons import shelf
from regdash.ui.classes import board, browser, invitation, kept, steps, trouble
from regdash.ui.classes.route import PATH
from regdash.ui.classes.steps import Taught
from regdash.ui.classes.ways import Ways
from regdash.ui.common import parts
from regdash.ui.components.watch import watch
from regdash.words import classes as words

EVERY = 1.0  # seconds between two looks at the counts
_KEY = "class_typed_key"


def show(asked: str, ways: Ways) -> None:
    """The class of this code, for the browser that has its key. Raises `ClassError`."""
    code = read_code(asked)
    if not browser.has_told() and code not in browser.taught():
        st.caption("One moment …")
        return
    key = browser.taught().get(code, "")
    if not kept.store().is_teacher(code, key):
        _ask_for_key(code, wrong=bool(key))
        return
    opened = st.session_state.pop(steps.OPEN_LESSON, None)
    if opened:
        ways.lesson(opened)
    with st.container():
        parts.part(_class)(code, key, ways)


def _ask_for_key(code: str, *, wrong: bool) -> None:
    st.title(f"Class {code}")
    st.markdown("To teach this class on this device, type the teacher's key: the first device shows it under *More*.")
    with st.form("class_key", border=False):
        st.text_input("Teacher's key", key=_KEY, type="password", max_chars=100)
        st.form_submit_button("Teach this class", type="primary", on_click=_take_key, args=(code,))
    if wrong:
        st.warning(f"That was not the key of class {code}.", icon=":material/key_off:")
        browser.forget_key(code)


def _take_key(code: str) -> None:
    typed = str(st.session_state.get(_KEY, "")).strip()
    if typed:
        browser.keep_key(code, typed)


def _class(code: str, key: str, ways: Ways) -> None:
    """Drawn again when something was done, here or on another device."""
    if st.session_state.get(steps.OPEN_LESSON):
        st.rerun()  # the whole page, which goes there
    try:
        room = kept.store().room(code)
        _draw(Taught(code=code, key=key, room=room, lesson=shelf().lessons.get(room.lesson)), ways)
    except RegdashError as error:
        trouble.show(error, code)


def _draw(taught: Taught, ways: Ways) -> None:
    room = taught.room
    said = words.OVER_TEACHER if room.ended else words.TEACHERS[room.state]
    left, right = st.columns(2 if room.state == State.WAITING else [3, 2], gap="large")  # first of all they join
    with left, st.container(key="class_board"):
        watch(f"{PATH}{room.code}", room, said=said, counts=words.counts(room), every=EVERY, key="class_watch")
        trouble.refused()
        if taught.lesson is None:
            st.info("The lesson that asks this question is not known here.", icon=":material/help:")
        else:
            board.show(taught.lesson, room)
        st.markdown(said)
        if room.ended:
            steps.counts(taught)
            return
        steps.buttons(taught, ways)
    with right:
        if room.tally is None:
            invitation.show(room.code)
        else:
            invitation.small(room.code)
        if room.state == State.ANSWER and taught.lesson:
            st.markdown(taught.lesson.question.reading)
    with st.expander("More", icon=":material/more_horiz:"):
        steps.more(taught)
    if room.state == State.ANSWER and taught.lesson:
        ways.figures(taught.lesson)
    if taught.lesson and room.state != State.WAITING:
        ways.right(taught.lesson)  # while the class votes, so that the answer is there when it is asked for
