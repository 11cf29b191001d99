"""Second opinions on the page: one pair of runs is described at once; when the visitor rests, many judge."""

import math
import secrets
import time
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import RunConfig
from regdash.errors import QueueFull, StudyTooLarge
from regdash.figures import theme
from regdash.figures.explore.opinion import clicked_replicate, opinion
from regdash.serving.once import Once
from regdash.serving.opinions import FIRST_SEED, SEEDS, Opinion, Opinions
from regdash.study.comparisons import compare_pair
from regdash.study.metrics import COMPARABLE
from regdash.study.stats.intervals import Interval
from regdash.study.stats.paired import Comparison
from regdash.teaching.arms import ARMS
from regdash.ui.common import cache, controls, crowd, moves, parts, presenter
from regdash.ui.components.again import again, listen
from regdash.ui.components.chart import chart
from regdash.ui.components.page import Call
from regdash.ui.components.page import page as for_browser
from regdash.words import opinions as words
from regdash.words import settings as setting_words
from regdash.words.terms import difference as change

REST = 700  # milliseconds without a move after which the page asks
AGAIN = 15_000  # milliseconds until it asks again where there was no room
LOOK = 0.05  # seconds between two looks at an opinion on its way; each is a point at which a move ends the waiting
PATIENCE = 8.0  # seconds without a sign of life after which nobody waits for it
ENDS = MappingProxyType({words.BUSY: "shed", words.TOO_LARGE: "too large", words.FAILED: "failed"})
_HELD = "opinion"  # in the session: the opinion asked for, its settings, and what there is to say instead
_PAIR = "opinion_pair"  # in the session: the pair chosen by its name
_FOUND = "opinion_found"  # in the session: the comparison whose dots are on the page


def judge(config: RunConfig, own: float, sentence: str) -> None:
    """Under the headline, `sentence`: what many seeds say, or that they are asked. `own` is this pair's difference."""
    with st.container():
        parts.part(_judge)(config, own, sentence)


def strip(config: RunConfig, own: float) -> None:
    """The pairs as dots, once they are there. A click opens the seed that was clicked."""
    with st.container():
        parts.part(_strip)(config, own)


def _judge(config: RunConfig, own: float, sentence: str) -> None:
    unseen = st.container(key="unseen")  # first, and so always at one place: what is drawn anew is not read out
    place = st.empty()
    held = _held(config)
    called = parts.is_alone() and held.pop("called", False)  # the whole page does not wait for an opinion
    found = None if held["free"] else _found(config, held)
    if called and found is None:
        found = _seek(config, held, place)
    elif found is None and not held["free"] and "asked" not in held and not opinions().has_room:
        held["note"] = words.BUSY  # said at once: in a crowd each question, and its answer "not now", is work
    judgement = "" if found is None else words.judgement(found, config)
    if found is not None:
        place.markdown(f"**{judgement}** {_standing(found, own, config)}")
        if called:  # else the pairs are drawn next, as the page is
            again("pairs")
    elif held["free"]:
        place.markdown(words.NOTHING)
    else:
        place.markdown(held.get("note") or (words.WORKING if "asked" in held else words.WAITING))
    with unseen:
        for_browser(
            "explore", said=f"{sentence} {judgement}".strip(), call=None if found else _next_call(held),
            on_call=_call,
        )  # fmt: skip


def _next_call(held: dict[str, Any]) -> Call | None:
    """When the browser asks: once the visitor rests; at once for what is on its way; later, if there was no room."""
    if held["free"] or held.get("note") == words.TOO_LARGE:
        return None
    held["word"] = secrets.token_hex(8)
    return Call(word=held["word"], after=0 if {"asked", "called"} & held.keys() else AGAIN if "note" in held else REST)


def _call(word: str) -> None:
    held = st.session_state.get(_HELD) or {}
    if word == held.get("word"):  # another word is an old one
        held["called"] = True


