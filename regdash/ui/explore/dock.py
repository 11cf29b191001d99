"""Some of the sidebar's controls once more, below the picture: a phone has no room for a sidebar beside it, and
presenter mode none at all.

The settings stay where they are, in the session under the sidebar's keys; these show and change them.
"""

from typing import Any

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.ui.common import controls, presenter, shared
from regdash.ui.components.dock import dock
from regdash.ui.components.slider import Slider

SHOWN = ("dropout", "weight_decay")  # on a phone


def show(config: RunConfig) -> None:
    """Draw them. Wider screens do not show them, but in presenter mode."""
    names = presenter.chosen() if presenter.is_on() else SHOWN
    free = [name for name in names if not shared.is_fixed(name)]
    dock([slider(name, getattr(config, name)) for name in free], key="dock", on_move=change)


def slider(name: str, value: Any) -> Slider:
    """The control of a setting, once more."""
    field = FIELDS[name]
    if _is_number(name):
        return Slider(name=name, label=field.label, texts=(), at=value, low=int(field.low), high=int(field.high))
    stops = controls.stops(name)
    return Slider(
        name=name, label=field.label, texts=controls.texts(name), at=stops.index(value), low=0, high=len(stops) - 1
    )


def change(name: str, at: int) -> None:
    """Put a control to one of its stops, or to a number: before the controls are drawn."""
    st.session_state[name] = at if _is_number(name) else controls.stops(name)[at]


def _is_number(name: str) -> bool:
    return name.endswith("seed")
