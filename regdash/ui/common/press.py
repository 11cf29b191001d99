"""A button whose click is not lost."""

from typing import Any

import streamlit as st


def pressed(label: str, *, key: str, **options: Any) -> bool:
    """Draw a button; whether it was pressed and nobody has been told yet.

    What `st.button` returns is true in one run. If that run ends before it comes to the button, since it is started
    again or another page is wanted, nobody learns of the click. A callback is called before anything else.
    """
    note = f"pressed_{key}"
    st.button(label, key=key, on_click=_note, args=(note,), **options)
    return bool(st.session_state.pop(note, False))


def _note(note: str) -> None:
    st.session_state[note] = True
