"""Registration and mounting of the picture component (the .html, .css and .js beside this file)."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.ui.components.plotly import LOADER, PATH, STYLE

_HERE = Path(__file__).parent

# One script in several files, each with one purpose; put one after the other instead of a build step.
SCRIPT_FILES = (
    "frames.js", "surface.js", "scores.js", "slider.js", "zoom.js", "stage.js", "figure.js", "sheet.js", "component.js"
)  # fmt: skip
SCRIPT = "\n".join([LOADER, *((_HERE / name).read_text(encoding="utf-8") for name in SCRIPT_FILES)])

CSS = STYLE + (_HERE / "component.css").read_text(encoding="utf-8")

# Registered once, at import; Streamlit keeps the definition for the process. No shadow root (`isolate_styles`): Plotly
# puts its style sheet into the document, where a shadow root would not see it.
_mount = st.components.v2.component(
    "regdash_picture",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=CSS,
    js=SCRIPT,
    isolate_styles=False,
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What goes with a picture.

    alt       the picture in words, for readers who cannot see it
    headline  the sentence above it, and
    settings  all that it was made with: both stand on the PNG that a visitor downloads
    stem      its file's name, without the ending
    """

    alt: str
    headline: str
    settings: str
    stem: str


def picture(payload: dict[str, Any], *, words: Words, key: str) -> int:
    """Show `payload` (see `regdash.figures.explore.picture.payload`), in place of what `key` showed before.

    Returns how many bytes that takes.
    """
    data = message(payload | asdict(words) | {"library": PATH})
    _mount(key=key, data=data, on_mode_change=_rerun)
    return len(data)


def message(data: dict[str, Any]) -> bytes:
    """`data` as the page's script reads it: the length of a JSON text (4 bytes, little first), the text, the surfaces.

    Bytes Streamlit passes on as they are, an object it would turn into text twice; and surfaces, most of a picture, are
    shorter and quicker as they are than as text.
    """
    frames = dict(data["frames"])
    surface = frames.pop("surface")
    text = json.dumps(data | {"frames": frames}, allow_nan=False).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, surface])


def _rerun() -> None:
    """The page has turned light or dark: nothing to do but what follows, a rerun that makes figures in its colours."""
