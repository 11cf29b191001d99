"""The picture: training curves and the arms' decision boundaries in one figure, and the frames that animate it.

Two layouts are made, "wide" (curves beside the boundaries) and "narrow" (curves below them); the page's script picks
one by the room it has. Everything here is a pure function: the same runs give the same bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from regdash.figures.explore.boundary import Points, panel_traces, wrong
from regdash.figures.explore.curves import (
    VIEWS,
    Pin,
    View,
    best_epoch_trace,
    curve_axes,
    curve_traces,
    fresh_traces,
    quantity,
    reference_traces,
)
from regdash.figures.explore.names import name_traces
from regdash.figures.spec import Spec, axis, base64_text
from regdash.figures.theme import LOOKS, Palette, colorscale, surface_table
from regdash.results import GRID_SIDE, level_probabilities
from regdash.teaching.arms import ARMS, Arm

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAX_BYTES = 380_000  # of all that grows with the settings; base64 and the rest make 600 kB of it
POINT_BYTES = 30  # that one point takes in one arm's panel
EPOCH_BYTES = 24  # that one epoch takes for one arm: three curves and three scores; a pin has one curve
NAMES = 0.08  # of the plot's width: the room for the names at the curves' ends, in exports


@dataclass(frozen=True, kw_only=True, eq=False)
class Picture:
    """Everything one picture is made from. All arms share data and epochs. Names stand on the lines, too."""

    arms: Sequence[Arm]
    points: Points
    pins: Sequence[Pin] = ()
    view: str = "accuracy"
    legend: bool = True


def frame_epochs(picture: Picture) -> list[int]:
    """The kept epochs that travel to the browser: all, or evenly fewer if many arms or points share the room."""
    kept = picture.arms[0].run.kept_epochs
    n, epochs = len(picture.arms), picture.arms[0].run.config.epochs
    pinned = 4 * sum(pin.run.config.epochs for pin in picture.pins)
    room = (MAX_BYTES - pinned) // n - POINT_BYTES * len(picture.points.x) - EPOCH_BYTES * epochs
    room //= GRID_SIDE**2
    chosen = np.unique(np.linspace(0, len(kept) - 1, min(room, len(kept))).round().astype(int))
    return [kept[i] for i in chosen]


def spec(picture: Picture, colours: Palette, epoch: int | None = None) -> Spec:
    """The wide figure after `epoch` (the last one if None), complete in itself: for exports and tests."""
    epoch = picture.arms[0].run.config.epochs if epoch is None else epoch
    return {
        "data": _traces(picture, colours, epoch, with_surface=True),
        "layout": _layout(picture, colours, _places_wide(len(picture.arms))),
    }


def figure(picture: Picture, colours: Palette, epoch: int | None = None) -> "go.Figure":
    """`spec` as a Plotly figure, for notebooks: `.show()`, `.write_html(...)`."""
    import plotly.graph_objects as go  # here, because the page never needs it and it takes half a second to import

    return go.Figure(spec(picture, colours, epoch))


def payload(picture: Picture, colours: Palette) -> dict[str, Any]:
    """What the page's script gets: the figure without surfaces, both layouts, and the frames.

    wide, narrow    a layout each. The script places the wide one's axes itself, by the room there is; with the narrow
                    one come height and side (shares of the plot's width), legend (pixels below the plot) and inset
                    (pixels left of the curves, inside the plot, for the numbers at their axis); on its right, the
                    script leaves room for the names at the curves' ends
    frames.epochs   the F epochs of the frames
    frames.surface  bytes, arms × F × G × G, levels as in `Run.surfaces`; frames.probability base64 float32, 256, what
                    each level means
    frames.wrong    base64 bits, arms × F × ceil(N / 8) bytes, little bit first, 1 where a point is misclassified
    scores          per arm, the numbers read out at the present epoch: base64 float32, one value an epoch
    colours.table   base64, 256 × RGB, one colour a level; colours.line how many pixels the boundary is wide
    """
    n = len(picture.arms)
    wide, narrow = _places_wide(n), _places_narrow(n)
    return {
        "data": _traces(picture, colours, picture.arms[0].run.config.epochs, with_surface=False),
        "wide": {"layout": _layout(picture, colours, wide)},
        "narrow": {"layout": _layout(picture, colours, narrow), **narrow["size"]},
        "frames": _frames(picture),
        "scores": [_score(arm, colours) for arm in picture.arms],
        "colours": {
            "table": base64_text(surface_table(colours)),
            "edge": list(colours.edge),
            "line": colours.edge_width,
            "ramp": "linear-gradient(to right, " + ", ".join(str(colour) for _, colour in colorscale(colours)) + ")",
            "class0": colours.class_0,
            "class1": colours.class_1,
        },
    }


def _frames(picture: Picture) -> dict[str, Any]:
    epochs, kept = frame_epochs(picture), picture.arms[0].run.kept_epochs
    slots = [kept.index(epoch) for epoch in epochs]
    rings = [wrong(arm.run, picture.points)[slots] for arm in picture.arms]
    return {
        "epochs": epochs,
        "last": kept[-1],
        "side": GRID_SIDE,
        "points": len(picture.points.x),
        "half": float(picture.arms[0].run.axis[-1]),
        "probability": base64_text(level_probabilities()),
        "surface": np.stack([arm.run.surfaces[slots] for arm in picture.arms]).tobytes(),
        "wrong": base64_text(np.packbits(rings, axis=2, bitorder="little")),
    }


def _score(arm: Arm, colours: Palette) -> dict[str, Any]:
    return {
        "key": arm.key,
        "label": arm.label,
        "mark": LOOKS[arm.key].character,
        "colour": colours.arms[arm.key],
        "train": base64_text(quantity(arm.run, "train_accuracy")),
        "validation": base64_text(quantity(arm.run, "val_accuracy")),
        "memorised": base64_text(quantity(arm.run, "flipped")),
        "fresh": None if arm.run.diverged else arm.run.test_accuracy,
        "diverged": arm.run.diverged,
    }


def _traces(picture: Picture, colours: Palette, epoch: int, *, with_surface: bool) -> list[Spec]:
    view, epochs = VIEWS[picture.view], picture.arms[0].run.config.epochs
    traces = [*curve_traces(picture.arms, picture.pins, view, colours), best_epoch_trace(picture.arms, view, colours)]
    traces += fresh_traces(picture.arms, view, colours)
    traces += name_traces(picture.arms, picture.pins, view, colours)
    traces += reference_traces(view, epochs, float(picture.points.flipped.mean()), colours)
    for index, arm in enumerate(picture.arms):
        traces += panel_traces(
            arm.key, arm.run, picture.points, epoch, index + 2, colours, with_surface=with_surface
        )  # fmt: skip
    return traces


def _layout(picture: Picture, colours: Palette, places: dict[str, Any]) -> Spec:
    runs = [arm.run for arm in picture.arms]
    view: View = VIEWS[picture.view]
    epochs, half = runs[0].config.epochs, float(runs[0].axis[-1])
    x, y = curve_axes(epochs, runs, view, colours, narrow=places["narrow"])
    cursor = {
        "type": "line", "xref": "x", "yref": "y domain", "x0": epochs, "x1": epochs, "y0": 0, "y1": 1,
        "line": {"color": colours.text, "width": 2}, "name": "cursor",
    }  # fmt: skip
    layout: Spec = {
        "xaxis": x | {"domain": places["curves"][0], "anchor": "y"},
        "yaxis": y | {"domain": places["curves"][1], "anchor": "x"},
        "shapes": [cursor],
        "annotations": [],
        "font": {"color": colours.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": places["margin"],
        "showlegend": picture.legend,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": places["legend_y"], "yanchor": "top"},
        "hovermode": "closest",
        "uirevision": "regdash",
        "template": {},  # Streamlit and Plotly would each put their own look here
    }
    for index, (arm, (x_domain, y_domain)) in enumerate(zip(picture.arms, places["panels"], strict=True)):
        n = index + 2
        ends = {"range": [-half, half], "uirevision": f"half-{half}", "nticks": 5, "showgrid": False}
        ends |= {"constrain": "domain"} | ({"showticklabels": False, "ticks": ""} if places["narrow"] else {})
        along = {"matches": "x2"} if index else {}  # who zooms one panel zooms all
        up = {"matches": "y2"} if index else {"scaleanchor": "x2"}
        layout[f"xaxis{n}"] = axis(colours, **ends, **along, domain=x_domain, anchor=f"y{n}")
        layout[f"yaxis{n}"] = axis(colours, **ends, **up, domain=y_domain, anchor=f"x{n}")
        layout["annotations"] = [*layout["annotations"], _title(arm, picture.arms, n, colours, places["narrow"])]
    return layout


def _title(arm: Arm, arms: Sequence[Arm], n: int, colours: Palette, narrow: bool) -> Spec:
    """Above an arm's panel: its name, and what it ends with, the last bold words, which the page's script keeps true.

    An arm whose regularizer is at 0 says which other arm it repeats.
    """
    twins = [other for other in arms if other is not arm and other.run.config == arm.run.config]
    twin = twins[-1].key if twins and arm.key in ("dropout", "decay") else ""
    alias = f" (= {LOOKS[twin].character if narrow else ARMS[twin].short.lower()})" if twin else ""
    note = " (diverged)" if arm.run.diverged else alias
    name = arm.short if narrow and (len(arms) > 2 or note) else arm.label
    fresh = "–" if arm.run.diverged else f"{100 * arm.run.test_accuracy:.1f} %"
    end = f"ends at <b>{fresh}</b> {'fresh' if narrow else 'on fresh data'}"
    if narrow and len(arms) > 2:  # four may stand beside each other
        end = f"fresh <b>{fresh}</b>"
    return {
        "text": f"<b>{LOOKS[arm.key].character} {name}{note}</b><br>{end}",
        "font": {"color": colours.arms[arm.key]},
        "align": "left",
        "xref": f"x{n} domain", "yref": f"y{n} domain", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom",
        "showarrow": False,
    }  # fmt: skip


def _places_wide(n: int) -> dict[str, Any]:
    """Where axes go beside each other, where nobody knows the room: in exports."""
    columns, rows = min(n, 2), (n + 1) // 2
    left, gap_x, gap_y = (0.6 if n == 1 else 0.43), 0.045, 0.16
    side = (1 - left - gap_x * (columns - 1)) / columns
    row = (1 - gap_y * (rows - 1)) / rows
    panels = []
    for index in range(n):
        x0 = left + (index % 2) * (side + gap_x)
        y1 = 1 - (index // 2) * (row + gap_y)
        panels.append(([x0, x0 + side], [max(0.0, y1 - row), y1]))
    curves = ([0.0, left - 0.06 - NAMES], [0.0, 1.0])
    margin = {"l": 64, "r": 8, "t": 54, "b": 50}
    legend_y = -0.16 if rows == 1 else -0.08
    return {"curves": curves, "panels": panels, "margin": margin, "legend_y": legend_y, "narrow": False}


def _places_narrow(n: int) -> dict[str, Any]:
    """Panels above in two columns, curves below: for phones.

    size.height and size.side are the plot's height and a panel's side as shares of the plot's width; size.legend is
    the legend's distance below the plot in pixels; size.inset is the room for the curves' numbers inside the plot. For
    the names at their ends the script makes room.
    """
    columns, rows = min(n, 2), (n + 1) // 2
    gap_x, title, curves_height = 0.04, 0.16, (0.8 if n <= 2 else 1.0)  # heights as shares of the width
    side = (1 - gap_x * (columns - 1)) / columns
    total = curves_height + rows * (side + title)
    panels = []
    for index in range(n):
        x0 = (index % 2) * (side + gap_x)
        y1 = 1 - (index // 2 * (side + title) + title) / total
        panels.append(([x0, x0 + side], [y1 - side / total, y1]))
    curves = ([0.0, 1.0], [0.12 / total, (curves_height - 0.05) / total])
    margin = {"l": 8, "r": 8, "t": 0, "b": 12}
    return {
        "curves": curves, "panels": panels, "margin": margin, "legend_y": -0.03, "narrow": True,
        "size": {"height": total, "side": side, "legend": 14, "inset": 54},
    }  # fmt: skip
