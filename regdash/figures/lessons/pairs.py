"""One seed lies: each pair of runs as a dot, what is true of it against what its few validation points say."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.figures.spec import Spec, axis, typed
from regdash.figures.study.chart import ends, layout, payload
from regdash.figures.theme import Palette, faded
from regdash.teaching.lessons import Lesson, Runs

TITLE = "Pairs of runs: what is true, and what few points say"


def charts(lesson: Lesson, runs: Runs, colours: Palette) -> list[tuple[dict[str, Any], str]]:
    """The chart of all pairs, with its text. The lesson's runs come in twos: the baseline, then the other."""
    names = list(lesson.trains)
    both = [(runs[other], runs[base]) for base, other in zip(names[::2], names[1::2], strict=True)]
    few = np.array([float(a.curves[2, -1] - b.curves[2, -1]) for a, b in both])
    fresh = np.array([a.test_accuracy - b.test_accuracy for a, b in both])
    return [chart(few, fresh, colours)]


def chart(few: NDArray[np.float64], fresh: NDArray[np.float64], colours: Palette) -> tuple[dict[str, Any], str]:
    """Differences (n,) on few points, upwards, and on fresh data, to the right; shares."""
    mean = float(np.nanmean(fresh))
    x, y = 100 * fresh, 100 * few
    span = ends(np.concatenate([x, y, np.zeros(1)]), step=2.0)
    data: list[Spec] = [
        {
            "type": "scatter", "mode": "markers", "uid": "pairs", "showlegend": False,
            "x": typed(x.astype(np.float32)), "y": typed(y.astype(np.float32)),
            "customdata": typed(np.arange(1, len(x) + 1, dtype=np.int32)),
            "marker": {"size": 12, "color": colours.arms["yours"], "opacity": 0.85,
                "line": {"width": 2, "color": colours.paper}},
            "hovertemplate": "pair %{customdata}<br>fresh data %{x:+.1f} points<br>validation %{y:+.1f} points"
            "<extra></extra>",
        }
    ]  # fmt: skip
    wide, narrow = (
        {"layout": _layout(span, mean, colours, narrow=n), "height": height} for n, height in ((False, 26), (True, 24))
    )
    side = "below" if mean < 0 else "above"
    caption = (
        f"Each dot is a pair with the same seed: dropout minus no regularization. The truth is on average "
        f"{100 * mean:+.1f} points, so a dot {side} the horizontal line (shaded) names the right network; on it, a tie."
    ).replace(" -", " −")
    agrees = np.sign(mean) * few
    alt = (
        f"{TITLE}. Of {len(few)} pairs, {int((agrees > 1e-6).sum())} name the right network, "
        f"{int((np.abs(agrees) <= 1e-6).sum())} are ties and {int((agrees < -1e-6).sum())} name the wrong one."
    )
    return payload(title=TITLE, caption=caption, data=data, wide=wide, narrow=narrow), alt


def _layout(span: tuple[float, float], mean: float, colours: Palette, *, narrow: bool) -> Spec:
    room = 0.05 * (span[1] - span[0])
    low, high = span[0] - room, span[1] + room
    x = axis(
        colours,
        range=[low, high],
        title={"text": "Fresh data: dropout − none, points", "standoff": 6},
        tickformat="+~g",
    )
    y = axis(colours, range=[low, high], title={"text": "60 validation points", "standoff": 8}, tickformat="+~g")
    right = {
        "type": "rect", "xref": "paper", "x0": 0, "x1": 1, "y0": low if mean < 0 else 0, "y1": 0 if mean < 0 else high,
        "layer": "below", "line": {"width": 0}, "fillcolor": faded(colours.text, 0.1),
    }  # fmt: skip
    lines = [
        {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": 0,
            "y1": 0,
            "line": {"width": 1.5, "color": colours.text},
        },
        {
            "type": "line",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "x0": 0,
            "x1": 0,
            "line": {"width": 1, "color": colours.text},
        },
    ]
    return layout(colours, narrow=narrow, xaxis=x, yaxis=y, shapes=[right, *lines])
