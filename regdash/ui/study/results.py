"""What a study says: the headline, its charts, what one seed would have said, downloads and tables."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from regdash.config import FIELDS
from regdash.figures import theme
from regdash.figures.study.clicks import clicked_cell
from regdash.figures.study.curves import CURVE_VIEWS, curves
from regdash.figures.study.differences import differences
from regdash.figures.study.heat import heat
from regdash.figures.study.slices import Slice, slices
from regdash.figures.study.strength import strength
from regdash.study import StudyResult, by_data, export
from regdash.study.comparisons import best, compare, publish_one_seed
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.stats.paired import Comparison, Verdict
from regdash.study.stats.rivals import Best, best_of
from regdash.study.summaries import cells_table, curve_bands
from regdash.ui.components.chart import chart
from regdash.ui.study import opening
from regdash.ui.study.looks import Look
from regdash.words import alt_text
from regdash.words import by_data as by_data_words
from regdash.words import settings as setting_words
from regdash.words import studies as study_words
from regdash.words.terms import cell_text

SLICE, BASELINE, CURVE = "study_slice", "study_baseline", "study_curve"
CURVES_CSV = "Curves (CSV)"
MOST_ROWS = 20_000  # of the table on the page; the browser gets them all
SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z0-9])")  # a sentence may begin with a number: "7 others may be as good."
_DRAWN = "study_drawn"  # in the session: the charts drawn last, and what they were drawn from


@dataclass(frozen=True, kw_only=True)
class View:
    """A result as the visitor looks at it, and what follows from it, each computed once."""

    result: StudyResult
    metric: str
    look: Look
    piece: Slice
    baseline: int
    curve: str
    mode: str

    @cached_property
    def best(self) -> Best | None:
        """The best cell of the whole study."""
        return best(self.result, self.metric, looks=self.look.number, n_cells=self.look.cells)

    @cached_property
    def best_of_slice(self) -> Best | None:
        """The best value of the slice shown, by its position there."""
        return self._best_among(self.piece.cells)

    def _best_among(self, cells: Sequence[int]) -> Best | None:
        values = self.result.values(self.metric)[list(cells)]
        return best_of(
            values, looks=self.look.number, measure=COMPARABLE[self.metric].measure, complete=self.result.complete,
            n_cells=self.look.cells,
        )  # fmt: skip

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Every cell against the baseline."""
        return compare(
            self.result, baseline=self.baseline, metric=self.metric, looks=self.look.number,
            comparisons=self.look.comparisons(self.result.spec.n_cells),
        )  # fmt: skip

    @cached_property
    def table(self) -> pd.DataFrame:
        """What each cell's seeds say of the metric."""
        return cells_table(self.result, self.metric)

    @cached_property
    def kinds(self) -> list[by_data.Within]:
        """The best for each kind of data, if one of two swept settings makes the data."""
        n_compared = self.look.comparisons(self.result.spec.n_cells)
        return by_data.within(self.result, self.metric, looks=self.look.number, comparisons=n_compared)

    @property
    def framed(self) -> list[int]:
        """The cells that the heat map frames as the best."""
        if self.kinds:
            return [each.best for each in self.kinds if each.best is not None]
        return [self.best.cell] if self.best else []

    @property
    def rivals(self) -> list[int]:
        """The cells that may be as good as those framed; none of a part of a study, where all may."""
        if not self.result.complete:
            return []
        parts = [each.cells for each in self.kinds] or [tuple(range(self.result.spec.n_cells))]
        found = [(cells, self._best_among(cells)) for cells in parts]
        return [cells[place] for cells, best in found if best is not None for place in best.rivals]

    @property
    def defined(self) -> bool:
        """Whether the metric has a value anywhere: the share of memorised labels has none where no label is flipped."""
        return bool(np.isfinite(self.result.values(self.metric)).any())


def show(result: StudyResult, metric: str, look: Look, mode: str | None, more: Callable[[], None]) -> None:
    """All of it. `mode` is the page's, light or dark; `more` draws the button that adds seeds."""
    headline = st.container()  # filled after the choices below it, which it depends on
    with st.container():
        piece, baseline, curve = _choices(result, more)
    view = View(
        result=result, metric=metric, look=look, piece=piece, baseline=baseline, curve=curve, mode=mode or "light"
    )  # fmt: skip
    with headline:
        _headline(view)
    with st.grid(2, min_column_width=600, gap=("small", "medium")) as grid:
        n_charts = _charts(view)
        # On a wide screen an odd number of charts leaves room beside the last one.
        rest = grid.cell() if n_charts % 2 else None
    with rest or st.container():
        _one_seed(view)
        opening.show(result)
        _downloads(result)
    _tables(view)


def _choices(result: StudyResult, more: Callable[[], None]) -> tuple[Slice, int, str]:
    """Which part of a grid the charts show, what is compared with what, and which curves."""
    found = slices(result.spec)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        piece = found[0]
        if len(found) > 1:
            piece = found[_chosen("Charts along", [piece.title for piece in found], SLICE, width=270)]
        names = [f"{FIELDS[piece.field].label} {label}" for label in piece.labels]
        baseline = piece.cells[_chosen("Compared with", names, BASELINE, width=230)]
        views = {view.label: key for key, view in CURVE_VIEWS.items()}
        curve = views.get(st.selectbox("Curves of", list(views), key=CURVE, width=230), "validation")
        more()
    return piece, baseline, curve


