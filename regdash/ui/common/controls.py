"""The sidebar: one control per config field, made from the field table. Control key = field name = URL parameter."""

import secrets
from collections.abc import Collection
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import DATA_FIELDS, FIELDS, Field, RunConfig
from regdash.teaching.scenarios import DEFAULT, SCENARIOS, matching

MAIN = ("width", "dropout", "weight_decay", "epochs", "seed")
ADVANCED = ("depth", "decay", "learning_rate", "label_smoothing")
DEFAULTS = SCENARIOS[DEFAULT].config
SCENARIO = "scenario"
_KEY_BY_LABEL = MappingProxyType({scenario.label: key for key, scenario in SCENARIOS.items()})


def sidebar(swept: Collection[str] = ()) -> RunConfig:
    """Draw the sidebar and return the settings it shows. Those that a study sweeps stand still there."""
    with st.sidebar:
        top = st.container()  # filled last: which scenario it is follows from the controls below
        for name in MAIN:
            _control(name, swept)
        with st.expander("Data"):
            for name in DATA_FIELDS:
                _control(name, swept)
        with st.expander("Advanced"):
            for name in ADVANCED:
                _control(name, swept)
        with top:
            _scenario()
    return current()


def current() -> RunConfig:
    """The settings in the session, each snapped to its control's grid and checked again by `RunConfig`."""
    return RunConfig(**{name: snap(field, _value(name)) for name, field in FIELDS.items()})


def choose(config: RunConfig) -> None:
    """Put `config` into the controls. Only before they are drawn: from a callback or at the start of a run."""
    for name in FIELDS:
        st.session_state[name] = getattr(config, name)


def snap(field: Field, value: Any) -> Any:
    """`value` on the grid of the field's slider; off-grid values would each cost a cache entry.

    Streamlit checks the range of what a browser or a link sends, but not the step.
    """
    if field.choices or field.stops:
        return value
    steps = round((value - field.low) / field.step)
    return field.kind(round(min(field.low + steps * field.step, field.high), 6))


def rule_of(field: Field) -> str:
    """What a link may say, in words: a control has no values between its stops or steps."""
    if field.stops:
        return "one of " + ", ".join(map(field.text, field.stops))
    return field.rule if field.choices or field.step == 1 else f"{field.rule}, in steps of {field.step:g}"


def _value(name: str) -> Any:
    return st.session_state.get(name, getattr(DEFAULTS, name))


def _scenario() -> None:
    """The scenario box. It always names the scenario that matches the settings, else the one they started from."""
    exact = matching(current())
    if exact:
        st.session_state[SCENARIO] = SCENARIOS[exact].label
    st.selectbox(
        "Scenario",
        list(_KEY_BY_LABEL),
        key=SCENARIO,
        bind="query-params",
        on_change=_apply_scenario,
        help="A ready-made experiment. Choosing one sets every control below; then change what you like.",
    )
    if exact:
        st.caption(SCENARIOS[exact].lesson)
    else:
        st.caption(f"Your own settings now; they started from “{st.session_state[SCENARIO]}”.")
        st.button(
            "Modified: reset", icon=":material/undo:", on_click=_apply_scenario, width="stretch",
            help="Some settings differ from the scenario's. Put its own back.",
        )  # fmt: skip


def _apply_scenario() -> None:
    key = _KEY_BY_LABEL.get(st.session_state[SCENARIO])  # what a browser sends may be anything
    if key:
        choose(SCENARIOS[key].config)


def _control(name: str, swept: Collection[str]) -> None:
    field, default = FIELDS[name], getattr(DEFAULTS, name)
    common: dict[str, Any] = {"label": field.label, "key": name, "help": field.help, "bind": "query-params"}
    if name in swept:
        common |= {"label": f"{field.label}: swept in this study", "disabled": True}
    if field.choices:
        st.selectbox(options=field.choices, index=field.choices.index(default), **common)
    elif field.stops:
        options = [field.kind(stop) for stop in field.stops]
        st.select_slider(options=options, value=default, format_func=field.text, **common)
    elif name.endswith("seed"):
        _seed(name, field, default, common)
    else:
        low, high, step = (field.kind(v) for v in (field.low, field.high, field.step))
        st.slider(min_value=low, max_value=high, step=step, value=default, **common)


def _seed(name: str, field: Field, default: int, common: dict[str, Any]) -> None:
    number, button = st.columns(2, vertical_alignment="bottom", gap="xsmall")
    with number:
        st.number_input(min_value=int(field.low), max_value=int(field.high), step=1, value=default, **common)
    with button:
        st.button(
            f"New {field.label.lower()}",
            key=f"new_{name}",
            on_click=_draw_seed,
            args=(name,),
            width="stretch",
            help=f"Draw another {field.label.lower()} and see how much of the result was luck.",
        )


def _draw_seed(name: str) -> None:
    st.session_state[name] = secrets.randbelow(10_000)  # four digits: short enough to read out in a classroom
