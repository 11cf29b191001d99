"""The chart library that pictures and charts share: where it is, and the script that loads it once for both."""

from pathlib import Path

import streamlit as st

NAME = "plotly-cartesian-4.1.1.min.js"
FILE = Path(__file__).parents[4] / "static" / NAME  # served by Streamlit under app/static
LOADER = (Path(__file__).parent / "library.js").read_text(encoding="utf-8")


def library_path() -> str:
    """Where the chart library is, relative to the app; nothing if this server does not hand it out.

    The whole address only a browser knows: a proxy may show the app under a path that the server never hears of.
    """
    return f"app/static/{NAME}" if st.get_option("server.enableStaticServing") else ""
