"""Registration and mounting of the component that brings stops to the picture (the .js beside this file)."""

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from regdash.ui.components.script import small

_mount = st.components.v2.component("regdash_supply", js=small(Path(__file__).parent), isolate_styles=False)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a browser lacks: stops of the setting `name`, of what `id` stands for, but for those that it has."""

    name: str
    id: str
    have: frozenset[int]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A stop's run: it is that of the networks `keys`; `piece` is what `regdash.figures.explore.strength` encodes."""

    stop: int
    keys: tuple[str, ...]
    piece: bytes


def supply(
    *, key: str, id: str = "", parts: Sequence[Part] = (), note: str = "", again: int | None,
    on_wish: Callable[[Wish], None],
) -> None:  # fmt: skip
    """Bring `parts` to the picture; `again` milliseconds later the browser asks for what it lacks, if it does.

    `id` is what the parts are of, and `note` is to be said about them. `on_wish` is told what the browser asks for, in
    which anything may be: it comes from a browser. None for `again`: this was all there is.
    """

    def wished() -> None:
        wish = wish_in(getattr(st.session_state.get(key), "wish", None))
        if wish is not None:
            on_wish(wish)

    listed = [{"stop": part.stop, "keys": part.keys, "size": len(part.piece)} for part in parts]
    said = {"id": id, "note": note, "again": again, "parts": listed}
    text = json.dumps(said | {"word": secrets.token_hex(4)}).encode()  # a browser looks only at what has changed
    data = b"".join([len(text).to_bytes(4, "little"), text, *(part.piece for part in parts)])
    _mount(key=key, data=data, on_wish_change=wished)


def wish_in(told: Any) -> Wish | None:
    """The wish that a browser tells; None if it is none."""
    if not isinstance(told, dict):
        return None
    name, id, have = told.get("name"), told.get("id"), told.get("have")
    if not (isinstance(name, str) and isinstance(id, str) and isinstance(have, list)):
        return None
    return Wish(name=name, id=id, have=frozenset(stop for stop in have if type(stop) is int))
