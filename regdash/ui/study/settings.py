"""The study's settings above its results: what is swept over which values, seeds, data and the metric."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.errors import ConfigError
from regdash.study import StudySpec
from regdash.study.spec import MAX_VALUES
from regdash.teaching.studies import STUDIES
from regdash.ui.common import controls
from regdash.ui.study import keys

READY = "ready_study"
_KEY_BY_LABEL: Mapping[str, str] = MappingProxyType({study.label: key for key, study in STUDIES.items()})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the controls ask for: a study, or a sentence that says why there is none; and the metric to judge by."""

    spec: StudySpec | None
    problem: str
    metric: str


def swept() -> tuple[str, ...]:
    """The settings that are swept, before the controls are drawn: the sidebar shows them as such."""
    names = (_field(keys.SWEEP), _field(keys.SWEEP_2))
    return tuple(dict.fromkeys(name for name in names if name))


def draw(base: RunConfig) -> tuple[Settings, Any]:
    """Draw the controls. `base` is what the sidebar shows. Returns what they say, and the place for the Run button."""
    top = st.container()  # filled last: which ready-made study it is follows from the controls below
    with st.grid(2, min_column_width=420, gap=("xsmall", "small")) as grid:
        with grid.cell():
            _sweep("Vary", keys.SWEEP, keys.VALUES, optional=False)
        with grid.cell():
            _sweep("And vary", keys.SWEEP_2, keys.VALUES_2, optional=True)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        _seeds_and_data()
        metric = _metric()
        button = st.container(width="content")
    settings = _settings(base, metric)
    with top:
        _ready(settings.spec)
    return settings, button


def normalised(spec: StudySpec) -> StudySpec:
    """The same study with its values in order, and the swept settings of its base, which mean nothing, at the first of
    them: so that equal studies are equal.
    """
    sweep = tuple((name, values if FIELDS[name].choices else tuple(sorted(values))) for name, values in spec.sweep)
    return spec.but(sweep=sweep, base=spec.base.but(**{name: values[0] for name, values in sweep}))


def put(spec: StudySpec) -> None:
    """Put a study into the controls. Only before they are drawn: from a callback or at the start of a run."""
    controls.choose(spec.base)
    pairs = [*spec.sweep, *[None] * (2 - len(spec.sweep))]
    for pair, field_key, values_key in zip(
        pairs, (keys.SWEEP, keys.SWEEP_2), (keys.VALUES, keys.VALUES_2), strict=True
    ):
        st.session_state[field_key] = FIELDS[pair[0]].label if pair else keys.NOTHING
        st.session_state[values_key] = [FIELDS[pair[0]].text(value) for value in pair[1]] if pair else []
    st.session_state[keys.SEEDS] = spec.n_seeds
    st.session_state[keys.DATA_SEEDS] = {value: label for label, value in keys.DATA_LABELS.items()}[spec.data_seeds]


def _field(key: str) -> str | None:
    default = FIELDS[keys.DEFAULT_FIELD].label if key == keys.SWEEP else keys.NOTHING
    return keys.SWEPT.get(st.session_state.get(key, default))


def _ready(spec: StudySpec | None) -> None:
    """The ready-made studies. The one that matches the settings is marked, if any."""
    found = [study.label for study in STUDIES.values() if spec and normalised(study.spec) == spec]
    st.session_state[READY] = found[0] if found else None
    st.pills("Ready-made studies", list(_KEY_BY_LABEL), key=READY, on_change=_apply_ready, label_visibility="collapsed")
    if found:
        st.caption(STUDIES[_KEY_BY_LABEL[found[0]]].lesson)


def _apply_ready() -> None:
    if st.session_state[READY]:  # a second press on the marked one would unmark it: nothing to do
        put(STUDIES[_KEY_BY_LABEL[st.session_state[READY]]].spec)


