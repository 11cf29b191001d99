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
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from regdash.serving.once import Once
from regdash.ui.common import unheard
from regdash.ui.components.again import again, listen

WHOLE = "page"  # the name by which a part has the whole page drawn
P = ParamSpec("P")


def part(draw: Callable[P, None], *, run_every: float | timedelta | None = None) -> Callable[P, None]:
    """`draw` as a part of the page, which its own widgets run alone, and the browser every so many seconds."""

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> None:
        has_moved = _has_moved() | (is_asked() and unheard.keep())
        draw(*args, **options)
        if has_moved:
            again(WHOLE)

    return st.fragment(drawn, run_every=run_every)


def are_watched() -> None:
    """Once a run, at its end: nothing to see, at the end of the sidebar, where an empty place moves nothing."""
    with st.sidebar, st.container():
        listen(WHOLE)
        unheard.are_told()


def body(draw: Callable[[], None], name: str) -> None:
    """`draw` as a part of the page that stands for all of it: what happens in it is drawn with the whole page, unless a
    callback asks for it: `st.rerun(name)`.
    """

    @wraps(draw)
    def drawn() -> None:
        _bodies().add(str(ThreadState.get().fragment_id))
        draw()

    st.fragment(drawn, key=name)()


def is_of_page(part: str) -> bool:
    """Whether a browser that names this part means the whole page: none, or one that stands for it."""
    return not part or part in _bodies()


def is_alone() -> bool:
    """Whether this part of the page is run and nothing else is to be drawn: then it may wait for what it shows."""
    return is_asked() and not _has_moved()


def n_moved() -> int:
    """How many widgets of the page, and not of a part of it, the browser says to have been changed."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None:
        return 0
    state = context.session_state._state  # by which Streamlit itself decides whose callbacks to call
    widgets = state._new_widget_state
    return sum(
        (known := widgets.widget_metadata.get(widget)) is not None
        and is_of_page(known.fragment_id or "")
        and state._widget_changed(widget)
        for widget in list(widgets)
    )


def is_asked() -> bool:
    """Whether it is this part that is asked for, not the page or a part that it stands in."""
    context = get_script_run_ctx(suppress_warning=True)
    asked = (context.fragment_ids_this_run if context else None) or ()
    return bool(asked) and ThreadState.get().fragment_id in asked


def _has_moved() -> bool:
    """Whether what the browser sent to have this part of the page run has changed a widget that is in no part."""
    return is_asked() and n_moved() > 0


@Once
def _bodies() -> set[str]:
    """What Streamlit calls the parts that stand for their page: one or two for each page, by where they stand."""
    return set()