def _chosen(label: str, options: list[str], key: str, width: int) -> int:
    """The position chosen in a list that another study may not have; the first then.

    The first is set, not left to the box: for a key it knows, a browser goes on showing the text that it had.
    """
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    return options.index(st.selectbox(label, options, key=key, width=width))


def _headline(view: View) -> None:
    result, spec = view.result, view.result.spec
    if result.n_done and not view.defined and result.n_diverged < result.n_done:
        text = f"{COMPARABLE[view.metric].label} is not defined in this study: choose another number to judge by."
    elif view.kinds and view.best:
        text = by_data_words.headline(spec, view.kinds, n_done=result.n_done, metric=view.metric)
    else:
        text = study_words.headline(spec, view.best, view.comparisons, n_done=result.n_done, metric=view.metric)
    first, *rest = SENTENCE_END.split(text, maxsplit=1)
    if view.kinds and view.best and view.defined:
        rest += ["", *(f"- {finding}" for finding in by_data_words.findings(spec, view.kinds, view.metric))]
    st.markdown("\n".join([f"## {first}", *rest]))
    diverged = study_words.diverged_sentence(spec, result.diverged.sum(axis=1).tolist())
    if diverged:
        st.warning(diverged, icon=":material/warning:")
    counts = (flags.sum(axis=1).tolist() for flags in (result.collapsed, result.done))
    collapsed = study_words.collapsed_sentence(spec, *counts)
    if collapsed:
        st.warning(collapsed, icon=":material/trending_flat:")


def _charts(view: View) -> int:
    """All charts; of an unchanged view the ones drawn last. Returns how many there are."""
    key = (view.metric, view.look, view.piece, view.baseline, view.curve, view.mode)
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
    """By name, each chart and its text for readers who cannot see it."""
    result, spec, colours = view.result, view.result.spec, theme.palette(view.mode)
    metric, table, piece, cells = view.metric, view.table, view.piece, list(view.piece.cells)
    curve = CURVE_VIEWS[view.curve]
    bands = curve_bands(result, curve.column)
    found = {}
    if len(spec.fields) == 2:
        found["heat"] = (
            heat(result, metric, table, view.framed, view.rivals, colours),
            alt_text.heat_alt(spec, table, metric),
        )
    found["strength"] = (
        strength(result, piece, metric, table, view.best_of_slice, colours),
        alt_text.strength_alt(spec, table.loc[cells], metric),
    )
    found["curves"] = (
        curves(result, piece, curve, bands, colours),
        alt_text.curves_alt(spec, curve.column, {cell: bands[cell] for cell in cells}),
    )
    if len(cells) > 1:
        by_cell = {comparison.cell: comparison for comparison in view.comparisons}
        found["differences"] = (
            differences(result, piece, metric, view.comparisons, colours),
            alt_text.pairs_alt(spec, [by_cell[cell] for cell in cells if cell in by_cell]),
        )
    return found


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


def _downloads(result: StudyResult) -> None:
    """Runs, curves and the script that repeats the study; each is made only when it is asked for."""
    spec, stem = result.spec, export.file_stem(result.spec)
    files = (
        ("Runs (CSV)", lambda: export.runs_csv(result), "-runs.csv", "text/csv",
         "One row a run: settings and results."),
        ("Runs (Parquet)", lambda: export.runs_parquet(result), "-runs.parquet", "application/vnd.apache.parquet",
         "The same for pandas, R or DuckDB."),
        (CURVES_CSV, lambda: export.curves_csv(result), "-curves.csv", "text/csv", "One row a run and epoch."),
        ("Curves (Parquet)", lambda: export.curves_parquet(result), "-curves.parquet", "application/vnd.apache.parquet",
         "The same, a tenth of the size."),
        ("Python script", lambda: export.script(spec), ".py", "text/x-python",
         "Repeats this study with the package regdash, to the last bit on like machines."),
    )  # fmt: skip
    rows = export.curve_rows(result)
    with st.container(horizontal=True):
        for label, make, ending, mime, note in files:
            too_long = label == CURVES_CSV and rows > export.MAX_CSV_ROWS
            st.download_button(
                label, make, f"{stem}{ending}", mime, icon=":material/download:", on_click="ignore",
                disabled=too_long, key=f"study_download{ending}",
                help=f"Too long for CSV: {rows:,} rows, and the limit is {export.MAX_CSV_ROWS:,}. Take Parquet."
                if too_long else note,
            )  # fmt: skip


def _tables(view: View) -> None:
    expander = st.expander("Tables behind the charts", icon=":material/table:", on_change="rerun", key="study_table")
    if expander.open:  # a table that nobody sees would cost every partial result
        expander.caption(f"{COMPARABLE[view.metric].label}, per cell")
        expander.dataframe(view.table, height=260)
        runs = view.result.runs
        all_of_them = f"The first {MOST_ROWS:,} of {len(runs):,} runs; the downloads have them all"
        expander.caption(all_of_them if len(runs) > MOST_ROWS else "Every run")
        expander.dataframe(runs.head(MOST_ROWS), height=320)
