"""Files to download: made when they are asked for, one at a time, and once for what they are made of.

Streamlit calls a button's function for every request, and whoever can press a button can do so a thousand times.
"""

import threading
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

T = TypeVar("T", bound=str | bytes)

_MADE = "downloads"  # in the session: by button, what its file was made of, and the file
_one_at_a_time = threading.Lock()  # of all visitors: some take a second or two


def once(button: str, source: object, make: Callable[[], T]) -> Callable[[], T]:
    """What gives a button's file, and makes it only if it was last made from another `source`.

    A session keeps one file for each button.
    """
    made: dict[str, tuple[object, T]] = st.session_state.setdefault(_MADE, {})

    def file() -> T:
        with _one_at_a_time:
            if button not in made or made[button][0] != source:
                made[button] = source, make()
            return made[button][1]

    return file
