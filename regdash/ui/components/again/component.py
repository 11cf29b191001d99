"""Registration and mounting of the component that hears calls (the .js beside this file)."""

import secrets
from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "regdash_again", js=(Path(__file__).parent / "component.js").read_text(encoding="utf-8"), isolate_styles=False
)


def listen(name: str) -> None:
    """From now on, `again` has drawn what this call stands in: the fragment, or the whole page. Several may listen."""
    _mount(key=f"again_{name}", on_call_change=_rerun)


def again() -> None:
    """Have drawn, once and by the browser, what listens.

    `st.rerun` would take the address of when the script began, and leave out a control that the visitor moves at this
    moment: it would jump back.
    """
    st.html(f'<span class="regdash-again" data-call="{secrets.token_hex(8)}" hidden></span>')


def _rerun() -> None:
    """Nothing to do but what follows."""
