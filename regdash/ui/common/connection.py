"""What a page does when its connection was lost: it asks to be drawn, since another server may answer now."""

from datetime import timedelta

import streamlit as st

from regdash.ui.common import parts


def is_made_good() -> None:
    """Once a run, at its end: nothing to see, at the end of the sidebar, where an empty place moves nothing.

    After a new connection, Streamlit 1.67's front end asks for a run only if the last one was of a part of the page, or
    if a part is due at times. Otherwise a new session would first hear of the page by a click on a button, and drop it.
    """
    with st.sidebar, st.container():
        parts.part(_nothing, run_every=timedelta(days=1))()


def _nothing() -> None:
    """Nothing to draw."""
