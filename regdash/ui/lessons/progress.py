"""What a visitor has done: kept in the session and in the browser's own storage, nowhere else.

By the key of a lesson: `tries`, how many predictions it took (0: shown without one that was right); `done`; `best`, the
record of its activity.
"""

import math
from collections.abc import Mapping
from typing import Any

import streamlit as st

from regdash.ui.components.storage import storage, told

NAME = "regdash-lessons"  # in the browser
MOST_LESSONS, MOST_TRIES = 200, 99
_KEPT, _KNOWN = "lessons_progress", "lessons_progress_known"  # in the session

Entry = dict[str, Any]
Progress = dict[str, Entry]


def arrive(place: Any) -> None:
    """Before a page is drawn: take over what the browser holds; in `place`, ask for it as long as it is not known."""
    has_told, held = told(NAME)
    if has_told and not st.session_state.get(_KNOWN):
        st.session_state[_KEPT] = clean(held) | of_all()  # what happened before the browser answered counts
        st.session_state[_KNOWN] = True
    if not st.session_state.get(_KNOWN):
        with place:
            storage(NAME, None)


def keep(place: Any) -> None:
    """When it is drawn: keep in the browser what has happened since, also in this run."""
    if st.session_state.get(_KNOWN):
        with place:
            storage(NAME, of_all())


def of_all() -> Progress:
    """Everything so far."""
    found: Progress = st.session_state.setdefault(_KEPT, {})
    return found


def of(key: str) -> Entry:
    """What is known of one lesson; {} if nothing."""
    return of_all().get(key, {})


def note(key: str, **changes: Any) -> None:
    """Write down something of one lesson."""
    st.session_state[_KEPT] = of_all() | {key: of(key) | changes}


def start_over() -> None:
    """Forget everything, in the session and in the browser."""
    st.session_state[_KEPT] = {}
    for name in [name for name in st.session_state if str(name).startswith("lesson_")]:
        del st.session_state[name]


def score(done: Mapping[str, Entry]) -> int:
    """Points: two for a prediction that was right at once, one for a right one after a hint."""
    return sum({1: 2, 0: 0}.get(entry.get("tries", 0), 1) for entry in done.values() if entry.get("done"))


def clean(held: Any) -> Progress:
    """What a browser holds, as far as it is progress."""
    if not isinstance(held, dict):
        return {}
    found: Progress = {}
    for key, entry in list(held.items())[:MOST_LESSONS]:
        if not isinstance(key, str) or len(key) > 60 or not isinstance(entry, dict):
            continue
        tries, best = entry.get("tries"), entry.get("best")
        kept: Entry = {"done": entry.get("done") is True}
        if type(tries) is int and 0 <= tries <= MOST_TRIES:
            kept["tries"] = tries
        if isinstance(best, int | float) and not isinstance(best, bool) and math.isfinite(best):
            kept["best"] = float(best)
        found[key] = kept
    return found
