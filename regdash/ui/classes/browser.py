"""What a browser keeps of classes: that it is one voter and no other, and the keys of the classes that it teaches."""

from typing import Any

import streamlit as st

from regdash.classes.codes import LENGTH, LETTERS, is_voter, new_voter
from regdash.ui.components.storage import storage, told

VOTER, KEYS = "regdash-voter", "regdash-class-keys"  # names in the browser's storage
MOST_KEYS = 8  # the latest classes
_FRESH, _WHO, _KEYS, _TOLD = "class_fresh", "class_voter", "class_keys", "class_keys_told"  # in the session


def voter() -> str | None:
    """Who this browser is, in all its tabs; None until it has told. Once a run."""
    fresh: str = st.session_state.setdefault(_FRESH, new_voter())
    known: str | None = st.session_state.get(_WHO)
    has_told, held = storage(VOTER, known, first=fresh, early=True)
    if known is None and (has_told or is_voter(held)):  # a browser is the same voter for good
        known = held if is_voter(held) else fresh
        st.session_state[_WHO] = known
    return known


def arrive() -> None:
    """Once a run: take over the keys that the browser holds, then keep there those that have come since."""
    is_told, held = told(KEYS)
    if is_told and not has_told():
        st.session_state[_KEYS], st.session_state[_TOLD] = _latest(clean(held) | taught()), True
    keys = [*map(list, taught().items())] if has_told() else None  # a list keeps its order
    _, held = storage(KEYS, keys, early=True)
    if not has_told() and not taught():
        st.session_state[_KEYS] = clean(held)  # what it told to a session that was lost: it has to do for now


def has_told() -> bool:
    """Whether all keys that the browser holds are known."""
    return bool(st.session_state.get(_TOLD, False))


def taught() -> dict[str, str]:
    """Teachers' keys by the code of their class, the latest one last."""
    found: dict[str, str] = st.session_state.get(_KEYS, {})
    return found


def keep_key(code: str, key: str) -> None:
    """From now on, this browser teaches a class."""
    st.session_state[_KEYS] = _latest({name: held for name, held in taught().items() if name != code} | {code: key})


def forget_key(code: str) -> None:
    """It does not teach that class any more, or there is none."""
    st.session_state[_KEYS] = {name: held for name, held in taught().items() if name != code}


def clean(held: Any) -> dict[str, str]:
    """What a browser holds, as far as it is keys."""
    if not isinstance(held, list):
        return {}
    pairs = [pair for pair in held[-MOST_KEYS:] if isinstance(pair, list) and len(pair) == 2]
    return {code: key for code, key in pairs if _is_code(code) and isinstance(key, str) and len(key) <= 100}


def _is_code(code: Any) -> bool:
    return isinstance(code, str) and len(code) == LENGTH and set(code) <= set(LETTERS)


def _latest(held: dict[str, str]) -> dict[str, str]:
    return dict(list(held.items())[-MOST_KEYS:])
