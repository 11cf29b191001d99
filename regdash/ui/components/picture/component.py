"""Registration and mounting of the picture component (the .html, .css and .js beside this file)."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.ui.components.plotly import LOADER, PATH, STYLE
from regdash.ui.components.script import Script
from regdash.ui.components.slider import Slider, move_in

_HERE = Path(__file__).parent
_COUNT = "strength_moves"  # in the session: the number of the visitor's last move that arrived here

SCRIPT_FILES = (
    *("frames.js", "surface.js", "scores.js", "slider.js", "stops.js", "strength.js", "ahead.js", "overlay.js"),
    *("film.js", "play.js", "zoom.js", "stage.js", "figure.js", "sheet.js", "component.js"),
)
SCRIPT = Script.of("picture", [_HERE / name for name in SCRIPT_FILES], first=LOADER)

CSS = STYLE + (_HERE / "component.css").read_text(encoding="utf-8")

# Registered once, at import; Streamlit keeps the definition for the process. No shadow root (`isolate_styles`): Plotly
# puts its style sheet into the document, where a shadow root would not see it.
_mount = st.components.v2.component(
    "regdash_picture",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=CSS,
    js=SCRIPT.loader,
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


@dataclass(frozen=True, kw_only=True)
class StrengthSlider(Slider):
    """A setting whose stops the picture shows without being sent anew: in the networks `keys`; `id` stands for all that
    those stops have in common.
    """

    id: str
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Strength:
    """The strength slider: the settings that it may move, and the name of the one to begin with."""

    sliders: tuple[StrengthSlider, ...]
    use: str


def picture(
    payload: dict[str, Any], *, words: Words, key: str, strength: Strength | None = None,
    on_release: Callable[[str, int], None] = lambda *_: None,
) -> int:  # fmt: skip
    """Show `payload` (see `regdash.figures.explore.picture.payload`), in place of what `key` showed before.

    `on_release` is told of a setting's name and a stop when the visitor has let go of the strength slider there.
    Returns how many bytes that takes.
    """

    def moved() -> None:
        told = getattr(st.session_state.get(key), "strength", None)
        if move := move_in(told, strength.sliders if strength else ()):
            st.session_state[_COUNT] = move.count
            on_release(move.name, move.at)

    told = strength and asdict(strength) | {"count": st.session_state.get(_COUNT, 0)}
    data = message(payload | asdict(words) | {"library": PATH, "strength": told})
    _mount(key=key, data=data, on_mode_change=_rerun, on_strength_change=moved)
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
