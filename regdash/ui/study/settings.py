"""The study's settings above its results: what is swept over which values, seeds, data and the metric."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.errors import ConfigError
from regdash.study import StudySpec
from regdash.study.spec import MAX_VALUES
from regdash.teaching.studies import STUDIES
from regdash.ui.common import controls, locks, shared, unheard
from regdash.ui.study import keys
from regdash.words.terms import count

READY = "ready_study"
_KEY_BY_LABEL: Mapping[str, str] = MappingProxyType({study.label: key for key, study in STUDIES.items()})

OPEN = "study_settings"  # in the session: whether the settings are unfolded
_FOLD = "study_fold"  # in the session: see `fold`
MOST_LISTED = 5  # values of a setting in the line that the folded settings are


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the controls ask for: a study, or a sentence that says why there is none; and the metric to judge by.

    `base` is what the sidebar shows; `ready` the label of the ready-made study that this is, if it is one.
    """

    base: RunConfig
    spec: StudySpec | None
    problem: str
    metric: str
    ready: str | None


def hold() -> None:
    """Before the controls are drawn: put into the session what the address says of the study, and the values.

    Those are set, and not left to the box as its default: what it does not hold would be among what it offers, where
    Enter would take it for what was typed. So the address always says them; see `missing_in_address`.
    """
    for name in (keys.SWEEP, keys.SWEEP_2, keys.DATA_SEEDS, keys.METRIC):
        if name in st.query_params and name not in st.session_state:
            st.session_state[name] = st.query_params[name]
    asked = st.query_params.get(keys.SEEDS, "")
    if keys.SEEDS not in st.session_state and asked.isdecimal() and 1 <= int(asked) <= keys.MOST_SEEDS:
        st.session_state[keys.SEEDS] = int(asked)  # the line above the settings says it before its control is drawn
    for field_key, name in ((keys.SWEEP, keys.VALUES), (keys.SWEEP_2, keys.VALUES_2)):
        if name not in st.session_state:
            field = _field(field_key)
            st.session_state[name] = st.query_params.get_all(name) or (keys.default_values(field) if field else [])


def missing_in_address() -> dict[str, list[str]]:
    """The values that the address does not say yet."""
    names = (name for name in (keys.VALUES, keys.VALUES_2) if name not in st.query_params)
    return {name: st.session_state[name] for name in names if st.session_state.get(name)}


def swept() -> tuple[str, ...]:
    """The settings that are swept, before the controls are drawn: the sidebar shows them as such."""
    names = (_field(keys.SWEEP), _field(keys.SWEEP_2))
    return tuple(dict.fromkeys(name for name in names if name))


def fold() -> None:
    """From the next run on, fold the settings to one line: when there is something to see below them."""
    st.session_state[_FOLD] = True


def draw(base: RunConfig) -> tuple[Settings, Any, Any]:
    """Draw the controls. `base` is what the sidebar shows.

    Returns what they say, and two places beside each other: for the Run button, and for what it will lead to.
    """
    if st.session_state.pop(_FOLD, False):
        st.session_state[OPEN] = False
    top = st.container()  # filled last: which ready-made study it is follows from the controls below
    with st.expander(_in_one_line(), expanded=True, key=OPEN, on_change="rerun", icon=":material/tune:"):
        lesson = st.container()
        with st.grid(2, min_column_width=420, gap=("xsmall", "small")) as grid:
            with grid.cell():
                _sweep("Vary", keys.SWEEP, keys.VALUES, optional=False)
            with grid.cell():
                _sweep("And vary", keys.SWEEP_2, keys.VALUES_2, optional=True)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _seeds_and_data()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        button, outlook = st.container(width="content"), st.container()
        metric = _metric()
    settings = _settings(base, metric)
    with top:
        _ready(settings.ready)
    if settings.ready:
        lesson.caption(STUDIES[_KEY_BY_LABEL[settings.ready]].lesson)
    return settings, button, outlook


