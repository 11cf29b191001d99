"""Traces and axis of the training curves: one line per arm and quantity, over epochs."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.figures.spec import Spec, axis, typed
from regdash.figures.theme import FRESH_SYMBOL, LOOKS, PIN_SYMBOLS, Palette
from regdash.results import HISTORY_COLUMNS, Run
from regdash.teaching.arms import Arm


@dataclass(frozen=True, kw_only=True)
class Line:
    """One curve of a view: the quantity, its name and its look."""

    column: str
    name: str
    dash: str
    width: float
    hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class View:
    """What the curves show: lines (the pinned runs show the first one), axis title and number format."""

    label: str
    title: str
    lines: tuple[Line, ...]
    number_format: str


MARKS = 7  # on one line

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "accuracy": View(
            label="Accuracy",
            title="Accuracy (dotted: train)",
            lines=(
                Line(column="val_accuracy", name="validation", dash="solid", width=3),
                Line(column="train_accuracy", name="train", dash="dot", width=2.5),
                Line(column="train_accuracy_dropout_on", name="train, dropout on", dash="dash", width=1.2, hidden=True),
            ),
            number_format=".1%",
        ),
        "loss": View(
            label="Loss",
            title="Loss (dotted: train)",
            lines=(
                Line(column="val_loss", name="validation", dash="solid", width=3),
                Line(column="train_loss", name="train", dash="dot", width=2.5),
            ),
            number_format=".3f",
        ),
        "memorised": View(
            label="Flipped labels",
            title="Flipped labels memorised",
            lines=(Line(column="flipped", name="memorised", dash="solid", width=3),),
            number_format=".0%",
        ),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pin:
    """A pinned run as the picture shows it: its number stays the same while it is pinned."""

    number: int
    name: str
    run: Run


def quantity(run: Run, column: str) -> NDArray[np.float32]:
    """(T,) float32: a history column, or "flipped", the share of flipped labels memorised."""
    values = run.flipped if column == "flipped" else run.curves[HISTORY_COLUMNS.index(column)]
    return values.astype(np.float32)


def drawn_lines(arm: Arm, view: View) -> list[Line]:
    """The lines of a view that an arm has: without dropout, a second train curve would be the same one again."""
    return [line for line in view.lines if line.column != "train_accuracy_dropout_on" or arm.run.config.dropout > 0]


def curve_uid(key: str, line: Line) -> str:
    """The uid of an arm's or a pin's line."""
    return f"curve-{key}-{line.column}"


def curve_traces(arms: Sequence[Arm], pins: Sequence[Pin], view: View, colours: Palette) -> list[Spec]:
    """One trace per arm and line, then the first line of each pinned run."""
    traces = []
    for arm in arms:
        look = LOOKS[arm.key]
        for line in drawn_lines(arm, view):
            stroke = {"color": colours.arms[arm.key], "width": line.width + look.width, "dash": line.dash}
            trace = _trace(arm.run, line, view, f"{arm.label}: {line.name}", stroke, arm.key)
            traces.append(_marked(trace, look.symbol, size=9) if look.symbol else trace)
    for pin in pins:
        line, colour = view.lines[0], colours.pins[pin.number % len(colours.pins)]
        stroke = {"color": colour, "width": 1.6, "dash": "longdashdot"}
        trace = _trace(pin.run, line, view, f"{pin.name}: {line.name}", stroke, f"pin-{pin.number}")
        traces.append(_marked(trace, PIN_SYMBOLS[pin.number % len(PIN_SYMBOLS)], size=9))
    return traces


def _trace(run: Run, line: Line, view: View, name: str, stroke: Spec, key: str) -> Spec:
    uid = curve_uid(key, line)
    return {
        "type": "scatter",
        "mode": "lines" if run.config.epochs > 1 else "lines+markers",  # of a single epoch there is no line
        "uid": uid,
        "legendgroup": uid,  # its name at the line's end is hidden with it
        "name": name,
        "x0": 1,
        "dx": 1,
        "y": typed(quantity(run, line.column)),
        "line": stroke,
        "visible": "legendonly" if line.hidden else True,
        "hovertemplate": f"{name}<br>epoch %{{x}}: %{{y:{view.number_format}}}<extra></extra>",
    }


def _marked(trace: Spec, symbol: str, size: int) -> Spec:
    """The trace with a few marks on its line; Plotly spreads them over what is in view, each line's at other places."""
    marker = {"symbol": symbol, "size": size, "maxdisplayed": MARKS, "color": trace["line"]["color"]}
    return trace | {"mode": "lines+markers", "marker": marker}


