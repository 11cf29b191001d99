"""What Explore shows as a permanent link, and whether it is what the link showed by which the visitor came."""

from collections.abc import Mapping
from types import MappingProxyType

import streamlit as st

from regdash.config import FIELDS
from regdash.permalink import Explore, mark
from regdash.results import Run
from regdash.teaching.arms import ARMS
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.common import cache, controls, pinned, share, shared
from regdash.ui.components.seek import seek
from regdash.ui.explore import choices
from regdash.words import shared as words

OWN: Mapping[str, str] = MappingProxyType(
    {controls.SCENARIO: "Scenario", "arms": "Networks in the race", "view": "Curves", "pin": "Pinned runs"}
)


def button() -> None:
    """The button that copies a link to what is on show. It also goes where such a link wants to."""
    share.button(
        _here, mark=_mark,
        controls={name: field.label for name, field in FIELDS.items()} | dict(OWN),
    )  # fmt: skip
    came_by = shared.view()
    if came_by is not None and isinstance(came_by.page, Explore) and came_by.page.epoch is not None:
        with st.sidebar:  # at its end, where an empty place moves nothing
            seek(came_by.page.epoch)


def likeness(none: Run, yours: Run) -> str:
    """Whether these two are those of the link by which the visitor came; "" where the link does not say."""
    view = shared.view()
    there = mark.read(view.mark) if view else None
    if view is None or there is None or not isinstance(view.page, Explore):
        return ""
    return words.likeness(there, mark.of_runs([none, yours]), words.changes(yours.config, view.page.config))


def _here() -> Explore:
    labels = {scenario.label: key for key, scenario in SCENARIOS.items()}
    scenario = labels.get(st.session_state.get(controls.SCENARIO, ""))
    return Explore(
        config=controls.current(), scenario=scenario, arms=tuple(choices.arms()), view=choices.view(),
        pins=tuple(pinned.pins().items()),
    )  # fmt: skip


def _mark() -> str:
    """Of the pair that all is about: the other networks follow from its settings."""
    config = controls.current()
    return mark.of_runs(cache.runs([ARMS["none"].config(config), config])).text
