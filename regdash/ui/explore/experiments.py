"""Things to try: a menu on the line of the scenario's label, and what to look for above the picture."""

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.teaching.experiments import EXPERIMENTS, SEEDS, Experiment, of
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.common import controls, shared

_KEY, _VIEW = "experiments", "view"


def menu() -> None:
    """Draw the menu, with those that need no control that stands still; nothing if there are none."""
    offered = [key for key, one in EXPERIMENTS.items() if _can_be(one)]
    if offered:
        st.menu_button(
            "Things to try", offered, key=_KEY, type="tertiary", on_click=_try,
            format_func=lambda key: EXPERIMENTS[key].label,
        )  # fmt: skip


def look(config: RunConfig) -> str:
    """What to look for with these settings; "" if they are no experiment."""
    found = of(config)
    return f"**Look:** {found.look}" if found else ""


def _can_be(one: Experiment) -> bool:
    """Whether what it sets is free, or stands where it should."""
    still = shared.values()
    if not still:
        return True
    wanted = {name: getattr(one.config, name) for name in FIELDS if name not in SEEDS}
    wanted[controls.SCENARIO] = SCENARIOS[one.scenario].label
    if one.view:
        wanted[_VIEW] = one.view
    return all(still.get(name, value) == value for name, value in wanted.items())


def _try() -> None:
    one = EXPERIMENTS.get(st.session_state[_KEY] or "")  # what a browser sends may be anything
    if one is None or not _can_be(one):
        return
    now = controls.current()
    controls.choose(one.config.but(**{name: getattr(now, name) for name in SEEDS}))
    st.session_state[controls.SCENARIO] = SCENARIOS[one.scenario].label
    if one.view:
        st.session_state[_VIEW] = one.view
