"""The chart library that pictures and charts share: where it is, and the script that loads it once for both."""

from pathlib import Path

import streamlit as st

NAME = "plotly-cartesian-4.1.1.min.js"
FILE = Path(__file__).parents[4] / "static" / NAME  # served by Streamlit under app/static
LOADER = (Path(__file__).parent / "library.js").read_text(encoding="utf-8")


def library_address() -> str:
    """Where this server has the chart library, also where the app lives under a path of its own."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return "/".join(["", *filter(None, [base]), "app", "static", NAME])
