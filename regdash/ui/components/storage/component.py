"""Registration and mounting of the storage component (the .js beside this file)."""

import json
from pathlib import Path
from typing import Any

import streamlit as st

MOST = 20_000  # characters that are taken from a browser

_mount = st.components.v2.component(
    "regdash_storage", js=(Path(__file__).parent / "component.js").read_text(encoding="utf-8"), isolate_styles=False
)


def storage(name: str, value: Any) -> tuple[bool, Any]:
    """Keep `value`, which JSON can say, under `name` in the visitor's browser; None: ask what it holds.

    Returns whether the browser has told what it holds, and that. It comes from a browser, so anything may be in it;
    what is no JSON, or too long, is None.
    """
    text = None if value is None else json.dumps(value, sort_keys=True)
    found = _mount(
        key=f"storage_{name}", data={"name": name, "text": text}, default={"held": None}, on_held_change=_rerun
    )
    held = found.held
    if held is None:
        return False, None
    try:
        return True, json.loads(held) if isinstance(held, str) and len(held) <= MOST else None
    except ValueError:
        return True, None


def _rerun() -> None:
    """Nothing to do but what follows, a rerun that shows what the browser holds."""
