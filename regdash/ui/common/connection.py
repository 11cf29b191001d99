"""What a page does when its connection was lost: it asks to be drawn, since another server may answer now."""

from datetime import timedelta

import streamlit as st


@st.fragment(run_every=timedelta(days=1))
def is_made_good() -> None:
    """Once a run: nothing to see.

    After a new connection, Streamlit 1.67's front end asks for a run only if the last one was of a part of the page, or
    if a part is due at times. Otherwise a new session would first hear of the page by a click on a button, and drop it.
    """
