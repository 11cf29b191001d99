"""Links: what a URL asks for is checked once, when a visitor arrives, and what cannot be used is said."""

from collections.abc import Callable, Mapping

import streamlit as st

from regdash.config import FIELDS, Field
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.common import controls

Check = Callable[[Mapping[str, list[str]]], dict[str, str]]
_CHECKED = "link_checked"  # by the name of a check, the notes it made


def arrive(**checks: Check) -> None:
    """On a visitor's first run: apply a scenario link, and say which parts of the link could not be used.

    `checks` are what a page reads of its own; each is used once, when the visitor first comes to that page.
    """
    notes: dict[str, list[str]] = st.session_state.setdefault(_CHECKED, {})
    new = {name: check for name, check in ({"settings": problems} | checks).items() if name not in notes}
    if new:
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        found = {name: check(asked) for name, check in new.items()}
        notes.update({name: list(bad.values()) for name, bad in found.items()})
        if "settings" in new:
            _apply_scenario_link(asked)
        bad = [parameter for problem in found.values() for parameter in problem]
        for parameter in bad:
            del st.query_params[parameter]
        if bad:  # start again without them: Streamlit 1.67 itself raises on ?seed=1e999
            st.rerun()
    said = [note for made in notes.values() for note in made]
    if said:
        listed = "\n".join(f"- {note}" for note in said)
        st.info(
            f"Parts of this link could not be used; the defaults stand in for them.\n{listed}",
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
    """Whether the control can show it; what it cannot show, it would keep in the link while another value is trained.

    A control with stops knows them by their texts: Streamlit takes no other way to write the same number.
    """
    if field.stops:
        return text in map(field.text, field.stops)
    return field.can_read(text) and controls.snap(field, value := field.read("", text)) == value


def _apply_scenario_link(asked: Mapping[str, list[str]]) -> None:
    """A link that names a scenario and no setting means that scenario's settings.

    A page's own links name every setting that differs from the default, and a page whose settings are all at their
    defaults shows the default scenario: so the two cannot be confused.
    """
    by_label = {scenario.label: scenario for scenario in SCENARIOS.values()}
    (label,) = asked.get(controls.SCENARIO, []) if len(asked.get(controls.SCENARIO, [])) == 1 else ("",)
    scenario = by_label.get(label)
    if scenario and not any(name in asked for name in FIELDS):
        controls.choose(scenario.config)
