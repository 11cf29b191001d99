"""Presenter mode: a page before a room. That it is on, and which controls stand below the picture, the session holds
for all pages, and the address says it, so that a reload and a link show the same.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from regdash.config import DATA_FIELDS, FIELDS
from regdash.ui.common import controls
from regdash.ui.components.presenter import Scene, presenter

PRESENT, CONTROLS = "present", "controls"  # parameters of the address: "true"; "dropout,seed"
USUAL = ("dropout", "weight_decay", "seed")  # the controls, until others are chosen
MOST = 3
OFFERED = MappingProxyType({name: FIELDS[name].label for name in (*controls.MAIN, *DATA_FIELDS, *controls.ADVANCED)})
_ON, _CHOSEN = "presenting", "presented_controls"  # in the session

# By page, what fills the screen at one time. Lessons mark theirs by their keys.
SCENES: Mapping[str, tuple[Scene, ...]] = MappingProxyType(
    {
        "": (Scene(name="race", parts=("headline", "picture")),),
        "study": tuple(
            Scene(name=chart, parts=("study_headline", f"chart_{chart}"))
            for chart in ("heat", "strength", "curves", "differences", "narrowing")
        ),
    }
)


def show(page: str) -> None:
    """Once a run, before the page is drawn: its button, and the mode itself if it is on."""
    _arrive()
    presenter(
        SCENES.get(page, ()), on=is_on(), offered=OFFERED if page == "" else {}, chosen=chosen(), most=MOST,
        key="presenter", on_turn=_turn, on_choose=_choose,
    )  # fmt: skip


def is_on() -> bool:
    """Whether this visitor's page is in presenter mode."""
    on: bool = st.session_state.get(_ON, False)
    return on


def chosen() -> tuple[str, ...]:
    """The controls that stand below the picture then: names of settings."""
    names: tuple[str, ...] = st.session_state.get(_CHOSEN, USUAL)
    return names


def mode() -> str | None:
    """Which palette figures are drawn in: the page's own, light or dark, or the projector's."""
    return "projector" if is_on() else st.context.theme.type


def read(text: str) -> tuple[str, ...]:
    """The controls that an address asks for; the usual ones if it is not so many, or none, of those there are."""
    names = tuple(dict.fromkeys(text.split(",")))
    return names if len(names) <= MOST and all(name in OFFERED for name in names) else USUAL


def _arrive() -> None:
    """Take over what a link says, then keep the address to what holds."""
    if _ON not in st.session_state:
        st.session_state[_ON] = st.query_params.get(PRESENT) == "true"
        st.session_state[_CHOSEN] = read(st.query_params.get(CONTROLS, ""))
    wanted = {PRESENT: "true" if is_on() else None, CONTROLS: ",".join(chosen()) if chosen() != USUAL else None}
    for name, text in wanted.items():
        if is_on() and text and st.query_params.get(name) != text:
            st.query_params[name] = text
        elif not (is_on() and text) and name in st.query_params:
            del st.query_params[name]


def _turn(on: bool) -> None:
    st.session_state[_ON] = on


def _choose(names: Sequence[str]) -> None:
    st.session_state[_CHOSEN] = tuple(names)
