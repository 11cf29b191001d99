"""Registration and mounting of the picture component (the .html, .css and .js beside this file)."""

import json
from pathlib import Path
from typing import Any

import streamlit as st

LIBRARY = "plotly-cartesian-4.1.1.min.js"  # in static/, served by Streamlit under app/static
_HERE = Path(__file__).parent

SCRIPT_FILES = ("library.js", "frames.js", "surface.js", "scores.js", "zoom.js", "picture.js")
# One script in several files, each with one purpose; put one after the other instead of a build step.
SCRIPT = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in SCRIPT_FILES)

# Registered once, at import; Streamlit keeps the definition for the process. No shadow root (`isolate_styles`): Plotly
# puts its style sheet into the document, where a shadow root would not see it.
_mount = st.components.v2.component(
    "regdash_picture",
    html=(_HERE / "picture.html").read_text(encoding="utf-8"),
    css=(_HERE / "picture.css").read_text(encoding="utf-8"),
    js=SCRIPT,
    isolate_styles=False,
)


def picture(payload: dict[str, Any], *, alt: str, file_stem: str, key: str) -> None:
    """Show `payload` (see `regdash.figures.picture.payload`), in place of what `key` showed before.

    `alt` is the picture in words; `file_stem` names the PNG that a visitor downloads.
    """
    data = payload | {"alt": alt, "stem": file_stem, "library": library_address()}
    # As bytes, which Streamlit passes on as they are; an object it would turn into text twice: 1 ms a picture.
    _mount(key=key, data=json.dumps(data, allow_nan=False).encode(), on_mode_change=_rerun)


def library_address() -> str:
    """Where this server has the chart library, also where the app lives under a path of its own."""
    base = str(st.get_option("server.baseUrlPath")).strip("/")
    return "/".join(["", *filter(None, [base]), "app", "static", LIBRARY])


def _rerun() -> None:
    """The page has turned light or dark: nothing to do but what follows, a rerun that makes figures in its colours."""
