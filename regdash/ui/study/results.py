"""What a study says: the headline, its charts, what one seed would have said, downloads and tables."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from regdash.config import RunConfig
from regdash.figures import theme
from regdash.figures.study.clicks import clicked_cell
from regdash.figures.study.curves import CURVE_VIEWS, curves
from regdash.figures.study.differences import differences
from regdash.figures.study.heat import heat
from regdash.figures.study.narrowing import narrowing
from regdash.figures.study.slices import Slice, slices, usual_baseline
from regdash.figures.study.strength import strength
from regdash.figures.theme import Palette
from regdash.study import StudyResult, by_data, export
from regdash.study.comparisons import publish_one_seed
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.stats.paired import Comparison, Verdict
from regdash.study.summaries import curve_bands, has_values
from regdash.ui.common import locks, shared
from regdash.ui.components.chart import chart
from regdash.ui.study import keys, opening, takeaway
from regdash.ui.study import shared as of_link
from regdash.ui.study.looks import Look
from regdash.ui.study.settings import Settings
from regdash.ui.study.view import View
from regdash.words import alt_text
from regdash.words import by_data as by_data_words
from regdash.words import settings as setting_words
from regdash.words import studies as study_words
from regdash.words.terms import cell_text

SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z0-9])")  # a sentence may begin with a number: "7 others may be as good."
_DRAWN = "study_drawn"  # in the session: the charts drawn last, and what they were drawn from


def show(result: StudyResult, settings: Settings, look: Look, mode: str | None, more: Callable[[], None]) -> None:
    """All of it. `mode` is the page's, light or dark; `more` draws the button that adds seeds."""
    metric = settings.metric
    headline = st.container(key="study_headline")  # filled after the choices below it, which it depends on
    defined = has_values(result, metric, range(result.spec.n_cells))
    with st.container():
        piece, baseline, curve, way = _choices(result, settings.base, more if defined else None)
    view = View(
        result=result, metric=metric, look=look, piece=piece, baseline=baseline, curve=curve, differences=way,
        mode=mode or "light",
    )  # fmt: skip
    with headline:
        _headline(view)
    if view.defined and not view.defined_here:
        st.info(f"{COMPARABLE[metric].label} has no value here ({piece.title}).", icon=":material/block:")
    with st.grid(2, min_column_width=600, gap=("small", "medium")) as grid:
        n_charts = _charts(view)
        # On a wide screen an odd number of charts leaves room beside the last one.
        rest = grid.cell() if n_charts % 2 else None
    with rest or st.container():
        _one_seed(view)
        opening.show(result)
        takeaway.downloads(result)
    takeaway.tables(result, view.table, COMPARABLE[metric].label)


def _choices(result: StudyResult, base: RunConfig, more: Callable[[], None] | None) -> tuple[Slice, int, str, str]:
    """Which part of a grid the charts show, what is compared with what, which curves, and how differences are shown.
    `base` is what the sidebar shows. No seeds are offered (`more`) where they would have no value either.
    """
    found = slices(result.spec)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        piece = found[0]
        if len(found) > 1:
            piece = found[_chosen("Charts along", [piece.title for piece in found], keys.SLICE, width=270)]
        usual = usual_baseline(piece, base)
        baseline = piece.cells[_chosen("Compared with", piece.names, keys.BASELINE, width=230, usual=usual)]
        views = {view.label: key for key, view in CURVE_VIEWS.items()}
        curve = list(views.values())[_chosen("Curves of", list(views), keys.CURVE, width=230)]
        ways = list(keys.DIFFERENCE_VIEWS)
        way = ways[_chosen("Differences", list(keys.DIFFERENCE_VIEWS.values()), keys.DIFFERENCES, width=230)]
        if more:
            more()
    return piece, baseline, curve, way


def _chosen(label: str, options: list[str], key: str, width: int, usual: int = 0) -> int:
    """The position chosen in a list that another study may not have; `usual` then.

    It is set in every run, not left to the box: for a key it knows, a browser goes on showing the text that it had, and
    what one run sets is not sent if the next one has drawn the box by then.
    """
    wanted = shared.values().get(key, st.session_state.get(key))  # a part of the page may be drawn without the rest
    st.session_state[key] = wanted if wanted in options else options[usual]
    if not shared.is_hidden(keys.IN_LINKS[key]):
        name = keys.IN_LINKS[key]
        st.selectbox(
            label, options, key=key, width=width, disabled=shared.is_fixed(name), help=locks.told(name) or None
        )
    chosen = st.session_state[key]  # anything, from a browser that is none
    return options.index(chosen) if chosen in options else usual


def _headline(view: View) -> None:
    result, spec = view.result, view.result.spec
    if result.n_done and not view.defined and result.n_diverged < result.n_done:
        text = f"{COMPARABLE[view.metric].label} is not defined in this study: choose another number to judge by."
    elif by_data.is_between_data_sets(spec) and view.defined:
        table = view.table
        text = by_data_words.levels(
            spec, table["centre"].tolist(), n_done=result.n_done, counts=table["n"].tolist(), metric=view.metric
        )
    elif view.kinds and view.best:
        text = by_data_words.headline(spec, view.kinds, n_done=result.n_done, metric=view.metric)
    else:
        text = study_words.headline(spec, view.best, view.comparisons, n_done=result.n_done, metric=view.metric)
    first, *rest = SENTENCE_END.split(text, maxsplit=1)
    if view.kinds and view.best and view.defined:
        rest += ["", *(f"- {finding}" for finding in by_data_words.findings(spec, view.kinds, view.metric))]
    st.markdown("\n".join([f"## {first}", *rest]))
    if like := of_link.likeness(result):
        st.caption(like)
    diverged = study_words.diverged_sentence(spec, result.diverged.sum(axis=1).tolist())
    if diverged:
        st.warning(diverged, icon=":material/warning:")
    counts = (flags.sum(axis=1).tolist() for flags in (result.collapsed, result.done))
    collapsed = study_words.collapsed_sentence(spec, *counts)
    if collapsed:
        st.warning(collapsed, icon=":material/trending_flat:")


