"""Paired comparison of a study's cells with a baseline: differences seed by seed, their interval and a verdict.

Replicate i of every cell has the same seed and data seed, so what the luck of a draw gives to one it gives to the
other, and the difference is the setting's doing. Axes: V cells, S replicates, n pairs of which both runs have a value.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.study.stats.intervals import (
    NO_SPREAD,
    Floats,
    Interval,
    half_width,
    mean_interval,
    moments,
    paired_interval,
)
from regdash.surroundings.arithmetic import usual_arithmetic

MATTERS = 0.005  # half a point of accuracy: about the standard error of a fresh-data accuracy itself, sqrt(p(1-p)/4000)
MIN_PAIRS = 3
ERROR_SHARE = (
    0.05  # of all studies in which nothing differs, at most so many may name a winner, looked at how often ever
)
STEP = 20  # seeds that "add seeds" adds
MAX_MORE = 200  # more seeds than this is called hopeless
POWER = 0.8  # the chance to be decided that `reach` asks for


class Verdict(StrEnum):
    """What may be said about a difference."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "no difference that matters"
    UNDECIDED = "cannot tell yet"


def error_share(looks: int, comparisons: int) -> float:
    """The share of errors one comparison may make at look number `looks` (from 1): 0.05 / 2**looks / `comparisons`.

    Bonferroni twice. Over the values compared at once; and over the looks, because whoever adds seeds until something
    is decided would name a winner among equals far too often. 1/2 + 1/4 + 1/8 + … stays below 1, so all looks and all
    comparisons together err in less than 5 % of studies, however often seeds are added. That holds for one baseline
    and one metric: whoever tries several and keeps the prettiest has more chances than are counted here.
    """
    if looks < 1 or comparisons < 1:
        raise ValueError(f"looks={looks!r} and comparisons={comparisons!r} must both be at least 1")
    return math.ldexp(ERROR_SHARE, -looks) / comparisons


@usual_arithmetic
def judge(
    differences: ArrayLike, *, looks: int = 1, comparisons: int = 1, matters: float = MATTERS, sign: int = 1
) -> NDArray[np.str_]:
    """The verdict on each row of paired `differences` (..., n), NaN left out; an array (...) of `Verdict` values.

    All four rest on one interval, that of level 1 - `error_share(looks, comparisons)`: wholly within ±`matters`, there
    is no difference that matters; else, wholly on one side of 0, it is better or worse (better is up, or down with
    `sign` -1); else, or with fewer than 3 pairs, nobody can tell yet.
    """
    n, mean, sd = moments(differences)
    half = _strict_half(n, sd, error_share(looks, comparisons))
    size = np.abs(np.nan_to_num(mean))
    enough = n >= MIN_PAIRS
    return np.select(
        [enough & (size + half < matters), enough & (size > half) & (sign * mean > 0), enough & (size > half)],
        [Verdict.SAME.value, Verdict.BETTER.value, Verdict.WORSE.value],
        Verdict.UNDECIDED.value,
    )


def _strict_half(n: ArrayLike, sd: ArrayLike, alpha: float) -> Floats:
    """Half the interval that verdicts use; infinite where nothing may be said.

    Equal differences have no spread to measure with. Few seeds and coarse accuracies give them by luck, so the sign
    test speaks instead: n signs agree by luck in 2**(1 - n) of cases.
    """
    n = np.asarray(n)
    equal = np.nan_to_num(np.asarray(sd, dtype=np.float64)) <= NO_SPREAD
    half = np.where(equal, np.where(np.exp2(1.0 - n) <= alpha, 0.0, np.inf), half_width(n, sd, alpha))
    return np.where(n >= MIN_PAIRS, half, np.inf)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """One cell against the baseline, over the pairs of which both runs have a value.

    cell, baseline   indices of cells (C order)
    metric           what is compared; differences are cell minus baseline in its own unit (accuracies from 0 to 1)
    matters          the smallest difference worth having, in that unit
    replicates       (n,) indices of the replicates in `differences` (n,)
    mean, low, high  their mean and 95 % t interval: the interval to show
    strict           the mean with the wider interval that the verdict rests on (see `judge`), infinite if there is none
    n_diverged       pairs left out because one of the two runs diverged
    n_missing        pairs left out because one of the two runs is not trained yet
    complete         False for a part of a study, which gets no verdict: stopping when it pleases would be one more look
    """

    cell: int
    baseline: int
    metric: str
    replicates: NDArray[np.int64]
    differences: Floats
    mean: float
    low: float
    high: float
    strict: Interval
    n_diverged: int
    n_missing: int
    looks: int
    comparisons: int
    complete: bool
    verdict: Verdict
    matters: float = MATTERS

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.differences)


