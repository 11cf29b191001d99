"""Registration and mounting of the chart component (the .html, .css and .js beside this file)."""

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.ui.components.plotly import LOADER, PATH, STYLE
from regdash.ui.components.script import Script

_HERE = Path(__file__).parent
SCRIPT = Script.of("chart", [_HERE / "component.js"], first=LOADER)

# Registered once, at import. No shadow root (`isolate_styles`), since Plotly puts its style sheet into the document.
_mount = st.components.v2.component(
    "regdash_chart",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=STYLE + (_HERE / "component.css").read_text(encoding="utf-8"),
    js=SCRIPT.loader,
    isolate_styles=False,
)


def chart(
    payload: dict[str, Any],
    *,
    alt: str,
    settings: str,
    file_stem: str,
    key: str,
    level: int,
    on_click: Callable[[Any], None] | None = None,
) -> None:
    """Show `payload` (see `regdash.figures.study.chart.payload`), in place of what `key` showed before.

    alt        the chart in words, for readers who cannot see it
    settings   what the chart was made with: a line on the PNG
    level      of its title among the page's headings
    file_stem  names the PNG that a visitor downloads
    on_click   called before the next run with what was clicked: {"trace": uid, "point": index or [row, column]}; it
               comes from a browser, so anything may be in it. None: nothing can be clicked.
    """
    known = {
        "alt": alt,
        "settings": settings,
        "level": level,
        "stem": file_stem,
        "library": PATH,
        "clickable": on_click is not None,
    }
    data = payload | known
    text = json.dumps(data, allow_nan=False)  # a browser's parser knows no NaN; Streamlit would send it all the same

    def clicked() -> None:
        if on_click is not None:
            # A second click may come when the chart has gone.
            on_click((st.session_state.get(key) or {}).get("clicked"))

    version = {"version": zlib.crc32(text.encode())}
    _mount(key=key, data=data | version, on_clicked_change=clicked, on_mode_change=_rerun)


def _rerun() -> None:
    """Nothing to do but what Streamlit does anyway after a trigger: run what is drawn here again."""
