"""The strength slider in the picture: which settings it moves, and the runs at all of their stops.

The picture is sent without them. When the visitor rests, the browser asks this part of the page, which has them trained
(`regdash.serving.scrubs`) and answers with those that are there, until all are.
"""

import hashlib
import time
from collections.abc import Sequence
from functools import cache as remembered
from typing import Any

import streamlit as st

from regdash.config import RunConfig
from regdash.errors import QueueFull
from regdash.figures.explore.strength import encoded
from regdash.results import Run
from regdash.serving.once import Once
from regdash.serving.scrubs import Scrub, Scrubs, affordable
from regdash.teaching.arms import ARMS
from regdash.ui.common import cache, controls, crowd, parts, shared, turns
from regdash.ui.components.picture import Strength, StrengthSlider
from regdash.ui.components.supply import Part, Wish, supply
from regdash.ui.explore import dock, opinion
from regdash.words import scrubs as words

NAMES = ("dropout", "weight_decay")  # the first that is on is what the slider begins with
REST = 250  # milliseconds without a move after which the browser asks
AGAIN = 15_000  # milliseconds until it asks again where there was no room
LOOK = 0.03  # seconds between two looks; each is a point at which a move ends the waiting
PATIENCE = 8.0  # seconds without a sign of life after which a scrub is dropped
_HELD = "strength"  # in the session: for which settings, what the browser wished, and the scrubs asked for


def of(config: RunConfig, shown: Sequence[str]) -> Strength | None:
    """The slider as the picture shows it; None where it would move none of the networks `shown`."""
    names = [name for name in NAMES if _moved(name, shown) and not shared.is_fixed(name)]
    if not names:
        return None
    sliders = tuple(_slider(config, name, shown) for name in names)
    return Strength(sliders=sliders, use=next((name for name in names if getattr(config, name)), names[0]))


def stops(config: RunConfig, shown: Sequence[str]) -> None:
    """The part of the page that answers the browser's wishes."""
    with st.container():
        parts.part(_stops)(config, tuple(shown))


def _stops(config: RunConfig, shown: tuple[str, ...]) -> None:
    held = _held(config, shown)
    wish: Wish | None = held.pop("wish", None)
    # In a crowd each wish, and its answer "not now", is work.
    rest = REST if _scrubs().has_room else AGAIN
    answer = {"again": rest} if wish is None or not parts.is_alone() else _answer(config, shown, wish, held)
    supply(key="supply", on_wish=_note, **answer)


def _note(wish: Wish) -> None:
    held = st.session_state.get(_HELD)
    if held:
        held["wish"] = wish


def _answer(config: RunConfig, shown: Sequence[str], wish: Wish, held: dict[str, Any]) -> dict[str, Any]:
    """What there is for a wish, as `supply` wants it; waits a while until there is something."""
    if wish.name not in NAMES or wish.id != _identity(config, wish.name, shown):
        return {"again": REST}  # an old one
    values = controls.stops(wish.name)
    trained = affordable(len(values), config, values.index(getattr(config, wish.name)))
    answer: dict[str, Any] = {"id": wish.id, "note": words.fewer(len(trained), len(values)), "again": None}
    if not trained:
        return answer | {"note": words.TOO_LARGE}
    arms = {stop: _arms(config.but(**{wish.name: values[stop]}), wish.name, shown) for stop in trained}
    lacking = [stop for stop in trained if stop not in wish.have]
    try:
        scrub = _asked(held, wish.name, [one for stop in trained for one in arms[stop]])
    except QueueFull:
        return answer | {"note": words.BUSY, "again": AGAIN}
    turns.rest()
    there = _wait(scrub, {stop: set(arms[stop]) for stop in lacking}, some=not wish.have)
    if scrub.has_failed:
        return answer | {"note": words.FAILED}
    parts = [Part(stop=stop, keys=keys, piece=scrub.pieces[one]) for stop in there for one, keys in arms[stop].items()]
    return answer | {"parts": parts, "again": None if len(there) == len(lacking) else 0}


def _arms(config: RunConfig, name: str, shown: Sequence[str]) -> dict[RunConfig, tuple[str, ...]]:
    """What is trained for one stop: settings, and the networks whose they are."""
    found: dict[RunConfig, tuple[str, ...]] = {}
    for key in _moved(name, shown):
        one = ARMS[key].config(config)
        found[one] = (*found.get(one, ()), key)
    return found


def _asked(held: dict[str, Any], name: str, wanted: list[RunConfig]) -> Scrub:
    """The scrub of a control: the one asked for before, or a new one."""
    scrub: Scrub | None = held["scrubs"].get(name)
    if scrub is None or (scrub.missing and not scrub.is_wanted):
        for other in held["scrubs"].values():
            other.leave()  # of another control: the visitor is not there now
        scrub = held["scrubs"][name] = _scrubs().ask(wanted, PATIENCE)
    return scrub


def _wait(scrub: Scrub, needed: dict[int, set[RunConfig]], *, some: bool) -> list[int]:
    """The stops whose runs are all there, once there are `some`, or all, or none came for long."""
    latest = time.monotonic() + PATIENCE / 2
    while True:
        scrub.alive()
        there = [stop for stop, configs in needed.items() if configs <= scrub.pieces.keys()]
        if (some and there) or len(there) == len(needed) or scrub.has_failed or time.monotonic() > latest:
            return there
        time.sleep(LOOK)
        _ = _HELD in st.session_state


def _held(config: RunConfig, shown: tuple[str, ...]) -> dict[str, Any]:
    """What the session holds for these settings; what it held for others is left."""
    held: dict[str, Any] = st.session_state.get(_HELD) or {}
    if held.get("of") != (config, shown):
        for scrub in held.get("scrubs", {}).values():
            scrub.leave()
        held = st.session_state[_HELD] = {"of": (config, shown), "scrubs": {}}
    return held


def _slider(config: RunConfig, name: str, shown: Sequence[str]) -> StrengthSlider:
    known = dock.slider(name, getattr(config, name))
    return StrengthSlider(**vars(known), id=_identity(config, name, shown), keys=_moved(name, shown))


@remembered
def _moving(name: str) -> tuple[str, ...]:
    """The arms that a setting changes."""
    one, other = (RunConfig().but(**{name: value}) for value in controls.stops(name)[:2])
    return tuple(key for key, arm in ARMS.items() if arm.config(one) != arm.config(other))


def _moved(name: str, shown: Sequence[str]) -> tuple[str, ...]:
    return tuple(key for key in shown if key in _moving(name))


def _identity(config: RunConfig, name: str, shown: Sequence[str]) -> str:
    """The same for all stops of a setting: of the other settings, and the networks that it moves."""
    rest = {field: value for field, value in vars(config).items() if field != name}
    return hashlib.sha256(repr((name, rest, _moved(name, shown))).encode()).hexdigest()[:16]


@Once.closing(Scrubs.close)
def _scrubs() -> Scrubs:
    """This process's scrubs."""
    batcher = cache.batcher()
    return Scrubs(
        encode=_encode, kept=cache.kept(), busy=lambda: batcher.busy or opinion.opinions().busy,
        crowded=crowd.is_there, hurried=crowd.is_in_a_hurry,
    )  # fmt: skip


def _encode(run: Run) -> bytes:
    return encoded(run, cache.points(run.config, float(run.axis[-1])))
