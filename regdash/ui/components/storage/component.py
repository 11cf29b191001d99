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


def storage(name: str, value: Any, *, first: Any = None) -> tuple[bool, Any]:
    """Keep `value`, which JSON can say, under `name` in the visitor's browser; None: ask what it holds.

    A browser that holds nothing keeps `first`, if that is given, and holds it from then on, in all its tabs.

    Returns whether the browser has told what it holds, and that. It comes from a browser, so anything may be in it;
    what is no JSON, or too long, is None.
    """
    asked = st.session_state.setdefault(f"storage_asked_{name}", secrets.token_hex(8))  # of this session alone
    text, first_text = (None if each is None else json.dumps(each, sort_keys=True) for each in (value, first))
    data = {"name": name, "text": text, "first": first_text, "asked": asked}
    held = _mount(key=f"storage_{name}", data=data, default={"held": None}, on_held_change=_rerun).held
    if not isinstance(held, dict) or held.get("asked") != asked:
        return False, None
    try:
        found = held.get("text")
        return True, json.loads(found) if isinstance(found, str) and len(found) <= MOST else None
    except ValueError:
        return True, None


def _rerun() -> None:
    """Nothing to do but what follows, a rerun that shows what the browser holds."""
