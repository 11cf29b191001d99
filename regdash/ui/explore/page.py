"""The Explore page. State flows one way: controls → configs → runs → sentence, picture, numbers."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from regdash import export
from regdash.config import RunConfig
from regdash.data import N_FRESH
from regdash.figures import theme
from regdash.figures.explore.curves import VIEWS, Pin
from regdash.figures.explore.picture import Picture, payload
from regdash.serving.opinions import SEEDS as OPINIONS
from regdash.study import StudySpec
from regdash.study.stats.spending import ERROR_SHARE
from regdash.teaching.arms import ARMS, DEFAULT_ARMS, Arm
from regdash.teaching.quoted import (
    COMMAND,
    DECAY,
    DECOUPLED,
    L2_LIKE_DECOUPLED,
    SEEDS,
    SMALL_DECAY,
    effect,
    level,
)
from regdash.teaching.scenarios import NOISY
from regdash.ui.common import cache, crowd, links, moves, presenter
from regdash.ui.common import shared as held
from regdash.ui.components.picture import Words, picture
from regdash.ui.components.picture.offline import offline_page
from regdash.ui.explore import dock, experiments, numbers, onward, opinion, pins, shared, strength
from regdash.ui.explore.sidebar import Sidebar
from regdash.words import runs as run_words
from regdash.words import settings as setting_words

_ARMS = "arms"  # in the session and the address: the networks chosen
_VIEW = "view"  # the curves chosen
_SHOWN = "arms_shown"  # in the session: those of the last run


def page(open_study: Callable[[StudySpec], object]) -> None:
    """Draw the page. Headline's and picture's places are reserved first: the choices below them are read before."""
    onward.leave(open_study)
    links.arrive(explore=link_problems)
    crowd.arrive()
    sidebar = Sidebar()
    config = sidebar.config
    moves.now().of(config)
    headline, shown_at = st.container(key="headline"), st.container()
    keys, view = _choices()
    with sidebar.after(keys, view) as draw_sidebar:
        with headline:
            arms = _race(config, keys, draw_sidebar)
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


def _caption(arms: Mapping[str, Arm], reason: str, look: str) -> None:
    """What is said above the picture: why curves are not those chosen; what to look for, how alike a shared run is."""
    said = reason or f"{look} {shared.likeness(arms['none'].run, arms['yours'].run)}".strip()
    if said:
        st.caption(said)


def link_problems(asked: Mapping[str, list[str]]) -> dict[str, str]:
    """By name, a sentence for each choice of this page in a link that cannot be used."""
    options = {
        "arms": ("Networks in the race", [arm.label for arm in ARMS.values()]),
        "view": ("Curves", [view.label for view in VIEWS.values()]),
    }
    return {
        name: f"**{label}** must be among " + ", ".join(f"“{option}”" for option in known) + "."
        for name, (label, known) in options.items()
        if not set(asked.get(name, ())) <= set(known)
    }


def _choices() -> tuple[list[str], str]:
    """Which arms and which curves to show. One arm at least: the last one cannot be switched off."""
    chosen: list[str] = held.values().get(_ARMS, [])
    view: Any = held.values().get(_VIEW)
    with st.container(horizontal=True, vertical_alignment="center"):
        if not held.is_hidden(_ARMS):
            chosen = st.pills(
                "Networks in the race", list(ARMS), selection_mode="multi", default=list(DEFAULT_ARMS), key=_ARMS,
                format_func=lambda key: ARMS[key].label, bind="query-params", on_change=_keep_one_arm,
                label_visibility="collapsed", disabled=held.is_fixed(_ARMS),
            )  # fmt: skip
        if not held.is_hidden(_VIEW):
            view = st.segmented_control(
                "Curves", list(VIEWS), default="accuracy", key=_VIEW, required=True, disabled=held.is_fixed(_VIEW),
                format_func=lambda key: VIEWS[key].label, bind="query-params", label_visibility="collapsed",
            )  # fmt: skip
    if not presenter.is_on():
        st.caption(PURPOSE)
    keys = [key for key in ARMS if key in chosen] or list(DEFAULT_ARMS)
    st.session_state[_SHOWN] = keys
    return keys, view if view in VIEWS else "accuracy"


def _keep_one_arm() -> None:
    if not st.session_state[_ARMS]:
        st.session_state[_ARMS] = st.session_state.get(_SHOWN, list(DEFAULT_ARMS))


def _undefined(yours: Arm, view: str) -> str:
    """Why the chosen curves would be empty; "" if they are not."""
    if view != "memorised" or np.isfinite(yours.run.flipped).any():
        return ""
    return "No training label is flipped here, so there is nothing to memorise: the curves show the accuracy instead."


def _race(config: RunConfig, keys: list[str], meanwhile: Callable[[], None]) -> dict[str, Arm]:
    """The arms shown, and the two that sentence and metrics compare: same data, same first weights."""
    needed = [key for key in ARMS if key in {*keys, *DEFAULT_ARMS}]
    runs = cache.runs([ARMS[key].config(config) for key in needed], meanwhile)
    return {key: Arm(key=key, run=run) for key, run in zip(needed, runs, strict=True)}


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


VERDICT = 100 * (1 - ERROR_SHARE / 2)  # what a verdict at the first look is sure to, in percent
PURPOSE = (
    "Regularization should make a network learn the rule, not the examples. Press Play, or drag the slider below it."
)

HELP = f"""
- **Dropout** switches off a random share of the hidden units, drawn anew for each training point in every step, and
  scales up what the others send on, so that on average as much arrives. **Weight decay** pulls all weights towards
  zero. Both make it harder to learn single examples by heart.
