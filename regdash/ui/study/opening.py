"""From a study to one of its runs: the settings of a cell go into the controls, and Explore opens."""

from typing import Any

import streamlit as st

from regdash.config import FIELDS
from regdash.study import StudyResult
from regdash.ui.common import controls
from regdash.words.terms import cell_text

CELL = "study_open_cell"
_LEAVING = "study_leaving"


def show(result: StudyResult) -> None:
    """For keyboards and screen readers: the same as a click on a cell or a boundary."""
    names = {cell_text(result.spec, cell): cell for cell in range(result.spec.n_cells)}
    wanted = st.session_state.get(CELL)  # set in every run, as the boxes of `results` are
    st.session_state[CELL] = wanted if wanted in names else next(iter(names))
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
    missing = [
        field.label.lower() for name, field in FIELDS.items() if not controls.can_show(field, getattr(config, name))
    ]
    if missing:
        st.toast(
            f"Explore's control for {' and '.join(missing)} does not have this value: it was typed in.",
            icon=":material/info:",
        )  # fmt: skip
        return
    st.session_state[_LEAVING] = config
    st.rerun()  # the whole page, to `leave`


def leave(explore: Any) -> None:
    """At the start of a run: go to `explore`, the page, if a click asked for it.

    The settings are chosen there, and not here: this page's own, to which the Back button leads, stay as they are.
    """
    config = st.session_state.pop(_LEAVING, None)
    if config is not None:
        controls.choose_on_next_page(config)
        st.switch_page(explore, query_params={})  # without {}, Streamlit 1.67 refuses to clear bound parameters
