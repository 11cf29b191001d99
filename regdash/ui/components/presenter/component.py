"""Registration and mounting of the presenter component (the .html, .css and .js beside this file)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.ui.components.script import Script

_HERE = Path(__file__).parent
_COUNT = "presenter_turns"  # in the session: the number of the visitor's last turn that arrived here
SCRIPT = Script.of("presenter", [_HERE / f"{name}.js" for name in ("keys", "scenes", "sheet", "component")])

_mount = st.components.v2.component(
    "regdash_presenter",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=SCRIPT.loader,
    isolate_styles=False,  # most of its rules are for the page around it
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What fills the screen at one time: elements of the page by their Streamlit keys, the last of which must be there
    for the scene to be.
    """

    name: str
    parts: tuple[str, ...]


def presenter(
    scenes: Sequence[Scene],
    *,
    on: bool,
    offered: Mapping[str, str],
    chosen: Sequence[str],
    most: int,
    key: str,
    on_turn: Callable[[bool], None],
    on_choose: Callable[[list[str]], None],
) -> None:
    """The button, the keys, the help sheet and, where it is `on`, the screen.

    scenes     of this page, in order; none: its containers whose key begins with "scene_", as they stand
    offered    controls that may stand below the picture, key -> label; `chosen` are those that do, `most` that may
    on_turn    is called with whether the mode is to be on, when the visitor turns it on or off
    on_choose  is called with the controls that the visitor has chosen, all of them among `offered`
    """

    def turned() -> None:
        turn = getattr(st.session_state.get(key), "turned", None)
        if isinstance(turn, dict) and type(turn.get("on")) is bool:  # it comes from a browser: anything may be in it
            count = turn.get("count")
            st.session_state[_COUNT] = count if type(count) is int else 0
            on_turn(turn["on"])

    def chose() -> None:
        names = getattr(st.session_state.get(key), "chosen", None)
        if isinstance(names, list) and len(names) <= most and all(isinstance(n, str) and n in offered for n in names):
            on_choose(list(dict.fromkeys(names)))

    data: dict[str, Any] = {
        "on": on,
        "count": st.session_state.get(_COUNT, 0),
        "scenes": [asdict(scene) for scene in scenes],
        "offered": dict(offered),
        "chosen": list(chosen),
        "most": most,
    }
    _mount(key=key, data=data, on_turned_change=turned, on_chosen_change=chose)
