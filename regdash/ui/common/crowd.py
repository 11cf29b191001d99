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
_COUNTED = "visitor_counted"  # in the session


def arrive() -> None:
    """Count a visitor, once."""
    if _COUNTED not in st.session_state:
        st.session_state[_COUNTED] = True
        if _arrivals().are_many():
            cache.batcher().expect_crowd()


def is_there() -> bool:
    """Whether several visitors have come a moment ago."""
    return _arrivals().were_many()


class Arrivals:
    """The latest visitors."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=CROWD)  # by `time.monotonic`

    def are_many(self) -> bool:
        """Note one more; returns whether `CROWD` have come `WITHIN` the last seconds."""
        with self._lock:
            self._times.append(time.monotonic())
        return self.were_many()

    def were_many(self) -> bool:
        """Whether `CROWD` came within `WITHIN` seconds, the last of them within ten times as many."""
        with self._lock:
            times = tuple(self._times)
        return len(times) == CROWD and times[-1] - times[0] <= WITHIN and time.monotonic() - times[-1] <= 10 * WITHIN


@Once
def _arrivals() -> Arrivals:
    return Arrivals()
