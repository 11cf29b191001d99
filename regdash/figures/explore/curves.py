"""Traces and axis of the training curves: one line per arm and quantity, over epochs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.figures.spec import Spec, axis, typed
from regdash.figures.theme import Palette
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


VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "accuracy": View(
            label="Accuracy",
            title="Accuracy",
            lines=(
                Line(column="val_accuracy", name="validation", dash="solid", width=3),
                Line(column="train_accuracy", name="train", dash="dot", width=2.5),
                Line(column="train_accuracy_dropout_on", name="train, dropout on", dash="dash", width=1.2, hidden=True),
            ),
            number_format=".1%",
        ),
        "loss": View(
            label="Loss",
            title="Cross-entropy loss",
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


def curve_traces(arms: Sequence[Arm], pins: Sequence[Pin], view: View, colours: Palette) -> list[Spec]:
    """One trace per arm and line, then the first line of each pinned run."""
    traces = []
    for arm in arms:
        for line in view.lines:
            if line.column == "train_accuracy_dropout_on" and arm.run.config.dropout == 0:
                continue  # without dropout it is the same network: a second line would only puzzle
            traces.append(_trace(arm.run, line, view, f"{arm.label}: {line.name}", colours.arms[arm.key], arm.key))
    for pin in pins:
        line, colour = view.lines[0], colours.pins[pin.number % len(colours.pins)]
        trace = _trace(pin.run, line, view, f"{pin.name}: {line.name}", colour, f"pin-{pin.number}")
        traces.append(trace | {"line": trace["line"] | {"dash": "longdashdot", "width": 1.6}})
    return traces


def _trace(run: Run, line: Line, view: View, name: str, colour: str, key: str) -> Spec:
    return {
        "type": "scatter",
        "mode": "lines",
        "uid": f"curve-{key}-{line.column}",
        "name": name,
        "x0": 1,
        "dx": 1,
        "y": typed(quantity(run, line.column)),
        "line": {"color": colour, "width": line.width, "dash": line.dash},
        "visible": "legendonly" if line.hidden else True,
        "hovertemplate": f"{name}<br>epoch %{{x}}: %{{y:{view.number_format}}}<extra></extra>",
    }


def best_epoch_trace(arms: Sequence[Arm], view: View, colours: Palette) -> Spec:
    """A star on each arm's first line where its validation loss was lowest: early stopping would end there."""
    found = [(arm, best) for arm in arms if (best := arm.run.summary.best_epoch) is not None]
    heights = [quantity(arm.run, view.lines[0].column)[best - 1] for arm, best in found]
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": "best",
        "name": "Lowest validation loss",
        "x": typed(np.array([best for _, best in found], dtype=np.int32)),
        "y": typed(np.array(heights, dtype=np.float32)),
        "text": [arm.label for arm, _ in found],
        "marker": {
            "symbol": "star",
            "size": 15,
            "color": [colours.arms[arm.key] for arm, _ in found],
            "line": {"color": colours.paper, "width": 1.5},
        },
        "hovertemplate": "%{text}: lowest validation loss at epoch %{x}<extra></extra>",
    }


def curve_axes(epochs: int, runs: Sequence[Run], view: View, colours: Palette) -> tuple[Spec, Spec]:
    """Both axes, the same for all arms. Accuracies are drawn from 30 % to 100 %, or from 0 % if one lies below."""
    pad = max(1.0, 0.015 * epochs)
    x = axis(
        colours, title={"text": "Epoch", "standoff": 4}, range=[1 - pad, epochs + pad], uirevision=f"epochs-{epochs}"
    )
    values = np.concatenate([quantity(run, line.column) for run in runs for line in view.lines])
    if view.label == "Loss":
        highest = float(np.max(values, initial=0.7, where=np.isfinite(values)))
        y_range = [0.0, min(1.05 * highest, 5.0)]
    else:
        lowest = float(np.min(values, initial=1.0, where=np.isfinite(values)))
        y_range = [-0.03 if view.label == "Flipped labels" or lowest < 0.3 else 0.3, 1.03]
    y = axis(colours, title={"text": view.title}, range=y_range, uirevision=view.label)
    if view.number_format.endswith("%"):
        y["tickformat"] = ".0%"
    return x, y


def reference_traces(view: View, epochs: int, flipped_share: float, colours: Palette) -> list[Spec]:
    """Lines that say what an accuracy means: a coin toss, and what a perfect boundary scores on flipped labels."""
    if view.label != "Accuracy":
        return []
    levels = [("Coin toss", 0.5, "dot")]
    if flipped_share:
        levels.append(("Perfect boundary: train", 1.0 - flipped_share, "longdash"))
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "uid": f"reference-{index}",
            "name": name,
            "x": [1, epochs],
            "y": [level, level],
            "line": {"color": colours.text, "width": 1, "dash": dash},
            "opacity": 0.6,
            "hoverinfo": "skip",
        }
        for index, (name, level, dash) in enumerate(levels)
    ]
