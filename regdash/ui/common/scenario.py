"""The scenario box, and below it what is to be said about it, in a place that is as high whatever that is."""

from collections.abc import Callable, Collection, Mapping
from types import MappingProxyType

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.permalink.text import known_words
from regdash.teaching.scenarios import DEFAULT, SCENARIOS, Scenario, differences, matching
from regdash.ui.common import controls, locks, resets, shared, unheard
from regdash.ui.common.controls import NEITHER, SCENARIO, Places

_KEY_BY_LABEL = MappingProxyType({scenario.label: key for key, scenario in SCENARIOS.items()})


def draw(
    places: Places,
    config: RunConfig,
    *,
    swept: Collection[str] = (),
    study: str | None = None,
    beside: Callable[[], None] = lambda: None,
    own: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Draw both.

    The box names the scenario that `config` matches, swept settings aside, else the one it was chosen in, else none;
    each control that differs from it gets a button that resets it. `study` is the ready-made study on show, if there
    is one: then nothing was chosen here. `beside` draws what stands on the line of the box's label; `own` are the
    page's labels, see `locks.note`.
    """
    labels = [SCENARIOS[key].label for key in matching(config, but=swept)]
    named = st.session_state.get(SCENARIO, SCENARIOS[DEFAULT].label)
    if labels and named not in labels:
        st.session_state[SCENARIO] = labels[0]
    elif study and not labels:
        st.session_state[SCENARIO] = NEITHER
    chosen = _chosen()
    if chosen:
        resets.show(places.controls, config, chosen.config, but=swept)
    with places.top:
        if not shared.is_hidden(SCENARIO):
            _scenario_box(beside)
            with st.container(key="scenario_note"):
                _note(config, swept, study)
        locks.note({name: field.label for name, field in FIELDS.items()} | dict(own))
        unheard.are_told()


def said(config: RunConfig) -> tuple[str, ...]:
    """What the sidebar says of `config` beside its controls, as far as a move can change it: the scenario, the settings
    that differ from it, and the seeds, which have buttons for those before.
    """
    chosen = _chosen()
    changed = differences(config, chosen.config) if chosen else []
    return (chosen.label if chosen else "", *matching(config), "|", *changed, str(config.seed), str(config.data_seed))


def _scenario_box(beside: Callable[[], None]) -> None:
    with resets.place(SCENARIO):
        st.selectbox(
            "Scenario", labels(), key=SCENARIO, bind="query-params", on_change=_is_chosen,
            disabled=shared.is_fixed(SCENARIO),
            help=locks.told(
                SCENARIO, "A ready-made experiment. Choosing one sets every control below; then change what you like."
            ),
        )  # fmt: skip
        beside()


def _note(config: RunConfig, swept: Collection[str], study: str | None) -> None:
    chosen = _chosen()
    if chosen:  # unseen: the room that the lesson takes, for what stands there when a setting has been changed
        with st.container(key="scenario_room"):
            st.caption(chosen.lesson)
    with st.container(key="scenario_says", gap="xsmall"):
        changed = differences(config, chosen.config, but=swept) if chosen else []
        if study:
            st.caption(f"The settings of the ready-made study “{study}”.")
        elif not chosen:
            st.caption("Your own settings.")
        elif not changed:
            st.caption(chosen.lesson)
        else:
            st.caption(f"Changed: {known_words([FIELDS[name].label.lower() for name in changed])}.")
            st.button(
                "Modified: reset", icon=":material/undo:", on_click=_apply_scenario, width="stretch",
                disabled=shared.is_fixed(SCENARIO),
                help=locks.told(SCENARIO, f"Some settings differ from those of “{chosen.label}”. Put its own back."),
            )  # fmt: skip


def _chosen() -> Scenario | None:
    return SCENARIOS.get(_KEY_BY_LABEL.get(st.session_state.get(SCENARIO, SCENARIOS[DEFAULT].label), ""))


def labels() -> list[str]:
    """What the scenario box may say."""
    return [*_KEY_BY_LABEL, NEITHER]


def _is_chosen() -> None:
    if not unheard.is_old(SCENARIO):
        _apply_scenario()


def _apply_scenario() -> None:
    key = _KEY_BY_LABEL.get(st.session_state[SCENARIO])  # what a browser sends may be anything
    if key and not shared.is_fixed(SCENARIO):
        controls.choose(SCENARIOS[key].config)
