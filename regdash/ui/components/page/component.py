"""Registration and mounting of the page component (the .html, .css and .js beside this file)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from regdash.ui.components.plotly import LIBRARY, PATH
from regdash.ui.components.script import Script

_HERE = Path(__file__).parent
SCRIPT = Script.of("page", [_HERE / "rehearsal.js", _HERE / "component.js"], first=LIBRARY)

_mount = st.components.v2.component(
    "regdash_page",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=SCRIPT.loader,
    isolate_styles=False,  # most of its rules are for the page around it
)


@dataclass(frozen=True, kw_only=True)
class Call:
    """What the browser is to send in a while, unless another call replaces this one: `word`, `after` milliseconds."""

    word: str
    after: int


def page(
    name: str,
    *,
    said: str,
    heading: str = "",
    charts_follow: bool = False,
    call: Call | None = None,
    on_call: Callable[[str], None] | None = None,
) -> None:
    """What a page needs besides what it shows: its style; focus that is not lost; and for readers who cannot see it

    name           of the page: when another one comes, the sidebar of a phone gives way
    said           a sentence that is read out whenever it changes, but not when the page opens
    heading        the page's first heading, where it shows none
    charts_follow  whether the chart library is loaded and tried ahead, for charts that are not there yet
    call           what makes the browser ask for this part of the page again; then `on_call` is told its word, which
                   comes from a browser: anything may be in it
    """
    key = f"page_{name}"

    def called() -> None:
        word = getattr(st.session_state.get(key), "call", None)  # a hand-made message may lack all the rest
        if on_call is not None and isinstance(word, str):
            on_call(word)

    data = {"page": name, "said": said, "heading": heading, "library": PATH if charts_follow else ""}
    _mount(key=key, data=data | {"call": call and asdict(call)}, on_call_change=called)
