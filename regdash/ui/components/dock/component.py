"""Registration and mounting of the dock component (the .css and .js beside this file)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent
_COUNT = "dock_moves"  # in the session: the number of the visitor's last move that arrived here

_mount = st.components.v2.component(
    "regdash_dock",
    html='<div class="regdash-dock"></div>',
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=(_HERE / "component.js").read_text(encoding="utf-8"),
    isolate_styles=False,  # tests, and checkers of accessibility, look into the page
)


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A setting as the dock shows it: `texts` are its stops, `at` is the index of the one that holds, `low` the first
    and `high` the last index. A whole number without stops, such as a seed, has no `texts`; then `at` is the number
    itself, from `low` to `high`.
    """

    name: str
    label: str
    texts: tuple[str, ...]
    at: int
    low: int
    high: int


def dock(sliders: list[Slider], *, key: str, on_move: Callable[[str, int], None]) -> None:
    """Show `sliders`. `on_move` is called with a name and what its `at` is to be when the visitor has moved one.

    It is not a second control of Streamlit's for the same setting: that would tell the server of its state with every
    message, also of one that the server itself has just changed, and undo the visitor's next move.
    """
    known = {slider.name: slider for slider in sliders}

    def moved() -> None:
        move = getattr(st.session_state.get(key), "moved", None)
        if not isinstance(move, dict):  # it comes from a browser, so anything may be in it
            return
        name, at, count = move.get("name"), move.get("at"), move.get("count")
        slider = known.get(name) if isinstance(name, str) else None
        if slider and type(at) is int and slider.low <= at <= slider.high:
            st.session_state[_COUNT] = count if type(count) is int else 0
            on_move(slider.name, at)

    data: dict[str, Any] = {"sliders": [asdict(slider) for slider in sliders], "count": st.session_state.get(_COUNT, 0)}
    _mount(key=key, data=data, on_moved_change=moved)
