"""The Study page through Streamlit's own test runner, as its tests share it."""

import json
import threading
import time

import numpy as np
from streamlit.testing.v1 import AppTest

from regdash.study import run_study
from regdash.teaching.scenarios import NOISY
from regdash.ui.study import job

PATIENCE = 40.0
SCRIPT = """
import streamlit as st
from regdash.ui.common import places
pages = [places.explore(), places.study()]
st.navigation(pages)
places.draw(pages[st.session_state.get("page", 1)])
"""
SMALL = {"width": "8", "epochs": "5", "n_samples": "60", "seeds": "3"}
SMALL_BASE = NOISY.but(width=8, epochs=5, n_samples=60)


def opened(**query):
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def press(app, label):
    found = [button for button in app.button if button.label == label]
    assert found, [button.label for button in app.button]
    return found[0].click().run()


def finished(app, state="finished"):
    """The page once the study has come to an end; the timer that a browser would have is played here."""
    latest = time.monotonic() + PATIENCE
    while app.session_state[job.CURRENT].state in {"waiting", "running"} - {state}:
        assert time.monotonic() < latest
        time.sleep(0.02)
        app.run()
    app.run()
    assert app.session_state[job.CURRENT].state == state
    return app


def charts(app):
    """The figures on the page, by the first word of their traces' names."""
    found = (element.proto for element in app.get("bidi_component"))
    return [json.loads(each.json or each.mixed.json) for each in found if each.component_name == "regdash_chart"]


def text(app):
    elements = [*app.markdown, *app.caption, *app.warning, *app.info, *app.error]
    return "\n".join(element.value for element in elements)


class Held:
    """A runner that trains the study, and then waits for the test, reporting all the time."""

    def __init__(self):
        self.go = threading.Event()
        self.stopped = threading.Event()
        self.error = None

    def __call__(self, spec, *, on_progress, on_result, known, **_):
        result = run_study(spec, known=known)
        part = result.copy()
        # So far apart, with so little spread, that whatever judges them has a verdict to hold back.
        cells, seeds = part.fresh_accuracy.shape
        part.fresh_accuracy[:] = 0.5 + 0.1 * np.arange(cells)[:, None]
        part.fresh_accuracy[:] += 0.001 * np.random.default_rng(1).random((cells, seeds))
        part.done[:, -1] = False
        part.fresh_accuracy[:, -1] = np.nan
        on_result(part)
        try:
            on_progress(1, 2)  # however early it may go: as `run_study` does, or who has left would not be noticed
            while not self.go.wait(0.005):
                on_progress(1, 2)
        except BaseException:
            self.stopped.set()
            raise
        if self.error:
            raise self.error
        return result
