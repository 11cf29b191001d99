"""Inside dropout: boundaries of sub-networks, of their average, and of the whole network, over one plane."""

from typing import Any

import numpy as np

from regdash.figures.spec import Spec, axis, typed, uid
from regdash.figures.study.chart import layout, payload
from regdash.figures.theme import Palette, faded
from regdash.results import GRID_SIDE, SOFTNESS, Floats, Run
from regdash.teaching.subnetworks import draw_masks, thinned

SHOWN, AVERAGED = 8, 50
TITLE = "Sub-networks, their average, and eval mode"


def chart(run: Run, seed: int, colours: Palette) -> tuple[dict[str, Any], str]:
    """The boundaries that one drawing of masks gives, with the text. The same `seed` draws the same masks."""
    each = thinned(run, draw_masks(run, AVERAGED, seed), run.grid).reshape(AVERAGED, GRID_SIDE, GRID_SIDE)
    whole, average = run.boundary(run.config.epochs), each.mean(axis=0)
    data = [
        _contour(f"sub-{i}", z, run, faded(colours.values[i % 6], 0.75), 1.2, "solid")
        for i, z in enumerate(each[:SHOWN])
    ]
    data += [
        _contour("average", average, run, colours.class_1, 3.5, "dash"),
        _contour("whole", whole, run, colours.text, 4.0, "solid"),
    ]
    data += [
        _named(f"{SHOWN} sub-networks", colours.values[0], 1.2, "solid"),
        _named(f"Average of {AVERAGED}", colours.class_1, 3.5, "dash"),
        _named("Eval mode", colours.text, 4.0, "solid"),
    ]
    wide, narrow = (
        {"layout": _layout(run, colours, narrow=n), "height": height} for n, height in ((False, 30), (True, 24))
    )
    one, mean = (float(np.mean((z > 0.5) != (whole > 0.5))) for z in (each, average))
    words = (
        f"On average a sub-network disagrees with eval mode on {100 * one:.0f} % of the plane shown, the average of "
        f"{AVERAGED} on {100 * mean:.0f} %."
    )
    return payload(title=TITLE, caption=words, data=data, wide=wide, narrow=narrow), f"{TITLE}. {words}"


def _contour(uid: str, z: Floats, run: Run, colour: str, width: float, dash: str) -> Spec:
    return {
        "type": "contour", "uid": uid, "x": typed(run.axis), "y": typed(run.axis), "z": typed(_soft(z)),
        "contours": {"type": "levels", "start": 0.5, "end": 0.5, "size": 1, "coloring": "none"},
        "line": {"color": colour, "width": width, "dash": dash}, "showscale": False, "showlegend": False,
        "hoverinfo": "skip",
    }  # fmt: skip


def _soft(probability: Floats) -> Floats:
    """The probability that a quarter of the logit gives: one half where it was, and nearly linear around there, so that
    lines between grid points have no steps (as `regdash.results.level_probabilities` says).
    """
    p = np.clip(probability.astype(np.float64), 1e-12, 1 - 1e-12)
    soft: Floats = (1 / (1 + (1 / p - 1) ** (1 / SOFTNESS))).astype(np.float32)
    return soft


def _named(name: str, colour: str, width: float, dash: str) -> Spec:
    """An entry of the legend: contours of one colour have none that shows their dash."""
    return {
        "type": "scatter", "mode": "lines", "uid": uid("named", name), "name": name, "x": [None], "y": [None],
        "line": {"color": colour, "width": width, "dash": dash}, "hoverinfo": "skip",
    }  # fmt: skip


def _layout(run: Run, colours: Palette, *, narrow: bool) -> Spec:
    half = float(run.axis[-1])
    x = axis(colours, range=[-half, half], constrain="domain", nticks=7, showgrid=False)
    y = axis(colours, range=[-half, half], constrain="domain", nticks=7, showgrid=False, scaleanchor="x")
    legend = {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"}
    return layout(colours, narrow=narrow, xaxis=x, yaxis=y, legend=legend)
