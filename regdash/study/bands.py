"""Aggregation of a study for its charts: what each cell's replicates have in common, and how far they spread.

Replicates are kept and aggregated late, and every band has a name that the chart shows. Axes: V cells, S replicates,
T epochs.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from regdash.results import HISTORY_COLUMNS
from regdash.study.intervals import Floats, mean_interval, moments, quantile
from regdash.study.metrics import DEFAULT_METRIC

if TYPE_CHECKING:
    from regdash.study.result import StudyResult


@dataclass(frozen=True, kw_only=True, eq=False)
class Band:
    """A line with a band, and what they are: `name` says it in the chart.

    centre, low, high  arrays of one shape; NaN where no replicate has a value
    n                  replicates with a value anywhere
    n_left_out         replicates without any: diverged, or not trained yet
    """

    name: str
    centre: Floats
    low: Floats
    high: Floats
    n: int
    n_left_out: int


def median_band(values: ArrayLike, axis: int = -1) -> Band:
    """Median and middle half of the replicates along `axis` of `values`; NaN are left out, place by place."""
    replicates = np.moveaxis(np.asarray(values, dtype=np.float64), axis, -1)  # (..., S)
    n_all = replicates.shape[-1]
    n = int(np.isfinite(replicates).reshape(-1, n_all).any(axis=0).sum())
    low, centre, high = (quantile(replicates, share) for share in (0.25, 0.5, 0.75))
    return Band(name=_name(n), centre=centre, low=low, high=high, n=n, n_left_out=n_all - n)


def _name(n: int) -> str:
    if n == 0:
        return "no finished run"
    return "line: the only seed" if n == 1 else f"line: median; band: middle half of {n} seeds"


def curve_bands(result: "StudyResult", curve: str = "val_accuracy") -> list[Band]:
    """A band over the seeds for each cell, (T,) by epoch; `curve` is one of HISTORY_COLUMNS.

    A diverged run is left out from the first epoch on and counted in `n_left_out`: with it up to its divergence, the
    median would jump there without any network having changed. Raises `ValueError` for an unknown curve.
    """
    if curve not in HISTORY_COLUMNS:
        raise ValueError(f"curve={curve!r} cannot be used: it must be one of {', '.join(HISTORY_COLUMNS)}")
    usable = (result.done & ~result.diverged)[:, :, None]  # (V, S, 1)
    curves = np.where(usable, result.curves[:, :, HISTORY_COLUMNS.index(curve)], np.nan)  # (V, S, T)
    return [median_band(cell, axis=0) for cell in curves]


def cells_table(result: "StudyResult", metric: str = DEFAULT_METRIC) -> pd.DataFrame:
    """One row a cell (index `cell`, C order): the swept settings, then what its replicates say of `metric`.

    median, low_quartile, high_quartile
                          over the replicates with a value
    mean, low, high, sd   mean, its 95 % t interval, standard deviation. This interval is for one cell alone: whether
                          two cells differ is a question for `paired.compare`, whose intervals are narrower
    n                     replicates with a value
    n_diverged, n_missing replicates that diverged, and that are not trained yet
    """
    values = result.values(metric)  # (V, S)
    n, mean, sd = moments(values)
    _, low, high = mean_interval(values)
    settings = {name: [cell[axis] for cell in result.spec.cells] for axis, name in enumerate(result.spec.fields)}
    numbers = {
        "median": quantile(values, 0.5),
        "low_quartile": quantile(values, 0.25),
        "high_quartile": quantile(values, 0.75),
        "mean": mean,
        "low": low,
        "high": high,
        "sd": sd,
        "n": n,
        "n_diverged": (result.diverged & result.done).sum(axis=1),
        "n_missing": (~result.done).sum(axis=1),
    }
    return pd.DataFrame(settings | numbers, index=pd.RangeIndex(len(values), name="cell"))
