"""Paired differences from a baseline as pairs are added: how the interval narrows, in a panel for each value."""

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np

from regdash.config import FIELDS
from regdash.figures.spec import Spec, axis, axis_number, typed
from regdash.figures.study.chart import ends, layout, payload
from regdash.figures.study.differences import SHORT, resting, whisker_words
from regdash.figures.study.slices import Slice
from regdash.figures.theme import VERDICT_SYMBOLS, Palette, faded
from regdash.study import StudyResult
from regdash.study.metrics import COMPARABLE, Metric
from regdash.study.stats.intervals import Interval
from regdash.study.stats.narrowing import Narrowing
from regdash.study.stats.paired import Comparison
from regdash.words.terms import cell_text, count, difference
from regdash.words.verdicts import verdict_text

MOST_PANELS = 8
COLUMNS = MappingProxyType({False: 4, True: 2})  # panels side by side at most, by whether the screen is narrow
TALL, BETWEEN, BESIDE = 15.0, 4.6, 0.035  # em: a panel's height, and the gap below it; share of the width between two
MARGIN = MappingProxyType(
    {
        False: MappingProxyType({"l": 74, "r": 16, "t": 50, "b": 62}),
        True: MappingProxyType({"l": 58, "r": 8, "t": 44, "b": 50}),
    }
)  # pixels; on top, a panel's two lines of words

Panel = tuple[Comparison, Narrowing]


def narrowing(
    result: StudyResult, piece: Slice, metric_key: str, panels: Sequence[Panel], n_values: int, colours: Palette
) -> Spec:
    """The chart of `panels`, in the order of the slice; there are `n_values` that could have one."""
    metric = COMPARABLE[metric_key]
    unit, n_seeds = 100.0 if metric.is_share else 1.0, result.spec.n_seeds
    span = _span(panels, unit, metric)
    data = [trace for place, panel in enumerate(panels) for trace in _traces(place, panel, unit, metric, colours)]
    labels = [_title(piece, found) for found, _ in panels]
    wide, narrow = (
        {
            "layout": _layout(labels, n_seeds, metric, span, colours, narrow=narrow),
            "height": _height(len(panels), narrow=narrow) + (MARGIN[narrow]["t"] + MARGIN[narrow]["b"]) / 16,
        }
        for narrow in (False, True)
    )
    matters = f"{unit * metric.matters:g}{' points' if metric.is_share else ''}"
    left_out = f" {len(panels)} of {n_values} values are shown." if len(panels) < n_values else ""
    better = "above" if metric.higher_is_better else "below"
    return payload(
        title=f"{metric.label}: difference from {cell_text(result.spec, panels[0][0].baseline)}, as pairs are added",
        caption=(
            f"Line and band: {metric.centre} and 95 % interval of the first pairs, in the order of seeds, each for one "
            "number of pairs. Looking after every pair and stopping when it looks good is not counted: it gives luck a "
            f"chance at every pair.{whisker_words([found for found, _ in panels])} Better lies {better} 0. Within the "
            f"grey strip, ±{matters}, a difference does not matter.{left_out}"
        ),
        data=data, wide=wide, narrow=narrow,
    )  # fmt: skip


def _span(panels: Sequence[Panel], unit: float, metric: Metric) -> tuple[float, float]:
    """The ends of the axis that all panels share."""
    drawn = [np.zeros(1), *(values for _, each in panels for values in (each.centre, each.low, each.high))]
    drawn += [np.array([found.strict.low, found.strict.high]) for found, _ in panels if resting(found)]
    return ends(unit * np.concatenate(drawn), step=5.0 if metric.is_share else 0.1)


def _title(piece: Slice, found: Comparison) -> str:
    """A panel's two lines: its value, and the verdict, or that there is none yet."""
    verdict = verdict_text(found)
    label = dict(zip(piece.cells, piece.labels, strict=True))[found.cell]
    return f"{FIELDS[piece.field].label} {label}<br><b>{SHORT.get(verdict, verdict)}</b>"


def _traces(place: int, panel: Panel, unit: float, metric: Metric, colours: Palette) -> list[Spec]:
    """The band's two edges, the second filled down to the first, the line, the verdict's whisker and the last mark."""
    found, each = panel
    colour = colours.verdicts.get(found.verdict, colours.text)
    number = axis_number(place)
    common: Spec = {
        "type": "scatter", "mode": "lines", "showlegend": False, "xaxis": f"x{number}", "yaxis": f"y{number}",
    }  # fmt: skip
    along = common | {"x": typed(each.pairs.astype(np.int32))}
    edge = along | {"line": {"width": 1.2, "color": faded(colour, 0.6)}, "hoverinfo": "skip"}
    low, middle, high = (typed((unit * values).astype(np.float32)) for values in (each.low, each.centre, each.high))
    told = [
        f"{count(int(n), 'pair')}: {difference(metric, Interval(*ends))}"
        for n, *ends in zip(each.pairs, each.centre, each.low, each.high, strict=True)
    ]
    traces = [
        edge | {"uid": f"low-{found.cell}", "y": low},
        edge | {"uid": f"high-{found.cell}", "y": high, "fill": "tonexty", "fillcolor": faded(colour, 0.17)},
        along
        | {
            "uid": f"line-{found.cell}", "y": middle, "text": told, "line": {"color": colour, "width": 2.5},
            "hovertemplate": "first %{text}<extra></extra>",
        },
    ]  # fmt: skip
    if len(each.pairs):
        traces += [common | _whisker(found, unit, colours), common | _last(found, unit, metric, colour)]
    return traces


