"""Parts of a page that are run alone, such as one that the browser asks for by itself while an opinion is on its way.

Streamlit 1.67's front end sends what changes at one moment as one message, and if any of it belongs to a part, it asks
for that part alone: a slider moved at that moment would move, but nothing would be drawn for it. So a part looks
whether a control of the page has moved, and then has the browser ask for the whole page. (`st.rerun` would draw what
the message says: the address in it may be an old one, which a click has changed meanwhile.)
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.ui.components.again import again, listen

WHOLE = "page"  # the name by which a part has the whole page drawn
P = ParamSpec("P")


def part(draw: Callable[P, None], *, run_every: float | timedelta | None = None) -> Callable[P, None]:
    """`draw` as a part of the page, which its own widgets run alone, and the browser every so many seconds."""

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> None:
        has_moved = _has_moved()
        draw(*args, **options)
        if has_moved:
            again(WHOLE)

    return st.fragment(drawn, run_every=run_every)


def are_watched() -> None:
    """Once a run, at its end: nothing to see, at the end of the sidebar, where an empty place moves nothing."""
    with st.sidebar, st.container():
        listen(WHOLE)


def is_alone() -> bool:
    """Whether parts of the page are run and nothing else is to be drawn: then one may wait for what it shows."""
    context = get_script_run_ctx(suppress_warning=True)
    return bool(context and context.fragment_ids_this_run) and not _has_moved()


def _has_moved() -> bool:
    """Whether what the browser sent to have parts of the page run has changed a widget that is in no part."""
    context = get_script_run_ctx(suppress_warning=True)
    if not (context and context.fragment_ids_this_run):
        return False
    state = context.session_state._state  # by which Streamlit itself decides whose callbacks to call
    widgets = state._new_widget_state
    return any(
        (known := widgets.widget_metadata.get(widget)) is not None
        and known.fragment_id is None
        and state._widget_changed(widget)
        for widget in list(widgets)
    )
