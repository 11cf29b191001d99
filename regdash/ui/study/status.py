"""Where the study stands: waiting, running, stopped, failed or finished; and the buttons that belong to it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import streamlit as st

from regdash.errors import ClusterUnreachable, RegdashError
from regdash.study import StudySpec
from regdash.ui.common.failures import sentence
from regdash.ui.study import job as study_job
from regdash.ui.study.job import Current
from regdash.words.runs import NBSP
from regdash.words.terms import count

_START = "study_start"  # in the session: what the next run of the page has to start, see `wish`


def wish(*, local: bool = False) -> None:
    """Ask the next run of the page to start the study that its controls describe: for callbacks."""
    st.session_state[_START] = {"local": local}


def wished() -> dict[str, bool] | None:
    """What `wish` asked for, once."""
    found: dict[str, bool] | None = st.session_state.pop(_START, None)
    return found


def show(current: Current) -> None:
    """One line about the study, with its buttons."""
    _SHOWN[current.state](current)


def finished(spec: StudySpec) -> str:
    """What there is when a study is done: "Finished: 80 runs (4 values × 20 seeds)."."""
    *first, last = spec.shape
    values = " × ".join([*map(str, first), count(last, "value")])
    return f"Finished: {count(spec.n_runs, 'run')} ({values} × {count(spec.n_seeds, 'seed')})."


def spoken(current: Current) -> str:
    """The same in a sentence to be read out; warnings and errors are, by themselves. Of a study that nobody asked for,
    the end is enough.
    """
    if current.state == "finished":
        return finished(current.spec)
    return "The study is running." if current.state == "running" and not current.unasked else ""


def seconds(value: float) -> str:
    """A duration as people say it: "less than 1 s", "about 12 s", "about 3 min"."""
    if value < 1:
        return f"less than 1{NBSP}s"
    if value < 90:
        return f"about {value:.0f}{NBSP}s"
    return f"about {value / 60:.0f}{NBSP}min"


def _waiting(current: Current) -> None:
    place = max(1, current.job.place)
    if place == 1:
        _bar(0.0, "The next one to start; it begins by itself.")
    else:
        _bar(0.0, f"Waiting: other visitors' studies come first. Number {place} in the queue; it begins by itself.")


def _running(current: Current) -> None:
    job = current.job
    earlier = job.known  # its runs are not trained again
    known = earlier.n_done if earlier else 0
    done = known + int(job.progress * (current.spec.n_runs - known))
    left = "" if job.seconds_left is None else f", {seconds(job.seconds_left)} left"
    _bar(done / current.spec.n_runs, f"Training: {done:,} of {count(current.spec.n_runs, 'run')}{left}")


def _bar(share: float, text: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(min(max(share, 0.0), 1.0), text=text)
        st.button(
            "Cancel",
            icon=":material/stop_circle:",
            key="study_cancel",
            on_click=study_job.leave,
            args=(study_job.CANCELLED,),
        )


def _cancelled(current: Current) -> None:
    result, why = current.result, current.stopped or study_job.LOST
    done = result.n_done if result else 0
    rest = "What is below is incomplete." if done else "Nothing was finished."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(
            f"{why} {done:,} of {count(current.spec.n_runs, 'run')} are there. {rest}", icon=":material/stop_circle:"
        )
        if current.stopped != study_job.CHANGED:
            st.button("Go on", icon=":material/resume:", on_click=_again, help="Train the runs that are missing.")


def _failed(current: Current) -> None:
    error = current.job.error
    # What RegDash itself says is meant for visitors; anything else is in the log, and none of their business.
    text = str(error) if isinstance(error, RegdashError) else "Something went wrong while training."
    st.error(sentence(text.rstrip(".")), icon=":material/error:")
    with st.container(horizontal=True):
        st.button("Try again", icon=":material/refresh:", on_click=_again)
        if isinstance(error, ClusterUnreachable):
            st.button(
                "Run on this machine instead", icon=":material/computer:", on_click=_again, kwargs={"local": True}
            )


def _finished(_: Current) -> None:
    """Nothing: `finished` stands beside the Run button."""


def _again(*, local: bool = False) -> None:
    wish(local=local)
    st.rerun()  # the whole page, not only the part that these buttons are in


_SHOWN: Mapping[str, Callable[[Current], None]] = MappingProxyType(
    {
        "waiting": _waiting,
        "running": _running,
        "cancelled": _cancelled,
        "failed": _failed,
        "finished": _finished,
    }
)
