"""The names at the ends of the curves: whoever cannot tell colours apart need not search a legend."""

from collections.abc import Sequence

import numpy as np

from regdash.figures.explore.curves import Line, Pin, View, curve_uid, drawn_lines, quantity, y_range
from regdash.figures.spec import Spec
from regdash.figures.theme import LOOKS, Palette
from regdash.results import Run
from regdash.teaching.arms import Arm

PITCH, PITCH_TALL = 0.085, 0.065  # of the axis: a line of text, beside one row of panels and beside two
GAP = "\N{EM SPACE}\N{NO-BREAK SPACE}"  # from a line's end to its name: over the frame and the mark of fresh data


def name_traces(arms: Sequence[Arm], pins: Sequence[Pin], view: View, colours: Palette) -> list[Spec]:
    """A text at the end of each line, in its colour and hidden with it: the arm's mark and short name at its first
    line, mark and quantity at the others; the pin's number.
    """
    found = []
    for arm in arms:
        for index, line in enumerate(drawn_lines(arm, view)):
            text = f"{LOOKS[arm.key].character} {line.name if index else arm.short}"
            found.append(_name(arm.run, line, text, curve_uid(arm.key, line), colours.arms[arm.key]))
    for pin in pins:
        line = view.lines[0]
        found.append(_name(pin.run, line, f"Pin {pin.number}", curve_uid(f"pin-{pin.number}", line), colours.text))
    found = [trace for trace in found if trace["y"]]
    shown = [trace for trace in found if trace["visible"] is True]
    span, pitch = y_range([arm.run for arm in arms], view), PITCH if len(arms) <= 2 else PITCH_TALL
    for trace, height in zip(shown, apart([trace["y"][0] for trace in shown], span, pitch), strict=True):
        trace["y"] = [height]
    return found


def _name(run: Run, line: Line, text: str, curve: str, colour: str) -> Spec:
    values = quantity(run, line.column)
    (there,) = np.nonzero(np.isfinite(values))
    last = there[-1:].tolist()  # a diverged run's line ends early, and one without any number has no end
    return {
        "type": "scatter",
        "mode": "text",
        "uid": curve.replace("curve", "name", 1),
        "legendgroup": curve,
        "showlegend": False,
        "hoverinfo": "skip",
        "x": [epoch + 1 for epoch in last],
        "y": values[last].tolist(),
        "text": [f"{GAP}{text}"],
        "textposition": "middle right",
        "textfont": {"color": colour},
        "cliponaxis": False,
        "visible": "legendonly" if line.hidden else True,
    }


def apart(heights: Sequence[float], span: Sequence[float], pitch: float) -> list[float]:
    """Heights at least the share `pitch` of the `span` apart (less only if so many do not fit), in the same order,
    inside the span and together as near to the given ones as they can be.
    """
    if not heights:
        return []
    low, high = span
    n = len(heights)
    order = np.argsort(-np.asarray(heights), kind="stable")
    steps = min(pitch, 1 / n) * (high - low) * np.arange(n)
    # With each height raised by the steps above it, "apart" is "not rising": a regression that is known to be exact.
    level = falling((np.asarray(heights)[order] + steps).tolist())
    placed = np.clip(level, low + steps[-1], high) - steps
    return [float(placed[place]) for place in np.argsort(order)]


def falling(values: Sequence[float]) -> list[float]:
    """The sequence that never rises and is nearest to `values` by least squares: neighbours that would are pooled.

    As `scipy.optimize.isotonic_regression(increasing=False)`, whose import takes a quarter of a second.
    """
    pools: list[tuple[float, int]] = []  # sum and size
    for value in values:
        pool = (value, 1)
        while pools and pools[-1][0] / pools[-1][1] < pool[0] / pool[1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1])
        pools.append(pool)
    return [total / size for total, size in pools for _ in range(size)]