def _seek(config: RunConfig, held: dict[str, Any], place: Any) -> Comparison | None:
    """Ask for the opinion and wait for it a while."""
    held.pop("note", None)
    try:
        asked: Opinion = held.get("asked") or opinions().ask(config, PATIENCE)
    except QueueFull:
        held["note"] = words.BUSY
    except StudyTooLarge:
        held["note"] = words.TOO_LARGE
    else:
        held["asked"] = asked
        place.markdown(words.WORKING)
        _watch(asked)
        if asked.ended and asked.results is None:
            held["note"] = words.FAILED
    if "note" in held:
        held.pop("asked", None)
    found = _found(config, held)
    end = ENDS.get(held.get("note", ""), "judged" if found else "waiting")
    moves.meter().opinions.labels(end).inc()
    return found


def _strip(config: RunConfig, own: float) -> None:
    with st.container(key="unheard"):
        listen("pairs")
    held = _held(config)
    found = None if held["free"] else _found(config, held)
    if found is None:
        return
    st.session_state[_FOUND] = found
    colours = theme.palette(presenter.mode())
    alt = f"{words.strip_title(found.n)}: {words.judgement(found, config)} {_standing(found, own, config)}"
    settings = setting_words.of_seeds(config, [FIRST_SEED + int(replicate) for replicate in found.replicates])
    chart(
        opinion(found, own, colours, first_seed=FIRST_SEED), alt=alt, settings=settings, level=2, key="opinion_strip",
        file_stem="regdash-pairs", on_click=_open,
    )  # fmt: skip
    _choice(found)


def _choice(found: Comparison) -> None:
    """For keyboards and screen readers: the same as a click on a dot."""
    metric = COMPARABLE[found.metric]
    names = {
        f"seed {FIRST_SEED + replicate}: {change(metric, Interval(value, math.nan, math.nan))}": replicate
        for replicate, value in zip(found.replicates.tolist(), found.differences.tolist(), strict=True)
    }
    if st.session_state.get(_PAIR) not in names:
        st.session_state[_PAIR] = next(iter(names), None)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox("A pair to open", list(names), key=_PAIR, width=260)
        st.button("Open this pair", key="open_pair", on_click=_open_replicate, args=(names.get(name),))


@Once.closing(Opinions.close)
def opinions() -> Opinions:
    """This process's second opinions."""
    batcher = cache.batcher()
    return Opinions(busy=lambda: batcher.busy, crowded=crowd.is_there, hurried=crowd.is_in_a_hurry)


def _standing(found: Comparison, own: float, config: RunConfig) -> str:
    """Where the pair on show lies. It is one of those that judge it where a click on a dot opened it."""
    among = config.seed == config.data_seed and 0 <= config.seed - FIRST_SEED < SEEDS
    return words.standing(found, own, among=among)


def _held(config: RunConfig) -> dict[str, Any]:
    """What the session holds for these settings; what it held for others is left."""
    held: dict[str, Any] = st.session_state.get(_HELD) or {}
    if held.get("config") != config:
        if "asked" in held:
            held["asked"].leave()
        # "free": there is no regularization to be judged
        held = st.session_state[_HELD] = {"config": config, "free": ARMS["none"].config(config) == config}
    return held


def _found(config: RunConfig, held: dict[str, Any]) -> Comparison | None:
    """The comparison, if the opinion is there: the visitor's own, or one that somebody else asked for."""
    if "asked" not in held and "looked" not in held:
        held["looked"] = True  # once: from then on the browser asks
        if opinions().is_kept(config):
            held["asked"] = opinions().ask(config, PATIENCE)
    asked: Opinion | None = held.get("asked")
    results = asked.results if asked else None
    if results is not None and "found" not in held:
        held["found"] = compare_pair(*results)
    found: Comparison | None = held.get("found")
    return found


def _watch(asked: Opinion) -> None:
    """Wait for it a while; a move ends this script at one of its looks."""
    latest = time.monotonic() + PATIENCE / 2
    while not asked.ended and time.monotonic() < latest:
        asked.alive()
        time.sleep(LOOK)
        _ = _HELD in st.session_state


def _open(clicked: Any) -> None:
    """A click on a dot: its seed goes into the controls."""
    found: Comparison | None = st.session_state.get(_FOUND)
    _open_replicate(None if found is None else clicked_replicate(found, clicked))


def _open_replicate(replicate: int | None) -> None:
    if replicate is not None:
        seed = FIRST_SEED + replicate
        controls.choose(controls.current().but(seed=seed, data_seed=seed))
        st.rerun()  # the whole page, not the pairs alone
