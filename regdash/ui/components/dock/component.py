"""Registration and mounting of the dock component (the .css and .js beside this file)."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.ui.components.script import Script
from regdash.ui.components.slider import Slider, move_in

_HERE = Path(__file__).parent
SCRIPT = Script.of("dock", [_HERE / "component.js"])
_COUNT = "dock_moves"  # in the session: the number of the visitor's last move that arrived here

_mount = st.components.v2.component(
    "regdash_dock",
    html='<div class="regdash-dock"></div>',
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=SCRIPT.loader,
    isolate_styles=False,  # tests, and checkers of accessibility, look into the page
)


def dock(sliders: list[Slider], *, key: str, on_move: Callable[[str, int], None]) -> None:
    """Show `sliders`. `on_move` is called with a name and what its `at` is to be when the visitor has moved one.

    It is not a second control of Streamlit's for the same setting: that would tell the server of its state with every
    message, also of one that the server itself has just changed, and undo the visitor's next move.
    """

    def moved() -> None:
        if move := move_in(getattr(st.session_state.get(key), "moved", None), sliders):
            st.session_state[_COUNT] = move.count
            on_move(move.name, move.at)

    data: dict[str, Any] = {"sliders": [asdict(slider) for slider in sliders], "count": st.session_state.get(_COUNT, 0)}
    _mount(key=key, data=data, on_moved_change=moved)
