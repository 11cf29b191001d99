"""A seed's control: the number, a button that draws another one, and one that goes back to the one before."""

import secrets
from typing import Any

import streamlit as st

from regdash.config import Field
from regdash.ui.common import locks, shared

REMEMBERED = 50  # of each control, in the session: those that were used, the latest last


def draw(name: str, field: Field, default: int, common: dict[str, Any]) -> None:
    """Draw it. `common` is what all controls are told."""
    label = field.label.lower()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.number_input(min_value=int(field.low), max_value=int(field.high), step=1, value=default, width=112, **common)
        st.button(
            f"New {label}", key=f"new_{name}", on_click=_draw, args=(name,), disabled=shared.is_fixed(name),
            help=locks.told(name) or None,  # no help that would lie over the button for the one before
        )  # fmt: skip
    used = _used(name)
    if len(used) > 1 and not shared.is_fixed(name):
        st.button(
            f"Back to {label} {used[-2]}", key=f"back_{name}", icon=":material/history:", type="tertiary",
            on_click=_back, args=(name,), help=f"Back to the {label} before: {used[-2]}.",
        )  # fmt: skip


def _used(name: str) -> list[int]:
    """The seeds so far; how one came (drawn, typed, by a link, a click on a dot) does not matter."""
    key, now = f"used_{name}", st.session_state[name]
    used: list[int] = st.session_state.get(key, [])
    if not used or used[-1] != now:
        used = st.session_state[key] = [*used, now][-REMEMBERED:]
    return used


def _draw(name: str) -> None:
    if not shared.is_fixed(name):
        st.session_state[name] = secrets.randbelow(10_000)  # four digits: short enough to read out in a classroom


def _back(name: str) -> None:
    used = st.session_state.get(f"used_{name}", [])
    if len(used) > 1 and not shared.is_fixed(name):
        st.session_state[f"used_{name}"] = used[:-1]
        st.session_state[name] = used[-2]
