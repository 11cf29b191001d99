"""Paired differences from a baseline: seed by seed, with mean, 95 % interval and verdict."""

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.config import DATA_FIELDS, FIELDS
from regdash.figures.spec import Spec, axis, typed
from regdash.figures.study.chart import ends, faint, layout, payload
from regdash.figures.study.slices import Slice
from regdash.figures.theme import VERDICT_SYMBOLS, Palette, faded
from regdash.study import StudyResult
from regdash.study.metrics import COMPARABLE, Metric
from regdash.study.stats.paired import Comparison
from regdash.study.stats.spending import MIN_PAIRS
from regdash.words.terms import cell_text, count
from regdash.words.verdicts import verdict_text

JITTER = 0.2
ROOMY = 12  # rows up to which each has two lines of words


SHORT = MappingProxyType({"no difference that matters": "no difference"})


def differences(
    result: StudyResult, piece: Slice, metric_key: str, comparisons: Sequence[Comparison], colours: Palette
) -> Spec:
    """The chart: a row per value, the baseline left out. `comparisons` holds one for every cell of `piece` shown."""
    metric = COMPARABLE[metric_key]
    rows = _rows(piece, comparisons)[::-1]  # the first value on top
    unit = 100.0 if metric.is_share else 1.0
    scaled = [unit * found.differences for _, found in rows]
    edges = [unit * value for _, found in rows if found.n >= MIN_PAIRS for value in (*found.shown, *found.strict)]
    edges = [value for value in edges if np.isfinite(value)]
    low, high = ends(np.concatenate([*scaled, np.array(edges), np.zeros(1)]), step=5.0 if metric.is_share else 0.1)
    data = [_dots(scaled, rows, result.spec.seeds, metric, colours), _whiskers(rows, unit, colours)]
    data += [_mean(row, label, found, unit, metric, colours) for row, (label, found) in enumerate(rows)]
    wide, narrow = (
        {
            "layout": _layout(rows, metric, unit, (low, high), piece, colours, narrow=narrow),
            "height": 5.5 + (3.4 if len(rows) <= ROOMY else 1.9) * max(2, len(rows)),
        }
        for narrow in (False, True)
    )
    baseline = cell_text(result.spec, comparisons[0].baseline) if comparisons else ""
    matters = f"{unit * metric.matters:g}{' points' if metric.is_share else ''}"
    data_too = "" if piece.field in DATA_FIELDS else " and data"
    better = "to the right" if metric.higher_is_better else "to the left"
    return payload(
        title=f"{metric.label}: difference from {baseline}, seed by seed",
        caption=(
            f"Each faint dot is one pair of runs with the same seed{data_too}. Mark and bar: {metric.centre} and 95 % "
            f"interval of the paired differences.{whisker_words([found for _, found in rows])} Better lies {better}. "
            f"Within the grey strip, ±{matters}, a difference does not matter."
        ),
        data=data, wide=wide, narrow=narrow,
    )  # fmt: skip


def _rows(piece: Slice, comparisons: Sequence[Comparison]) -> list[tuple[str, Comparison]]:
    by_cell = {found.cell: found for found in comparisons}
    return [
        (label, by_cell[cell]) for label, cell in zip(piece.labels, piece.cells, strict=True) if cell in by_cell
    ]  # fmt: skip


def _dots(
    scaled: Sequence[NDArray[np.float64]],
    rows: Sequence[tuple[str, Comparison]],
    seeds: Sequence[int],
    metric: Metric,
    colours: Palette,
) -> Spec:
    n_seeds = max((int(found.replicates.max(initial=0)) + 1 for _, found in rows), default=1)
    offsets = np.linspace(-JITTER, JITTER, n_seeds) if n_seeds > 1 else np.zeros(1)
    y = [row + offsets[found.replicates] for row, (_, found) in enumerate(rows)]
    named = [np.array(seeds, dtype=np.int32)[found.replicates] for _, found in rows]
    empty = np.zeros(0)
    return {
        "type": "scatter", "mode": "markers", "uid": "pairs", "showlegend": False,
        "x": typed(np.concatenate([*scaled, empty]).astype(np.float32)),
        "y": typed(np.concatenate([*y, empty]).astype(np.float32)),
        "customdata": typed(np.concatenate([*named, np.zeros(0, dtype=np.int32)])),
        "marker": faint(n_seeds, colours),
        "hovertemplate": f"seed %{{customdata}}: %{{x:{'+.1f' if metric.is_share else '+.3f'}}}<extra></extra>",
    }  # fmt: skip


def resting(found: Comparison) -> bool:
    """Whether there is an interval that the verdict rests on: of a part of a study there is no verdict."""
    return found.complete and found.n >= MIN_PAIRS and bool(np.isfinite(found.strict).all())


