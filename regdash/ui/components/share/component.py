"""Registration and mounting of the share component (the .html, .css and .js beside this file)."""

from pathlib import Path

import streamlit as st

from regdash.ui.components.script import small

_HERE = Path(__file__).parent

_mount = st.components.v2.component(
    "regdash_share",
    html=(_HERE / "component.html").read_text(encoding="utf-8"),
    css=(_HERE / "component.css").read_text(encoding="utf-8"),
    js=small(_HERE),
    isolate_styles=False,  # tests, and checkers of accessibility, look into the page
)


def share(link: str, *, code: str, key: str, epochs: int = 0) -> None:
    """Show `link`, a button that copies it, and its QR code `code` (SVG; "" for none), small and large.

    With `epochs`, the browser tells where the picture on the page stands: see `epoch_of`.
    """
    _mount(
        key=key, data={"link": link, "code": code, "epochs": epochs, "known": epoch_of(key, epochs)},
        default={"epoch": None}, on_epoch_change=_rerun,
    )  # fmt: skip


def epoch_of(key: str, epochs: int) -> int | None:
    """The epoch at which the picture stands, 1 to `epochs`; None after the last one, or where it is not known."""
    told = getattr(st.session_state.get(key), "epoch", None)  # it comes from a browser, so anything may be in it
    return told if type(told) is int and 1 <= told < epochs else None


def _rerun() -> None:
    """Nothing to do but what follows, a rerun that draws the link with its epoch."""
