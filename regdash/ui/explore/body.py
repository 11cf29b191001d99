"""What answers a move: the sentence, the picture, the numbers. One way: configs → runs → what is seen.

It is a part of the page. A move that changes nothing else has this part drawn alone (see `alone`): the sidebar, which
is half of the page, stays as it is in the browser.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from regdash import export
from regdash.config import RunConfig
from regdash.figures import theme
from regdash.figures.explore.curves import Pin
from regdash.figures.explore.picture import Picture, payload
from regdash.teaching.arms import ARMS, DEFAULT_ARMS, Arm
from regdash.ui.common import cache, controls, moves, presenter
from regdash.ui.components.picture import Words, picture
from regdash.ui.components.picture.offline import offline_page
from regdash.ui.explore import choices, dock, experiments, numbers, onward, opinion, pins, shared, strength
from regdash.ui.explore.help import HELP
from regdash.words import runs as run_words
from regdash.words import settings as setting_words

PURPOSE = (
    "Regularization should make a network learn the rule, not the examples. Press Play, or drag the slider below it."
)


def draw() -> None:
    """Draw it, for the settings in the session. Headline's and picture's places are reserved first: the choices below
    them are read before.
    """
    config = controls.current()
    moves.now().of(config)
    headline, shown_at = st.container(key="headline"), st.container()
    choices.draw()
    if not presenter.is_on():
        st.caption(PURPOSE)
    keys, view = choices.arms(), choices.view()
    with headline:
        arms = _race(config, keys)
        pinned = pins.runs()
        sentence = run_words.headline(arms["none"], arms["yours"])
        st.markdown(f"# {sentence}")
        own = arms["yours"].run.test_accuracy - arms["none"].run.test_accuracy
        opinion.judge(config, own, sentence)
        reason = _undefined(arms["yours"], view)
        _caption(arms, reason, experiments.look(config))
    view = "accuracy" if reason else view
    shown = [arms[key] for key in keys]
    words = Words(
        alt=run_words.alternative_text(sentence, shown),
        headline=sentence,
        settings=setting_words.of_run(config),
        stem=export.file_stem(config),
    )
    with shown_at, moves.now().part("picture"):
        data, colours = _picture(config, shown, pins.named(pinned, config), view, words)
    strength.stops(config, keys)
    dock.show(config)
    numbers.metrics(arms["none"], arms["yours"])
    opinion.strip(config, own)
    onward.button(config)
    pins.table(pinned, config)
    with st.expander("How to read this page", icon=":material/help:"):
        st.markdown(HELP)
    numbers.downloads(shown, arms["yours"], lambda: offline_page(data, words=words, colours=colours))
    numbers.table(shown)


def needed(config: RunConfig, keys: list[str]) -> dict[str, RunConfig]:
    """What is trained: by arm, those shown, and the two that sentence and metrics compare."""
    return {key: ARMS[key].config(config) for key in ARMS if key in {*keys, *DEFAULT_ARMS}}


def _race(config: RunConfig, keys: list[str]) -> dict[str, Arm]:
    """The arms: same data, same first weights."""
    configs = needed(config, keys)
    runs = cache.runs(list(configs.values()))
    return {key: Arm(key=key, run=run) for key, run in zip(configs, runs, strict=True)}


def _caption(arms: Mapping[str, Arm], reason: str, look: str) -> None:
    """What is said above the picture: why curves are not those chosen; what to look for, how alike a shared run is."""
    said = reason or f"{look} {shared.likeness(arms['none'].run, arms['yours'].run)}".strip()
    if said:
        st.caption(said)


def _undefined(yours: Arm, view: str) -> str:
    """Why the chosen curves would be empty; "" if they are not."""
    if view != "memorised" or np.isfinite(yours.run.flipped).any():
        return ""
    return "No training label is flipped here, so there is nothing to memorise: the curves show the accuracy instead."


def _picture(
    config: RunConfig, shown: list[Arm], pinned: list[Pin], view: str, words: Words
) -> tuple[dict[str, Any], theme.Palette]:
    """Draw the picture; returns its data and colours for the offline copy."""
    colours = theme.palette(presenter.mode())
    run = shown[0].run
    points = cache.points(run.config, float(run.axis[-1]))
    data = payload(Picture(arms=shown, points=points, pins=pinned, view=view), colours)
    scrubbed = strength.of(config, [arm.key for arm in shown])
    moves.now().sent(picture(data, words=words, key="picture", strength=scrubbed, on_release=dock.change))
    return data, colours