def _whisker(found: Comparison, unit: float, colours: Palette) -> Spec:
    """The interval that the verdict rests on, at all pairs."""
    low, high = (unit * end for end in (found.strict.low, found.strict.high))
    return {
        "mode": "lines+markers", "uid": f"whisker-{found.cell}", "hoverinfo": "skip",
        "x": [found.n, found.n] if resting(found) else [], "y": [low, high] if resting(found) else [],
        "line": {"width": 1.2, "color": colours.text},
        "marker": {"symbol": "line-ew", "size": 9, "line": {"width": 1.2, "color": colours.text}},
    }  # fmt: skip


def _last(found: Comparison, unit: float, metric: Metric, colour: str) -> Spec:
    """The interval of all pairs, as the chart of differences draws it."""
    middle, low, high = (unit * value for value in found.shown)
    known = bool(np.isfinite(high - low))
    return {
        "mode": "markers", "uid": f"all-{found.cell}", "x": [found.n], "y": [middle],
        "marker": {
            "size": 12, "color": colour, "symbol": VERDICT_SYMBOLS.get(found.verdict, "circle-open"),
            "line": {"width": 2.5, "color": colour},
        },
        "error_y": {
            "type": "data", "symmetric": False, "array": [high - middle if known else 0],
            "arrayminus": [middle - low if known else 0], "color": colour, "thickness": 3.5, "width": 6,
        },
        "hovertemplate": f"all {count(found.n, 'pair')}: {difference(metric, found.shown)}<br>{verdict_text(found)}"
        "<extra></extra>",
    }  # fmt: skip


def _height(n: int, *, narrow: bool) -> float:
    """Of all rows of panels and the gaps between them, in em."""
    rows = -(-n // COLUMNS[narrow])
    return rows * TALL + (rows - 1) * BETWEEN


def _layout(
    labels: Sequence[str], n_seeds: int, metric: Metric, span: tuple[float, float], colours: Palette, *, narrow: bool
) -> Spec:
    n, height = len(labels), _height(len(labels), narrow=narrow)
    columns = min(n, COLUMNS[narrow])
    beside = (2 if narrow else 1) * BESIDE
    wide = (1 - (columns - 1) * beside) / columns
    room = 0.03 * (span[1] - span[0])
    scale = "Points" if metric.is_share else "Difference"  # short: on a projector panels may be low
    axes: dict[str, Spec] = {}
    for place in range(n):
        number, (row, column) = axis_number(place), divmod(place, columns)
        left, top = column * (wide + beside), 1 - row * (TALL + BETWEEN) / height
        lowest = place + columns >= n
        axes[f"xaxis{number}"] = axis(
            colours, anchor=f"y{number}", domain=[left, min(left + wide, 1.0)], range=[0, 1.06 * n_seeds + 0.5],
            nticks=4 if columns > 1 else 8, showticklabels=lowest, uirevision=f"{n_seeds}",
            title={"text": "Pairs of runs" if lowest else "", "standoff": 6}, **({"matches": "x"} if place else {}),
        )  # fmt: skip
        axes[f"yaxis{number}"] = axis(
            colours, anchor=f"x{number}", domain=[max(top - TALL / height, 0.0), top], tickformat="+~g",
            range=[span[0] - room, span[1] + room], nticks=7, showticklabels=column == 0, uirevision=f"{span}",
            title={"text": scale if column == 0 else "", "standoff": 8}, **({"matches": "y"} if place else {}),
        )  # fmt: skip
    return layout(
        colours, narrow=narrow, margin=MARGIN[narrow], shapes=_shapes(n, metric, colours),
        annotations=[_annotation(place, label) for place, label in enumerate(labels)], **axes,
    )  # fmt: skip


def _annotation(place: int, label: str) -> Spec:
    number = axis_number(place)
    return {
        "text": label, "xref": f"x{number} domain", "yref": f"y{number} domain", "x": 0, "y": 1, "xanchor": "left",
        "yanchor": "bottom", "align": "left", "showarrow": False,
    }  # fmt: skip


def _shapes(n: int, metric: Metric, colours: Palette) -> list[Spec]:
    """In each panel the strip in which a difference does not matter, and a line at 0."""
    matters = metric.matters * (100 if metric.is_share else 1)
    strip: Spec = {
        "type": "rect", "y0": -matters, "y1": matters, "line": {"width": 0}, "fillcolor": faded(colours.text, 0.12),
    }  # fmt: skip
    zero: Spec = {"type": "line", "y0": 0, "y1": 0, "line": {"width": 1.5, "color": colours.text}}
    return [
        shape | {"layer": "below", "x0": 0, "x1": 1, "xref": f"x{number} domain", "yref": f"y{number}"}
        for number in map(axis_number, range(n))
        for shape in (strip, zero)
    ]
