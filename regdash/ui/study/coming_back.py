"""Back on the Study page by the browser's Back button: the address then holds nothing; the session has the study."""

import streamlit as st

from regdash.ui.study import job, keys, settings

_WANTED = "study_return"  # in the session: whether the next run puts the study back
_METRIC = "study_metric"  # in the session: what the study was judged by


def put_back() -> None:
    """Before the controls are drawn: put the session's study into them, if `remember` asked for it."""
    present = job.current()
    if st.session_state.pop(_WANTED, False) and present is not None:
        settings.put(present.spec)
        st.session_state[keys.METRIC] = st.session_state.get(_METRIC, next(iter(keys.METRIC_LABELS)))


def remember(*, entered: bool) -> None:
    """Once the controls are drawn: keep what a study does not hold itself. On entering the page without a word in its
    address, start again with the study put back.

    Not at once: in the run that follows the Back button, Streamlit takes an empty address for the defaults, whatever
    the session says; and what is set for controls that were not there before is not written into the address.
    """
    if entered and not st.query_params and job.current() is not None:
        st.session_state[_WANTED] = True
        st.rerun()
    st.session_state[_METRIC] = st.session_state.get(keys.METRIC, next(iter(keys.METRIC_LABELS)))
