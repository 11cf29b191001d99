"""The strength curve: the outcome against the swept value, seed by seed, and beneath it a film strip of boundaries."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regdash.config import FIELDS
from regdash.figures.spec import Spec, axis, typed
from regdash.figures.study.chart import (
    NARROW_MARGIN,
    WIDE_MARGIN,
    categories,
    faint,
    layout,
    metric_axis,
    on_hover,
    payload,
)
from regdash.figures.study.curves import spread
from regdash.figures.study.slices import Slice
from regdash.figures.theme import Palette, levelscale
from regdash.study import StudyResult
from regdash.study.metrics import COMPARABLE, Metric
from regdash.study.stats.rivals import Best
from regdash.words.terms import amount, seeds_text, value_text

FILM = "film-"  # uid of a tile, followed by its cell
MOST_TILES = 16
MOST_NAMED = 6
LEAST_UNITS = 5  # tiles grow no larger than a fifth of the width
TILE = 0.46  # half a tile's side; the rest of its unit is a gap
JITTER = 0.16  # seeds are spread so far to each side, in the order of their numbers


def strength(
    result: StudyResult, piece: Slice, metric_key: str, table: pd.DataFrame, best: Best | None, colours: Palette
) -> Spec:
    """The chart. `table` is `cells_table` of the study; `best` is `best_of` the slice's values: its cells are positions
    in the slice.
    """
    metric, rows = COMPARABLE[metric_key], table.loc[list(piece.cells)]
    values = metric.scale * result.values(metric_key)[list(piece.cells)]  # (V, S)
    tiles = spread(len(piece.cells), MOST_TILES)
    data = [
        _seeds(values, result.spec.seeds, metric, colours),
        _means(rows, piece, metric, best, colours),
        *(_tile(result, piece, index, colours) for index in tiles if result.done[piece.cells[index], 0]),
    ]
    units = max(LEAST_UNITS, len(tiles))
    wide, narrow = (
        {
            "layout": _layout(piece, values, metric, len(tiles), colours, narrow=narrow),
            "height": height,
            "units": n,
        }
        for narrow, height, n in ((False, 21, units), (True, 21, max(3, len(tiles))))
    )
    return payload(
        title=f"{metric.label} by {piece.title[:1].lower()}{piece.title[1:]}",
        caption=(
            f"Each faint dot is one seed. Marks and line: {metric.centre} over {seeds_text(rows['n'])}; bar: its 95 % "
            "interval. "
            f"{_best_words(piece, metric, best)}"
            f"Below: the decision boundary that seed {result.spec.seeds[0]} learnt at each value (blue: class 0, "
            "orange: class 1); click one to open that run in Explore."
        ),
        data=data, wide=wide, narrow=narrow,
    )  # fmt: skip


def _best_words(piece: Slice, metric: Metric, best: Best | None) -> str:
    if best is None or (best.runner_up is None and best.complete):  # nothing to be compared with
        return ""
    interval = f" [{amount(metric, best.low)}, {amount(metric, best.high)}]" if np.isfinite(best.low) else ""
    name, mean = value_text(piece.field, piece.values[best.cell]), f"{amount(metric, best.mean)}{interval}"
    if not best.complete:
        return f"Star: so far ahead, {name}, {mean}. "
    rivals = [piece.labels[index] for index in sorted(best.rivals)]
    named = ", ".join(rivals) if len(rivals) <= MOST_NAMED else f"{len(rivals)} values"
    doubt = f"hollow stars: {named} may be as good" if rivals else "all other values are shown to do worse"
    return f"Filled star: {name} has the best {metric.centre}, {mean}; {doubt}. "


def _seeds(values: NDArray[np.float64], seeds: Sequence[int], metric: Metric, colours: Palette) -> Spec:
    """Every run (V, S) as a dot at its value, a seed at the same offset everywhere."""
    n_values, n_seeds = values.shape
    offset = np.linspace(-JITTER, JITTER, n_seeds) if n_seeds > 1 else np.zeros(1)
    x = np.arange(n_values)[:, None] + offset  # (V, S)
    return {
        "type": "scatter", "mode": "markers", "uid": "seeds", "name": "one seed", "showlegend": False,
        "x": typed(x.ravel().astype(np.float32)), "y": typed(values.ravel()),
        "customdata": typed(np.tile(np.array(seeds, dtype=np.int32), n_values)),
        "marker": faint(n_seeds, colours),
        "hovertemplate": f"seed %{{customdata}}: {on_hover(metric)}<extra></extra>",
    }  # fmt: skip


def _means(rows: pd.DataFrame, piece: Slice, metric: Metric, best: Best | None, colours: Palette) -> Spec:
    """The line through what values are compared by, means or medians, each with its interval. A star on the best one,
    hollow ones on those that may be as good: of a part of a study they all may, and none is marked.
    """
    n, colour = len(rows), colours.arms["yours"]
    means, lows, highs = (rows[name].to_numpy() for name in ("centre", "low", "high"))
    at = -1 if best is None or (best.runner_up is None and best.complete) else best.cell
    rivals = best.rivals if best is not None and best.complete else ()
    kinds = ["best" if index == at else "rival" if index in rivals else "other" for index in range(n)]
    ahead = f"the best {metric.centre}" if best is not None and best.complete else "so far ahead"
    notes = {"best": f"<br>{ahead}", "rival": "<br>may be as good as the best", "other": ""}
    return {
        "type": "scatter", "mode": "lines+markers", "uid": "means", "showlegend": False,
        "x": typed(np.arange(n, dtype=np.float32)), "y": typed(metric.scale * means),
        "error_y": {
            "type": "data", "symmetric": False,  # an interval may be cut where no value can be
            "array": typed(metric.scale * (highs - means)), "arrayminus": typed(metric.scale * (means - lows)),
            "color": colour, "thickness": 3, "width": 7,
        },
        "text": [
            f"{FIELDS[piece.field].label} {label}<br>{metric.centre} {amount(metric, mean)}"
            + (f" [{amount(metric, low)}, {amount(metric, high)}]" if np.isfinite(low) else "")
            + notes[kind]
            for label, mean, low, high, kind in zip(piece.labels, means, lows, highs, kinds, strict=True)
        ],
        "line": {"color": colour, "width": 2.5},
        "marker": {
            "symbol": ["circle" if kind == "other" else "star" for kind in kinds],
            "size": [10 if kind == "other" else 18 for kind in kinds],
            "color": [colours.paper if kind == "rival" else colour for kind in kinds],
            "line": {"color": colour, "width": [2 if kind == "rival" else 0 for kind in kinds]}, "opacity": 1,
        },
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _tile(result: StudyResult, piece: Slice, index: int, colours: Palette) -> Spec:
    """One decision boundary, as large as the number of tiles allows."""
    cell, every = piece.cells[index], len(piece.cells) / len(spread(len(piece.cells), MOST_TILES))
    side = result.surfaces.shape[1]
    half = TILE * every
    return {
        "type": "contour", "uid": f"{FILM}{cell}", "name": f"{FIELDS[piece.field].label} {piece.labels[index]}",
        "xaxis": "x", "yaxis": "y2", "z": typed(result.surfaces[cell]),
        "x0": index - half, "dx": 2 * half / (side - 1), "y0": -half, "dy": 2 * half / (side - 1),
        "zmin": 0, "zmax": 255, "colorscale": levelscale(colours), "showscale": False,
        "contours": {"coloring": "heatmap", "start": 127.5, "end": 127.5, "size": 1},
        "line": {"width": 2, "color": "rgb({}, {}, {})".format(*colours.edge), "smoothing": 0},
        "hovertemplate": "%{fullData.name}: click to open in Explore<extra></extra>",
        "meta": {"opens": True},
    }  # fmt: skip


def _layout(
    piece: Slice, values: NDArray[np.float64], metric: Metric, n_tiles: int, colours: Palette, *, narrow: bool
) -> Spec:
    n = len(piece.cells)
    every = n / n_tiles  # values per tile
    units = max(3 if narrow else LEAST_UNITS, n_tiles) * every
    room = (units - n) / 2  # few values stand in the middle
    x = categories(piece.labels, FIELDS[piece.field].label, colours, anchor="y2", fixedrange=True)
    x["range"] = [-0.5 - room, n - 0.5 + room]
    y = metric_axis(metric, values, colours, fixedrange=True)
    film = axis(
        colours, range=[-every / 2, every / 2], visible=False, fixedrange=True, anchor="x", domain=[0.0, 0.2]
    )  # fmt: skip
    margin = NARROW_MARGIN if narrow else WIDE_MARGIN
    return layout(colours, narrow=narrow, margin=margin, xaxis=x, yaxis=y | {"domain": [0.25, 1.0]}, yaxis2=film)
