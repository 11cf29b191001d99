"""Aggregation of a study for its charts: what each cell's replicates have in common, and how far they spread.

Replicates are kept and aggregated late. Axes: V cells, S replicates, T epochs.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regdash.errors import shown
from regdash.results import HISTORY_COLUMNS
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.result import StudyResult
from regdash.study.stats.bands import Band, median_band
from regdash.study.stats.intervals import Centre, centres, moments, quantile
from regdash.study.stats.paired import shown_interval
from regdash.study.stats.sameness import share_interval


def curve_bands(result: StudyResult, curve: str = "val_accuracy") -> list[Band]:
    """A band over the seeds for each cell, (T,) by epoch; `curve` is one of HISTORY_COLUMNS.

    A diverged run is left out from the first epoch on and counted in `n_left_out`: with it up to its divergence, the
    median would jump there without any network having changed. Raises `ValueError` for an unknown curve.
    """
    if curve not in HISTORY_COLUMNS:
        raise ValueError(f"curve={shown(curve)} cannot be used: it must be one of {', '.join(HISTORY_COLUMNS)}")
    usable = (result.done & ~result.diverged)[:, :, None]  # (V, S, 1)
    curves = np.where(usable, result.curves[:, :, HISTORY_COLUMNS.index(curve)], np.nan)  # (V, S, T)
    return [median_band(cell, axis=0) for cell in curves]


def cells_table(result: StudyResult, metric: str = DEFAULT_METRIC) -> pd.DataFrame:
    """One row a cell (index `cell`, C order): the swept settings, then what its replicates say of `metric`.

    median, low_quartile, high_quartile
                          over the replicates with a value
    mean, sd              mean and standard deviation
    centre, low, high     what cells are compared by, the mean or the median, and its 95 % interval. It is for one cell
                          alone: whether two cells differ is a question for `compare`, whose intervals are narrower
    n                     replicates with a value
    n_diverged, n_missing replicates that diverged, and that are not trained yet
    n_collapsed           replicates that give one answer everywhere, with the 95 % interval of their share,
    collapse_low, collapse_high
    without_collapsed     the centre of the others
    """
    values = result.values(metric)  # (V, S)
    n, mean, sd = moments(values)
    centre = COMPARABLE[metric].centre if metric in COMPARABLE else Centre.MEAN
    middle, low, high = shown_interval(values, centre)
    n_collapsed, n_done = (result.collapsed & result.done).sum(axis=1), result.done.sum(axis=1)
    collapse_low, collapse_high = share_interval(n_collapsed, n_done)
    settings = {name: [cell[axis] for cell in result.spec.cells] for axis, name in enumerate(result.spec.fields)}
    numbers = {
        "median": quantile(values, 0.5),
        "low_quartile": quantile(values, 0.25),
        "high_quartile": quantile(values, 0.75),
        "mean": mean,
        "sd": sd,
        "centre": middle,
        "low": low,
        "high": high,
        "n": n,
        "n_diverged": (result.diverged & result.done).sum(axis=1),
        "n_missing": (~result.done).sum(axis=1),
        "n_collapsed": n_collapsed,
        "collapse_low": collapse_low,
        "collapse_high": collapse_high,
        "without_collapsed": centres(np.where(result.collapsed, np.nan, values), centre),
    }
    return pd.DataFrame(settings | numbers, index=pd.RangeIndex(len(values), name="cell"))


def has_values(result: StudyResult, metric: str, cells: Sequence[int]) -> bool:
    """Whether some run of these cells has a value of a metric, or may have one when it is done."""
    for cell in cells:
        possible = metric != "memorised" or result.spec.cell_config(cell).label_noise > 0
        if np.isfinite(result.values(metric)[cell]).any() or (possible and not result.done[cell].all()):
            return True
    return False