@usual_arithmetic
def compare_cells(
    values: Floats,
    *,
    done: NDArray[np.bool_],
    diverged: NDArray[np.bool_],
    baseline: int = 0,
    looks: int = 1,
    metric: str = "",
    matters: float = MATTERS,
    sign: int = 1,
) -> list[Comparison]:
    """Every other row of `values` (V, S) against row `baseline`, in order; `done` and `diverged` are (V, S), too.

    `looks` says how many times this study has been looked at, `metric`, `matters` and `sign` what the values are.
    Raises `IndexError` for a baseline that is no row.
    """
    n_cells = len(values)
    if not 0 <= baseline < n_cells:
        raise IndexError(f"baseline={baseline} is no cell: this study has cells 0 to {n_cells - 1}")
    diverged, missing, complete = diverged & done, ~done, bool(done.all())
    differences = values - values[baseline]
    others = max(n_cells - 1, 1)
    verdicts = judge(differences, looks=looks, comparisons=others, matters=matters, sign=sign)
    shown = np.stack(mean_interval(differences), axis=1)  # (V, 3)
    n, means, sd = moments(differences)
    halves = _strict_half(n, sd, error_share(looks, others))
    found = []
    for cell in (cell for cell in range(n_cells) if cell != baseline):
        pairs = np.flatnonzero(np.isfinite(differences[cell]))
        mean, low, high = map(float, shown[cell])
        strict = Interval(mean, float(means[cell] - halves[cell]), float(means[cell] + halves[cell]))
        either_missing = missing[cell] | missing[baseline]
        found.append(
            Comparison(
                cell=cell, baseline=baseline, metric=metric, replicates=pairs, differences=differences[cell, pairs],
                mean=mean, low=low, high=high, strict=strict, looks=looks, comparisons=others,
                n_diverged=int(((diverged[cell] | diverged[baseline]) & ~either_missing).sum()),
                n_missing=int(either_missing.sum()), complete=complete, matters=matters,
                verdict=Verdict(verdicts[cell]) if complete else Verdict.UNDECIDED,
            )
        )  # fmt: skip
    return found


@usual_arithmetic
def reach(comparison: Comparison) -> int | None:
    """How many more seeds may decide a comparison, in steps of 20: 0 if it is decided, None if 200 would hardly do.

    The smallest number at which, were the present mean and standard deviation the true ones and the seeds added all at
    once (one more look), four studies in five would be decided. A rough guide: both are uncertain themselves. With too
    few pairs for a standard deviation: one step, unless all runs diverge or have no value.
    """
    if comparison.verdict != Verdict.UNDECIDED:
        return 0
    seeds = comparison.n + comparison.n_diverged
    if comparison.n < MIN_PAIRS:
        undefined = comparison.complete and not seeds  # such as memorised labels where none is flipped
        return STEP if not undefined and (comparison.n or seeds < MIN_PAIRS) else None
    _, mean, sd = moments(comparison.differences)
    alpha = error_share(comparison.looks + 1, comparison.comparisons)
    for more in range(STEP, MAX_MORE + 1, STEP):
        pairs = int((seeds + more) * comparison.n / seeds)  # as many of the new ones may diverge
        half = float(_strict_half(pairs, sd, alpha))
        if _chance(float(mean), float(sd) / math.sqrt(pairs), half, comparison.matters) >= POWER:
            return more
    return None


def _chance(mean: float, error: float, half: float, matters: float) -> float:
    """The chance that a mean drawn from a normal distribution with this standard error falls where `judge` decides."""
    below = NormalDist(mean, max(error, NO_SPREAD)).cdf
    room = matters - half  # so close to 0, no difference matters
    if room >= half:
        return 1.0
    winner = 1 - (below(half) - below(-half))
    return winner + (below(room) - below(-room) if room > 0 else 0.0)


@dataclass(frozen=True, kw_only=True)
class Best:
    """The cell with the best mean, and how sure that is.

    mean, low, high  its own mean and 95 % interval. The winner of many is a little lucky, so this flatters it
    rivals           the cells, best first, that may be as good: they are not shown to be worse by a difference that
                     matters. With the best cell they hold the truly best one in at least 95 % of studies
    lead             paired 95 % interval of best minus runner-up, positive if better; None without a runner-up
    complete         False for a part of a study: it rules nothing out, so there all other cells are rivals
    """

    cell: int
    mean: float
    low: float
    high: float
    rivals: tuple[int, ...]
    runner_up: int | None
    lead: Interval | None
    complete: bool = True

    @property
    def clear(self) -> bool:
        """True if no other cell may be as good."""
        return not self.rivals


@usual_arithmetic
def best_of(
    values: Floats, *, looks: int = 1, matters: float = MATTERS, sign: int = 1, complete: bool = True
) -> Best | None:
    """`best` of plain `values` (V, S), which are all that the study will have if it is `complete`.

    The rivals are Hsu's "multiple comparisons with the best", with Bonferroni's level: every cell is compared with the
    best mean in pairs, and leaves only if it is shown to be worse.
    """
    _, means, _ = moments(values)
    if np.isnan(means).all():
        return None
    order = np.argsort(np.where(np.isnan(means), np.inf, -sign * means), kind="stable")
    order = order[: int(np.isfinite(means).sum())]
    top, others = int(order[0]), order[1:]
    ahead = values[top] - values[others]  # (V - 1, S)
    verdicts = judge(ahead, looks=looks, comparisons=max(len(values) - 1, 1), matters=matters, sign=sign)
    return Best(
        cell=top, **paired_interval(values[top])._asdict(),
        rivals=tuple(int(cell) for cell in (others[verdicts != Verdict.BETTER.value] if complete else others)),
        runner_up=int(others[0]) if len(others) else None,
        lead=_oriented(paired_interval(ahead[0]), sign) if len(others) else None, complete=complete,
    )  # fmt: skip


def _oriented(interval: Interval, sign: int) -> Interval:
    mean, low, high = interval
    return interval if sign > 0 else Interval(-mean, -high, -low)
