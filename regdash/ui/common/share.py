"""The "Copy link" button of every page: a permanent link to what is on screen, its QR code, and what it locks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.errors import ConfigError
from regdash.permalink import Explore, Lesson, Lessons, Study, View, encode
from regdash.ui.common import parts, presenter, qr, shared
from regdash.ui.common.failures import sentence
from regdash.ui.components.share import share
from regdash.ui.components.share.component import epoch_of

Page = Explore | Study | Lessons | Lesson
KEY = "share"
LOCK, HIDE = "Some, the rest locked", "Some, the rest hidden"
MAY_CHANGE = ("Everything", LOCK, HIDE)
LONGEST_CODE = 1200  # characters: 113 modules and more are too fine for phones at the back of a room


def button(
    page: Callable[[], Page | None],
    *,
    mark: Callable[[], str] = lambda: "",
    controls: Mapping[str, str] = MappingProxyType({}),
    extras: Callable[[], None] = lambda: None,
) -> None:
    """Draw it, where the page stands. All functions are called when it has been pressed, and not before.

    page      what is on screen; None where there is nothing to link to
    mark      the fingerprint of what was computed, as text
    controls  what a teacher may let stand still: a control's name in links → its label
    extras    draws what else there is to choose; `page` may heed it
    """
    with st.container():
        parts.part(_popover)(page, mark, controls, extras)


def _popover(
    page: Callable[[], Page | None], mark: Callable[[], str], controls: Mapping[str, str], extras: Callable[[], None]
) -> None:
    box: Any = st.popover(
        "Copy link", icon=":material/link:", key=KEY, on_change="rerun", width="stretch",
        help="A link to what you see, with all settings written out, and its QR code.",
    )  # fmt: skip
    if not box.open:
        return
    with box:
        found = page()
        if found is None:
            st.caption("There is nothing to link to: the settings above make no study.")
            return
        place = st.container()
        extras()
        present = st.checkbox("Opens in presenter mode", value=presenter.is_on(), key=f"share_{presenter.is_on()}")
        still = _still(controls)
        found = page()  # again: the choices are below the link, which depends on them
        dock = presenter.chosen() if present and presenter.chosen() != presenter.USUAL else ()
        view = View(page=found or Lessons(), present=present, controls=dock, mark=mark(), **still)
        with place:
            _show(view)


def _show(view: View) -> None:
    key, epochs = "share_link", view.page.config.epochs if isinstance(view.page, Explore) else 0
    if isinstance(view.page, Explore):
        view = replace(view, page=replace(view.page, epoch=epoch_of(key, epochs)))
    try:
        link = address(view)
    except ConfigError as error:
        st.caption(sentence(error))
        return
    drawn = qr.svg(link) if len(link) <= LONGEST_CODE else ""
    share(link, code=drawn, key=key, epochs=epochs)


def address(view: View) -> str:
    """The whole link: by the address at which the browser has this page, whatever stands between it and the server."""
    base = (st.context.url or "").rstrip("/")
    is_root = isinstance(view.page, Explore)
    return f"{base}{'/' if is_root else ''}?{encode(view)}"


def _still(controls: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What stands still for whoever opens the link: what does here already, or what a teacher chooses."""
    before = shared.view()
    if before is not None and before.fixed:
        st.caption("What stands still here does so in this link, too.")
        return {"hide": before.hide, "lock": before.lock}
    if not controls:
        return {}
    mode = st.selectbox("Who opens it may change", MAY_CHANGE, key="share_mode")
    if mode not in (LOCK, HIDE):
        return {}
    free = st.multiselect(
        "Leave free", list(controls), [name for name in presenter.USUAL if name in controls],
        format_func=lambda name: controls[name], key=f"share_free_{len(controls)}", placeholder="Nothing",
    )  # fmt: skip
    rest = tuple(name for name in controls if name not in free)
    return {"lock": rest} if mode == LOCK else {"hide": rest}