def best_epoch_trace(arms: Sequence[Arm], view: View, colours: Palette) -> Spec:
    """A star on each arm's first line where its validation loss was lowest: early stopping would end there."""
    found = [(arm, best) for arm in arms if (best := arm.run.summary.best_epoch) is not None]
    heights = [float(quantity(arm.run, view.lines[0].column)[best - 1]) for arm, best in found]
    own = {
        "uid": "best",
        "name": "Lowest validation loss",
        "hovertemplate": "%{text}: lowest validation loss at epoch %{x}<extra></extra>",
    }
    look = {"symbol": "star", "size": 15}
    return _marks([arm for arm, _ in found], [best for _, best in found], heights, look, colours) | own


def fresh_traces(arms: Sequence[Arm], view: View, colours: Palette) -> list[Spec]:
    """Among accuracies, a mark for each arm that points at the last epoch, as high as its accuracy on fresh data is; a
    run that diverged has none.
    """
    if view.label != "Accuracy":
        return []
    found = [arm for arm in arms if math.isfinite(arm.run.test_accuracy)]
    ends, heights = [arm.run.config.epochs for arm in found], [arm.run.test_accuracy for arm in found]
    own = {
        "uid": "fresh",
        "name": "Accuracy on fresh data",
        "customdata": [f"{100 * arm.run.test_accuracy:.1f} %" for arm in found],
        "hovertemplate": "%{text}<br>fresh data: %{customdata}<extra></extra>",
        "cliponaxis": False,  # it stands on the frame
    }
    return [_marks(found, ends, heights, {"symbol": FRESH_SYMBOL, "size": 13}, colours) | own]


def _marks(arms: Sequence[Arm], epochs: Sequence[int], heights: Sequence[float], look: Spec, colours: Palette) -> Spec:
    """A mark for each arm, in its colour, with a rim that parts it from the lines it lies on."""
    return {
        "type": "scatter",
        "mode": "markers",
        "x": typed(np.array(epochs, dtype=np.int32)),
        "y": typed(np.array(heights, dtype=np.float32)),
        "text": [arm.label for arm in arms],
        "marker": {
            **look,
            "color": [colours.arms[arm.key] for arm in arms],
            "line": {"color": colours.paper, "width": 1.5},
        },
    }


def curve_axes(
    epochs: int, runs: Sequence[Run], view: View, colours: Palette, *, narrow: bool = False
) -> tuple[Spec, Spec]:
    """Both axes, the same for all arms; where they are `narrow`, with a title that fits."""
    pad = max(1.0, 0.015 * epochs)
    x = axis(
        colours, title={"text": "Epoch", "standoff": 4}, range=[1 - pad, epochs + pad], uirevision=f"epochs-{epochs}"
    )
    title = view.label if narrow else view.title
    y = axis(colours, title={"text": title}, range=y_range(runs, view), uirevision=view.label)
    if view.number_format.endswith("%"):
        y["tickformat"] = ".0%"
    return x, y


def y_range(runs: Sequence[Run], view: View) -> list[float]:
    """The ends of the vertical axis. Accuracies are drawn from 30 % to 100 %, or from 0 % if one lies below."""
    values = np.concatenate([quantity(run, line.column) for run in runs for line in view.lines])
    if view.label == "Accuracy":
        values = np.append(values, [run.test_accuracy for run in runs])
    if view.label == "Loss":
        highest = float(np.max(values, initial=0.7, where=np.isfinite(values)))
        return [0.0, min(1.05 * highest, 5.0)]
    lowest = float(np.min(values, initial=1.0, where=np.isfinite(values)))
    return [-0.03 if view.label == "Flipped labels" or lowest < 0.3 else 0.3, 1.03]


def reference_traces(view: View, epochs: int, flipped_share: float, colours: Palette) -> list[Spec]:
    """Lines that say what an accuracy means: a coin toss, and what a perfect boundary scores on flipped labels."""
    if view.label != "Accuracy":
        return []
    levels = [("Coin toss", "coin toss", 0.5, "dot")]
    if flipped_share:  # where curves leave no room for its name
        levels.append(("Perfect boundary: train", "", 1.0 - flipped_share, "longdash"))
    return [
        {
            "type": "scatter",
            "mode": "lines+text",
            "uid": f"reference-{index}",
            "name": name,
            "x": [1, epochs],
            "y": [level, level],
            "text": ["", said],
            "textposition": "top left",
            "textfont": {"color": colours.text},
            "line": {"color": colours.text, "width": 1, "dash": dash},
            "opacity": 0.6,
            "hoverinfo": "skip",
        }
        for index, (name, said, level, dash) in enumerate(levels)
    ]
