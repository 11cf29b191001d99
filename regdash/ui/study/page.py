"""The Study page. State flows one way: controls → study → queue → result → headline and charts.

A study is asked for by the button, or begins by itself (`unasked`).
"""

import time
from typing import Any

import streamlit as st

from regdash.errors import QueueFull, StudyTooLarge
from regdash.serving.studies import MAX_COST
from regdash.study import StudyResult, StudySpec
from regdash.study.stats.paired import MATTERS
from regdash.study.stats.single_seed import N_POINTS
from regdash.study.stats.spending import ERROR_SHARE, STEP
from regdash.ui.common import controls, links, parts, presenter, scenario
from regdash.ui.common.failures import sentence
from regdash.ui.components.page import page as for_browser
from regdash.ui.study import job, more, opening, results, status, unasked
from regdash.ui.study import links as study_links
from regdash.ui.study import settings as study_settings
from regdash.ui.study import shared as study_shared
from regdash.ui.study.job import Current
from regdash.ui.study.settings import Settings
from regdash.words.studies import STILL_BEFORE, small_ones
from regdash.words.terms import count

LOOK, LOOK_SHARE = 0.3, 0.02  # seconds between two looks at a study's progress; and for each who watches it
AGAIN = 2.0  # seconds until the page asks again where the queue is full
DRAW, DRAW_SHARE = 0.9, 0.1  # the same for partial results: charts are seven times the work


def page(explore: Any) -> None:
    """Draw the page. `explore` is Streamlit's page to which a click on a run leads."""
    opening.leave(explore)
    unasked.arrive()
    links.arrive(study=study_links.problems)
    study_settings.hold()
    swept = study_settings.swept()
    with st.sidebar:
        link = st.container()  # filled when it is known what there is to link to
    base, places = controls.settings(swept)
    unseen = st.container(key="unseen")  # filled when it is known where the study stands
    purpose = st.container()  # always there, as below; filled when it is known whether there is a study
    settings, button, outlook = study_settings.draw(base)
    scenario.draw(places, base, swept=swept, study=settings.ready, own=study_shared.OWN)
    links.settle(study_settings.missing_in_address())
    with link:
        study_shared.button(settings)
    with st.container():
        _keep_up(settings)
    with button:
        _run_button(settings)
    present = job.current()
    with purpose:
        if present is None:
            st.caption(PURPOSE)
    state = present.state if present else ""  # asked once: it may change at any time
    with outlook:
        st.markdown(_outlook(settings, present, state))
    with unseen:
        for_browser("study", heading="Study", said=status.spoken(present) if present else "")
    if present is None:
        _empty()
        _help()
        return
    look, draw = _pace(present)
    # Each alone in a container. What a run of the page has drawn of a part that is due again at once, Streamlit never
    # sends; then its place is empty for a moment, and what stands behind it would move up and be overwritten.
    with st.container():
        parts.part(_progress, run_every=look)(present, settings, since=state)
    with st.container():
        parts.part(_results, run_every=draw)(present, settings)
    _help()


def _pace(present: Current) -> tuple[float | None, float | None]:
    """Seconds between two looks at progress and at results. A class that watches one study looks less often each."""
    if not present.active:
        return None, None
    n = present.job.n_watching
    if present.unasked:
        return max(LOOK, LOOK_SHARE * n), None if present.before else max(DRAW, DRAW_SHARE * n)
    if present.state == "waiting":
        return max(2 * LOOK, LOOK_SHARE * n), None
    return max(LOOK, LOOK_SHARE * n), max(DRAW, DRAW_SHARE * n)


def _keep_up(settings: Settings) -> None:
    """A study with other settings than the controls' is left; one that is kept already is shown at once, a small one
    begins by itself.
    """
    is_opening, wish = unasked.is_opening(), status.wished()
    waits = unasked.is_as_linked(settings.spec)
    job.step_back(settings.spec)
    present = job.current()
    if present and present.spec != settings.spec:
        present.leave(job.CHANGED)
    if settings.spec is None:
        return
    if wish is not None:
        _start(settings.spec, **wish)
    elif present is None or present.spec != settings.spec:
        is_kept = job.adopt(settings.spec)
        begins = not is_kept and not waits and unasked.begin(settings.spec)
        if (is_kept and present is None) or (begins and is_opening):
            study_settings.fold()  # whoever opens the page wants the result
            st.rerun()


