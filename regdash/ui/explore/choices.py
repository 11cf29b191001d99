"""Which networks race, and which curves show it: chosen below the picture, and kept in session and address."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from regdash.figures.explore.curves import VIEWS
from regdash.teaching.arms import ARMS, DEFAULT_ARMS
from regdash.ui.common import shared

_ARMS = "arms"  # in the session and the address: the networks chosen
_VIEW = "view"  # the curves chosen
_SHOWN = "arms_shown"  # in the session: those of the last run


def draw() -> None:
    """Draw both, for those whose link does not hide them."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if not shared.is_hidden(_ARMS):
            st.pills(
                "Networks in the race", list(ARMS), selection_mode="multi", default=list(DEFAULT_ARMS), key=_ARMS,
                format_func=lambda key: ARMS[key].label, bind="query-params", on_change=_keep_one_arm,
                label_visibility="collapsed", disabled=shared.is_fixed(_ARMS),
            )  # fmt: skip
        if not shared.is_hidden(_VIEW):
            st.segmented_control(
                "Curves", list(VIEWS), default="accuracy", key=_VIEW, required=True, disabled=shared.is_fixed(_VIEW),
                format_func=lambda key: VIEWS[key].label, bind="query-params", label_visibility="collapsed",
            )  # fmt: skip
    st.session_state[_SHOWN] = arms()


def arms() -> list[str]:
    """The networks that race, one at least, in their order."""
    chosen: list[str] = _said(_ARMS) or []
    return [key for key in ARMS if key in chosen] or list(DEFAULT_ARMS)


def view() -> str:
    """Which curves are shown."""
    chosen = _said(_VIEW)
    return chosen if chosen in VIEWS else "accuracy"


def link_problems(asked: Mapping[str, list[str]]) -> dict[str, str]:
    """By name, a sentence for each of these choices in a link that cannot be used."""
    options = {
        _ARMS: ("Networks in the race", [arm.label for arm in ARMS.values()]),
        _VIEW: ("Curves", [view.label for view in VIEWS.values()]),
    }
    return {
        name: f"**{label}** must be among " + ", ".join(f"“{option}”" for option in known) + "."
        for name, (label, known) in options.items()
        if not set(asked.get(name, ())) <= set(known)
    }


def _said(name: str) -> Any:
    """What a control says; one that is hidden says what the link does."""
    return shared.values().get(name) if shared.is_hidden(name) else st.session_state.get(name)


def _keep_one_arm() -> None:
    """The last network cannot be switched off."""
    if not st.session_state[_ARMS]:
        st.session_state[_ARMS] = st.session_state.get(_SHOWN, list(DEFAULT_ARMS))
