"""A move that leaves the sidebar as it is has the body of the page drawn alone: half the messages, half the work.

What a control says, the browser knows. What else the sidebar says depends on which settings differ from the scenario's,
not on how far. So one compares what the sidebar said when the whole page was drawn with what it would say now.
"""

from collections.abc import Callable, Hashable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.errors import RegdashError
from regdash.ui.common import controls, crowd, failures, moves, parts, pinned, scenario, shared
from regdash.ui.common.share import KEY as SHARE

_BODY = "explore"  # the part's name
_SAID = "explore_sidebar"  # in the session: what the sidebar says beside its controls; None while it is being drawn


def begin() -> None:
    """At the start of a run of the whole page."""
    st.session_state[_SAID] = None


def end() -> None:
    """At its end."""
    st.session_state[_SAID] = _said()


def body(draw: Callable[[], None]) -> None:
    """Draw the page's body, in the place that it will be drawn in alone."""
    parts.body(_told(draw), _BODY)


def moved() -> None:
    """When a control has been moved: if nothing else has changed, the body is drawn and no more."""
    before = st.session_state.get(_SAID)
    if before is not None and _keeps() and before == _said():
        st.rerun(_BODY)


def _told(draw: Callable[[], None]) -> Callable[[], None]:
    def drawn() -> None:
        if not parts.is_asked():
            with failures.told():
                draw()
            return
        with moves.measured("explore"), failures.told():
            crowd.arrive()
            draw()

    return drawn


def _keeps() -> bool:
    """Whether a browser keeps what it is not sent again, and its message tells of this move alone.

    Streamlit's test runner knows the last run only: it has no browser's headers. A browser that went back tells of all
    controls at once, and has to be told in turn what they say.
    """
    context = get_script_run_ctx(suppress_warning=True)
    return bool(context and not context.is_history_navigation and st.context.headers and parts.n_moved() == 1)


def _said() -> Hashable | None:
    """What the sidebar says, as far as a move can change it; None if that is not known, or may be anything."""
    context = get_script_run_ctx(suppress_warning=True)
    is_open = getattr(st.session_state.get(SHARE), "open", False)  # a link that is on show is that of these settings
    if context is None or is_open or pinned.pins() or shared.fixed():
        return None
    try:
        return (context.page_script_hash, *scenario.said(controls.current()))
    except RegdashError:
        return None
