"""Several visitors who come at about the same time will soon train at once: processes for that are started beforehand.

They take some seconds to start, in which a classroom that has just opened the page would wait for its first moves.
"""

import threading
import time
from collections import deque

import streamlit as st

from regdash.serving.batcher import CROWD
from regdash.serving.once import Once
from regdash.ui.common import cache

WITHIN = 60.0  # seconds
HURRY, HURRY_WITHIN = 60, 10.0  # runs of pages in so many seconds: a quarter of what a process can do
_COUNTED = "visitor_counted"  # in the session


def arrive() -> None:
    """Count a visitor, once, and each run of a page."""
    _arrivals().run()
    if _COUNTED not in st.session_state:
        st.session_state[_COUNTED] = True
        if _arrivals().are_many():
            cache.batcher().expect_crowd()


def is_there() -> bool:
    """Whether several visitors have come a moment ago."""
    return _arrivals().were_many()


def is_in_a_hurry() -> bool:
    """Whether visitors move so often that what can wait should."""
    return _arrivals().are_in_a_hurry()


class Arrivals:
    """The latest visitors, and the latest runs of pages."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=CROWD)  # by `time.monotonic`
        self._runs: deque[float] = deque(maxlen=HURRY)

    def are_many(self) -> bool:
        """Note one more; returns whether `CROWD` have come `WITHIN` the last seconds."""
        with self._lock:
            self._times.append(time.monotonic())
        return self.were_many()

    def run(self) -> None:
        """Note a run of a page."""
        with self._lock:
            self._runs.append(time.monotonic())

    def are_in_a_hurry(self) -> bool:
        """Whether the latest `HURRY` runs came within `HURRY_WITHIN` seconds, and just now."""
        with self._lock:
            return len(self._runs) == HURRY and time.monotonic() - self._runs[0] <= HURRY_WITHIN

    def were_many(self) -> bool:
        """Whether `CROWD` came within `WITHIN` seconds, the last of them within ten times as many."""
        with self._lock:
            times = tuple(self._times)
        return len(times) == CROWD and times[-1] - times[0] <= WITHIN and time.monotonic() - times[-1] <= 10 * WITHIN


@Once
def _arrivals() -> Arrivals:
    return Arrivals()