def _start(spec: StudySpec, *, local: bool = False) -> None:
    try:
        job.start(spec, local=local)
    except StudyTooLarge as error:
        st.error(sentence(error), icon=":material/hourglass_disabled:")
    except QueueFull as full:
        why = str(full).partition(";")[0]
        st.info(f"There is no room yet: {why}. This page asks again by itself.", icon=":material/hourglass_top:")
        st.button("Do not wait", icon=":material/close:", key="study_no_wait")  # any run without the wish ends it
        with st.container():
            parts.part(_ask_again, run_every=AGAIN)(time.monotonic(), local=local)


def _ask_again(drawn: float, *, local: bool) -> None:
    """A part of the page that the browser asks for after a while, and that asks for the study then."""
    if time.monotonic() - drawn >= AGAIN / 2:
        status.wish(local=local)
        st.rerun()


def _run_button(settings: Settings) -> None:
    spec, present = settings.spec, job.current()
    state = present.state if present is not None and present.spec == spec else ""
    reason = (
        sentence(settings.problem) if spec is None
        else "It would take too long: the line beside this button says what to take less of." if spec.cost > MAX_COST
        else "This study is done: change a setting, or add seeds below." if state == "finished"
        else "This study is on its way." if state in ("waiting", "running")
        else ""
    )  # fmt: skip
    st.button(  # one element, be it enabled or not, with a help text or another: a new one would lose the focus
        "Run study", type="primary", icon=":material/play_arrow:", on_click=_run, key="study_run",
        disabled=bool(reason), help=reason or f"Train every value with every seed. {small_ones(unasked.SMALL)}",
    )  # fmt: skip


def _run() -> None:
    status.wish()
    study_settings.fold()


def _outlook(settings: Settings, present: Current | None, state: str) -> str:
    """What the study will take, or why there can be none, or that it is done."""
    if settings.spec is None:
        return f":material/block: {sentence(settings.problem)}"
    spec = settings.spec
    if spec.cost > MAX_COST:
        return (
            f":material/block: **{spec.n_runs:,} runs** would take about {spec.cost:,.0f} seconds of one core; the "
            f"limit here is {MAX_COST:,.0f}. Take fewer seeds, values or epochs, or a smaller network."
        )
    runs = f"**{count(spec.n_runs, 'run')}**"
    if present is None or present.spec != spec:
        return f"{runs}, {status.seconds(job.queue().estimate(spec))}. :small[{small_ones(unasked.SMALL)}]"
    if state == "finished":
        return f":small[{status.finished(spec)}]"
    if not (present.unasked and present.active):
        return ""
    is_earlier = present.shown is not None and not _belongs(present.shown, settings)
    return f"Training {runs} …" + f" :small[{STILL_BEFORE}]" * is_earlier


def _progress(present: Current, settings: Settings, *, since: str) -> None:
    """Where the study stands; `since` is its state when the whole page was drawn."""
    present.watch.alive()
    before, state = present.shown, present.state
    is_quiet = unasked.is_quiet(present)  # what comes and goes within a second would move all that is below
    with st.container():
        if not is_quiet:
            status.show(present)
        told = present.unasked and present.active  # beside the button, where it moves nothing
        if before is not None and not _belongs(before, settings) and not told:
            st.warning(EARLIER, icon=":material/history:")
        if before is None and (state == "running" or is_quiet):
            st.caption("The first results appear here in a moment.")
    if state != since and not (present.unasked and state == "running"):
        st.rerun()  # the whole page: for another pace, and for what only a finished study has


