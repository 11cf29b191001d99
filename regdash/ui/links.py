"""Links: what a URL asks for is checked once, when a visitor arrives, and what cannot be used is said."""

import math
from collections.abc import Mapping

import streamlit as st

from regdash.config import FIELDS, Field
from regdash.scenarios import SCENARIOS
from regdash.ui import controls

_CHECKED = "link_checked"


def arrive() -> None:
    """On a visitor's first run: apply a scenario link, and say which parts of the link could not be used."""
    if _CHECKED not in st.session_state:
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        bad = problems(asked)
        st.session_state[_CHECKED] = list(bad.values())
        _apply_scenario_link(asked)
        if bad:  # start again without them: Streamlit 1.67 itself raises on ?seed=1e999
            for name in bad:
                del st.query_params[name]
            st.rerun()
    if st.session_state[_CHECKED]:
        notes = "\n".join(f"- {note}" for note in st.session_state[_CHECKED])
        st.info(
            f"Parts of this link could not be used; the defaults stand in for them.\n{notes}",
            icon=":material/link_off:",
        )


def problems(asked: Mapping[str, list[str]]) -> dict[str, str]:
    """By name, a sentence for each setting of a link that cannot be used; what the link says is never repeated."""
    notes = {
        name: f"**{field.label}** must be {controls.rule_of(field)}."
        for name, field in FIELDS.items()
        if name in asked and not (len(asked[name]) == 1 and _usable(field, asked[name][0]))
    }
    labels = [scenario.label for scenario in SCENARIOS.values()]
    if controls.SCENARIO in asked and (len(asked[controls.SCENARIO]) != 1 or asked[controls.SCENARIO][0] not in labels):
        notes[controls.SCENARIO] = "**Scenario** must be one of " + ", ".join(f"“{label}”" for label in labels) + "."
    return notes


def _usable(field: Field, text: str) -> bool:
    if field.choices:
        return text in field.choices
    if field.stops:
        return text in [controls.text_of(field, stop) for stop in field.stops]
    try:
        value = float(text)
    except ValueError:
        return False
    whole = field.kind is float or value.is_integer() if math.isfinite(value) else False
    return whole and field.low <= value <= field.high


def _apply_scenario_link(asked: Mapping[str, list[str]]) -> None:
    """A link that names a scenario and no setting means that scenario's settings.

    A page's own links name every setting that differs from the default, and a page whose settings are all at their
    defaults shows the default scenario: so the two cannot be confused.
    """
    by_label = {scenario.label: scenario for scenario in SCENARIOS.values()}
    scenario = by_label.get("".join(asked.get(controls.SCENARIO, [])))
    if scenario and not any(name in asked for name in FIELDS):
        controls.choose(scenario.config)
