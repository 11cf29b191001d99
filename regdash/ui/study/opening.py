"""From a study to one of its runs: the settings of a cell go into the controls, and Explore opens."""

from typing import Any

import streamlit as st

from regdash.config import FIELDS, RunConfig
from regdash.study import StudyResult
from regdash.ui.common import controls
from regdash.words.terms import cell_text

CELL = "study_open_cell"
_LEAVING = "study_leaving"


def show(result: StudyResult) -> None:
    """For keyboards and screen readers: the same as a click on a cell or a boundary."""
    names = {cell_text(result.spec, cell): cell for cell in range(result.spec.n_cells)}
    if st.session_state.get(CELL) not in names:
        st.session_state[CELL] = next(iter(names))  # set, or the browser would go on showing the text that it had
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox("A run to look at", list(names), key=CELL, width=420)
        cell = names[name]
        st.button(
            "Open in Explore", icon=":material/open_in_new:", on_click=in_explore, args=(result, cell),
            help=f"The run of seed {result.spec.seeds[0]} with these settings, epoch by epoch.",
        )  # fmt: skip


def in_explore(result: StudyResult, cell: int) -> None:
    """For callbacks: open the first seed's run of a cell in Explore, or say why that cannot be."""
    config = result.config(cell, 0)
    missing = [name for name in FIELDS if not on_control(config, name)]
    if missing:
        labels = " and ".join(FIELDS[name].label.lower() for name in missing)
        st.toast(f"Explore's control for {labels} does not have this value: it was typed in.", icon=":material/info:")
        return
    controls.choose(config)
    st.session_state[_LEAVING] = True
    st.rerun()  # the whole page, to `switch`


def switch(explore: Any) -> None:
    """Once the controls are drawn: go to `explore`, the page, if a click asked for it.

    Not from the callback itself: a control writes a value that was set for it into the address only on a page where it
    was drawn before, and hands it on to the next page from there.
    """
    if st.session_state.pop(_LEAVING, False):
        st.switch_page(explore, query_params={})  # without {}, Streamlit 1.67 refuses to clear bound parameters


def on_control(config: RunConfig, name: str) -> bool:
    """Whether the sidebar's control for a setting can show the value it has in `config`."""
    field, value = FIELDS[name], getattr(config, name)
    if field.choices:
        return True
    if field.stops:
        return value in field.stops
    return bool(controls.snap(field, value) == value)
