"""Words in the theme's primary colour, which white must stand on, are too dim on a dark page: they get its text colour.

The theme cannot say so: slider values, chosen options and what the pointer is on take the primary colour, as the
grounds of buttons and chips do.
"""

import streamlit as st

STYLE = """<style>
[data-testid="stSidebar"] [data-testid="stSliderThumbValue"],
[data-testid="stMain"] [data-testid="stSliderThumbValue"],
[data-testid="stApp"] [data-testid="stButtonGroup"] :is([data-selected], [data-hovered]),
[data-testid="stApp"] button[data-testid="stBaseButton-secondary"]:hover { color: inherit; }
</style>"""


def words() -> None:
    """Once a run, on every page."""
    st.html(STYLE)