def whisker_words(comparisons: Sequence[Comparison]) -> str:
    """What the thin whiskers of a chart of `comparisons` are; "" where none has any."""
    most = max((found.comparisons for found in comparisons if resting(found)), default=0)
    if not most:
        return ""
    many = f"{most} comparisons at once and " if most > 1 else ""
    return (
        f" Thin whiskers: the wider interval that the verdict rests on, which allows for {many}looking again after "
        "adding seeds; a winner's lies wholly on one side of 0."
    )


def _whiskers(rows: Sequence[tuple[str, Comparison]], unit: float, colours: Palette) -> Spec:
    """The intervals that verdicts rest on, as thin lines with a tick at each end, behind the marks."""
    x: list[float | None] = []
    y: list[int | None] = []
    for row, (_, found) in enumerate(rows):
        if resting(found):
            x += [unit * found.strict.low, unit * found.strict.high, None]
            y += [row, row, None]
    return {
        "type": "scatter", "mode": "lines+markers", "uid": "whiskers", "showlegend": False, "hoverinfo": "skip",
        "x": x, "y": y, "line": {"width": 1.2, "color": colours.text},
        "marker": {"symbol": "line-ns", "size": 9, "line": {"width": 1.2, "color": colours.text}},
    }  # fmt: skip


def _mean(row: int, label: str, found: Comparison, unit: float, metric: Metric, colours: Palette) -> Spec:
    colour = colours.verdicts.get(found.verdict, colours.text)
    mean, low, high = (unit * value for value in (found.mean, found.low, found.high))
    known = found.n >= MIN_PAIRS and np.isfinite(high - low)
    shape = "+.1f" if metric.is_share else "+.3f"
    interval = f"<br>95 % interval {low:{shape}} to {high:{shape}}" if known else ""
    if resting(found):
        interval += f"<br>the verdict rests on {unit * found.strict.low:{shape}} to {unit * found.strict.high:{shape}}"
    noun = "pair" if found.n_diverged == 1 else "pairs"
    diverged = f"<br>{found.n_diverged} {noun} left out: a run diverged" if found.n_diverged else ""
    return {
        "type": "scatter", "mode": "markers", "uid": f"mean-{found.cell}", "showlegend": False,
        "x": [mean if np.isfinite(mean) else None], "y": [row],
        "marker": {
            "size": 14, "color": colour, "symbol": VERDICT_SYMBOLS.get(found.verdict, "circle-open"),
            "line": {"width": 2.5, "color": colour},
        },
        "error_x": {
            "type": "data", "symmetric": False,  # a median's interval may be longer on one side
            "array": [high - mean if known else 0], "arrayminus": [mean - low if known else 0],
            "color": colour, "thickness": 3.5, "width": 8,
        },
        "hovertemplate": f"{label}: {verdict_text(found)}<br>{metric.centre} {mean:{shape}}{interval}<br>"
        f"{count(found.n, 'pair')}{diverged}<extra></extra>",
    }  # fmt: skip


def _layout(
    rows: Sequence[tuple[str, Comparison]],
    metric: Metric,
    unit: float,
    span: tuple[float, float],
    piece: Slice,
    colours: Palette,
    *,
    narrow: bool,
) -> Spec:
    room = 0.03 * (span[1] - span[0])
    x = axis(
        colours, range=[span[0] - room, span[1] + room], nticks=6 if narrow else 9, fixedrange=True,
        tickformat="+~g",
        title={"text": f"{'Points' if metric.is_share else 'Difference'} against the baseline", "standoff": 6},
        uirevision=f"{span}",
    )  # fmt: skip
    y = axis(
        colours, range=[-0.5, max(len(rows), 1) - 0.5], fixedrange=True, showgrid=False,
        tickvals=list(range(len(rows))),
        ticktext=[_row_label(piece, label, found, roomy=len(rows) <= ROOMY) for label, found in rows],
    )  # fmt: skip
    matters = unit * metric.matters
    shapes = [
        {
            "type": "rect", "x0": -matters, "x1": matters, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
            "line": {"width": 0}, "fillcolor": faded(colours.text, 0.12),
        },
        {
            "type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "layer": "below",
            "line": {"width": 1.5, "color": colours.text},
        },
    ]  # fmt: skip
    margin = {"l": 122, "r": 8, "t": 8, "b": 52} if narrow else {"l": 210, "r": 16, "t": 10, "b": 62}
    return layout(colours, narrow=narrow, margin=margin, xaxis=x, yaxis=y, shapes=shapes)


def _row_label(piece: Slice, label: str, found: Comparison, *, roomy: bool) -> str:
    """The value and its verdict, in bold; of a part of a study no verdict is given."""
    verdict = verdict_text(found)
    if not roomy:
        return f"{label}: <b>{SHORT.get(verdict, verdict)}</b>"
    return f"{FIELDS[piece.field].label} {label}<br><b>{verdict.replace('difference that', 'difference<br>that')}</b>"
