"""Registration and mounting of the component that looks at a class (the .css and .js beside this file)."""

from pathlib import Path
from types import MappingProxyType

import streamlit as st

from regdash.classes.room import Room
from regdash.ui.components.script import small

_HERE = Path(__file__).parent

NOTHING = MappingProxyType({"version": -1, "joined": 0, "answered": 0})  # any version is another one

_mount = st.components.v2.component(
    "regdash_watch",
    html='<div class="regdash-watch"><p class="counts"></p><p class="said" role="status"></p></div>',
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=small(_HERE),
    isolate_styles=False,
)


def watch(path: str, drawn: Room | None, *, said: str, counts: str = "", every: float = 0.0, key: str) -> None:
    """Have drawn again what this stands in, fragment or page, when `path` tells of another version.

    path     relative to the app: answers {"version": …, "joined": …, "answered": …, "after": …, "over": …}
    drawn    what is drawn now; None: nothing of the class
    said     a sentence that is read out when it changes
    counts   a sentence with {joined} and {answered}, which the browser keeps true by itself; "": nothing is shown
    every    seconds between two looks; 0: as often as the answers say

    The looks need no run of the page. They rest while the page cannot be seen, and end when the class is over.
    """
    known = {"version": drawn.version, "joined": drawn.joined, "answered": drawn.answered} if drawn else NOTHING
    data = {"path": path, "drawn": dict(known), "said": said, "counts": counts, "every": every}
    _mount(key=key, data=data, on_changed_change=_rerun)


def _rerun() -> None:
    """Nothing to do but what follows."""
