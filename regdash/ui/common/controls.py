"""The sidebar: one control per config field, made from the field table. Control key = field name = URL parameter."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.config import DATA_FIELDS, FIELDS, Field, RunConfig
from regdash.errors import RegdashError
from regdash.teaching.scenarios import DEFAULT, SCENARIOS, matching
from regdash.ui.common import locks, resets, seeds, shared

MAIN = ("width", "dropout", "weight_decay", "epochs", "seed")
ADVANCED = ("depth", "decay", "learning_rate", "label_smoothing")
DEFAULTS = SCENARIOS[DEFAULT].config
SCENARIO = "scenario"
NEITHER = "None of these"  # in the scenario box: the settings came from elsewhere
_NEXT = "next_settings"  # in the session: see `choose_on_next_page`
_UNSURE = "sidebar_first"  # in the session: see `are_unknown`


@dataclass(frozen=True, kw_only=True)
class Places:
    """What is drawn later, when all settings are known: the scenario's place, and the controls' own, by their names."""

    top: Any
    controls: Mapping[str, Any]


def known() -> RunConfig | None:
    """The settings that `settings` will return, before it is called; None where only drawing them tells.

    That is so where the browser went back: then Streamlit has the address say what a control says. Also where a browser
    sends what no control can say.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if st.session_state.pop(_UNSURE, False) or context is None or context.is_history_navigation:
        return None
    try:
        return current()
    except RegdashError:
        return None


def are_unknown() -> None:
    """The controls have said something else than `known` did: the next run is to ask them."""
    st.session_state[_UNSURE] = True


def settings(swept: Collection[str] = (), on_move: Callable[[], None] | None = None) -> tuple[RunConfig, Places]:
    """Draw the sidebar without its scenario; returns the settings, and the places that `scenario` draws in.

    Those that a study sweeps stand still. `on_move` is called when one has been moved that has nothing beside it.
    """
    places: dict[str, Any] = {}
    with st.sidebar:
        top = st.container()
        for name in MAIN:
            _control(name, swept, places, on_move)
        for title, names in (("Data", DATA_FIELDS), ("Advanced", ADVANCED)):
            if all(map(shared.is_hidden, names)):
                continue
            with st.expander(title):
                for name in names:
                    _control(name, swept, places, on_move)
    return current(), Places(top=top, controls=places)


def current() -> RunConfig:
    """The settings in the session, each snapped to its control's grid and checked again by `RunConfig`."""
    return RunConfig(**{name: snap(field, _value(name)) for name, field in FIELDS.items()})


def choose(config: RunConfig) -> None:
    """Put `config` into the controls. Only before they are drawn: from a callback or at the start of a run."""
    for name in FIELDS:
        st.session_state[name] = getattr(config, name)
    found = matching(config)
    st.session_state[SCENARIO] = SCENARIOS[found[0]].label if found else NEITHER


def choose_on_next_page(config: RunConfig) -> None:
    """The same for the page that is about to be opened; see `take_next`."""
    st.session_state[_NEXT] = config


def take_next() -> None:
    """Before the controls are drawn: put into them what `choose_on_next_page` was told."""
    config = st.session_state.pop(_NEXT, None)
    if config is not None:
        choose(config)


def missing_in_address() -> dict[str, list[str]]:
    """Each setting that is not at its default and not in the address, as a link says it."""
    there, held = set(st.query_params), st.session_state
    return {
        name: [FIELDS[name].text(held[name])]
        for name in FIELDS.keys() - there
        if name in held and held[name] != getattr(DEFAULTS, name)
    }


def stay(others: Collection[str] = ()) -> None:
    """On a page without controls: what they say, and those called `others`, stays in the session."""
    for name in (*FIELDS, SCENARIO, *others):
        if name in st.session_state:
            st.session_state[name] = st.session_state[name]


def snap(field: Field, value: Any) -> Any:
    """`value` on the grid of the field's slider; off-grid values would each cost a cache entry.

    Streamlit checks the range of what a browser or a link sends, but not the step.
    """
    if field.choices or field.stops:
        return value
    steps = round((value - field.low) / field.step)
    return field.kind(round(min(field.low + steps * field.step, field.high), 6))


@cache
def stops(name: str) -> tuple[Any, ...]:
    """All values that the control of a setting can have; numbers ascend."""
    field = FIELDS[name]
    if field.choices:
        return tuple(field.choices)
    even = np.arange(field.low, field.high + field.step / 2, field.step)
    return tuple(snap(field, field.kind(value)) for value in (field.stops or even))


@cache
def texts(name: str) -> tuple[str, ...]:
    """The same as the control writes them."""
    return tuple(FIELDS[name].text(stop) for stop in stops(name))


def can_show(field: Field, value: Any) -> bool:
    """Whether the field's control has a place for a valid value."""
    return bool(field.choices) or (value in field.stops if field.stops else bool(snap(field, value) == value))


def showable(config: RunConfig, *, but: Collection[str] = ()) -> tuple[RunConfig, list[str]]:
    """`config` with defaults for what no control has a place for, and a sentence for each such setting not in `but`."""
    bad = {name: field for name, field in FIELDS.items() if not can_show(field, getattr(config, name))}
    notes = [f"{f.label} was ignored: here it must be {rule_of(f)}." for name, f in bad.items() if name not in but]
    return config.but(**{name: getattr(DEFAULTS, name) for name in bad}), notes


def can_read(field: Field, text: str) -> bool:
    """Whether the control can show what a link says; else it would keep it there while another value is trained.

    A control with stops knows them by their texts: Streamlit takes no other way to write the same number.
    """
    if field.stops:
        return text in map(field.text, field.stops)
    return field.can_read(text) and can_show(field, field.read("", text))


def rule_of(field: Field) -> str:
    """What a link may say, in words: a control has no values between its stops or steps."""
    if field.stops:
        return "one of " + ", ".join(map(field.text, field.stops))
    return field.rule if field.choices or field.step == 1 else f"{field.rule}, in steps of {field.step:g}"


def _value(name: str) -> Any:
    still = shared.values()
    if name in still:  # whatever a browser has sent since
        return still[name]
    return st.session_state.get(name, getattr(DEFAULTS, name))


def _control(name: str, swept: Collection[str], places: dict[str, Any], on_move: Callable[[], None] | None) -> None:
    if shared.is_hidden(name):
        return
    field, default = FIELDS[name], getattr(DEFAULTS, name)
    common: dict[str, Any] = {"label": field.label, "key": name, "help": field.help, "bind": "query-params"}
    if shared.is_fixed(name):
        common |= {"label": f"{field.label}: locked", "disabled": True, "help": locks.told(name, field.help)}
    if name in swept:
        common |= {"label": f"{field.label}: swept in this study", "disabled": True}
    places[name] = resets.place(name)
    with places[name]:
        if name.endswith("seed"):
            seeds.draw(name, field, default, common)
            return
        common["on_change"] = on_move
        if field.choices:
            st.selectbox(options=field.choices, index=field.choices.index(default), **common)
        elif field.stops:
            options = [field.kind(stop) for stop in field.stops]
            st.select_slider(options=options, value=default, format_func=field.text, **common)
        else:
            low, high, step = (field.kind(v) for v in (field.low, field.high, field.step))
            st.slider(min_value=low, max_value=high, step=step, value=default, **common)