def _in_one_line() -> str:
    """The settings as the folded box shows them: "Dropout 0, 0.3, 0.5, 0.7 · 20 seeds · new data for every seed"."""
    parts = []
    for field_key, values_key in ((keys.SWEEP, keys.VALUES), (keys.SWEEP_2, keys.VALUES_2)):
        name = _field(field_key)
        if name is None:
            continue
        texts = [text for text in _in_order(name, st.session_state[values_key]) if FIELDS[name].can_read(text)]
        many = len(texts) > MOST_LISTED and not FIELDS[name].choices
        listed = f"{len(texts)} values from {texts[0]} to {texts[-1]}" if many else ", ".join(texts)
        parts.append(f"{FIELDS[name].label} {listed}")
    seeds = st.session_state.get(keys.SEEDS, keys.DEFAULT_SEEDS)
    data = st.session_state.get(keys.DATA_SEEDS, next(iter(keys.DATA_LABELS)))
    return " · ".join([*parts, count(seeds, "seed"), data[:1].lower() + data[1:]])


def normalised(spec: StudySpec) -> StudySpec:
    """The same study with its values in order, and the swept settings of its base, which mean nothing, at the first of
    them: so that equal studies are equal.
    """
    sweep = tuple((name, values if FIELDS[name].choices else tuple(sorted(values))) for name, values in spec.sweep)
    return spec.but(sweep=sweep, base=spec.base.but(**{name: values[0] for name, values in sweep}))


def put(spec: StudySpec) -> None:
    """Put a study into the controls. Only before they are drawn: from a callback or at the start of a run."""
    controls.choose(spec.base)
    for name, value in keys.held(spec).items():
        st.session_state[name] = value


def _field(key: str) -> str | None:
    default = FIELDS[keys.DEFAULT_FIELD].label if key == keys.SWEEP else keys.NOTHING
    return keys.SWEPT.get(st.session_state.get(key, default))


def _ready(label: str | None) -> None:
    """The ready-made studies. The one that matches the settings is marked, if any."""
    if shared.fixed():  # each sets all controls
        return
    st.session_state[READY] = label
    st.pills("Ready-made studies", list(_KEY_BY_LABEL), key=READY, on_change=_apply_ready, label_visibility="collapsed")


def _apply_ready() -> None:
    # Nothing to do: a second press on the marked one, which would unmark it; a mark that is old as other settings are.
    if st.session_state[READY] and not unheard.is_behind():
        put(STUDIES[_KEY_BY_LABEL[st.session_state[READY]]].spec)


def _sweep(label: str, field_key: str, values_key: str, *, optional: bool) -> None:
    """One swept setting and its values."""
    name = _field(field_key)
    if shared.is_hidden(field_key):
        _values(name, values_key)
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall", wrap=False):
        options = [keys.NOTHING, *keys.SWEPT] if optional else list(keys.SWEPT)
        default = keys.NOTHING if optional else FIELDS[keys.DEFAULT_FIELD].label
        st.selectbox(
            label, options, index=options.index(default), key=field_key, bind="query-params",
            disabled=shared.is_fixed(field_key),
            on_change=_reset_values, args=(field_key, values_key),
            help=locks.told(field_key, "Which setting takes several values. All else stands still as the sidebar says, "
            "and every value gets the same seeds."),
        )  # fmt: skip
        name = _field(field_key)
        _offer(name, values_key)
    _values(name, values_key)


def _values(name: str | None, values_key: str) -> None:
    """The values chosen. What is typed is added as it is: the box offers nothing that Enter could take instead."""
    if shared.is_hidden(values_key):
        return
    # Drawn also where nothing is swept: Streamlit writes a value that a ready-made study sets into the address only if
    # the control was there before.
    st.multiselect(
        f"Values of {FIELDS[name].label.lower()}" if name else "Values",
        _in_order(name, st.session_state[values_key]) if name else [], key=values_key, bind="query-params",
        accept_new_options=True, max_selections=MAX_VALUES, wrap=True,
        placeholder="Type a value" if name else "–", disabled=name is None or shared.is_fixed(values_key),
        help=locks.told(
            values_key,
            f"{FIELDS[name].help} Type a value and press Enter, or add one from the list: {FIELDS[name].rule}."
            if name else "The values of a second setting. None is chosen under “And vary”.",
        ),
    )  # fmt: skip


def _offer(name: str | None, values_key: str) -> None:
    """What can be added with a click: the positions of the setting's own control."""
    if shared.is_fixed(values_key):
        return
    chosen = st.session_state[values_key]
    offered = [text for text in _in_order(name, keys.offered_values(name)) if text not in chosen] if name else []
    reason = (
        "No setting is chosen under “And vary”." if name is None
        else f"{MAX_VALUES} values are the most." if len(chosen) >= MAX_VALUES
        else "" if offered
        else "All of the list are there; others can be typed below."
    )  # fmt: skip
    st.menu_button(
        "Add", offered or ["–"], key=f"{values_key}_offered", icon=":material/add:", on_click=_add_value,
        args=(values_key,), disabled=bool(reason), help=reason or "Add a value to the list below.",
    )  # fmt: skip


