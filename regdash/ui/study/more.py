"""More seeds, until it can be said."""

import streamlit as st

from regdash.serving.studies import MAX_COST
from regdash.study.stats.spending import STEP
from regdash.ui.common import shared
from regdash.ui.study import keys, status
from regdash.ui.study.job import Current
from regdash.ui.study.settings import Settings


def show(present: Current, settings: Settings) -> None:
    """The button that adds seeds; disabled, with the reason, where that cannot be."""
    waits = present.unasked and present.active and present.before is not None  # it would be gone for a moment
    if not (present.state == "finished" or waits) or present.spec != settings.spec or shared.is_fixed(keys.SEEDS):
        return
    spec = present.spec
    cost = spec.cost * (spec.n_seeds + STEP) / spec.n_seeds
    reason = "This study is on its way." if waits else ""
    if spec.n_seeds + STEP > keys.MOST_SEEDS:
        reason = f"{keys.MOST_SEEDS:,} seeds are the limit here."
    elif cost > MAX_COST:
        reason = (
            f"With {STEP} more seeds the study would take about {cost:,.0f} seconds of one core; the limit here is "
            f"{MAX_COST:,.0f}."
        )
    st.button(
        f"Add {STEP} seeds", icon=":material/add:", key="study_more", on_click=_add, disabled=bool(reason),
        help=reason or "Trains the additional seeds only. Each look counts: verdicts become a little stricter, so that "
        "adding seeds until something turns up does not name a winner among equals.",
    )  # fmt: skip


def _add() -> None:
    st.session_state[keys.SEEDS] += STEP
    status.wish()
    st.rerun()
