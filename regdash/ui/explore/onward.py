"""From one pair of runs to many: the settings of this page as a study, and Study opens with it."""

from collections.abc import Callable

import streamlit as st

from regdash.config import RunConfig
from regdash.serving.opinions import FIRST_SEED, SEEDS
from regdash.study import StudySpec
from regdash.teaching.arms import ARMS

OFF_OR_ON = ("dropout", "weight_decay", "label_smoothing")
TO_BEGIN_WITH = (0.0, 0.3, 0.5, 0.7)  # of dropout, where nothing is on
_LEAVING = "explore_leaving"  # in the session: the study that a click asked for


def study_of(config: RunConfig) -> StudySpec:
    """No regularization against `config`: each of the first two regularizers that it has, on and off, over many seeds.

    A config without any is compared with some dropout.
    """
    free = ARMS["none"].config(config)
    on: dict[str, tuple[float, ...]] = {name: (getattr(free, name), getattr(config, name)) for name in OFF_OR_ON}
    sweep = {name: values for name, values in on.items() if values[0] != values[1]} or {"dropout": TO_BEGIN_WITH}
    base = config.but(seed=FIRST_SEED, data_seed=FIRST_SEED)
    return StudySpec(base=base, sweep=dict(list(sweep.items())[:2]), seeds=SEEDS)


def button(config: RunConfig) -> None:
    """One click to many seeds."""
    names = " and ".join(dict(study_of(config).sweep)).replace("_", " ")
    st.button(
        "Go on in Study", icon=":material/query_stats:", key="go_on", on_click=_ask, args=(config,),
        help=f"These settings over {SEEDS} seeds, each with data of its own, with {names} on and off.",
    )  # fmt: skip


def leave(open_study: Callable[[StudySpec], object]) -> None:
    """At the start of a run: go to Study, if a click asked for it."""
    spec = st.session_state.pop(_LEAVING, None)
    if spec is not None:
        open_study(spec)


def _ask(config: RunConfig) -> None:
    st.session_state[_LEAVING] = study_of(config)
