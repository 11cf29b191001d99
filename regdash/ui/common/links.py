"""Links: what a URL asks for is checked once, when a visitor arrives, held for all pages; what cannot be used is said.

The settings live once: in the session, under the names of their controls. The entry script draws the controls (see
`regdash.ui.common.places`), so Streamlit keeps them, and what the address says of them, from page to page.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from regdash.config import FIELDS
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.common import controls, pinned, scenario, shared
from regdash.ui.components.history import settled

Asked = Mapping[str, list[str]]
Check = Callable[[Asked], dict[str, str]]
_CHECKED = "link_checked"  # by the name of a check, the notes it made


def arrive(**checks: Check) -> None:
    """At the start of each run of a page, before its controls are drawn.

    On a visitor's first run, what the link asks for goes into the session, for all pages. What of it could not be used
    is said, then and later. `checks` are what a page reads of its own; each is used once, when the visitor first comes
    to that page.
    """
    notes: dict[str, list[str]] = st.session_state.setdefault(_CHECKED, {})
    new = {name: check for name, check in ({"settings": problems} | checks).items() if name not in notes}
    if new:
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        found = {name: check(asked) for name, check in new.items()}
        notes.update({name: list(bad.values()) for name, bad in found.items()})
        bad = [parameter for problem in found.values() for parameter in problem]
        if "settings" in new:
            _hold({name: texts for name, texts in asked.items() if name not in bad})
        for parameter in bad:
            del st.query_params[parameter]
        if bad:  # start again without them: Streamlit 1.67 itself raises on ?seed=1e999
            st.rerun()
    controls.take_next()
    shared.enforce()
    pinned.complete_address()
    say()


def note(sentences: Sequence[str]) -> None:
    """Have `say` say this of a permanent link, on every page."""
    notes: dict[str, list[str]] = st.session_state.setdefault(_CHECKED, {})
    notes["permanent"] = list(sentences)


def say() -> None:
    """What of the link could not be used."""
    notes: dict[str, list[str]] = st.session_state.get(_CHECKED, {})
    said = [note for made in notes.values() for note in made]
    if said:
        listed = "\n".join(f"- {note}" for note in said)
        st.info(
            f"Parts of this link could not be used; the defaults stand in for them.\n{listed}",
            icon=":material/link_off:",
        )


def settle(missing: Mapping[str, list[str]] = MappingProxyType({})) -> None:
    """Once the controls of a page are drawn: the address is now that of this page. `missing` are its own parameters
    that belong there and are not there yet.
    """
    settled({**controls.missing_in_address(), **missing, **shared.in_address()})


def problems(asked: Asked) -> dict[str, str]:
    """By name, a sentence for each setting of a link that cannot be used; what the link says is never repeated."""
    notes = {
        name: f"**{field.label}** must be {controls.rule_of(field)}."
        for name, field in FIELDS.items()
        if name in asked and not (len(asked[name]) == 1 and controls.can_read(field, asked[name][0]))
    }
    labels = scenario.labels()
    if controls.SCENARIO in asked and (len(asked[controls.SCENARIO]) != 1 or asked[controls.SCENARIO][0] not in labels):
        notes[controls.SCENARIO] = "**Scenario** must be one of " + ", ".join(f"“{label}”" for label in labels) + "."
    if not pinned.can_read(asked.get(pinned.PARAMETER, [])):
        notes[pinned.PARAMETER] = "**Pinned runs** must be as this page writes them."
    return notes


def _hold(asked: Asked) -> None:
    """Put what a link says into the session.

    A link that names a scenario and no setting means that scenario's settings. A page's own links name every setting
    that differs from the default, and a page whose settings are all at their defaults shows the default scenario: so
    the two cannot be confused.
    """
    named = {name: FIELDS[name].read(name, asked[name][0]) for name in FIELDS if name in asked}
    scenario = {scenario.label: scenario for scenario in SCENARIOS.values()}.get(asked.get(controls.SCENARIO, [""])[0])
    if scenario and not named:
        controls.choose(scenario.config)
    for name, value in named.items():
        st.session_state[name] = value
    pinned.hold(asked.get(pinned.PARAMETER, []))
