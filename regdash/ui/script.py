"""What Streamlit runs for every visitor, at every move: the pages' table of contents."""

from pathlib import Path

import streamlit as st

from regdash.ui.common import connection, failures, legible, parts, places, unheard

STATIC = Path(__file__).parents[2] / "static"  # wherever the server was started

unheard.tell()
st.set_page_config(
    page_title="RegDash: see what regularization does",
    page_icon=STATIC / "icon.svg",
    layout="wide",
    initial_sidebar_state=280,
)
st.logo(STATIC / "logo.svg", size="large", icon_image=STATIC / "icon.svg")
legible.words()
page = st.navigation([places.explore(), places.study(), places.lessons(), places.classes()])
with failures.told():
    places.draw(page)
connection.is_made_good()
parts.are_watched()
