"""How an interval narrows: the centre of the first pairs alone and its 95 % interval, for more and more pairs.

Each is the interval that somebody would have seen who ran just so many pairs, and looked once. Looking after each of
them and stopping where one pleases is another matter, which `peeking` measures and `spending` pays for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.study.stats.intervals import Centre, Floats
from regdash.study.stats.paired import shown_interval
from regdash.study.stats.spending import MIN_PAIRS
from regdash.surroundings.arithmetic import usual_arithmetic

MOST_POINTS = 200


@dataclass(frozen=True, kw_only=True, eq=False)
class Narrowing:
    """Of the first `pairs` (k,) differences, for growing numbers: `centre`, `low`, `high` (k,) as `shown_interval` has
    them, so NaN where there is none.
    """

    pairs: NDArray[np.int64]
    centre: Floats
    low: Floats
    high: Floats


@usual_arithmetic
def narrowing(differences: ArrayLike, centre: Centre = Centre.MEAN, *, most: int = MOST_POINTS) -> Narrowing:
    """From the fewest pairs that have an interval to all of `differences` (n,), in their order and NaN left out.

    The fewest are 3, for a median 6, more where the first ones are equal; where no number has any, there are centres
    alone, and of fewer than 3 pairs nothing. Of many pairs not each number has a point: `most` at most, close together
    at first, where intervals narrow fastest.
    """
    values = np.asarray(differences, dtype=np.float64).ravel()
    values = values[np.isfinite(values)]
    pairs = np.arange(MIN_PAIRS, len(values) + 1)
    if len(pairs) > most:
        pairs = np.unique(np.geomspace(MIN_PAIRS, len(values), most).round().astype(np.int64))
    first = np.where(np.arange(len(values)) < pairs[:, None], values, np.nan)  # (k, n)
    middle, low, high = shown_interval(first, centre)
    known = np.flatnonzero(np.isfinite(low))
    start = int(known[0]) if len(known) else 0
    return Narrowing(pairs=pairs[start:], centre=middle[start:], low=low[start:], high=high[start:])
