"""The runs of a lesson: the article's, replayed once a process, and the lesson's own from the cache all pages share."""

import time
from collections.abc import Mapping
from functools import lru_cache

import streamlit as st

from regdash import train_many
from regdash.config import RunConfig
from regdash.results import Run
from regdash.serving.once import Once
from regdash.serving.replays import Replays
from regdash.teaching.lessons import Lesson
from regdash.ui.common import cache

LOOK = 0.1  # seconds between two looks whether the article's runs are there
PATIENCE = 0.7  # seconds until a word about it appears


@Once.closing(Replays.close)
def replays() -> Replays:
    """The article's runs, one replay a process."""
    cache.batcher()  # made first: it sets the number of arithmetic threads
    return Replays()


def of(lesson: Lesson) -> Mapping[str, Run]:
    """All runs of a lesson by name; waits for what is still on its way."""
    if lesson.replays:
        replays().begin()
    own = [*lesson.trains.values()]
    trained = _with_weights(tuple(own)) if lesson.with_weights else cache.runs(own)
    return _replayed(lesson.replays) | dict(zip(lesson.trains, trained, strict=True))


def _replayed(keys: tuple[str, ...]) -> dict[str, Run]:
    due, place = time.monotonic() + PATIENCE, None
    while True:
        found = replays().runs(keys, LOOK) if keys else {}
        if found is not None:
            if place:
                place.empty()
            return found
        _ = "scenario" in st.session_state  # a yield point: here Streamlit ends a script that has been superseded
        if time.monotonic() >= due and place is None:
            place = st.empty()
            place.caption("The article's networks are trained, one after the other …")


@lru_cache(maxsize=16)  # a few lessons, each a handful of small runs
def _with_weights(configs: tuple[RunConfig, ...]) -> tuple[Run, ...]:
    return tuple(train_many(list(configs), workers=1))
