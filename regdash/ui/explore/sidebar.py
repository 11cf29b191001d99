"""Explore's sidebar, which is half of what a run of the page sends: not before the picture, if that can be.

A browser draws what comes first. Where it is known what the controls will say, they are drawn while networks train, or
after the picture. Their places are the same.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from regdash.config import RunConfig
from regdash.ui.common import controls, links, scenario
from regdash.ui.explore import alone, experiments, pins, shared


class Sidebar:
    """That of one run of the page. `config` are its settings, whether it is drawn already or not."""

    def __init__(self) -> None:
        self._link = st.sidebar.container()  # filled when it is known what there is to link to
        self._is_due = True
        self._known = controls.known()
        self.config: RunConfig = self._known or self._controls()

    @contextmanager
    def after(self) -> Iterator[Callable[[], None]]:
        """At the end of the body, the sidebar is drawn, unless the body has called what it is given.

        An error in the body does not take the controls away.
        """

        def draw() -> None:
            if self._is_due:
                self._is_due = False
                self._draw()

        try:
            yield draw
        except Exception:  # not one by which Streamlit ends the run: the next one is about to begin
            draw()
            raise
        draw()

    def _draw(self) -> None:
        if self._known and self._controls() != self._known:
            controls.are_unknown()
            st.rerun()
        links.settle()
        with self._link:
            shared.button()

    def _controls(self) -> RunConfig:
        config, places = controls.settings(on_move=alone.moved)
        scenario.draw(places, config, beside=experiments.menu, own=shared.OWN)
        with st.sidebar:
            pins.pin_button(config)
        return config
