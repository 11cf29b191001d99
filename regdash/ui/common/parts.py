"""Parts of a page that are run alone, such as one that the browser asks for by itself while an opinion is on its way.

Streamlit 1.67's front end sends what changes at one moment as one message, and if any of it belongs to a part, it asks
for that part alone: a slider moved at that moment would move, but nothing would be drawn for it. So a part looks first
whether anything outside of it has changed, and then the whole page is run.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

P = ParamSpec("P")


def part(draw: Callable[P, None], *, run_every: float | timedelta | None = None) -> Callable[P, None]:
    """`draw` as a part of the page, which its own widgets run alone, and the browser every so many seconds."""

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> None:
        if _has_moved(set(_alone())):
            st.rerun()
        draw(*args, **options)

    return st.fragment(drawn, run_every=run_every)


def is_alone() -> bool:
    """Whether parts of the page are run, not all of it."""
    return bool(_alone())


def _alone() -> list[str]:
    """The parts that are run; none while the whole page is."""
    context = get_script_run_ctx(suppress_warning=True)
    return list(context.fragment_ids_this_run or ()) if context else []


def _has_moved(parts: set[str]) -> bool:
    """Whether what the browser sent to have these parts run has changed a widget that is in none of them."""
    context = get_script_run_ctx(suppress_warning=True)
    if not context or not parts:
        return False
    state = context.session_state._state  # by which Streamlit itself decides whose callbacks to call
    widgets = state._new_widget_state
    return any(
        (known := widgets.widget_metadata.get(widget)) is not None
        and known.fragment_id not in parts
        and state._widget_changed(widget)
        for widget in list(widgets)
    )
