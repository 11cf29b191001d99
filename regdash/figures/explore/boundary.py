"""Traces of one decision-boundary panel: probability surface, true boundary and points."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.figures.spec import Spec, typed
from regdash.figures.theme import FLIPPED_SYMBOL, SYMBOLS, WRONG_SYMBOL, Palette, colorscale, crowd
from regdash.results import Floats, Run, level_probabilities

SIZES = MappingProxyType(
    {"train": 8.0, "val": 6.0, "flipped": 12.0, "wrong": 14.0}
)  # pixels, of marks among 200 points
LINES = MappingProxyType({"train": 1.8, "val": 1.8, "flipped": 2.0, "wrong": 1.6})


@dataclass(frozen=True, kw_only=True, eq=False)
class Points:
    """What is drawn on a boundary, as arrays.

    x (N, 2) float32, training points first; labels (N,) uint8, as the network saw them; n_train; flipped (n_train,)
    bool; truth (G, G) float32, the score of the data set's rule on the runs' grid: the true boundary is where it is 0.
    """

    x: Floats
    labels: NDArray[np.uint8]
    n_train: int
    flipped: NDArray[np.bool_]
    truth: Floats


def panel_traces(
    key: str, run: Run, points: Points, epoch: int, subplot: int, colours: Palette, *, with_surface: bool
) -> list[Spec]:
    """The traces of one arm's panel on axes x`subplot`, y`subplot`, as after `epoch`.

    `with_surface` puts the surface's values into the spec (for exports); the page leaves them out, because its own
    script fills them in from the frames it gets anyway.
    """
    place = {"xaxis": f"x{subplot}", "yaxis": f"y{subplot}"}
    return [
        trace | place | {"showlegend": False}  # the page has a key of its own, one switch for all panels
        for trace in (
            _surface(key, run, epoch, colours, with_surface=with_surface),
            _truth(key, run, points, colours),
            _points(key, points, "train", colours),
            _points(key, points, "val", colours),
            _flipped(f"halo-{key}", points, colours.paper, halo=True),
            _flipped(key, points, colours.mark, halo=False),
            _wrong(key, run, points, epoch, colours),
        )
    ]


def _surface(key: str, run: Run, epoch: int, colours: Palette, *, with_surface: bool) -> Spec:
    trace: Spec = {
        "type": "heatmap",
        "uid": f"surface-{key}",
        "name": "Probability",
        "x": typed(run.axis),
        "y": typed(run.axis),
        "zmin": 0,
        "zmax": 1,
        "zsmooth": "fast",
        "showscale": False,
        "colorscale": colorscale(colours),
        "hovertemplate": "(%{x:.2f}, %{y:.2f})<br>probability of class 1: %{z:.0%}<extra></extra>",
    }
    if with_surface:
        trace["z"] = typed(level_probabilities()[run.surfaces[run.kept_epochs.index(epoch)]])
    return trace


def _truth(key: str, run: Run, points: Points, colours: Palette) -> Spec:
    return {
        "type": "contour",
        "uid": f"truth-{key}",
        "name": "True boundary",
        "x": typed(run.axis),
        "y": typed(run.axis),
        "z": typed(points.truth),
        "contours": {"type": "levels", "start": 0, "end": 0, "size": 1, "coloring": "none"},
        "line": {"color": colours.mark, "width": 2.5, "dash": "dash"},
        "showscale": False,
        "hoverinfo": "skip",
        "visible": False,
    }


def _points(key: str, points: Points, split: str, colours: Palette) -> Spec:
    part = slice(0, points.n_train) if split == "train" else slice(points.n_train, None)
    x, labels = points.x[part], points.labels[part]
    noun = "training" if split == "train" else "validation"
    codes = np.array([SYMBOLS[split, 0], SYMBOLS[split, 1]], dtype=np.uint8)
    by_class = {
        "color": typed(labels),
        "colorscale": [[0, colours.class_0], [1, colours.class_1]],
        "cmin": 0,
        "cmax": 1,
    }
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"{split}-{key}",
        "name": f"{noun.capitalize()} points",
        "x": typed(x[:, 0]),
        "y": typed(x[:, 1]),
        "customdata": typed(labels),
        "marker": {
            "symbol": typed(codes[labels]),
            "opacity": crowd(len(points.x))[1],
            **by_class,
            **_drawn(points, split, by_class),
        },
        "hovertemplate": f"{noun} point of class %{{customdata}}<br>(%{{x:.2f}}, %{{y:.2f}})<extra></extra>",
    }


def _drawn(points: Points, kind: str, colour: Spec) -> Spec:
    """Size and line of a kind of mark: the more points there are, the smaller and finer."""
    scale, _ = crowd(len(points.x))
    return {"size": round(scale * SIZES[kind], 2), "line": {"width": round(scale**0.7 * LINES[kind], 2), **colour}}


def _flipped(key: str, points: Points, colour: str, *, halo: bool) -> Spec:
    """A cross on every flipped label, or the halo behind it: without one, it would drown in the point it is on."""
    x = points.x[: points.n_train][points.flipped]
    look = _drawn(points, "flipped", {"color": colour})
    if halo:
        look["line"]["width"] *= 2
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"flipped-{key}",
        "name": "Flipped label",
        "x": typed(x[:, 0]),
        "y": typed(x[:, 1]),
        "opacity": crowd(len(points.x))[1],
        "marker": {"symbol": FLIPPED_SYMBOL, **look},
        "hovertemplate": "flipped label: a lie in the training set<extra></extra>",
    }


def _wrong(key: str, run: Run, points: Points, epoch: int, colours: Palette) -> Spec:
    """A ring around every point; the opacity shows those that the network gets wrong after `epoch`."""
    return {
        "type": "scatter",
        "mode": "markers",
        "uid": f"wrong-{key}",
        "name": "Misclassified",
        "opacity": crowd(len(points.x))[1],
        "x": typed(points.x[:, 0]),
        "y": typed(points.x[:, 1]),
        "marker": {
            "symbol": WRONG_SYMBOL,
            "color": colours.mark,
            **_drawn(points, "wrong", {"color": colours.mark}),
            "opacity": typed(wrong(run, points)[run.kept_epochs.index(epoch)].astype(np.uint8)),
        },
        "hoverinfo": "skip",
    }


def wrong(run: Run, points: Points) -> NDArray[np.bool_]:
    """(S, N) bool: whether each point is misclassified at each kept epoch, against the label the network was given.

    Never where the run had diverged: a network without numbers says nothing.
    """
    finite = np.isfinite(run.curves[0, np.array(run.kept_epochs) - 1])  # (S,)
    misclassified: NDArray[np.bool_] = (run.predicted != points.labels) & finite[:, None]
    return misclassified
