"""What one seed cannot say: the lesson's study over paired seeds, with its verdict. Equal studies are trained once."""

import time
from typing import Any

import streamlit as st

from regdash.errors import QueueFull, RegdashError
from regdash.figures import theme
from regdash.figures.study.differences import differences
from regdash.figures.study.slices import slices
from regdash.serving.studies import StudyJob
from regdash.study import StudyResult, best, compare
from regdash.study.metrics import DEFAULT_METRIC
from regdash.teaching.lessons import Lesson
from regdash.ui.common import parts, presenter
from regdash.ui.common.failures import sentence
from regdash.ui.common.studies import queue
from regdash.ui.components.chart import chart
from regdash.words import alt_text
from regdash.words import lessons as words
from regdash.words import settings as setting_words
from regdash.words import studies as study_words

PATIENCE = 8.0  # seconds without a sign of life after which nobody waits for it
AGAIN = 0.5  # seconds between two looks of the browser
LONGEST = 1.0  # seconds that one of them takes at most
LOOK = 0.05  # seconds between two looks at a study on its way; each is a point at which a click ends the waiting
_HELD = "lesson_seeds"  # in the session: the lesson whose study was asked for, its job, what there is to say instead


def prepare(lesson: Lesson) -> None:
    """Have the study trained while the question is thought about. Where there is no room, it is asked for later."""
    if "note" in _held(lesson):
        _forget()


def show(lesson: Lesson) -> None:
    """The verdict if the study is there, else that it is on its way."""
    held = _held(lesson)
    job: StudyJob | None = held.get("job")
    if job is not None and job.state == "cancelled" and "note" not in held:  # it was prepared, and then left alone
        _forget()
        held = _held(lesson)
        job = held.get("job")
    if job is not None and job.state == "finished" and job.result is not None:
        _said(lesson, job.result)
        return
    if "note" in held:
        st.warning(held["note"], icon=":material/hourglass_disabled:")
        st.button("Try again", key=f"lesson_seeds_again_{lesson.key}", on_click=_forget)
        return
    with st.container():
        parts.part(_wait, run_every=AGAIN)(lesson, time.monotonic())


def spoken() -> str:
    """A sentence to be read out once the study that was asked for is there."""
    job: StudyJob | None = (st.session_state.get(_HELD) or {}).get("job")
    return "The many seeds have been trained." if job is not None and job.state == "finished" else ""


def _held(lesson: Lesson) -> dict[str, Any]:
    held: dict[str, Any] = st.session_state.get(_HELD) or {}
    if held.get("key") != lesson.key:
        if "watch" in held:
            held["watch"].leave()
        held = st.session_state[_HELD] = {"key": lesson.key}
        _ask(lesson, held)
    return held


def _ask(lesson: Lesson, held: dict[str, Any]) -> None:
    try:
        held["job"] = queue().submit(lesson.study)
        held["watch"] = held["job"].watch(PATIENCE)
    except QueueFull as full:
        held["note"] = sentence(full)


def _wait(lesson: Lesson, drawn: float) -> None:
    """A part of the page that the browser asks for again until the study has ended."""
    held = _held(lesson)
    job: StudyJob | None = held.get("job")
    if job is None:
        st.rerun()
    spec = lesson.study
    st.markdown(f"Training {spec.n_runs} runs: {spec.n_cells} settings, {spec.n_seeds} paired seeds each …")
    if time.monotonic() - drawn < AGAIN / 2:
        return  # the page itself was drawn a moment ago: first what stands below
    latest = time.monotonic() + LONGEST
    while job.state in ("waiting", "running") and time.monotonic() < latest:
        held["watch"].alive()
        time.sleep(LOOK)
        _ = _HELD in st.session_state
    if job.state in ("failed", "cancelled"):
        error = job.error
        held["note"] = str(error) if isinstance(error, RegdashError) else "The training stopped before it was done."
    if job.state not in ("waiting", "running"):
        st.rerun()


def _said(lesson: Lesson, result: StudyResult) -> None:
    """Claim, verdict and the pairs, in this order."""
    st.markdown(words.surprise(lesson, result))
    comparisons = compare(result)
    verdict = study_words.headline(result.spec, best(result), comparisons, n_done=result.n_done)
    st.markdown(f"**Verdict over {result.spec.n_seeds} paired seeds.** {verdict}")
    if lesson.kind == "one-seed":
        st.markdown(words.peeking(result))
    if not comparisons:
        return
    colours = theme.palette(presenter.mode())
    data = differences(result, slices(result.spec)[0], DEFAULT_METRIC, comparisons, colours)
    alt = alt_text.pairs_alt(result.spec, comparisons)
    settings = setting_words.of_study(result.spec)
    chart(
        data, alt=alt, settings=settings, level=3, key=f"lesson_pairs_{lesson.key}",
        file_stem=f"regdash-{lesson.key}-seeds",
    )  # fmt: skip


def _forget() -> None:
    st.session_state.pop(_HELD, None)
