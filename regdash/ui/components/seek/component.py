"""Registration and mounting of the seek component (the .js beside this file)."""

from pathlib import Path

import streamlit as st

_mount = st.components.v2.component(
    "regdash_seek", js=(Path(__file__).parent / "component.js").read_text(encoding="utf-8"), isolate_styles=False
)


def seek(epoch: int) -> None:
    """Have the picture on the page stand at an epoch, once, as soon as it is there; then it is the visitor's."""
    _mount(key="seek", data={"epoch": epoch})