def _results(present: Current, settings: Settings) -> None:
    """What there is to see so far."""
    seen = present.on_show
    result = seen.result if seen else None
    with st.container():
        if seen is not None and result is not None:
            mode = presenter.mode()
            results.show(result, settings, seen.look, mode, lambda: more.show(present, settings))


def _belongs(result: StudyResult, settings: Settings) -> bool:
    """Whether this is a result of the study that the controls describe, be it with fewer seeds so far."""
    return settings.spec is not None and job.same_but_seeds(result.spec, settings.spec)


def _help() -> None:
    with st.expander("How to read this page", icon=":material/help:"):
        st.markdown(HELP)


def _empty() -> None:
    with st.container(border=True):
        st.markdown(EMPTY)


EARLIER = (
    "Below is still the study from before: the settings above have changed. It stays until the new one has results."
)

PURPOSE = (
    "**One run is luck.** A study repeats the training over many seeds, with the same seeds for every setting, and "
    "says what can be said: which setting is better, by how much, and how sure that is."
)

HELP = f"""
- **Paired.** Every value is trained with the same seeds, and so, unless what is varied makes the data or the network's
  shape, with the same data and first weights. What luck gives to one it gives to the others, so their *differences* are
  mostly steadier than those of runs that share nothing.
- **Bands** around curves hold the middle half of the seeds: how far single runs scatter. **Intervals**, as bars and in
  brackets, are for the mean (of losses, the median): were the study repeated with other seeds again and again, about 95
  of 100 such intervals would hold the true one, fewer where runs collapse now and then. More seeds narrow the interval,
  not the band: *Differences*, *as pairs are added*, shows it. Each interval there is that of somebody who ran so many
  pairs and looked once; to look after every pair and stop at the prettiest is another matter.
- **Verdicts.** *Better* or *worse*: the mean difference is beyond reasonable luck, and {100 * MATTERS:g} points or
  more. *Alike so far*: it lies, with its interval, within {100 * MATTERS:g} points either way. *No difference that
  matters*: so many seeds were seen that a failure too rare to be among them could not matter either (for losses: of the
  median alone). *Cannot tell yet*: a difference that matters shows itself with enough seeds, which may be more than can
  be had here.
- **Verdicts rest on a wider interval** than the one in brackets, drawn as thin whiskers: many values are compared at
  once, and every look after adding seeds is another chance for luck. In all, at most one study in
  {1 / ERROR_SHARE:.0f} in which nothing differs names a winner. Taking two values out of many that were seen, and
  another first seed, are counted. Not counted are another value to compare with, another number to judge by, other
  settings, a new tab: choose them beforehand, for whoever tries several and keeps the prettiest has more chances. A
  study that is opened with more than {STEP} seeds counts as one to which they were added.
- **Collapsed runs** give every point the same answer: they have learned nothing. They count in the means, and are
  counted apart, with an interval of how often that happens. No interval knows of what none of the seeds has shown.
- **Losses** are compared by their median: a few runs that are sure of a wrong answer would make their mean.
- **The star** is the best mean. It flatters a little, and so does the amount by which it beats others: the winner of
  many was lucky, too. Hollow stars may be as good.
- **If only one seed had been published** judges every pair of runs alone, on {N_POINTS} validation points, as the
  source article does, and counts how often the wrong one would have won.
- **Diverged runs**, whose loss stopped being a finite number, have no accuracy. They are counted, and left out of
  means.
- The address of this page holds the whole study. Whoever opens it while the result is kept sees it at once.
"""

EMPTY = """
**Nothing has been run yet.** Choose a ready-made study or your own settings, and press *Run study*; small ones start
by themselves. You will see

- :material/area_chart: **curves by epoch**, a line for each value with a band that holds half of the seeds;
- :material/show_chart: **the strength curve**, every seed a dot, the best value marked with its uncertainty, and
  under it the boundaries that the networks drew;
- :material/grid_on: for two settings **a heat map**: click a cell to open that run in Explore;
- :material/compare_arrows: **differences seed by seed** from a baseline, with an interval and a verdict, which may be
  "cannot tell yet": then add seeds.
"""
