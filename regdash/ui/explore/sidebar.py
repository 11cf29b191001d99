"""Explore's sidebar, which is two thirds of what a run of the page sends: not before the picture, if that can be.

A browser draws what comes first. Where it is known what the controls will say, they are drawn while networks train, or
after the picture. Their places are the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from regdash.config import RunConfig
from regdash.ui.common import controls, links
from regdash.ui.explore import experiments, pins, shared


class Sidebar:
    """That of one run of the page. `config` are its settings, whether it is drawn already or not."""

    def __init__(self) -> None:
        self._link = st.sidebar.container()  # filled when it is known what there is to link to
        self._is_due = True
        self._known = controls.known()
        self.config: RunConfig = self._known or self._controls()

    @contextmanager
    def after(self, arms: list[str], view: str) -> Iterator[Callable[[], None]]:
        """At the end of the body, the sidebar is drawn, unless the body has called what it is given.

        An error in the body does not take the controls away. `arms` and `view` are what a link is to say.
        """

        def draw() -> None:
            if self._is_due:
                self._is_due = False
                self._draw(arms, view)

        try:
            yield draw
        except Exception:  # not one by which Streamlit ends the run: the next one is about to begin
            draw()
            raise
        draw()

    def _draw(self, arms: list[str], view: str) -> None:
        if self._known and self._controls() != self._known:
            controls.are_unknown()
            st.rerun()
        links.settle()
        with self._link:
            shared.button(self.config, arms, view)

    def _controls(self) -> RunConfig:
        config = controls.sidebar(experiments.menu, shared.OWN)
        with st.sidebar:
            pins.pin_button(config)
        return config