def _sweep(label: str, field_key: str, values_key: str, *, optional: bool) -> None:
    """One swept setting and its values."""
    left, right = st.columns([2, 3], gap="xsmall")
    options = [keys.NOTHING, *keys.SWEPT] if optional else list(keys.SWEPT)
    default = keys.NOTHING if optional else FIELDS[keys.DEFAULT_FIELD].label
    left.selectbox(
        label, options, index=options.index(default), key=field_key, bind="query-params",
        on_change=_reset_values, args=(field_key, values_key),
        help="Which setting takes several values. All else stands still as the sidebar says, and every value gets the "
        "same seeds.",
    )  # fmt: skip
    name = _field(field_key)
    # Drawn also where nothing is swept: Streamlit writes a value that a ready-made study sets into the address only if
    # the control was there before.
    right.multiselect(
        f"Values of {FIELDS[name].label.lower()}" if name else "Values",
        _options(name, values_key) if name else [], default=keys.default_values(name) if name else [],
        key=values_key, bind="query-params", accept_new_options=True, max_selections=MAX_VALUES, wrap=True,
        placeholder="Choose or type values" if name else "–", disabled=name is None,
        help=f"{FIELDS[name].help} You can type values that the list does not offer: {FIELDS[name].rule}."
        if name else "The values of a second setting, if there is one.",
    )  # fmt: skip


def _options(name: str, values_key: str) -> list[str]:
    """What the list offers, with the values chosen so far, typed ones too, all in order."""
    offered = keys.offered_values(name)
    chosen = [text for text in st.session_state.get(values_key, []) if text not in offered]
    typed = [text for text in chosen if FIELDS[name].can_read(text)]
    return offered + typed if FIELDS[name].choices else sorted([*offered, *typed], key=float)


def _reset_values(field_key: str, values_key: str) -> None:
    """Another setting is swept: the old one's values mean nothing for it."""
    name = _field(field_key)
    st.session_state[values_key] = keys.default_values(name) if name else []


def _seeds_and_data() -> None:
    st.number_input(
        "Seeds", min_value=1, max_value=keys.MOST_SEEDS, value=keys.DEFAULT_SEEDS, step=10, key=keys.SEEDS,
        bind="query-params", width=140,
        help="How many times each value is trained, each time with other first weights. More seeds, narrower "
        "intervals. All values get the same seeds, so they are compared pair by pair.",
    )  # fmt: skip
    st.selectbox(
        "Data", list(keys.DATA_LABELS), key=keys.DATA_SEEDS, bind="query-params", width=260,
        help="New data for every seed: what is found holds for this kind of data. The same data for all seeds: only "
        "the network's start varies, and what is found holds for these very points.",
    )  # fmt: skip


def _metric() -> str:
    label = st.selectbox(
        "Judged by", list(keys.METRIC_LABELS), key=keys.METRIC, bind="query-params", width=280,
        help="Fresh data are 4,000 new points with clean labels: the true quality. The other numbers are what "
        "practice has to make do with, or what explains it.",
    )  # fmt: skip
    return keys.METRIC_LABELS.get(label, next(iter(keys.METRIC_LABELS.values())))


def _settings(base: RunConfig, metric: str) -> Settings:
    try:
        spec = normalised(
            StudySpec(
                base=base,
                sweep=_grid(),
                seeds=st.session_state[keys.SEEDS],
                data_seeds=keys.DATA_LABELS.get(st.session_state[keys.DATA_SEEDS], "varied"),
            )
        )
    except ConfigError as error:
        return Settings(spec=None, problem=str(error), metric=metric)
    return Settings(spec=spec, problem="", metric=metric)


def _grid() -> Any:
    """The sweep as the controls say it; `StudySpec` and the field table say what is wrong with it."""
    pairs = []
    for field_key, values_key in ((keys.SWEEP, keys.VALUES), (keys.SWEEP_2, keys.VALUES_2)):
        name = _field(field_key)
        if name is None:
            continue
        values = [FIELDS[name].read(name, text) for text in st.session_state[values_key]]
        if not values:
            raise ConfigError(f"no value of {FIELDS[name].label.lower()} is chosen: choose at least one")
        pairs.append((name, tuple(values)))
    if len({name for name, _ in pairs}) < len(pairs):
        raise ConfigError("both settings to vary are the same: choose another one, or nothing else")
    return tuple(pairs)
