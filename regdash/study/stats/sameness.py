"""When two settings may be called the same: a proof that holds whatever the differences look like.

An interval of the mean knows only what the seeds have shown. Where one run in a hundred gives one answer everywhere and
loses 50 points, 20 seeds mostly show none of it: all pairs are alike, the interval is narrow, and the true means differ
by half a point. So sameness asks for more than a narrow interval: that a failure too rare to have shown itself could
not matter either.

The proof is a bet (Waudby-Smith and Ramdas 2024, "Estimating means of bounded random variables by betting"; Ville
1939). Let no pair differ by more than `widest`. If the true mean were `matters` or more, the stake of a gambler whom
each pair d pays (widest - d) / (widest - matters) would not grow on average, and would come to c times the first stake,
ever, with a chance of at most 1/c. So where it has come to 20, the mean is below `matters`, up to 5 % of errors:
for every distribution, however rare or large its failures, and however often one looks. Pairs without any difference
decide it after 3 · widest / matters of them.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.study.stats.intervals import Floats
from regdash.study.stats.spending import ERROR_SHARE
from regdash.surroundings.arithmetic import usual_arithmetic


@usual_arithmetic
def proven(differences: ArrayLike, *, matters: float, widest: float, comparisons: int = 1) -> NDArray[np.bool_]:
    """Whether each row of `differences` (..., n) proves a mean within ±`matters`; NaN are left out.

    Of `comparisons` made at once, all together err in at most ERROR_SHARE of studies. A difference larger than `widest`
    raises it to its own size.
    """
    rows = np.asarray(differences, dtype=np.float64)
    there = np.isfinite(rows)
    rows = np.where(there, rows, 0.0)
    most = np.maximum(widest, np.abs(rows).max(axis=-1, initial=0.0))[..., None]
    tiny = np.finfo(np.float64).tiny  # of a pair that loses the whole stake
    stakes = [
        np.where(there, np.log(np.maximum((most - side * rows) / (most - matters), tiny)), 0.0).sum(axis=-1)
        for side in (1, -1)
    ]
    enough: NDArray[np.bool_] = np.minimum(*stakes) >= math.log(comparisons / ERROR_SHARE)
    return enough


def pairs_needed(*, matters: float, widest: float, comparisons: int = 1, mean: float = 0.0) -> int:
    """After how many pairs that all differ by `mean`, below `matters`, `proven` says so: fewer never do."""
    return math.ceil(math.log(comparisons / ERROR_SHARE) / math.log1p((matters - abs(mean)) / (widest - matters)))


def unseen(n: int) -> float:
    """The share of pairs that may be of a kind of which `n` pairs have shown none, at 95 %: 1 for n = 0."""
    return -math.expm1(math.log(ERROR_SHARE) / n) if n else 1.0


@usual_arithmetic
def share_interval(count: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """The 95 % interval of a share of which `count` of `n` were seen (Clopper and Pearson 1934); 0 to 1 for n = 0.

    It covers at least 95 %, whatever the share.
    """
    from scipy.special import betaincinv  # not at the top: see `half_width`

    k, total = np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64)
    low = np.where(k > 0, betaincinv(np.maximum(k, 1), total - k + 1, 0.025), 0.0)
    high = np.where(k < total, betaincinv(k + 1, np.maximum(total - k, 1), 0.975), 1.0)
    return low, high
