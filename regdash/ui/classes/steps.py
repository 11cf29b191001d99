"""What a teacher does with a class: each a button, or two where one would be pressed by mistake."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from regdash.classes.room import Room, State
from regdash.errors import ClassError, RegdashError
from regdash.teaching.lessons import Lesson, shelf
from regdash.ui.classes import browser, kept
from regdash.ui.classes.trouble import note
from regdash.ui.classes.ways import Ways
from regdash.words import classes as words


@dataclass(frozen=True, kw_only=True)
class Taught:
    """A class in its teacher's hands: code, key, how it stands, and the lesson that asks, if that is known here."""

    code: str
    key: str
    room: Room
    lesson: Lesson | None


# By state: the way on, then a way aside.
STEPS: Mapping[State, tuple[tuple[str, State, str], ...]] = MappingProxyType(
    {
        State.WAITING: (("Open voting", State.OPEN, ":material/play_arrow:"),),
        State.OPEN: (("Close voting", State.CLOSED, ":material/stop:"),),
        State.CLOSED: (
            ("Show what the class says", State.TALLY, ":material/bar_chart:"),
            ("Open voting again", State.OPEN, ":material/replay:"),
        ),
        State.TALLY: (
            ("Show what the runs say", State.ANSWER, ":material/check:"),
            ("Vote again", State.OPEN, ":material/replay:"),
        ),
        State.ANSWER: (),
    }
)


def buttons(taught: Taught, ways: Ways) -> None:
    """The way on from where the question stands."""
    with st.container(horizontal=True, key="class_steps"):
        for place, (label, to, icon) in enumerate(STEPS[taught.room.state]):
            st.button(
                label, icon=icon, type="secondary" if place else "primary", key=f"class_step_{to.value}",
                on_click=_do, args=(_step, taught, to, ways), disabled=to == State.ANSWER and taught.lesson is None,
            )  # fmt: skip
        if taught.room.state == State.ANSWER:
            following = _following(taught.room.lesson)
            if following:
                st.button(
                    f"Next: {following.title}", icon=":material/arrow_forward:", type="primary", key="class_next",
                    on_click=_do, args=(_ask, taught, following),
                )  # fmt: skip
            st.button("Open the lesson", icon=":material/school:", key="class_lesson",
                      on_click=_open_lesson, args=(taught.room.lesson,))  # fmt: skip


OPEN_LESSON = "class_open_lesson"  # in the session: which lesson to go to at the next run of the whole page


def _open_lesson(key: str) -> None:
    st.session_state[OPEN_LESSON] = key


def more(taught: Taught) -> None:
    """What is needed seldom."""
    room = taught.room
    with st.container(horizontal=True, vertical_alignment="bottom"):
        lessons = shelf().lessons
        keys = list(lessons)
        following = _following(room.lesson)
        chosen = st.selectbox(
            "Another question", keys, format_func=lambda key: lessons[key].title, width=420,
            index=keys.index(following.key) if following else 0, key=f"class_another_{room.number}",
        )  # fmt: skip
        st.button("Ask this one", icon=":material/quiz:", key="class_ask", disabled=room.state == State.OPEN,
                  on_click=_do, args=(_ask, taught, lessons[chosen]))  # fmt: skip
    with st.container(horizontal=True):
        _twice("Reset this question", ":material/restart_alt:", "All answers to this question are forgotten.",
               _reset, taught)  # fmt: skip
        counts(taught)
        _twice("Close the class", ":material/logout:", "Nobody can join or answer any more. The counts stay for a day.",
               _end, taught)  # fmt: skip
    st.caption(
        "**On another device**, or in another browser, go on with this class by its code and this key. Whoever has it "
        "can do all that you can do here, so do not show it on the projector."
    )
    if st.toggle("Show the key", key="class_show_key"):
        st.code(taught.key, language=None)


def counts(taught: Taught) -> None:
    """The CSV of counts, as they are when the button is pressed."""
    st.download_button(
        "Counts (CSV)", lambda: _table(taught), f"regdash-class-{taught.code}.csv", "text/csv",
        icon=":material/download:", on_click="ignore", key="class_counts",
    )  # fmt: skip


def _table(taught: Taught) -> str:
    return words.table(kept.store().counts(taught.code, taught.key), shelf().lessons)


def _twice(label: str, icon: str, what: str, do: Callable[[Taught], None], taught: Taught) -> None:
    with st.popover(label, icon=icon):
        st.markdown(what)
        st.button(f"{label} now", type="primary", key=f"class{do.__name__}", on_click=_do, args=(do, taught))


def _following(key: str) -> Lesson | None:
    """The lesson after this one."""
    lessons = shelf().lessons
    keys = list(lessons)
    after = keys[keys.index(key) + 1 :] if key in keys else keys
    return lessons[after[0]] if after else None


def _do(what: Callable[..., None], *details: object) -> None:
    """What a button does; if it cannot be done, that is said."""
    try:
        what(*details)
    except RegdashError as error:
        note(error)


def _step(taught: Taught, to: State, ways: Ways) -> None:
    right = None
    if to == State.ANSWER and taught.lesson is not None:
        right = taught.lesson.question.choices.index(ways.right(taught.lesson))
    kept.store().step(taught.code, taught.key, taught.room.number, to, right)


def _ask(taught: Taught, lesson: Lesson) -> None:
    n = len(lesson.question.choices)
    kept.store().ask(taught.code, taught.key, taught.room.number, lesson.key, n)


def _reset(taught: Taught) -> None:
    kept.store().reset(taught.code, taught.key, taught.room.number)


def _end(taught: Taught) -> None:
    kept.store().end(taught.code, taught.key)


def start(lesson: Lesson) -> None:
    """For a button: a class begins, and this browser teaches it."""
    try:
        code, key = kept.store().start(lesson.key, len(lesson.question.choices))
    except ClassError as error:
        note(error)
    else:
        browser.keep_key(code, key)
        st.query_params.from_dict({"teach": code})
