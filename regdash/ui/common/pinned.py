"""Pinned runs: settings kept aside for comparison, in the session, and in the address, so that a reload keeps them.

Only configs are kept; their runs come from the cache.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.errors import ConfigError
from regdash.ui.common import controls, shared

PARAMETER = "pin"  # in the address, once for each: "2~width-8~dropout-0.3", number and what differs from the defaults
MAX_PINS = 6
MAX_NUMBER = 9999  # four digits
_PINS = "pins"  # in the session: number → config, in the order pinned; a number is never given twice
_COUNT = "pins_so_far"


def pins() -> Mapping[int, RunConfig]:
    """The pinned settings by number, oldest first."""
    found: Mapping[int, RunConfig] = st.session_state.get(_PINS, {})
    return found


def add(config: RunConfig) -> None:
    """Pin settings, if there is room."""
    if len(pins()) < MAX_PINS and not shared.is_fixed("pin"):
        number = st.session_state.get(_COUNT, 0) % MAX_NUMBER + 1
        st.session_state[_COUNT] = number
        st.session_state[_PINS] = {**pins(), number: config}


def remove(number: int) -> None:
    """Take a pin away, if it is there."""
    if shared.is_fixed("pin"):
        return
    st.session_state[_PINS] = {n: config for n, config in pins().items() if n != number}


def hold(texts: Sequence[str]) -> None:
    """Put the pins of a link, which `can_read`, into the session."""
    found = dict(_read(text) for text in texts)
    if found:
        st.session_state[_PINS], st.session_state[_COUNT] = found, max(found)


def put(pins: Sequence[tuple[int, RunConfig]]) -> None:
    """Put pins that are settings already into the session; those that no control can show are left out."""
    hold([text for text in (_text(number, config) for number, config in pins) if can_read([text])])


def can_read(texts: Sequence[str]) -> bool:
    """Whether the address may say so: up to six pins, each with a number of its own, that the controls can show."""
    try:
        found = dict(_read(text) for text in texts)
    except ValueError:
        return False
    return len(texts) <= MAX_PINS and len(found) == len(texts)


def complete_address() -> None:
    """Write the pins into the address, if it does not say them."""
    said = [_text(number, config) for number, config in pins().items()]
    if st.query_params.get_all(PARAMETER) == said:
        return
    if said:
        st.query_params[PARAMETER] = said
    else:
        del st.query_params[PARAMETER]


def _text(number: int, config: RunConfig) -> str:
    parts = [
        f"{name}-{field.text(getattr(config, name))}"
        for name, field in FIELDS.items()
        if getattr(config, name) != getattr(controls.DEFAULTS, name)
    ]
    return "~".join([str(number), *parts])


def _read(text: str) -> tuple[int, RunConfig]:
    """A pin from the address; raises `ValueError` if it is none."""
    number, *parts = text.split("~")
    if not (number.isascii() and number.isdecimal() and len(number) <= 4 and int(number)):
        raise ValueError("no number of a pin")
    changes = {}
    for part in parts:
        name, _, value = part.partition("-")
        if name not in FIELDS or name in changes or not controls.can_read(FIELDS[name], value):
            raise ConfigError("no setting that a control can show")
        changes[name] = FIELDS[name].read(name, value)
    return int(number), controls.DEFAULTS.but(**changes)
