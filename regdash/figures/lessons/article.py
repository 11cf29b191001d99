"""The article's own figure: its curves, in its order, on an axis fitted to them as matplotlib fits it."""

from typing import Any

import numpy as np

from regdash.figures.spec import Spec, axis, typed, uid
from regdash.figures.study.chart import layout, payload
from regdash.figures.theme import Palette, value_colours
from regdash.results import HISTORY_COLUMNS
from regdash.teaching.lessons import Lesson, Runs
from regdash.words.lessons import chart_alt

MARGIN = 0.05  # of the range, above and below: matplotlib's own
TITLE = "The article's figure"
CAPTION = (
    "The very numbers of the article's script: one random stream goes on from network to network, so each starts from "
    "other first weights. The axis is fitted to the curves, as matplotlib does."
)


def charts(lesson: Lesson, runs: Runs, colours: Palette) -> list[tuple[dict[str, Any], str]]:
    """The figure, with its text."""
    values = [runs[curve.run].curves[HISTORY_COLUMNS.index(curve.column)].astype(np.float64) for curve in lesson.curves]
    looks = value_colours(len(values), colours)
    data = [
        _line(curve.name, curve.dash, numbers, colour)
        for curve, numbers, colour in zip(lesson.curves, values, looks, strict=True)
    ]
    low, high = min(float(v.min()) for v in values), max(float(v.max()) for v in values)
    room = MARGIN * (high - low) or MARGIN
    epochs = max(len(v) for v in values)
    wide, narrow = (
        {"layout": _layout((low - room, high + room), epochs, colours, narrow=narrow), "height": height}
        for narrow, height in ((False, 20), (True, 23))
    )
    alt = chart_alt(TITLE, [curve.name for curve in lesson.curves], np.array([v[-1] for v in values]))
    return [(payload(title=TITLE, caption=CAPTION, data=data, wide=wide, narrow=narrow), alt)]


def _line(name: str, dash: str, values: np.ndarray[Any, np.dtype[np.float64]], colour: str) -> Spec:
    return {
        "type": "scatter", "mode": "lines", "uid": uid("article", name), "name": name, "x0": 1, "dx": 1,
        "y": typed(values), "line": {"color": colour, "width": 2.6, "dash": dash},
        "hovertemplate": f"{name}<br>epoch %{{x}}: %{{y:.4f}}<extra></extra>",
    }  # fmt: skip


def _layout(span: tuple[float, float], epochs: int, colours: Palette, *, narrow: bool) -> Spec:
    x = axis(colours, title={"text": "Epoch", "standoff": 4}, range=[1 - MARGIN * epochs, epochs * (1 + MARGIN)])
    y = axis(colours, title={"text": "Accuracy", "standoff": 8}, range=list(span), nticks=7)
    legend = (
        {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"}
        if narrow
        else {"x": 1.01, "y": 1, "xanchor": "left", "yanchor": "top"}
    )
    return layout(colours, narrow=narrow, xaxis=x, yaxis=y, legend=legend, showlegend=True)
