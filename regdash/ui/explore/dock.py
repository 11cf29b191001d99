"""Two of the sidebar's controls once more, below the picture: a phone has no room for a sidebar beside it.

The settings stay where they are, in the session under the sidebar's keys; these show and change them.
"""

from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.ui.common import controls
from regdash.ui.components.dock import Slider, dock

SHOWN = ("dropout", "weight_decay")


def show(config: RunConfig) -> None:
    """Draw them. Wider screens do not show them."""
    dock([_slider(name, getattr(config, name)) for name in SHOWN], key="dock", on_move=_change)


@cache
def _stops(name: str) -> tuple[Any, ...]:
    """All values that the sidebar's control of a setting can have."""
    field = FIELDS[name]
    even = np.arange(field.low, field.high + field.step / 2, field.step)
    return tuple(controls.snap(field, field.kind(value)) for value in (field.stops or even))


@cache
def _texts(name: str) -> tuple[str, ...]:
    return tuple(FIELDS[name].text(stop) for stop in _stops(name))


def _slider(name: str, value: Any) -> Slider:
    return Slider(name=name, label=FIELDS[name].label, texts=_texts(name), at=_stops(name).index(value))


def _change(name: str, at: int) -> None:
    st.session_state[name] = _stops(name)[at]
