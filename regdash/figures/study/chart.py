"""What all charts of a study share: the form the chart component takes, and the look of axes."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.figures.spec import Spec, axis
from regdash.figures.theme import Palette, crowd
from regdash.study.metrics import Metric

WIDE_MARGIN = MappingProxyType({"l": 74, "r": 16, "t": 14, "b": 62})  # pixels
FAINT = 0.52  # opacity: enough for a contrast of 3 to 1 with the page
NARROW_MARGIN = MappingProxyType({"l": 62, "r": 8, "t": 10, "b": 50})


def payload(*, title: str, caption: str, data: list[Spec], wide: dict[str, Any], narrow: dict[str, Any]) -> Spec:
    """A chart for `regdash.ui.components.chart`: a heading, an explanation below, and a Plotly figure in two layouts.

    wide, narrow  each {"layout": a Plotly layout, "height": in em with margins, "units": tiles that fit side by side in
                  the film strip on the second y axis, if there is one}
    """
    return {"title": title, "caption": caption, "data": data, "wide": wide, "narrow": narrow}


def layout(colours: Palette, *, narrow: bool, margin: Mapping[str, int] | None = None, **settings: Any) -> Spec:
    """A Plotly layout in the page's colours."""
    return {
        "font": {"color": colours.text},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": dict(margin or (NARROW_MARGIN if narrow else WIDE_MARGIN)),
        "hovermode": "closest",
        "hoverlabel": {"align": "left"},
        "uirevision": "regdash",
        "template": {},  # Streamlit and Plotly would each put their own look here
        **settings,
    }


def categories(labels: Sequence[str], title: str, colours: Palette, **settings: Any) -> Spec:
    """An axis on which values stand side by side, evenly: so an exact zero has its place on a scale of powers of ten.

    Many values: not each is written.
    """
    n = len(labels)
    every = -(-n // 16)
    shown = list(range(0, n, every))
    return axis(
        colours,
        title={"text": title, "standoff": 6},
        tickvals=shown,
        ticktext=[labels[i] for i in shown],
        range=[-0.5, n - 0.5],
        uirevision="|".join(labels),
        **settings,
    )


def metric_axis(metric: Metric, values: NDArray[np.floating[Any]], colours: Palette, **settings: Any) -> Spec:
    """The axis of an outcome over all `values` it must show: shares in steps of a tenth, so that it rarely moves.

    `values` are as they are drawn, in the metric's `scale`.
    """
    low, high = ends(values, step=0.1 * metric.scale if metric.is_share else 0.2)
    if metric.is_share:
        low, high = max(low, -metric.scale), min(high, metric.scale)
    room = 0.03 * (high - low)
    look: Spec = {"tickformat": ".0%"} if metric.is_share and not metric.in_points else {}
    title = f"{metric.label} (points)" if metric.in_points else metric.label
    return axis(
        colours, title={"text": title, "standoff": 8}, range=[low - room, high + room], nticks=7,
        uirevision=f"{metric.label} {low:.1f} {high:.1f}", **look, **settings,
    )  # fmt: skip


def ends(values: NDArray[np.floating[Any]], step: float) -> tuple[float, float]:
    """Lowest and highest finite value, rounded outwards to multiples of `step`; 0 and 1 if there is none."""
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return 0.0, 1.0
    low = np.floor(finite.min() / step + 1e-6) * step
    high = np.ceil(finite.max() / step - 1e-6) * step
    return (float(low), float(high)) if high > low else (float(low) - step, float(high) + step)


def faint(n: int, colours: Palette) -> Spec:
    """The marker of single seeds, `n` side by side: there to be seen, but behind what is told of them all."""
    scale, _ = crowd(10 * n)
    return {"size": round(6 * min(scale, 1), 1), "color": colours.text, "opacity": FAINT}


def on_hover(metric: Metric) -> str:
    """How a value drawn on the y axis is written in a hover label."""
    if metric.in_points:
        return "%{y:.1f} points"
    return "%{y:.1%}" if metric.is_share else "%{y:.3f}"
