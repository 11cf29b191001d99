"""Inside dropout: which units are on, in the first sub-networks that a drawing of masks gives."""

import math
from typing import Any

import numpy as np

from regdash.figures.lessons import masks
from regdash.figures.spec import Spec, axis, axis_number, uid
from regdash.figures.study.chart import layout, payload
from regdash.figures.theme import Palette
from regdash.results import Run
from regdash.teaching.lessons import Lesson, Runs
from regdash.teaching.subnetworks import Masks, draw_masks

SHOWN = 3
TITLE = "Which units are on"
CAPTION = (
    "Filled: on. Hollow: off, as if the network did not have it. In training, each point of each step draws anew. The "
    "colours are those of the boundaries."
)
GAP = 3.0  # between two layers, in units


def charts(lesson: Lesson, runs: Runs, colours: Palette) -> list[tuple[dict[str, Any], str]]:
    """The charts of the first masks: boundaries, and units."""
    (run,) = (runs[name] for name in lesson.trains)
    return [masks.chart(run, 1, colours), chart(run, 1, colours)]


def chart(run: Run, seed: int, colours: Palette) -> tuple[dict[str, Any], str]:
    """A diagram of each, with the text; the same `seed` draws the same masks as in `masks.chart`."""
    drawn = [on[:SHOWN] for on in draw_masks(run, masks.AVERAGED, seed)]  # as many as there: else others come
    side = math.ceil(math.sqrt(run.config.width))
    width = run.config.depth * (side + GAP) + GAP  # inputs at 0, the output at its end
    data = [trace for i in range(SHOWN) for trace in _network(i, [on[i] for on in drawn], side, width, colours)]
    wide, narrow = (
        {"layout": _layout(drawn, side, width, colours, narrow=n), "height": height}
        for n, height in ((False, 12), (True, 32))
    )
    alt = " ".join(f"Sub-network {i + 1}: {_said([on[i] for on in drawn])}." for i in range(SHOWN))
    return payload(title=TITLE, caption=CAPTION, data=data, wide=wide, narrow=narrow), f"{TITLE}. {alt}"


def _network(number: int, layers: Masks, side: int, width: float, colours: Palette) -> list[Spec]:
    """Its inputs and output, which are always on, and the blocks of its hidden layers."""
    middle = (side - 1) / 2
    on = [[0.0, 0.0, width], [middle - 1.5, middle + 1.5, middle]]
    off: list[list[float]] = [[], []]
    for depth, is_on in enumerate(layers):
        left = GAP + depth * (side + GAP)
        for unit, value in enumerate(is_on):
            kept = on if value else off
            kept[0].append(left + unit % side)
            kept[1].append(float(side - 1 - unit // side))
    colour = colours.values[number % len(colours.values)]
    return [
        _units(number, "on", on, {"color": colour, "size": 9, "symbol": "circle"}),
        _units(number, "off", off, {"color": colours.text, "size": 8, "symbol": "circle-open", "opacity": 0.4}),
    ]


def _units(number: int, name: str, places: list[list[float]], marker: Spec) -> Spec:
    axes = axis_number(number)
    return {
        "type": "scatter", "mode": "markers", "uid": uid("units", f"{number}-{name}"), "x": places[0], "y": places[1],
        "xaxis": f"x{axes}", "yaxis": f"y{axes}", "marker": marker, "showlegend": False, "hoverinfo": "skip",
        "name": f"Sub-network {number + 1}, {name}",
    }  # fmt: skip


def _layout(drawn: Masks, side: int, width: float, colours: Palette, *, narrow: bool) -> Spec:
    """Side by side, or one below the other, each with a line that counts."""
    axes: dict[str, Spec] = {}
    notes = []
    middle = (side - 1) / 2
    heights = [min(-1, middle - 2.5), max(side, middle + 2.5)]
    for i in range(SHOWN):
        number, share = axis_number(i), 1 / SHOWN
        place = [i * share + 0.01, (i + 1) * share - 0.01]
        down = [1 - (i + 1) * share, 1 - i * share - 0.07]
        hidden = {"visible": False, "fixedrange": True}
        axes[f"xaxis{number}"] = axis(
            colours, range=[-1, width + 1], domain=[0, 1] if narrow else place, anchor=f"y{number}", **hidden
        )
        axes[f"yaxis{number}"] = axis(
            colours, range=heights, domain=down if narrow else [0, 0.86], anchor=f"x{number}",
            scaleanchor=f"x{number}", **hidden,
        )  # fmt: skip
        notes.append({
            "text": f"Sub-network {i + 1}: {' + '.join(str(int(on[i].sum())) for on in drawn)} units on",
            "xref": "paper", "yref": "paper", "x": 0.5 if narrow else sum(place) / 2, "y": down[1] if narrow else 0.88,
            "xanchor": "center", "yanchor": "bottom", "showarrow": False, "font": {"color": colours.text},
        })  # fmt: skip
    margin = {"l": 8, "r": 8, "t": 8, "b": 8}
    return layout(colours, narrow=narrow, margin=margin, annotations=notes, **axes)


def _said(layers: Masks) -> str:
    parts = [f"{int(np.sum(on))} of {len(on)} units in hidden layer {i}" for i, on in enumerate(layers, start=1)]
    return f"{' and '.join(parts)} are on"
