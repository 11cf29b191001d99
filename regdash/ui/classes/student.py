"""What a student sees on the phone: the question, the choices to tap, and then what the class and the runs say."""

import streamlit as st

from regdash.classes.codes import read_code
from regdash.classes.room import Room, State
from regdash.errors import ClassError
from regdash.teaching.lessons import Lesson, shelf
from regdash.ui.classes import board, browser, kept, trouble
from regdash.ui.classes.route import PATH
from regdash.ui.common import parts
from regdash.ui.components.watch import watch
from regdash.words import classes as words

_JOINED, _MINE = "class_joined", "class_mine"  # in the session


def show(asked: str) -> None:
    """The class of this code. Raises `ClassError` for one that cannot be joined."""
    who = browser.voter()
    code = read_code(asked)
    if who is None:
        st.caption("One moment …")
        return
    if st.session_state.get(_JOINED) != code:
        if not kept.looks().room(code).ended:
            kept.store().join(code, who)
        st.session_state[_JOINED] = code
    with st.container():
        parts.part(_question)(code, who)


def _question(code: str, who: str) -> None:
    """Drawn again when the teacher has done something."""
    try:
        room = kept.looks().room(code)
        mine = _mine(room, who)
    except ClassError as error:
        trouble.show(error, code)
        return
    lesson = shelf().lessons.get(room.lesson)
    said = words.for_students(room, mine)
    with st.container(key="class_student"):
        st.caption(f"Class **{code}**, question {room.number}")
        watch(f"{PATH}{code}", room, said=said, key="class_watch")
        st.markdown(f"**{said}**")
        trouble.refused()
        if room.ended:
            return
        if lesson is None:
            st.info("This question is not known here; look at the screen in front.", icon=":material/help:")
        elif room.state == State.OPEN:
            _choices(lesson, room, mine, who)
        else:
            with st.container(key="class_board"):
                board.show(lesson, room, mine)
                if room.state == State.ANSWER:
                    st.markdown(lesson.question.reading)


def _choices(lesson: Lesson, room: Room, mine: int | None, who: str) -> None:
    """Buttons as wide as the phone."""
    st.header(lesson.question.text, anchor=False)
    for place, choice in enumerate(lesson.question.choices[: room.n_choices]):
        st.button(
            words.lettered(place, choice), key=f"class_choice_{room.number}_{place}", width="stretch",
            type="primary" if place == mine else "secondary",
            icon=":material/check_circle:" if place == mine else ":material/radio_button_unchecked:",
            on_click=_vote, args=(room, who, place),
        )  # fmt: skip


def _vote(room: Room, who: str, place: int) -> None:
    try:
        kept.store().vote(room.code, who, room.number, place)
    except ClassError as error:
        trouble.note(error)
    else:
        st.session_state[_MINE] = (room.code, room.number, room.version), place


def _mine(room: Room, who: str) -> int | None:
    """This browser's answer: read once for each thing that the teacher does, such as a reset."""
    of = (room.code, room.number, room.version)
    known: tuple[object, int | None] = st.session_state.get(_MINE, (None, None))
    if known[0] != of:
        known = of, kept.store().answer(room.code, who, room.number)
        st.session_state[_MINE] = known
    return known[1]