- **The networks race on the same data, from the same first weights.** One is free; yours has your dropout, weight
  decay and label smoothing. Everything else is equal, so a difference is the regularizer's doing or this seed's luck:
  one pair cannot say which.
- **The bold sentence judges**, by {OPINIONS} more pairs, each with a seed and data of its own, trained when you rest.
  In brackets is the 95 % interval of the mean difference; the verdict rests on a wider one of {VERDICT:g} %. Each
  setting is judged by itself: who tries forty, and keeps the prettiest, has had forty chances.
- **Curves.** Solid: accuracy on validation points, which a network never learns from. Dotted: accuracy on its own
  training points. Training far above validation is *overfitting*. Both are measured with dropout off, after the epoch's
  update. The arrowhead ◀ at the end points at the network's accuracy on fresh data. A star marks the lowest validation
  loss: *early stopping* would end there. Each network has its mark: none, ▲, ✚ or ■, on its lines, in its title and in
  the table; its name stands at the end of its solid line. *Legend of the curves*, below the picture, names all lines,
  also the long dashes: what a perfect boundary scores on training points of which some have flipped labels. Press a
  name to hide its line.
- **Boundaries.** Colour is the network's probability, the line is where it changes its mind. Islands around crossed
  points are memorised: those labels were flipped on purpose. Rings mark points that a network gets wrong, by the label
  it was given. Draw a box with the mouse to zoom in, in all of them at once; a double click shows all again.
- **The slider below Play** goes through all values of dropout or weight decay while you drag it; where you let go, it
  sets yours. Filled dots are trained already: all of them on the same data, from the same first weights.
- **Fresh data**: {N_FRESH:,} new points with clean labels. This is the number that matters. It stands above each
  boundary, and ◀ beside the curves points at it, measured after the last epoch.

**For the curious**
- On the opening scenario, no regularization reaches {level("noisy/train")} on its training points and
  {level("noisy/fresh")} on fresh data. Dropout {NOISY.dropout} {effect("noisy/dropout")} on fresh data, weight decay
  {DECAY} {effect("noisy/decay")}. On the clean data of the scenario *Article: demos* it is the other way round: dropout
  {effect("article/dropout")}, weight decay {effect("article/decay")}; a weight decay of {SMALL_DECAY}
  {effect("article/small")}.
- These numbers, and those of the scenarios' words, are means over {SEEDS} seeds, each with data of its own, and 95 %
  intervals of paired differences. `{COMMAND}` trains them all again. Other kinds of processors draw other dropout
  masks, and so give slightly different numbers.
- Early stopping is a regularizer, too: on the opening scenario, the free network's validation accuracy is
  {level("noisy/star")} at the star and {level("noisy/end")} in the end. But the star is chosen on these very points,
  and by labels that are clean here: in practice they may be as wrong as those it learns from.
- The curve "train, dropout on" is what many tutorials plot as training accuracy: it is measured while units are
  switched off, so it can lie below validation.
- Weight decay "l2" is what `torch.optim.Adam(weight_decay=λ)` does: λ·w is added to the gradient. "Decoupled" is
  AdamW. Both act on weights and biases, as PyTorch does by default. The same λ is far weaker decoupled: on the opening
  scenario, λ = {DECOUPLED:g} {effect("noisy/decoupled")}, and "l2" with a λ {DECOUPLED / L2_LIKE_DECOUPLED:g} times
  smaller, {L2_LIKE_DECOUPLED}, {effect("noisy/l2")}.
- Between two kept epochs, or two values of the slider below it, Play blends one picture into the next; wherever it
  stands still, you see a real epoch of a real run.
- *Copy link* gives an address that means the same for good: all settings, pinned runs, and where the epoch slider
  stands. Which curves and marks are hidden, and how far you have zoomed in, it does not hold. What the address bar
  shows while you play is for coming back.
"""
