"""Registration and mounting of the storage component (the .js beside this file)."""

import json
import secrets
from pathlib import Path
from typing import Any

import streamlit as st

MOST = 20_000  # characters that are taken from a browser

_mount = st.components.v2.component(
    "regdash_storage", js=(Path(__file__).parent / "component.js").read_text(encoding="utf-8"), isolate_styles=False
)


def storage(name: str, value: Any, *, first: Any = None, early: bool = False) -> tuple[bool, Any]:
    """Keep `value`, which JSON can say, under `name` in the visitor's browser; None: ask what it holds.

    A browser that holds nothing keeps `first`, if that is given, and holds it from then on, in all its tabs. With
    `early`, it tells each time what it has kept, so that a session which takes over from a lost one has it at once.

    Returns whether the browser has told this session what it holds, and that; with `early`, what it has told the lost
    one until then. It comes from a browser, so anything may be in it; what is no JSON, or too long, is None.
    """
    text, first_text = (None if each is None else json.dumps(each, sort_keys=True) for each in (value, first))
    data = {"name": name, "text": text, "first": first_text, "asked": _asked(name), "early": early}
    held = _mount(key=_key(name), data=data, default={"held": None}, on_held_change=_rerun).held
    return _told(name, held, early=early)


def told(name: str) -> tuple[bool, Any]:
    """What `storage` will return in this run, known before it is drawn; (False, None) in a session's first."""
    return _told(name, getattr(st.session_state.get(_key(name)), "held", None))


def _told(name: str, held: Any, *, early: bool = False) -> tuple[bool, Any]:
    if not isinstance(held, dict):
        return False, None
    has_told = held.get("asked") == _asked(name)
    return has_told, _read(held.get("text")) if has_told or early else None


def _key(name: str) -> str:
    return f"storage_{name}"


def _asked(name: str) -> str:
    """This session's question."""
    found: str = st.session_state.setdefault(f"storage_asked_{name}", secrets.token_hex(8))
    return found


def _read(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) and len(text) <= MOST else None
    except ValueError:
        return None


def _rerun() -> None:
    """Nothing to do but what follows, a rerun that shows what the browser holds."""
