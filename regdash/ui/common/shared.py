"""The permanent link by which a visitor came, for as long as the session lasts, and the controls that it holds still.

While somebody plays, the address bar shows Streamlit's own parameters. What was shared stays beside them as one more,
so that a reload knows it. What stands still is known here, on the server: whatever a browser sends for such a control,
its value is that of the link.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.permalink import View, decode, encode

PARAMETER = "shared"  # in the address: the link's own query
VERSION = "v"  # what a permanent link begins with
_HELD = "shared_link"  # in the session
_NEXT = "shared_next"

# A control in links → its key in the session, where that is another one.
SESSION: Mapping[str, str] = MappingProxyType(
    {
        "along": "study_slice", "baseline": "study_baseline", "curves": "study_curve",
        "differences": "study_differences",
    }
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Held:
    """A link's view, and the value of each control that stands still, by its key in the session."""

    view: View
    values: Mapping[str, Any]


def asked() -> View | None:
    """What a permanent link in the address asks for; None if there is none.

    A session that has controls that stand still keeps them, whatever link comes later.
    """
    if VERSION not in st.query_params:
        return None
    found = decode({name: st.query_params.get_all(name) for name in st.query_params if name != PARAMETER})
    return None if fixed() else found


def remembered() -> View | None:
    """On a visitor's first run after a reload: the view that was shared."""
    if _HELD in st.session_state or PARAMETER not in st.query_params:
        return None
    texts = st.query_params.get_all(PARAMETER)
    return decode(texts[0]) if len(texts) == 1 else None


def hold(view: View, values: Mapping[str, Any]) -> None:
    """Keep `view` for the session. `values` are those of the controls on all pages, by their keys in the session."""
    kept = {name: value for name, value in values.items() if name in {SESSION.get(key, key) for key in view.fixed}}
    st.session_state[_HELD] = Held(view=view, values=kept)


def view() -> View | None:
    """The view that was shared; None if there is none."""
    held: Held | None = st.session_state.get(_HELD)
    return held.view if held else None


def fixed() -> Collection[str]:
    """The controls that stand still, hidden ones among them."""
    found = view()
    return found.fixed if found else frozenset()


def is_fixed(name: str) -> bool:
    """Whether a control stands still."""
    return name in fixed()


def is_hidden(name: str) -> bool:
    """Whether a control is not shown."""
    found = view()
    return found is not None and name in found.hide


def enforce() -> None:
    """Before controls are drawn: those that stand still have the link's value, whatever a browser has sent."""
    for name, value in {**st.session_state.pop(_NEXT, {}), **values()}.items():
        if st.session_state.get(name) != value:
            st.session_state[name] = value


def put_on_next_run(values: Mapping[str, Any]) -> None:
    """Have `enforce` put these into the session on the next run: what a run sets that draws no control is lost."""
    st.session_state[_NEXT] = dict(values)


def values() -> Mapping[str, Any]:
    """The values of the controls that stand still, by their keys in the session."""
    held: Held | None = st.session_state.get(_HELD)
    return held.values if held else {}


def in_address() -> dict[str, list[str]]:
    """What belongs into the address: the link itself, where it says more than the settings that are there anyway."""
    found = view()
    if found is None or not (found.fixed or found.mark):
        return {}
    return {PARAMETER: [encode(found)]}
