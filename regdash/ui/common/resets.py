"""Beside each control that differs from the scenario: a button that says so, and puts that one back.

It lies on the control's line of label, where there is nothing else, so nothing moves when it comes or goes.
"""

from collections.abc import Collection, Mapping
from typing import Any

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.teaching.scenarios import differences
from regdash.ui.common import shared


def place(name: str) -> Any:
    """A control's own place, to be drawn in; the page's rules (`room`) put its buttons on the line of its label."""
    return st.container(key=f"control_{name}")


def show(places: Mapping[str, Any], config: RunConfig, scenario: RunConfig, *, but: Collection[str] = ()) -> None:
    """Draw the buttons. `places` has those of the controls on show; settings in `but`, and locked ones, get none."""
    for name in differences(config, scenario, but=but):
        if name in places and not shared.is_fixed(name):
            field, value = FIELDS[name], getattr(scenario, name)
            places[name].button(
                f"Reset {field.label.lower()} to {field.text(value)}", key=f"reset_{name}", icon=":material/undo:",
                type="tertiary", on_click=_reset, args=(name, value),
                help=f"Differs from the scenario: back to {field.text(value)}.",
            )  # fmt: skip


def _reset(name: str, value: Any) -> None:
    if not shared.is_fixed(name):
        st.session_state[name] = value
