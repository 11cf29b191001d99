"""The heat map of a study over two settings: the mean in every cell, its interval on hover; a click opens the run."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regdash.config import FIELDS
from regdash.figures.spec import Spec, typed
from regdash.figures.study.chart import categories, ends, layout, payload
from regdash.figures.study.slices import Slice, slices
from regdash.figures.theme import Palette, on_ramp, rampscale
from regdash.study import StudyResult, StudySpec
from regdash.study.by_data import data_field
from regdash.study.metrics import COMPARABLE, Metric
from regdash.words.terms import amount, cell_text, count, seeds_text

ROOMY = 7  # columns up to which numbers are written large
FRAME = (("#000000", 6.0), ("#ffffff", 2.5))  # white within black: one of the two stands out from any colour
MOST_NUMBERS = 12  # columns beyond which a cell has no room for its number


def heat(
    result: StudyResult,
    metric_key: str,
    table: pd.DataFrame,
    framed: Sequence[int],
    rivals: Sequence[int],
    colours: Palette,
) -> Spec:
    """The chart: rows are the first swept setting's values, columns the second's, both sorted.

    `table` is `cells_table` of the study; `framed` are its best cells: the best of all, or, where one setting makes the
    data, the best for each of its values. `rivals` are the cells that may be as good.
    """
    metric, (along_first, along_second) = COMPARABLE[metric_key], axes_of(result)
    order = np.array(_grid(result))  # (V1, V2) cells as drawn
    mean = table["centre"].to_numpy()[order]
    low_end, high_end = ends(mean, step=0.05 if metric.is_share else 0.1)
    hover = [[_hover(result.spec, cell, metric, table.loc[cell]) for cell in row] for row in order.tolist()]
    trace: Spec = {
        "type": "heatmap", "uid": "heat", "z": typed(metric.scale * mean), "customdata": hover,
        "zmin": metric.scale * low_end, "zmax": metric.scale * high_end, "xgap": 2, "ygap": 2,
        "colorscale": rampscale(colours), "reversescale": not metric.higher_is_better,
        "hoverongaps": False, "hovertemplate": "%{customdata}<extra></extra>", "meta": {"opens": True},
        "colorbar": {
            "thickness": 14, "outlinewidth": 0, "nticks": 6,
            "tickformat": ".0f" if metric.in_points else ".0%" if metric.is_share else ".2f",
        },
    }  # fmt: skip
    data = [trace, _stars(mean, (low_end, high_end), order, framed, rivals, metric, colours)]
    if order.shape[1] <= MOST_NUMBERS:
        data.append(_numbers(mean, (low_end, high_end), metric, colours))
    rows = max(3, min(order.shape[0], 14))
    wide, narrow = (
        {"layout": _layout(along_first, along_second, framed, order, colours, narrow=narrow), "height": height}
        for narrow, height in ((False, 5 + 3.6 * rows), (True, 5 + 3.0 * rows))
    )
    unit = ", in points" if metric.in_points else ""
    return payload(
        title=f"{metric.label}{unit}: {metric.centre} over {seeds_text(table['n'])}",
        caption=(
            f"{_framed_words(result, framed, rivals, metric)}Brighter is better. Point at a cell for its interval; "
            "click or tap it to open that run in Explore."
        ),
        data=data, wide=wide, narrow=narrow,
    )  # fmt: skip


def _framed_words(result: StudyResult, framed: Sequence[int], rivals: Sequence[int], metric: Metric) -> str:
    if not framed:
        return ""
    what, field = f"the best {metric.centre}" if result.complete else "so far ahead", data_field(result.spec)
    where = cell_text(result.spec, framed[0]) if field is None else ""
    best = f"{what}, {where}" if where else f"{what} at each value of {FIELDS[field or ''].label.lower()}"
    n_others = result.spec.n_cells - len(framed)
    if not result.complete or not n_others:
        return f"Frame and filled star: {best}. "
    doubt = f"hollow stars: the {count(len(rivals), 'other')} that may be as good" if rivals else "none may be as good"
    return f"Frame and filled star: {best}; {doubt}. "


def _shares(mean: NDArray[np.float64], span: tuple[float, float], metric: Metric) -> NDArray[np.float64]:
    """Places on the ramp, 0 to 1, of means within the span."""
    shares = (mean - span[0]) / (span[1] - span[0])
    return np.clip(shares if metric.higher_is_better else 1 - shares, 0, 1)


def _numbers(mean: NDArray[np.float64], span: tuple[float, float], metric: Metric, colours: Palette) -> Spec:
    """The number in every cell. A trace of its own: Plotly's own labels of a heat map are too pale on its middle."""
    there = np.isfinite(mean)
    rows, columns = np.nonzero(there)
    font: Spec = {"color": on_ramp(_shares(mean[there], span, metric), colours)}
    if mean.shape[1] > ROOMY:
        font["size"] = 11
    return {
        "type": "scatter", "mode": "text", "uid": "numbers", "hoverinfo": "skip", "showlegend": False,
        "x": columns.tolist(), "y": rows.tolist(),
        "text": [_number(metric, value) for value in mean[there]], "textfont": font,
    }  # fmt: skip


