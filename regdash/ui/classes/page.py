"""The Class page: which of its three views the address asks for."""

import streamlit as st

from regdash.errors import ClassError
from regdash.ui.classes import browser, door, student, teacher
from regdash.ui.classes.ways import Ways
from regdash.ui.common.failures import sentence
from regdash.ui.components.history import settled
from regdash.ui.components.page import page as for_browser

JOIN, TEACH, LESSON = "join", "teach", "lesson"  # parameters of the address


def page(ways: Ways) -> None:
    """Draw the page. What is wrong with a class, or with where classes are kept, is said here; other pages go on."""
    joined, taught = st.query_params.get(JOIN), st.query_params.get(TEACH)
    with st.container(key="unseen"):
        for_browser("class", said="", heading="Class" if joined or taught else "")
        browser.arrive()
    try:
        if joined:
            student.show(joined)
        elif taught:
            teacher.show(taught, ways)
        else:
            door.show(st.query_params.get(LESSON))
    except ClassError as error:
        door.show(None, trouble=sentence(error))
    settled({})
