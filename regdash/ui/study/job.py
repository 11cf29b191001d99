"""The visitor's study: asked for, watched, left. One queue serves all visitors of the process."""

from dataclasses import dataclass

import streamlit as st

from regdash.serving.studies import StudyJob, Watch
from regdash.study import StudyResult, StudySpec
from regdash.ui.common.studies import queue as queue
from regdash.ui.study import looks as study_looks
from regdash.ui.study.looks import Look

CURRENT = "study"  # in the session: the study shown, see `Current`
_SEEN = "study_looks"  # in the session: the looks so far, see `study_looks`
CANCELLED = "Cancelled."  # reasons of `leave`, as the page shows them
CHANGED = "Stopped, because a setting was changed."
LEFT_PAGE = "Stopped, because you left the page."
LOST = "Stopped, because the connection to this page was lost."
PATIENCE = 30.0  # seconds without a sign of life, for busy servers hear it late; `_seat` notices a closed tab at once


@dataclass(kw_only=True)
class Current:
    """The study that a visitor sees, running or done.

    look     at which look its result is seen, and how much was compared: verdicts need to know, see `study_looks`
    unasked  whether it began by itself, see `regdash.ui.study.unasked`
    stopped  why the visitor left it, None if they did not. Others may want the same study: then its job goes on
    kept     what was there when the visitor left it
    before   what is shown until this study has a result: a chart that goes and comes again would lose the visitor's
             zoom. One that began by itself lets it stay until it is done: nobody has asked for parts of it
    """

    spec: StudySpec
    job: StudyJob
    watch: Watch
    look: Look
    unasked: bool = False
    stopped: str | None = None
    kept: StudyResult | None = None
    before: "Current | None" = None

    @property
    def state(self) -> str:
        """As the visitor sees it: "waiting", "running", "finished", "cancelled" or "failed"."""
        return self.job.state if self.stopped is None else "cancelled"

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def result(self) -> StudyResult | None:
        """Its result, whole or in part."""
        return self.job.partial if self.stopped is None else self.kept

    @property
    def on_show(self) -> "Current | None":
        """The study whose result there is to see: this one, or the one before as long as there is none."""
        own = self.result
        if own is None or not own.n_done or (self.unasked and self.active and self.before is not None):
            return self.before
        self.before = None
        return self

    @property
    def shown(self) -> StudyResult | None:
        """What there is to see."""
        seen = self.on_show
        return seen.result if seen else None

    def leave(self, reason: str) -> None:
        """Stop wanting it, for a reason to be shown; nothing computes for it any more, unless others want it too."""
        if self.active:
            self.kept, self.stopped = self.job.partial, reason
        self.watch.leave()


class Seat:
    """Where a visitor sits: left when the tab closes, and with it the study."""

    def __init__(self) -> None:
        self.watch: Watch | None = None

    def leave(self) -> None:
        """Stop wanting the study."""
        if self.watch:
            self.watch.leave()


def current() -> Current | None:
    """The session's study, if one was asked for."""
    found: Current | None = st.session_state.get(CURRENT)
    return found


def start(spec: StudySpec, *, local: bool = False, unasked: bool = False) -> None:
    """Ask for a study and watch it, instead of the one before. Raises `QueueFull` or `StudyTooLarge`."""
    before = current()
    known = before.result if before and before.result and same_but_seeds(before.spec, spec) else None
    job = queue().submit(spec, known=known, local=local)
    on_show = before.on_show if before else None
    leave(CHANGED)
    seat = _seat()
    seat.watch = job.watch(PATIENCE)
    st.session_state[CURRENT] = Current(
        spec=spec, job=job, watch=seat.watch, look=_look(before, spec), unasked=unasked,
        before=on_show,
    )  # fmt: skip


def step_back(wanted: StudySpec | None) -> None:
    """Where a study that began by itself is not the one `wanted`, or was stopped, but not by a press of the visitor's:
    leave it, and show what was there before, as if it had never begun.
    """
    present = current()
    if present is None or not present.unasked or present.stopped == CANCELLED:
        return
    if present.state == "cancelled" or (present.active and present.spec != wanted):
        present.leave(CHANGED)
        st.session_state[CURRENT] = present.before


def adopt(spec: StudySpec) -> bool:
    """Show a study that is kept from an earlier visitor or an earlier visit; returns whether there is one."""
    if queue().estimate(spec) > 0:
        return False
    start(spec)
    return True


def leave(reason: str) -> None:
    """Leave the present study, if there is one. It stays on show."""
    present = current()
    if present:
        present.leave(reason)


def _look(before: Current | None, spec: StudySpec) -> Look:
    """Which look at `spec` its result will be. That of the study before is written down, if it was there to be seen."""
    seen: study_looks.Looks = st.session_state.setdefault(_SEEN, {})
    if before and before.state == "finished":
        study_looks.remember(seen, before.spec, before.look)
    return study_looks.count(seen, spec)


def same_but_seeds(one: StudySpec, other: StudySpec) -> bool:
    """Whether two studies differ in the number of their seeds at most."""
    return bool(study_looks.family(one) == study_looks.family(other))


@st.cache_resource(scope="session", show_spinner=False, on_release=Seat.leave)
def _seat() -> Seat:
    """The session's seat. Streamlit releases it as soon as the session's connection is gone."""
    return Seat()
