"""The way in: join a class by its code, start one, or go on with one."""

import streamlit as st

from regdash.classes.codes import read_code
from regdash.errors import ClassError, NoSuchClass
from regdash.teaching.lessons import shelf
from regdash.ui.classes import browser, kept, steps
from regdash.ui.classes.trouble import note, refused
from regdash.ui.common.failures import sentence

_CODE, _GO_ON = "class_code", "class_go_on_code"  # keys of controls
LATEST = 3  # classes that are offered to go on with


def show(lesson: str | None, trouble: str = "") -> None:
    """Draw it. `lesson` is the key of one that a class is to be asked about, `trouble` why a class cannot be shown."""
    st.title("Class")
    if trouble:
        st.warning(trouble, icon=":material/block:")
    refused()
    with st.grid(2, min_column_width=320, gap="medium") as grid:
        with grid.cell(), st.container(border=True):
            st.subheader("For students")
            join()
        with grid.cell(), st.container(border=True):
            st.subheader("For teachers")
            _start(lesson)
            _go_on()


def join() -> None:
    """A code can be typed."""
    st.markdown("Type the four letters from the screen in front. No name, no account.")
    with st.form("class_join", border=False):
        st.text_input("Code", key=_CODE, max_chars=12, autocomplete="off")
        st.form_submit_button("Join", type="primary", width="stretch", on_click=_join)


def _join() -> None:
    typed = str(st.session_state.get(_CODE, ""))
    if typed.strip():
        st.query_params.from_dict({"join": typed[:12].strip().upper()})


def _start(asked: str | None) -> None:
    lessons = shelf().lessons
    keys = list(lessons)
    st.markdown(
        "Ask a class a lesson's question: they answer on their phones, the projector shows how many have, and what "
        "they have answered only when you say so."
    )
    chosen = st.selectbox(
        "Begin with", keys, format_func=lambda key: lessons[key].title, index=keys.index(asked) if asked in keys else 0,
        key=f"class_begin_{asked if asked in keys else ''}",
    )  # fmt: skip
    st.button("Start a class", type="primary", icon=":material/groups:", width="stretch", key="class_start",
              on_click=steps.start, args=(lessons[chosen],))  # fmt: skip


def _go_on() -> None:
    """Classes that this browser teaches and that are still there; and any by its key."""
    for code in reversed(list(browser.taught())[-LATEST:]):
        try:
            going = not kept.looks().room(code).ended
        except NoSuchClass:
            browser.forget_key(code)
            continue
        except ClassError as error:
            st.warning(sentence(error), icon=":material/block:")
            return
        if going:
            st.button(f"Go on with class {code}", icon=":material/arrow_forward:", key=f"class_on_{code}",
                      on_click=_teach, args=(code,), width="stretch")  # fmt: skip
    with (
        st.expander("Go on with a class of another device", icon=":material/devices:"),
        st.form("class_on", border=False),
    ):
        st.text_input("Its code", key=_GO_ON, max_chars=12, autocomplete="off")
        st.form_submit_button("Go on", on_click=_teach_typed)


def _teach(code: str) -> None:
    st.query_params.from_dict({"teach": code})


def _teach_typed() -> None:
    try:
        _teach(read_code(st.session_state.get(_GO_ON)))
    except ClassError as error:
        note(error)
