"""What pictures and charts share: where the chart library is, and the scripts and the style for what it draws."""

from pathlib import Path

import streamlit as st

NAME = "plotly-cartesian-4.1.1.min.js"
FILE = Path(__file__).parents[4] / "static" / NAME  # served by Streamlit under app/static
_HERE = Path(__file__).parent
LOADER = "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("library", "reach", "paper", "png"))
STYLE = (_HERE / "plot.css").read_text(encoding="utf-8")


def library_path() -> str:
    """Where the chart library is, relative to the app; nothing if this server does not hand it out.

    The whole address only a browser knows: a proxy may show the app under a path that the server never hears of.
    """
    return f"app/static/{NAME}" if st.get_option("server.enableStaticServing") else ""
