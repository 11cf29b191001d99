"""Two of the sidebar's controls once more, below the picture: a phone has no room for a sidebar beside it.

The settings stay where they are, in the session under the sidebar's keys; these controls show and change them. Wider
screens do not show them (the page component's style says which).
"""

from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import FIELDS
from regdash.ui.common import controls

SHOWN = MappingProxyType({"dropout": "dock_dropout", "weight_decay": "dock_weight_decay"})  # setting → key here


def show() -> None:
    """Draw them, after the sidebar: what they show is what it shows."""
    with st.container(key="dock", horizontal=True):
        for name, key in SHOWN.items():
            _control(name, key)


def _control(name: str, key: str) -> None:
    field = FIELDS[name]
    st.session_state[key] = getattr(controls.current(), name)
    common: dict[str, Any] = {"label": field.label, "key": key, "on_change": _change, "args": (name, key)}
    if field.stops:
        st.select_slider(options=[field.kind(stop) for stop in field.stops], format_func=field.text, **common)
    else:
        low, high, step = (field.kind(value) for value in (field.low, field.high, field.step))
        st.slider(min_value=low, max_value=high, step=step, **common)


def _change(name: str, key: str) -> None:
    st.session_state[name] = st.session_state[key]
