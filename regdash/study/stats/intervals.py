"""Intervals and quantiles of replicates: NaN (diverged, not trained yet, not defined) is left out, never counted as 0.

Why Student's t interval. Runs come in pairs that share data and first weights, so the question is one sample of n
differences, and their mean is what is asked for. The t interval is exact for normal differences at every n, and close
for others, since a mean of bounded numbers soon is normal; arms that are the same differ symmetrically, which t takes
well even at 3 pairs. Considered and left: the bootstrap (covers too little at 10 seeds), Wilcoxon's signed ranks (asks
about another quantity than the mean), a z interval (too narrow below 30 seeds), a fitted mixed model (more than a
reader can check). What no interval can count is a rare collapse that none of the seeds has shown: see `sameness`.

Losses are another matter: a few runs that are sure of a wrong answer make their mean, whose t interval then covers far
too little (below 90 % in one comparison of five). They are compared by the median, whose interval between two order
statistics covers at least what it says, for every distribution and number of seeds, and stays in nats. The mean of
their logarithms was considered: it asks for ratios, of which those between losses near 0 say most and matter least.
"""

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.surroundings.arithmetic import usual_arithmetic

Floats = NDArray[np.float64]

NO_SPREAD = 1e-6  # a standard deviation below this is rounding: accuracies go in steps of 1/4000 or more


class Centre(StrEnum):
    """What of the replicates is compared: their mean, or their median where a few of them would make the mean."""

    MEAN = "mean"
    MEDIAN = "median"


class Interval(NamedTuple):
    """A mean (or median, see `Centre`) with the ends of its interval; NaN where there is none."""

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
def median_interval(
    values: ArrayLike, *, alpha: ArrayLike = 0.05, smooth: bool = False
) -> tuple[Floats, Floats, Floats]:
    """Median over the last axis of `values` (..., n) and its interval: median, low and high, each (...).

    From the k-th smallest to the k-th largest value, k the largest for which it covers 1 - `alpha` (...) or more by the
    sign test. Infinite where so few values cannot: at 5 %, fewer than 6. With `smooth`, its ends lie between that value
    and the next, where it covers 1 - `alpha` very nearly (Hettmansperger and Sheather 1986), and no more.
    """
    from scipy.special import bdtr, bdtrik  # not at the top: see `half_width`

    array = np.asarray(values, dtype=np.float64)
    array = np.sort(np.where(np.isfinite(array), array, np.nan), axis=-1)  # NaN go last
    n = np.isfinite(array).sum(axis=-1)
    tail = np.broadcast_to(np.asarray(alpha, dtype=np.float64) / 2, n.shape)
    some = np.maximum(n, 1)
    found = 0.5**some <= tail
    cut = np.where(found, np.floor(bdtrik(np.where(found, tail, 0.5), some, 0.5)), 0.0)  # values left out at each end
    cut = np.where(bdtr(cut, some, 0.5) > tail, cut - 1, cut).astype(np.int64)  # its last digit may be too much
    cut = np.clip(cut, 0, some - 1)[..., None]
    if not array.shape[-1]:
        array = np.full((*array.shape[:-1], 1), np.nan)
    inner = np.minimum(cut + 1, some[..., None] - 1)
    ends = [
        [np.take_along_axis(array, place if up else some[..., None] - 1 - place, axis=-1)[..., 0] for up in (1, 0)]
        for place in (cut, inner)
    ]
    part = _inward(cut[..., 0], some, tail) if smooth else 0.0
    low, high = ((1 - part) * outer + part * further for outer, further in zip(*ends, strict=True))
    return quantile(array, 0.5), np.where(found, low, -np.inf), np.where(found, high, np.inf)


def _inward(cut: NDArray[np.int64], n: NDArray[np.int64], tail: Floats) -> Floats:
    """How far towards the next value an end of a smooth interval lies that leaves `cut` values out on either side."""
    from scipy.special import bdtr  # not at the top: see `half_width`

    outer, further = 1 - 2 * bdtr(cut, n, 0.5), 1 - 2 * bdtr(np.minimum(cut + 1, n), n, 0.5)
    share = np.clip((outer - (1 - 2 * tail)) / np.maximum(outer - further, 1e-12), 0, 1)
    k = cut + 1
    part: Floats = np.clip((n - k) * share / np.maximum(k + (n - 2 * k) * share, 1e-12), 0, 1)
    return part


def centres(values: ArrayLike, centre: Centre) -> Floats:
    """The mean or median over the last axis of `values` (..., n), (...); NaN where there is no value."""
    return moments(values)[1] if centre == Centre.MEAN else quantile(values, 0.5)


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
def half_width(n: ArrayLike, sd: ArrayLike, alpha: ArrayLike) -> Floats:
    """Half the 1 - `alpha` (...) t interval of a mean of `n` values with standard deviation `sd`; NaN where n < 2."""
    from scipy.special import stdtrit  # not at the top: 0.15 s that the first picture of a fresh server need not wait

    n = np.asarray(n, dtype=np.float64)
    enough = n > 1
    # The lower tail keeps its digits for a tiny alpha; for one of 0 it is infinite with either sign.
    factor = np.abs(stdtrit(np.where(enough, n - 1, 1.0), np.asarray(alpha, dtype=np.float64) / 2))
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
