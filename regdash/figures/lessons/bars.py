"""Runs side by side: train accuracy and accuracy on fresh data of each, as bars on one axis from 0 to 100 %."""

from typing import Any

import numpy as np

from regdash.figures.spec import Spec, axis, uid
from regdash.figures.study.chart import layout, payload
from regdash.figures.theme import Palette
from regdash.teaching.lessons import Lesson, Runs
from regdash.words.lessons import chart_alt

TITLE = "After the last epoch"
CAPTION = "The dotted line is a coin toss. The axis begins at 0, so that lengths can be compared."


def charts(lesson: Lesson, runs: Runs, colours: Palette) -> list[tuple[dict[str, Any], str]]:
    """The bars, with their text."""
    names = list(lesson.trains)
    train = [float(runs[name].curves[0, -1]) for name in names]
    fresh = [float(runs[name].test_accuracy) for name in names]
    data = [
        _bars("Train", train, names, colours.arms["none"], "/"),
        _bars("Fresh data", fresh, names, colours.arms["yours"], ""),
    ]
    wide, narrow = ({"layout": _layout(colours, narrow=n), "height": height} for n, height in ((False, 18), (True, 20)))
    labels = [f"{name}, {what}" for what in ("train", "fresh data") for name in names]
    alt = chart_alt(TITLE, labels, np.array([*train, *fresh]))
    return [(payload(title=TITLE, caption=CAPTION, data=data, wide=wide, narrow=narrow), alt)]


def _bars(name: str, values: list[float], names: list[str], colour: str, pattern: str) -> Spec:
    shown = [value if np.isfinite(value) else None for value in values]
    return {
        "type": "bar", "uid": uid("bars", name), "name": name, "x": names, "y": shown,
        "marker": {"color": colour, "pattern": {"shape": pattern}},
        "text": [f"{100 * value:.0f} %" if value is not None else "" for value in shown], "textposition": "outside",
        "cliponaxis": False, "hovertemplate": f"%{{x}}: {name.lower()} %{{y:.1%}}<extra></extra>",
    }  # fmt: skip


def _layout(colours: Palette, *, narrow: bool) -> Spec:
    y = axis(colours, title={"text": "Accuracy", "standoff": 8}, range=[0, 1.12], tickformat=".0%", nticks=6)
    coin = {
        "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 0.5, "y1": 0.5,
        "line": {"color": colours.text, "width": 1, "dash": "dot"},
    }  # fmt: skip
    legend = {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"}
    x = axis(colours, type="category", fixedrange=True)
    return layout(colours, narrow=narrow, xaxis=x, yaxis=y, shapes=[coin], legend=legend, barmode="group", bargap=0.3)