def _add_value(values_key: str) -> None:
    added = st.session_state[f"{values_key}_offered"]
    if added is not None and added not in st.session_state[values_key]:
        st.session_state[values_key] = [*st.session_state[values_key], added]


def _in_order(name: str, texts: Sequence[str]) -> list[str]:
    """Texts of a setting, each once; numbers by size, and what is none last."""
    once = list(dict.fromkeys(texts))
    if FIELDS[name].choices:
        return once
    return sorted(once, key=lambda text: float(text) if FIELDS[name].can_read(text) else math.inf)


def _reset_values(field_key: str, values_key: str) -> None:
    """Another setting is swept: the old one's values mean nothing for it."""
    if unheard.is_old(field_key):
        return
    name = _field(field_key)
    st.session_state[values_key] = keys.default_values(name) if name else []


def _seeds_and_data() -> None:
    if not shared.is_hidden(keys.SEEDS):
        _seeds()
    if shared.is_hidden(keys.DATA_SEEDS):
        return
    st.selectbox(
        "Data", list(keys.DATA_LABELS), key=keys.DATA_SEEDS, bind="query-params", width=260,
        disabled=shared.is_fixed(keys.DATA_SEEDS),
        help=locks.told(keys.DATA_SEEDS, "New data for every seed: what is found holds for this kind of data. The same "
        "data for all seeds: only the network's start varies, and what is found holds for these very points."),
    )  # fmt: skip


def _seeds() -> None:
    st.number_input(
        "Seeds", min_value=1, max_value=keys.MOST_SEEDS, value=keys.DEFAULT_SEEDS, step=10, key=keys.SEEDS,
        bind="query-params", width=140, disabled=shared.is_fixed(keys.SEEDS),
        help=locks.told(keys.SEEDS, "How many times each value is trained, each time with other first weights. More "
        "seeds, narrower intervals. All values get the same seeds, so they are compared pair by pair."),
    )  # fmt: skip


def _metric() -> str:
    if shared.is_hidden(keys.METRIC):
        return keys.METRIC_LABELS[shared.values()[keys.METRIC]]
    st.markdown("Judged by", width="content")  # beside the box, not above it: charts want the room
    label = st.selectbox(
        "Judged by", list(keys.METRIC_LABELS), key=keys.METRIC, bind="query-params", width=280,
        disabled=shared.is_fixed(keys.METRIC),
        label_visibility="collapsed",
        help="Fresh data are 4,000 new points with clean labels: the true quality. The other numbers are what "
        "practice has to make do with, or what explains it.",
    )  # fmt: skip
    return keys.METRIC_LABELS.get(label, next(iter(keys.METRIC_LABELS.values())))


def _settings(base: RunConfig, metric: str) -> Settings:
    try:
        data_seeds = keys.DATA_LABELS.get(st.session_state[keys.DATA_SEEDS], "varied")
        asked = StudySpec(base=base, sweep=_grid(), seeds=st.session_state[keys.SEEDS], data_seeds=data_seeds)
        spec = normalised(asked)
    except ConfigError as error:
        return Settings(base=base, spec=None, problem=str(error), metric=metric, ready=None)
    ready = next((study.label for study in STUDIES.values() if normalised(study.spec) == spec), None)
    return Settings(base=base, spec=spec, problem="", metric=metric, ready=ready)


def _grid() -> Any:
    """The sweep as the controls say it; `StudySpec` and the field table say what is wrong with it."""
    pairs = []
    for field_key, values_key in ((keys.SWEEP, keys.VALUES), (keys.SWEEP_2, keys.VALUES_2)):
        name = _field(field_key)
        if name is None:
            continue
        texts, field = st.session_state[values_key], FIELDS[name]
        if not all(map(field.can_read, texts)):
            raise ConfigError(f"{field.label.lower()} must be {field.rule}, and not every value chosen is")
        values = [field.read(name, text) for text in texts]
        if not values:
            raise ConfigError(f"no value of {FIELDS[name].label.lower()} is chosen: choose at least one")
        pairs.append((name, tuple(values)))
    if len({name for name, _ in pairs}) < len(pairs):
        raise ConfigError("both settings to vary are the same: choose another one, or nothing else")
    return tuple(pairs)
