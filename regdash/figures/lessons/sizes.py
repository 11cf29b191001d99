"""Two decays: the mean size of the weights by epoch, a line for each run."""

from typing import Any

import numpy as np

from regdash.figures.spec import Spec, axis, typed, uid
from regdash.figures.study.chart import layout, payload
from regdash.figures.theme import DASHES, Palette, value_colours
from regdash.teaching.lessons import Lesson, Runs
from regdash.words.lessons import chart_alt, mean_size

TITLE = "Mean size of the weights, by epoch"
CAPTION = "The mean absolute value of all weights, biases left out, after the epochs whose weights were kept."


def charts(lesson: Lesson, runs: Runs, colours: Palette) -> list[tuple[dict[str, Any], str]]:
    """The chart, with its text."""
    names = list(lesson.trains)
    lines = {name: np.array([mean_size(runs[name], epoch) for epoch in runs[name].kept_epochs]) for name in names}
    data: list[Spec] = [
        {
            "type": "scatter", "mode": "lines", "uid": uid("size", name), "name": name,
            "x": typed(np.array(runs[name].kept_epochs, dtype=np.int32)), "y": typed(lines[name].astype(np.float32)),
            "line": {"color": colour, "width": 3, "dash": dash},
            "hovertemplate": f"{name}<br>epoch %{{x}}: %{{y:.3f}}<extra></extra>",
        }
        for name, colour, dash in zip(names, value_colours(len(names), colours), DASHES, strict=False)
    ]  # fmt: skip
    top = 1.08 * max(float(np.nanmax(values)) for values in lines.values())
    wide, narrow = (
        {"layout": _layout(top, colours, narrow=n), "height": height} for n, height in ((False, 18), (True, 20))
    )
    alt = chart_alt(TITLE, names, np.array([values[-1] for values in lines.values()]))
    return [(payload(title=TITLE, caption=CAPTION, data=data, wide=wide, narrow=narrow), alt)]


def _layout(top: float, colours: Palette, *, narrow: bool) -> Spec:
    x = axis(colours, title={"text": "Epoch", "standoff": 4})
    y = axis(colours, title={"text": "Mean size of a weight", "standoff": 8}, range=[0, top])
    legend = {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"}
    return layout(colours, narrow=narrow, xaxis=x, yaxis=y, legend=legend, showlegend=True)
