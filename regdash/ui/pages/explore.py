"""The Explore page. State flows one way: controls → configs → runs → sentence, picture, numbers."""

from typing import Any

import streamlit as st

from regdash import export, narrate
from regdash.arms import ARMS, DEFAULT_ARMS, Arm
from regdash.config import RunConfig
from regdash.figures import theme
from regdash.figures.curves import VIEWS
from regdash.figures.picture import Picture, payload
from regdash.results import Run
from regdash.ui import cache, controls, links, numbers, pins
from regdash.ui.picture import offline_page, picture


def page() -> None:
    """Draw the page. Containers fix the order; the options below the picture are read before it is drawn."""
    links.arrive()
    config = controls.sidebar()
    headline, place, below = st.container(), st.container(), st.container()
    with below:
        keys, view = _choices(config)
    with headline:
        arms = _race(config, keys)
        pinned = pins.pinned()
        sentence = narrate.headline(arms["none"], arms["yours"])
        st.markdown(f"##### {sentence}")
    with place:
        data, words = _picture([arms[key] for key in keys], pinned, view, config, sentence)
    numbers.metrics(arms["none"], arms["yours"])
    pins.table(pinned, config)
    shown = [arms[key] for key in keys]
    numbers.downloads(shown, arms["yours"], lambda: offline_page(data, title=sentence, **words))
    numbers.table(shown)
    with st.expander("How to read this page", icon=":material/help:"):
        st.markdown(HELP)


def _choices(config: RunConfig) -> tuple[list[str], str]:
    """Which arms and which curves to show."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.pills(
            "Networks in the race", list(ARMS), selection_mode="multi", default=list(DEFAULT_ARMS), key="arms",
            format_func=lambda key: ARMS[key].label, bind="query-params",
            help="All share data, first weights and settings; they differ only in the regularizers left on.",
        )  # fmt: skip
        view = st.segmented_control(
            "Curves", list(VIEWS), default="accuracy", key="view", required=True,
            format_func=lambda key: VIEWS[key].label, bind="query-params",
        )  # fmt: skip
        pins.pin_button(config)
    return [key for key in ARMS if key in chosen] or list(DEFAULT_ARMS), view if view in VIEWS else "accuracy"


def _race(config: RunConfig, keys: list[str]) -> dict[str, Arm]:
    """The arms shown, and the two that sentence and metrics compare: same data, same first weights."""
    needed = [key for key in ARMS if key in {*keys, *DEFAULT_ARMS}]
    runs = cache.runs([ARMS[key].config(config) for key in needed])
    return {key: Arm(key=key, run=run) for key, run in zip(needed, runs, strict=True)}


def _picture(
    shown: list[Arm], pinned: list[tuple[str, Run]], view: str, config: RunConfig, sentence: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Draw the picture; returns its data and words for the offline copy."""
    colours = theme.palette(st.context.theme.type)
    points = cache.points(config, float(shown[0].run.axis[-1]))
    data = payload(Picture(arms=shown, points=points, pins=pinned, view=view), colours)
    words = {"alt": narrate.alternative_text(sentence, shown), "file_stem": export.file_stem(config)}
    picture(data, key="picture", **words)
    return data, words | {"colours": colours}


HELP = """
- **Two networks race on the same data, from the same first weights.** The grey one is free; the other has your dropout
  and weight decay. Everything else is equal, so a difference is the regularizer's doing, up to the luck of this seed.
- **Curves.** Solid: accuracy on validation points, which the network never learns from. Dotted: accuracy on its own
  training points. Training far above validation is *overfitting*. Both are measured with dropout off, after the epoch's
  update. The curve "train, dropout on" is what many tutorials plot as training accuracy: with units switched off, it
  can lie below validation.
- **Boundaries.** Colour is the network's probability, the line is where it changes its mind. Islands around crossed
  points are memorised lies: labels flipped on purpose. Rings mark points the network gets wrong.
- **Fresh data**: 4,000 new points with clean labels. This is the number that matters.
- **What to expect.** On the opening scenario, over 20 seeds: no regularization reaches 98 % on its training points and
  80 % on fresh data; dropout 0.5 gains 9.1 ± 1.4 points on fresh data, weight decay 0.02 gains 10.3 ± 2.2 (means with
  95 % intervals of the paired differences). On the article's clean data the same two *cost* 0.8 ± 0.6 and 0.7 ± 0.3.
- **Weight decay** "l2" is what `torch.optim.Adam(weight_decay=λ)` does: λ·w is added to the gradient. "Decoupled" is
  AdamW. Both act on weights and biases, as PyTorch does by default.
- Between two kept epochs Play blends one picture into the next; wherever it stands still, you see a real epoch.
"""
