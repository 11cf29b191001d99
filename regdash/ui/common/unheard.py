"""What a click has put into a control, until the browser has heard of it.

What a browser has not heard of it contradicts: with the next message it says the control's old value, which would be
taken for a move. That is so with a second click soon after the first, and where a click comes in the moment in which a
part of the page asks for something: then its callback is called, but no control is drawn. So what a callback has put in
is put in again with each run of the page, until the browser's message says that it has heard.
"""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_KEPT = "unheard"  # in the session: what has been put in, by the control's key
_RUN = "unheard_run"  # in the session: the number of the run, and whether its hidden widget is still to be drawn
_HEARD = (
    "heard_"  # that widget: a message that says its value is from a browser that has drawn the controls of that run
)
_NAMES = 32  # numbers of runs, then they begin again
_MOST = 20  # values of a control that a browser may be behind


@dataclass(frozen=True)
class _Put:
    value: Any
    before: tuple[Any, ...]  # what the browser may say until it hears of it
    told: str = ""  # the hidden widget of a run that has drawn it


def keep() -> bool:
    """At the start of a run of a page or a part: keep what callbacks have put into controls; whether there is any."""
    state = _state()
    if state is None:
        return False
    kept = _kept(state)
    put = {
        key: _Put(state[key], _before(kept.get(key)) or (_last_said(state, widget),))
        for key in list(state._new_session_state)
        if (widget := _widget(state, key)) in state._old_state
    }
    st.session_state[_KEPT] = kept | put
    return bool(put)


def is_old(key: str) -> bool:
    """In a control's own callback: it has not been moved; the browser has not heard of what was put in."""
    state = _state()
    return state is not None and key in _kept(state)


def is_behind() -> bool:
    """In a callback: whether there is anything that the browser has not heard of."""
    state = _state()
    return state is not None and bool(_kept(state))


def tell() -> None:
    """What `keep` does, for a page and before its controls are drawn; then put in again what is unheard."""
    if _state() is None:
        st.session_state[_KEPT] = {}
    keep()
    number, _ = st.session_state.get(_RUN, (0, True))
    st.session_state[_RUN] = ((number + 1) % _NAMES, True)
    for key, put in st.session_state.get(_KEPT, {}).items():
        st.session_state[key] = put.value


def are_told() -> None:
    """Once the controls are drawn, at the end of a container that is always there: soon the browser knows.

    Once a run, whoever calls it first.
    """
    kept: dict[str, _Put] = st.session_state.get(_KEPT, {})
    number, is_due = st.session_state.get(_RUN, (0, False))
    if kept and is_due:
        told = f"{_HEARD}{number}"
        st.session_state[_RUN] = (number, False)
        st.session_state[_KEPT] = {key: replace(put, told=told) for key, put in kept.items()}
        st.checkbox("heard", value=True, key=told)


def _kept(state: Any) -> dict[str, _Put]:
    """What has been put in before, if the browser has not heard of it, nor the visitor moved that control since."""
    said = list(state._new_widget_state.states)
    kept: dict[str, _Put] = st.session_state.get(_KEPT, {})
    return {
        key: put
        for key, put in kept.items()
        if not (put.told and any(widget.endswith(f"-{put.told}") for widget in said))
        and _last_said(state, _widget(state, key)) in _before(put)
    }


def _state() -> Any:
    """Streamlit's own view of the session, which tells what the browser says from what has been put in.

    None where there is none, or the browser has gone back: then the address says everything.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_state._state if context and not context.is_history_navigation else None


def _before(put: _Put | None) -> tuple[Any, ...]:
    """What a browser may say that has not heard of what is put in next."""
    return (*put.before, put.value)[-_MOST:] if put else ()


def _widget(state: Any, key: str) -> str:
    """Streamlit's name for a control."""
    return str(state._key_id_mapper.get_id_from_key(key, ""))


def _last_said(state: Any, widget: str) -> Any:
    """What the browser says of a control: in this message, or else in one before."""
    return state._new_widget_state.get(widget, state._old_state.get(widget))
