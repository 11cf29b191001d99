"""Some of the sidebar's controls once more, below the picture: a phone has no room for a sidebar beside it, and
presenter mode none at all.

The settings stay where they are, in the session under the sidebar's keys; these show and change them.
"""

from functools import cache
from typing import Any

import numpy as np
import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.ui.common import controls, presenter
from regdash.ui.components.dock import Slider, dock

SHOWN = ("dropout", "weight_decay")  # on a phone


def show(config: RunConfig) -> None:
    """Draw them. Wider screens do not show them, but in presenter mode."""
    names = presenter.chosen() if presenter.is_on() else SHOWN
    dock([_slider(name, getattr(config, name)) for name in names], key="dock", on_move=_change)


def _is_number(name: str) -> bool:
    return name.endswith("seed")


@cache
def _stops(name: str) -> tuple[Any, ...]:
    """All values that the sidebar's control of a setting can have."""
    field = FIELDS[name]
    if field.choices:
        return tuple(field.choices)
    even = np.arange(field.low, field.high + field.step / 2, field.step)
    return tuple(controls.snap(field, field.kind(value)) for value in (field.stops or even))


@cache
def _texts(name: str) -> tuple[str, ...]:
    return tuple(FIELDS[name].text(stop) for stop in _stops(name))


def _slider(name: str, value: Any) -> Slider:
    field = FIELDS[name]
    if _is_number(name):
        return Slider(name=name, label=field.label, texts=(), at=value, low=int(field.low), high=int(field.high))
    stops = _stops(name)
    return Slider(name=name, label=field.label, texts=_texts(name), at=stops.index(value), low=0, high=len(stops) - 1)


def _change(name: str, at: int) -> None:
    st.session_state[name] = at if _is_number(name) else _stops(name)[at]