def _stars(
    mean: NDArray[np.float64],
    span: tuple[float, float],
    order: NDArray[np.int64],
    framed: Sequence[int],
    rivals: Sequence[int],
    metric: Metric,
    colours: Palette,
) -> Spec:
    """A star in the corner of each best cell, a hollow one where another may be as good: as on the strength curve."""
    marked = [*framed, *rivals]
    places = np.array([np.argwhere(order == cell)[0] for cell in marked], dtype=int).reshape(-1, 2)
    rows, columns = places.T
    inks = on_ramp(_shares(mean[rows, columns], span, metric), colours)
    return {
        "type": "scatter", "mode": "markers", "uid": "stars", "hoverinfo": "skip", "showlegend": False,
        "x": (columns + 0.34).tolist(), "y": (rows + 0.27).tolist(),
        "marker": {
            "symbol": ["star"] * len(framed) + ["star-open"] * len(rivals),
            "size": 11 if mean.shape[1] <= ROOMY else 8, "color": inks, "line": {"width": 1.3, "color": inks},
        },
    }  # fmt: skip


def axes_of(result: StudyResult) -> tuple[Slice, Slice]:
    """The slices whose values stand along the rows and the columns."""
    found = slices(result.spec)
    return found[0], found[-1]


def _grid(result: StudyResult) -> list[list[int]]:
    """The cells as drawn, row by row: both settings sorted."""
    n_second = result.spec.shape[1]
    along_first, along_second = axes_of(result)
    rows = [cell // n_second for cell in along_first.cells]
    columns = [cell % n_second for cell in along_second.cells]
    return [[row * n_second + column for column in columns] for row in rows]


def cell_at(result: StudyResult, row: int, column: int) -> int:
    """The study's cell that is drawn in a row and column. Raises `IndexError` if there is none."""
    return _grid(result)[row][column]


def _number(metric: Metric, value: float) -> str:
    return f"{100 * value:.1f}" if metric.is_share else f"{value:.2f}"


def _hover(spec: StudySpec, cell: int, metric: Metric, row: "pd.Series[Any]") -> str:
    n_diverged, n_done = int(row["n_diverged"]), spec.n_seeds - int(row["n_missing"])
    known = np.isfinite(row["low"])
    interval = f" [{amount(metric, row['low'])}, {amount(metric, row['high'])}]" if known else ""
    over = seeds_text([int(row["n"])])
    lines = [
        cell_text(spec, cell),
        f"{metric.centre} {amount(metric, row['centre'])}{interval}",
        f"95 % interval over {over}" if known else over,
    ]
    if n_diverged:
        lines.append(f"{n_diverged} of {n_done} runs diverged and are left out")
    if row["n_collapsed"]:
        rest = amount(metric, row["without_collapsed"])
        lines.append(f"{int(row['n_collapsed'])} of {n_done} runs collapsed; {metric.centre} without them {rest}")
    return "<br>".join(lines)


def _layout(
    along_first: Slice,
    along_second: Slice,
    framed: Sequence[int],
    order: NDArray[np.int64],
    colours: Palette,
    *,
    narrow: bool,
) -> Spec:
    margin = {"l": 58, "r": 4, "t": 8, "b": 52} if narrow else {"l": 96, "r": 10, "t": 10, "b": 64}
    x = categories(along_second.labels, FIELDS[along_second.field].label, colours, showgrid=False, fixedrange=True)
    y = categories(along_first.labels, FIELDS[along_first.field].label, colours, showgrid=False, fixedrange=True)
    shapes = []
    for cell in framed:
        row, column = (int(found[0]) for found in np.nonzero(order == cell))
        shapes += [
            {
                "type": "rect", "x0": column - 0.48, "x1": column + 0.48, "y0": row - 0.47, "y1": row + 0.47,
                "line": {"color": colour, "width": width},
            }
            for colour, width in FRAME
        ]  # fmt: skip
    return layout(colours, narrow=narrow, margin=margin, xaxis=x, yaxis=y, shapes=shapes)
