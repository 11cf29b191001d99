"""What a click has put into controls while a part of the page was drawn alone, until the browser hears of it.

A click that comes in the moment in which a part of the page asks for something is in the part's message. Its callback
is called, but the controls are not drawn: the browser still says their old values with its next message, and these
would be taken for moves. So they are put in once more when the whole page is drawn.
"""

from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_KEPT = "unheard"  # in the session: what has been put into a control, by its key


@dataclass(frozen=True)
class _Put:
    value: Any
    before: Any  # what the browser says until it hears of it


def keep() -> bool:
    """In a part that is drawn alone: keep what callbacks have put into the page's controls; whether there is any."""
    state = _state()
    if state is None:
        return False
    kept: dict[str, _Put] = st.session_state.get(_KEPT, {})
    put = {
        key: _Put(state[key], kept[key].before if key in kept else _last_said(state, widget))
        for key in list(state._new_session_state)
        if (widget := _widget(state, key)) in state._old_state
    }
    st.session_state[_KEPT] = kept | put
    return bool(put)


def tell() -> None:
    """Before the controls of a page are drawn: put it in once more, unless the visitor has moved that control since."""
    state = _state()
    for key, put in st.session_state.get(_KEPT, {}).items():
        if _last_said(state, _widget(state, key)) in (put.before, put.value) and key not in state._new_session_state:
            st.session_state[key] = put.value


def is_told() -> None:
    """At the end of a run of a page."""
    st.session_state.pop(_KEPT, None)


def _state() -> Any:
    """Streamlit's own view of the session, which tells what the browser says from what has been put in."""
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_state._state if context else None


def _widget(state: Any, key: str) -> str:
    """Streamlit's name for a control."""
    return str(state._key_id_mapper.get_id_from_key(key, ""))


def _last_said(state: Any, widget: str) -> Any:
    """What the browser says of a control: in this message, or else in one before."""
    return state._new_widget_state.get(widget, state._old_state.get(widget))
