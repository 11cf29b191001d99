"""How much luck each look at a study is allowed: levels that keep all looks together below one error in twenty.

Whoever adds seeds until something is decided has a chance of a false winner at every look. A *spending function* says
how much of the 5 % may be used up by when (Lan and DeMets 1983): here k/(k+1) by look k, so half at the first look, a
third of the rest at the second, and never all of it, however many looks follow. The level of a look is then the one
that spends just its part, given that nothing was decided before. Looks share most of their seeds, so this is a good
deal kinder than dividing the 5 % by hand, and an interval at such a level still shrinks to nothing: its half is about
sqrt(4 log k) standard errors at look k, so a difference of any size is found by and by.

Two-sided levels come from a normal random walk, integrated from look to look (Armitage, McPherson and Rowe 1969), and
are used with Student's t, as is usual (Jennison and Turnbull 2000, section 3.8); the first look is exact.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.study.stats.intervals import Floats
from regdash.surroundings.arithmetic import usual_arithmetic

ERROR_SHARE = (
    0.05  # of all studies in which nothing differs, at most so many may name a winner, however often looked at
)
STEP = 20  # seeds that "add seeds" adds
MIN_PAIRS = 3
MOST_LOOKS = 60  # integrated; see `error_share`
NODES, WEIGHTS = np.polynomial.legendre.leggauss(128)


def spent(looks: int) -> float:
    """The share of ERROR_SHARE that may be used up by look number `looks`."""
    return looks / (looks + 1)


@usual_arithmetic
def error_share(looks: int, comparisons: int, n: ArrayLike = STEP) -> Floats:
    """The two-sided level of one of `comparisons` at look number `looks` (from 1), with `n` pairs (...).

    Over the comparisons ERROR_SHARE is divided evenly (Bonferroni). Dunnett's test would save 2 % of the seeds with 3
    comparisons and 6 % with 24, but only where the baseline scatters as much as the others: beside a steady baseline
    differences are nearly independent, and Dunnett errs in more than 5 %.

    Each look is taken to have added STEP pairs, so that `n` tells when the first one was; where that cannot be, the
    first came after 3 pairs, of which the later looks know least. After MOST_LOOKS, levels fall with 1/(k(k+1)), which
    is faster than need be.
    """
    if looks < 1 or comparisons < 1:
        raise ValueError(f"looks={looks!r} and comparisons={comparisons!r} must both be at least 1")
    first = np.asarray(n, dtype=np.int64) - STEP * (looks - 1)
    first = np.where((first < MIN_PAIRS) | (first > STEP), MIN_PAIRS, first) if looks > 1 else np.full_like(first, STEP)
    counted = min(looks, MOST_LOOKS)
    beyond = counted * (counted + 1) / (looks * (looks + 1))
    found: NDArray[np.float64] = np.empty(first.shape)
    for start in np.unique(first):
        found[first == start] = beyond * levels(ERROR_SHARE / comparisons, counted, int(start))[-1]
    return found


@lru_cache(maxsize=1024)
@usual_arithmetic
def levels(alpha: float, looks: int, first: int) -> tuple[float, ...]:
    """The two-sided levels of looks 1 … `looks` that spend `alpha` · `spent(look)` in all by each look.

    The looks are at `first`, `first` + STEP, `first` + 2·STEP … pairs.
    """
    from scipy.special import ndtr  # not at the top: see `half_width`

    sums, mass, before = np.zeros(1), np.ones(1), 0.0  # where the walk may be, not having crossed yet
    found = []
    for look in range(1, looks + 1):
        pairs = first + STEP * (look - 1)
        step = np.sqrt(pairs - before)
        allowed = alpha * (spent(look) - spent(look - 1))
        low, high = 0.0, 40.0 * np.sqrt(pairs)
        for _ in range(60):  # halving: the chance to cross at this look falls with the boundary
            edge = 0.5 * (low + high)
            crossing = mass @ (ndtr((sums - edge) / step) + ndtr((-sums - edge) / step))
            low, high = (edge, high) if crossing > allowed else (low, edge)
        found.append(2.0 * float(ndtr(-high / np.sqrt(pairs))))
        there = high * NODES
        density = np.exp(-0.5 * ((there[:, None] - sums) / step) ** 2) @ mass / (step * np.sqrt(2 * np.pi))
        sums, mass, before = there, high * WEIGHTS * density, pairs
    return tuple(found)
