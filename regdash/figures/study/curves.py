"""Curves over epochs: a line per value of a swept setting, with a labelled band over the seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regdash.config import FIELDS
from regdash.figures.spec import Spec, axis, typed
from regdash.figures.study.chart import layout, payload
from regdash.figures.study.slices import Slice
from regdash.figures.theme import DASHES, Palette, faded, value_colours
from regdash.study import StudyResult
from regdash.study.stats.bands import Band
from regdash.words.studies import band_label

MAX_LINES = 8  # more bands than this cannot be told apart


@dataclass(frozen=True, kw_only=True)
class CurveView:
    """One curve of every run: its label on the axis, and how its values are written."""

    label: str
    column: str
    number_format: str = ".1%"


CURVE_VIEWS: Mapping[str, CurveView] = MappingProxyType(
    {
        "validation": CurveView(label="Validation accuracy", column="val_accuracy"),
        "train": CurveView(label="Train accuracy", column="train_accuracy"),
        "val_loss": CurveView(label="Validation loss", column="val_loss", number_format=".3f"),
    }
)


def curves(result: StudyResult, piece: Slice, view: CurveView, bands: Sequence[Band], colours: Palette) -> Spec:
    """The chart: for each value the median over the seeds, and the middle half of them as a band.

    `bands` (V,) are the `curve_bands` of the view's column.
    """
    shown = spread(len(piece.cells), MAX_LINES)
    looks = value_colours(len(shown), colours)
    data: list[Spec] = []
    seen: list[NDArray[Any]] = []
    for look, index in enumerate(shown):
        cell = piece.cells[index]
        band = bands[cell]
        seen += [band.low, band.high]
        label = f"{FIELDS[piece.field].label} {piece.labels[index]}"
        data += _line(f"{cell}", label, band, looks[look], DASHES[look % len(DASHES)], view)
    epochs = int(max(result.epochs[list(piece.cells)]))
    wide, narrow = (
        {"layout": _layout(view, seen, epochs, colours, narrow=narrow), "height": height}
        for narrow, height in ((False, 22), (True, 24))
    )
    left_out = f" {len(shown)} of {len(piece.cells)} values are shown." if len(shown) < len(piece.cells) else ""
    return payload(
        title=f"{view.label} by epoch: {piece.title}",
        caption=f"{band_words([bands[piece.cells[index]] for index in shown])}{left_out}",
        data=[*data, _coin_toss(epochs, colours)] if view.number_format.endswith("%") else data,
        wide=wide,
        narrow=narrow,
    )


def band_words(bands: Sequence[Band]) -> str:
    """What lines and bands are, in a sentence: of a part of a study, each may have another number of seeds."""
    counts = sorted({band.n for band in bands})
    if len(counts) == 1:
        label = band_label(bands[0])
        return f"{label[:1].upper()}{label[1:]}."
    return f"Line: median; band: middle half of the seeds, which are {counts[0]} to {counts[-1]} by value."


def spread(n: int, most: int) -> list[int]:
    """At most `most` of 0…n−1, evenly, first and last among them."""
    return [int(i) for i in np.unique(np.linspace(0, n - 1, min(n, most)).round())]


def _line(key: str, label: str, band: Band, colour: str, dash: str, view: CurveView) -> list[Spec]:
    """The band's two edges, the second filled down to the first, then the line."""
    dots = {"mode": "lines+markers", "marker": {"size": 9}} if np.isfinite(band.centre).sum() == 1 else {}
    common: Spec = {"type": "scatter", "mode": "lines", "x0": 1, "dx": 1, "legendgroup": key}
    edge: Spec = common | {"line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    return [
        edge | {"uid": f"low-{key}", "y": _f4(band.low)},
        edge | {"uid": f"high-{key}", "y": _f4(band.high), "fill": "tonexty", "fillcolor": faded(colour, 0.17)},
        common
        | {
            "uid": f"line-{key}",
            "name": label,
            "y": _f4(band.centre),
            "line": {"color": colour, "width": 3, "dash": dash},
            **dots,  # of a single epoch there is no line
            "hovertemplate": f"{label}<br>epoch %{{x}}: median %{{y:{view.number_format}}}<extra></extra>",
        },
    ]


def _f4(values: NDArray[Any]) -> Spec:
    return typed(np.asarray(values, dtype=np.float32))


def _coin_toss(epochs: int, colours: Palette) -> Spec:
    return {
        "type": "scatter", "mode": "lines", "uid": "coin", "name": "Coin toss", "x": [1, epochs], "y": [0.5, 0.5],
        "line": {"color": colours.text, "width": 1, "dash": "dot"}, "opacity": 0.6, "hoverinfo": "skip",
    }  # fmt: skip


def _layout(view: CurveView, seen: Sequence[NDArray[Any]], epochs: int, colours: Palette, *, narrow: bool) -> Spec:
    pad = max(1.0, 0.015 * epochs)
    values = np.concatenate([v[np.isfinite(v)] for v in seen])
    if view.number_format.endswith("%"):  # as on the Explore page: from 30 % to 100 %, or from 0 % if one lies below
        y_range = [-0.03 if values.min(initial=1.0) < 0.3 else 0.3, 1.03]
    else:
        y_range = [0.0, min(max(0.7, 1.05 * float(values.max(initial=0.7))), 5.0)]
    y = axis(colours, title={"text": view.label, "standoff": 8}, range=y_range, nticks=8, uirevision=view.label)
    if view.number_format.endswith("%"):
        y["tickformat"] = ".0%"
    x_title = {"text": "Epoch", "standoff": 4}
    x = axis(colours, title=x_title, range=[1 - pad, epochs + pad], uirevision=f"epochs-{epochs}")
    legend = (
        {"orientation": "h", "x": 0, "y": 1.02, "xanchor": "left", "yanchor": "bottom"}
        if narrow
        else {"x": 1.01, "y": 1, "xanchor": "left", "yanchor": "top"}
    )
    return layout(colours, narrow=narrow, xaxis=x, yaxis=y, legend=legend | {"tracegroupgap": 0})
