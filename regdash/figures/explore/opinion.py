"""The strip of a second opinion: what regularization changed in each of many pairs, and where this pair lies."""

import numpy as np
from numpy.typing import NDArray

from regdash.figures.spec import Spec, axis, typed
from regdash.figures.study.chart import ends, layout, payload
from regdash.figures.theme import VERDICT_SYMBOLS, Palette, faded
from regdash.study.stats.paired import Comparison
from regdash.words.opinions import strip_caption, strip_title

PAIRS, OWN = "pairs", "own"  # uids of the traces
ROWS = 7  # dots that lie at the same place are stacked so high
HEIGHT = 8.5  # em


def opinion(found: Comparison, own: float, colours: Palette, *, first_seed: int) -> Spec:
    """The chart: a dot a pair, mean and 95 % interval below, a diamond for the visitor's own pair.

    found       the comparison of "yours" with "no regularization" on fresh data, over the replicates of the opinion
    own         the visitor's own difference, NaN if there is none
    first_seed  the seed of the first replicate
    """
    points = 100 * found.differences
    known = [100 * value for value in (*found.shown, *found.strict, own) if np.isfinite(value)]
    span = ends(np.concatenate([points, np.array(known), np.zeros(1)]), step=5.0)
    data = [
        _dots(points, first_seed + found.replicates, colours),
        _own(100 * own, colours),
        _whiskers(found, colours),
        _mean(found, colours),
    ]
    wide, narrow = ({"layout": _layout(span, found, colours, narrow=n), "height": HEIGHT} for n in (False, True))
    return payload(title=strip_title(found.n), caption=strip_caption(), data=data, wide=wide, narrow=narrow)


def clicked_replicate(found: Comparison, clicked: object) -> int | None:
    """The replicate whose dot was clicked; None if `clicked`, which comes from a browser, names none."""
    if not isinstance(clicked, dict) or clicked.get("trace") != PAIRS:
        return None
    point = clicked.get("point")
    return int(found.replicates[point]) if type(point) is int and 0 <= point < found.n else None


def _dots(points: NDArray[np.float64], seeds: NDArray[np.int64], colours: Palette) -> Spec:
    return {
        "type": "scatter", "mode": "markers", "uid": PAIRS, "showlegend": False, "meta": {"opens": True},
        "x": typed(points.astype(np.float32)), "y": typed(_stacked(points).astype(np.float32)),
        "customdata": typed(seeds.astype(np.int32)),
        "marker": {"size": 9, "color": colours.text, "opacity": 0.55},
        "hovertemplate": "seed %{customdata}: %{x:+.1f} points<br>click to open it<extra></extra>",
    }  # fmt: skip


def _own(points: float, colours: Palette) -> Spec:
    there = np.isfinite(points)
    return {
        "type": "scatter", "mode": "markers+text", "uid": OWN, "showlegend": False,
        "x": [points if there else None], "y": [-0.6], "text": ["this pair"], "textposition": "bottom center",
        "textfont": {"color": colours.arms["yours"]}, "cliponaxis": False,
        "marker": {"size": 13, "symbol": "diamond", "color": colours.arms["yours"], "line": {"width": 0}},
        "hovertemplate": "this pair: %{x:+.1f} points<extra></extra>",
    }  # fmt: skip


def _whiskers(found: Comparison, colours: Palette) -> Spec:
    """The interval that the verdict rests on, as a thin line with a tick at each end, behind the mark."""
    ends = [100 * found.strict.low, 100 * found.strict.high] if np.isfinite(found.strict).all() else []
    return {
        "type": "scatter", "mode": "lines+markers", "uid": "whiskers", "showlegend": False, "hoverinfo": "skip",
        "x": ends, "y": [ROWS + 0.2] * len(ends), "line": {"width": 1.2, "color": colours.text},
        "marker": {"symbol": "line-ns", "size": 9, "line": {"width": 1.2, "color": colours.text}},
    }  # fmt: skip


def _mean(found: Comparison, colours: Palette) -> Spec:
    colour = colours.verdicts.get(found.verdict, colours.text)
    mean, low, high = (100 * value for value in (found.mean, found.low, found.high))
    known = bool(np.isfinite(high - low))
    interval = f"<br>95 % interval {low:+.1f} to {high:+.1f}" if known else ""
    return {
        "type": "scatter", "mode": "markers", "uid": "mean", "showlegend": False,
        "x": [mean if np.isfinite(mean) else None], "y": [ROWS + 0.2],
        "marker": {
            "size": 14, "color": colour, "symbol": VERDICT_SYMBOLS.get(found.verdict, "circle-open"),
            "line": {"width": 2.5, "color": colour},
        },
        "error_x": {
            "type": "data", "array": [high - mean if known else 0], "color": colour, "thickness": 3.5, "width": 8,
        },
        "hovertemplate": f"mean {mean:+.1f}{interval}<extra></extra>",
    }  # fmt: skip


def _stacked(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) heights: dots that would cover each other lie one above the other."""
    width = max(np.ptp(points), 10.0) / 40 if len(points) else 1.0
    heights = np.zeros(len(points))
    bins = np.round(points / width)
    for place in np.unique(bins):
        inside = np.flatnonzero(bins == place)
        heights[inside] = np.arange(len(inside)) % ROWS
    return heights


def _layout(span: tuple[float, float], found: Comparison, colours: Palette, *, narrow: bool) -> Spec:
    room = 0.03 * (span[1] - span[0])
    title = f"Points of fresh-data accuracy{'<br>' if narrow else ' '}against no regularization"
    x = axis(
        colours, range=[span[0] - room, span[1] + room], nticks=5 if narrow else 9, fixedrange=True, tickformat="+~g",
        title={"text": title, "standoff": 6},
    )  # fmt: skip
    y = axis(colours, range=[-3.2, ROWS + 1.4], fixedrange=True, showgrid=False, showticklabels=False)
    matters = 100 * found.measure.matters
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
    margin = {"l": 12, "r": 12, "t": 8, "b": 76 if narrow else 52}
    return layout(colours, narrow=narrow, margin=margin, xaxis=x, yaxis=y, shapes=shapes)
