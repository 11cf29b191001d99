"""Intervals and quantiles of replicates: NaN (diverged, not trained yet, not defined) is left out, never counted as 0.

Why Student's t interval. Runs come in pairs that share data and first weights, so the question is one sample of n
differences, and their mean is what is asked for. The t interval is exact for normal differences at every n, and close
for others, since a mean of bounded numbers soon is normal; arms that are the same differ symmetrically, which t takes
well even at 3 pairs. Considered and left: the bootstrap (covers too little at 10 seeds), Wilcoxon's signed ranks (asks
about another quantity than the mean), a z interval (too narrow below 30 seeds), a fitted mixed model (more than a
reader can check). What no interval can count is a rare collapse that none of the seeds has shown.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.surroundings.arithmetic import usual_arithmetic

Floats = NDArray[np.float64]

NO_SPREAD = 1e-6  # a standard deviation below this is rounding: accuracies go in steps of 1/4000 or more


class Interval(NamedTuple):
    """A mean with the ends of its interval; NaN where there is none."""

    mean: float
    low: float
    high: float


def paired_interval(differences: ArrayLike, level: float = 0.95) -> Interval:
    """Mean of paired `differences` (n,) and the `level` Student t interval (see above); NaN among them are left out.

    No pair: all NaN. One pair: a mean without an interval. Equal differences: an interval of no width.
    Raises `ValueError` for a level outside 0..1.
    """
    if not 0 < level < 1:
        raise ValueError(f"level={level!r} cannot be used: it must lie between 0 and 1")
    mean, low, high = mean_interval(np.asarray(differences, dtype=np.float64).ravel(), alpha=1 - level)
    return Interval(float(mean), float(low), float(high))


@usual_arithmetic
def mean_interval(values: ArrayLike, *, alpha: float = 0.05) -> tuple[Floats, Floats, Floats]:
    """Mean over the last axis of `values` (..., n) and its 1 - `alpha` t interval: mean, low and high, each (...)."""
    n, mean, sd = moments(values)
    half = half_width(n, sd, alpha)
    return mean, mean - half, mean + half


@usual_arithmetic
def moments(values: ArrayLike) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Over the last axis of `values` (..., n): how many are finite, their mean (NaN if none), sd (NaN below 2)."""
    array = np.asarray(values, dtype=np.float64)
    finite = np.isfinite(array)
    n = finite.sum(axis=-1)
    # Divisors are floored and the results masked: numpy's own nan functions warn about empty slices.
    mean = np.where(finite, array, 0.0).sum(axis=-1) / np.maximum(n, 1)
    squares = np.where(finite, array - mean[..., None], 0.0) ** 2
    sd = np.sqrt(squares.sum(axis=-1) / np.maximum(n - 1, 1))
    return n, np.where(n > 0, mean, np.nan), np.where(n > 1, sd, np.nan)


@usual_arithmetic
def half_width(n: ArrayLike, sd: ArrayLike, alpha: float) -> Floats:
    """Half the 1 - `alpha` t interval of a mean of `n` values with standard deviation `sd`; NaN where n < 2."""
    from scipy.special import stdtrit  # not at the top: 0.15 s that the first picture of a fresh server need not wait

    n = np.asarray(n, dtype=np.float64)
    enough = n > 1
    # The lower tail keeps its digits for a tiny alpha; for one of 0 it is infinite with either sign.
    factor = np.abs(stdtrit(np.where(enough, n - 1, 1.0), alpha / 2))
    width: Floats = factor * np.asarray(sd, dtype=np.float64) / np.sqrt(np.where(enough, n, 1.0))
    return np.where(enough, width, np.nan)


@usual_arithmetic
def quantile(values: ArrayLike, share: float) -> Floats:
    """The `share` quantile over the last axis of `values` (..., n), linear between values as numpy's; NaN if none."""
    array = np.asarray(values, dtype=np.float64)
    array = np.sort(np.where(np.isfinite(array), array, np.nan), axis=-1)  # NaN go last
    n = np.isfinite(array).sum(axis=-1)
    at = share * np.maximum(n - 1, 0)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(n - 1, 0))
    low = np.take_along_axis(array, below[..., None], axis=-1)[..., 0]
    high = np.take_along_axis(array, above[..., None], axis=-1)[..., 0]
    found: Floats = low + (high - low) * (at - below)
    return found
