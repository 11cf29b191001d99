"""Small studies begin by themselves: when a setting changes, and when the page is opened from another one.

At most one is on its way for each visitor, since another move leaves it (`job.step_back`). None begins where others
would notice, and nothing is said of it then; the button is there, as for larger studies:

- none that would have to wait in line; what runs already is soon done, or lets a far shorter one pass;
- in a crowd, all of them together take a share of the time at most, as second opinions do, and none while its moves
  keep the cores busy.
"""

import time

import streamlit as st

from regdash.errors import QueueFull, StudyTooLarge
from regdash.permalink import Study
from regdash.serving.once import Once
from regdash.serving.opinions import SHARE
from regdash.serving.spent import Spent
from regdash.study import StudySpec
from regdash.ui.common import crowd, shared
from regdash.ui.study import job, keys
from regdash.ui.study.job import Current

SMALL = 2.0  # seconds, by estimate: so long a visitor still looks at what a move does, and wants no button to stop it
_LINKED = "study_linked"  # in the session: whether the settings are still those of the link by which the visitor came
_OPENED = "study_opened"  # in the session: the study that they were at first


def arrive() -> None:
    """At the start of each run of the page, before anything is put into the address."""
    if _LINKED not in st.session_state:
        view = shared.view()
        described = any(name in st.query_params for name in keys.ALL)
        st.session_state[_LINKED] = described or (view is not None and isinstance(view.page, Study))


def is_opening() -> bool:
    """Whether the page is drawn for the first time; ask before `is_as_linked`."""
    return _OPENED not in st.session_state


def is_as_linked(spec: StudySpec | None) -> bool:
    """Whether these settings, of each run of the page, are still those of a link: it waits for the button."""
    if st.session_state.setdefault(_OPENED, spec) != spec:
        st.session_state[_LINKED] = False
    return bool(st.session_state[_LINKED])


def begin(spec: StudySpec) -> bool:
    """Have a study begin by itself that is neither on its way nor kept, if it may; returns whether it has."""
    present, seconds = job.current(), job.queue().estimate(spec)
    # Who has stopped a study of their own, be it by a change of settings, may want to go on with it.
    is_free = present is None or present.unasked or present.state == "finished"
    if not is_free or seconds >= SMALL or not _has_room():
        return False
    try:
        job.start(spec, unasked=True)
    except (QueueFull, StudyTooLarge):  # the button is there, and says why when it is pressed
        return False
    _spent().note(seconds)
    return True


def is_quiet(present: Current) -> bool:
    """Whether a study that began by itself takes no longer than was to be expected, so that nothing is said of it."""
    return present.unasked and present.active and time.monotonic() - present.job.asked < SMALL


def _has_room() -> bool:
    if crowd.is_in_a_hurry() or job.queue().n_waiting:
        return False
    return not crowd.is_there() or _spent().share <= SHARE


@Once
def _spent() -> Spent:
    """How much time the studies of this process that began by themselves took lately, by estimate."""
    return Spent()