def _charts(view: View) -> int:
    """All charts; of an unchanged view the ones drawn last. Returns how many there are."""
    key = (view.metric, view.look, view.piece, view.baseline, view.curve, view.differences, view.mode)
    drawn: tuple[StudyResult, Any, dict[str, tuple[dict[str, Any], str]]] | None = st.session_state.get(_DRAWN)
    if drawn is None or drawn[0] is not view.result or drawn[1] != key:
        drawn = st.session_state[_DRAWN] = (view.result, key, _payloads(view))
    stem, settings = export.file_stem(view.result.spec), setting_words.of_study(view.result.spec)
    for name, (payload, alt) in drawn[2].items():
        clickable = name in ("heat", "strength")
        chart(
            payload, alt=alt, settings=settings, level=3, key=f"chart_{name}", file_stem=f"{stem}-{name}",
            on_click=_open if clickable else None,
        )  # fmt: skip
    return len(drawn[2])


def _payloads(view: View) -> dict[str, tuple[dict[str, Any], str]]:
    """By name, each chart and its text for readers who cannot see it. None would be empty."""
    result, spec, colours = view.result, view.result.spec, theme.palette(view.mode)
    metric, table, piece, cells = view.metric, view.table, view.piece, list(view.piece.cells)
    curve = CURVE_VIEWS[view.curve]
    bands = curve_bands(result, curve.column)
    found = {}
    if view.defined and len(spec.fields) == 2:
        found["heat"] = (
            heat(result, metric, table, view.framed, view.rivals, colours),
            alt_text.heat_alt(spec, table, metric),
        )
    if view.defined_here:
        found["strength"] = (
            strength(result, piece, metric, table, view.best_of_slice, colours),
            alt_text.strength_alt(spec, table.loc[cells], metric),
        )
    if any(bands[cell].n for cell in cells) or not result.complete:
        found["curves"] = (
            curves(result, piece, curve, bands, colours),
            alt_text.curves_alt(spec, curve.column, {cell: bands[cell] for cell in cells}),
        )
    pairs = view.pairs
    if any(pair.n for pair in pairs) or (pairs and view.defined_here and not result.complete):
        found |= _differences(view, pairs, colours)
    return found


def _differences(view: View, pairs: list[Comparison], colours: Palette) -> dict[str, tuple[dict[str, Any], str]]:
    """The chart of differences, in the way that is chosen: the other one costs nothing."""
    result, piece, metric = view.result, view.piece, view.metric
    if view.differences == keys.AS_ADDED:
        drawn = narrowing(result, piece, metric, view.narrowed, len(pairs), colours)
        return {"narrowing": (drawn, alt_text.narrowing_alt(result.spec, view.narrowed))}
    drawn = differences(result, piece, metric, view.comparisons, colours)
    return {"differences": (drawn, alt_text.pairs_alt(result.spec, pairs))}


def _open(clicked: Any) -> None:
    """A click on a chart: the run of the first seed opens in Explore."""
    drawn = st.session_state.get(_DRAWN)
    if drawn is None:
        return
    cell = clicked_cell(drawn[0], clicked)
    if cell is not None:
        opening.in_explore(drawn[0], cell)


def _one_seed(view: View) -> None:
    """What would have been published from one seed: of the best value, or of the runner-up if the baseline is best."""
    cell = _rival(view)
    if cell is None or not view.result.complete:
        return
    found = next((comparison for comparison in view.comparisons if comparison.cell == cell), None)
    if found is None:
        return
    fresh = replace(view, metric=DEFAULT_METRIC).comparisons
    verdict = next((comparison.verdict for comparison in fresh if comparison.cell == cell), Verdict.UNDECIDED)
    spec = view.result.spec
    names = {"cell": cell_text(spec, found.cell), "baseline": cell_text(spec, view.baseline)}
    sentence = study_words.one_seed_sentence(publish_one_seed(view.result, found.cell, view.baseline), verdict, **names)
    if sentence:
        arms = f"{names['cell']} against {names['baseline']}"
        st.info(f"**If only one seed had been published** ({arms}): {sentence}", icon=":material/casino:")


def _rival(view: View) -> int | None:
    """The best cell but the baseline; where a setting makes the data, the best on the baseline's own data."""
    field = by_data.data_field(view.result.spec)
    if field == view.piece.field:
        return None  # between data, a winner is no discovery
    found = view.best if field is None else view.best_of_slice
    if found is None:
        return None
    places = range(view.result.spec.n_cells) if field is None else view.piece.cells
    cell = places[found.cell]
    runner_up = None if found.runner_up is None else places[found.runner_up]
    return cell if cell != view.baseline else runner_up
