"""What cannot be done with a class, or could not: said where it was wanted; everything else goes on."""

import streamlit as st

from regdash.errors import RegdashError
from regdash.ui.classes.route import PATH
from regdash.ui.common.failures import sentence
from regdash.ui.components.watch import watch

_SAID = "class_said"  # in the session: what a button could not do


def note(error: RegdashError) -> None:
    """From a button: to be said in the run that follows."""
    st.session_state[_SAID] = sentence(error)


def refused() -> None:
    """Say, once, what was noted."""
    said = st.session_state.pop(_SAID, None)
    if said:
        st.warning(said, icon=":material/block:")


def show(error: RegdashError, code: str) -> None:
    """In place of a class: why it cannot be shown now. It is, as soon as it can be again."""
    said = sentence(error)
    st.warning(said, icon=":material/block:")
    watch(f"{PATH}{code}", None, said=said, key="class_watch_again")
