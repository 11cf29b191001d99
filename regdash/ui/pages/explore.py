"""The Explore page: settings → configs → runs → sentence, picture, numbers."""

import streamlit as st

from regdash import narrate
from regdash.arms import ARMS, DEFAULT_ARMS, Arm
from regdash.figures import theme
from regdash.figures.curves import VIEWS
from regdash.figures.picture import Picture, payload
from regdash.ui import cache, controls, links
from regdash.ui.picture import picture


def page() -> None:
    """Draw the page."""
    config = controls.sidebar()
    links.arrive()
    head = st.container()
    view, keys = _choices()
    runs = cache.runs([ARMS[key].config(config) for key in ARMS])
    arms = {key: Arm(key=key, run=run) for key, run in zip(ARMS, runs, strict=True)}
    sentence = narrate.headline(arms["none"], arms["yours"])
    head.markdown(f"#### {sentence}")
    shown = [arms[key] for key in keys]
    pts = cache.points(config, float(shown[0].run.axis[-1]))
    colours = theme.palette(st.context.theme.type)
    pic = Picture(arms=shown, points=pts, view=view)
    picture(payload(pic, colours), alt=narrate.alternative_text(sentence, shown), file_stem="regdash", key="picture")


def _choices() -> tuple[str, list[str]]:
    with st.container(horizontal=True):
        keys = st.pills("Arms", list(ARMS), selection_mode="multi", default=list(DEFAULT_ARMS), format_func=lambda k: ARMS[k].label, key="arms", bind="query-params")
        view = st.segmented_control("Curves", list(VIEWS), default="accuracy", format_func=lambda k: VIEWS[k].label, key="view", bind="query-params")
    return view or "accuracy", [k for k in ARMS if k in keys] or list(DEFAULT_ARMS)
