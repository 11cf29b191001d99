"""Registration and mounting of the component that hears calls (the .js beside this file)."""

import secrets
from pathlib import Path

import streamlit as st

from regdash.ui.components.script import small

_mount = st.components.v2.component("regdash_again", js=small(Path(__file__).parent), isolate_styles=False)


def listen(name: str) -> None:
    """From now on, `again(name)` has drawn what this call stands in: the fragment, or the whole page."""
    _mount(key=f"again_{name}", data={"name": name}, on_call_change=_rerun)


def again(name: str) -> None:
    """Have drawn, once and by the browser, what listens to this name. One at a time: of two fragments that ask at once,
    Streamlit 1.67 draws one.

    `st.rerun` from a fragment would draw the whole page, picture and all.
    """
    st.html(f'<span class="regdash-again" data-for="{name}" data-call="{secrets.token_hex(8)}" hidden></span>')


def _rerun() -> None:
    """Nothing to do but what follows."""
