"""What replicates have in common and how far they spread: a line and a band, and the name that a chart shows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regdash.study.stats.intervals import Floats, quantile
from regdash.surroundings.arithmetic import usual_arithmetic


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


@usual_arithmetic
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
