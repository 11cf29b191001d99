"""Paired comparison of a study's cells with a baseline: differences seed by seed, their interval and a verdict.

Replicate i of every cell has the same seed and data seed, so what the luck of a draw gives to one it gives to the
other, and the difference is the setting's doing. Axes: V cells, S replicates, n pairs of which both runs have a value.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from regdash.study.stats.intervals import (
    NO_SPREAD,
    Centre,
    Floats,
    Interval,
    half_width,
    mean_interval,
    median_interval,
    moments,
)
from regdash.study.stats.sameness import proven
from regdash.study.stats.spending import MIN_PAIRS, error_share
from regdash.surroundings.arithmetic import usual_arithmetic

MATTERS = 0.005  # half a point of accuracy: about the standard error of a fresh-data accuracy itself, sqrt(p(1-p)/4000)
WIDEST = 0.6  # by so much two accuracies may differ: a run that fails gives one answer, right for 40 % at the least


NOWHERE = Interval(np.nan, np.nan, np.nan)


class Verdict(StrEnum):
    """What may be said about a difference."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "no difference that matters"
    ALIKE = "alike so far"
    UNDECIDED = "cannot tell yet"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What a number is compared by, in its own unit (accuracies from 0 to 1).

    matters  the smallest difference worth having
    sign     1 if more is better, -1 if less is
    widest   by more than this no two runs differ; only sameness rests on it
    centre   what of the paired differences is judged
    """

    matters: float = MATTERS
    sign: int = 1
    widest: float = WIDEST
    centre: Centre = Centre.MEAN


@usual_arithmetic
def judge(
    differences: ArrayLike,
    *,
    looks: int = 1,
    comparisons: int = 1,
    matters: float = MATTERS,
    sign: int = 1,
    widest: float = WIDEST,
    centre: Centre = Centre.MEAN,
) -> NDArray[np.str_]:
    """The verdict on each row of paired `differences` (..., n), NaN left out; an array (...) of `Verdict` values.

    All rest on one interval, `strict_interval`. If it lies wholly within ±`matters`, the pairs are alike so far, and if
    they also prove that no failure too rare to be among them could matter (`proven`; a median needs no such proof),
    there is no difference that matters. Else, if it lies wholly on one side of 0 and the difference is `matters` or
    more, it is better or worse (better is up, or down with `sign` -1). Else nobody can tell yet. Each kind of error is
    made in at most 5 % of studies, over all looks and comparisons.

    A smaller difference makes no winner, however sure it is: more seeds show that it does not matter, and the least
    failure that has not been seen would turn it round.
    """
    middle, low, high = strict_interval(differences, looks=looks, comparisons=comparisons, centre=centre)
    inside = (low > -matters) & (high < matters)
    same = inside & (
        True
        if centre == Centre.MEDIAN
        else proven(differences, matters=matters, widest=widest, comparisons=comparisons)
    )
    wide = np.abs(np.nan_to_num(middle)) >= matters
    above, below = (low > 0) & wide, (high < 0) & wide
    better, worse = (above, below) if sign > 0 else (below, above)
    return np.select(
        [same, inside, better, worse],
        [Verdict.SAME.value, Verdict.ALIKE.value, Verdict.BETTER.value, Verdict.WORSE.value],
        Verdict.UNDECIDED.value,
    )


@usual_arithmetic
def strict_interval(
    differences: ArrayLike, *, looks: int = 1, comparisons: int = 1, centre: Centre = Centre.MEAN
) -> tuple[Floats, Floats, Floats]:
    """Of each row of `differences` (..., n), NaN left out: the centre and the interval that verdicts rest on, (...).

    Its level, 1 - `error_share`, is that of this look among all possible ones and of one among `comparisons`. Infinite
    where nothing may be said: with fewer than 3 pairs, and where all differences are equal by what may be luck. They
    have no spread to measure with, so the sign test speaks: n signs agree by luck in 2**(1 - n) of cases.
    """
    n, mean, sd = moments(differences)
    alpha = error_share(looks, comparisons, n)
    if centre == Centre.MEDIAN:
        middle, low, high = median_interval(differences, alpha=alpha)
    else:
        equal = np.nan_to_num(sd) <= NO_SPREAD
        half = np.where(equal, np.where(np.exp2(1.0 - n) <= alpha, 0.0, np.inf), half_width(n, sd, alpha))
        middle, low, high = mean, np.nan_to_num(mean) - half, np.nan_to_num(mean) + half
    enough = n >= MIN_PAIRS
    return middle, np.where(enough, low, -np.inf), np.where(enough, high, np.inf)


@usual_arithmetic
def shown_interval(values: ArrayLike, centre: Centre = Centre.MEAN) -> tuple[Floats, Floats, Floats]:
    """The centre of each row of `values` (..., n) with the 95 % interval to show, (...); NaN where there is none.

    Equal values have none: they have no spread to measure with, and the next one may differ.
    """
    if centre == Centre.MEAN:
        middle, low, high = mean_interval(values)
        none = np.nan_to_num(high - low) <= NO_SPREAD
    else:
        middle, low, high = median_interval(values, smooth=True)
        none = np.isinf(low) | (low == high)
    return middle, np.where(none, np.nan, low), np.where(none, np.nan, high)


@dataclass(frozen=True, kw_only=True, eq=False)
class Comparison:
    """One cell against the baseline, over the pairs of which both runs have a value.

    cell, baseline   indices of cells (C order)
    metric           what is compared; differences are cell minus baseline in its own unit (accuracies from 0 to 1)
    measure          how it is compared
    replicates       (n,) indices of the replicates in `differences` (n,)
    mean, low, high  their mean (or median, as `measure` says) and its 95 % interval: the interval to show
    strict           the same with the wider interval that the verdict rests on, infinite if there is none
    rest             as `mean`, `low`, `high`, of those pairs in which neither run collapsed
    n_collapsed      runs that collapsed in these pairs: of the cell, and of the baseline
    n_apart          pairs in which either did
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
    measure: Measure = Measure()
    rest: Interval = NOWHERE
    n_collapsed: tuple[int, int] = (0, 0)
    n_apart: int = 0

    @property
    def n(self) -> int:
        """Number of pairs."""
        return len(self.differences)

    @property
    def shown(self) -> Interval:
        """The interval to show."""
        return Interval(self.mean, self.low, self.high)


@usual_arithmetic
def compare_cells(
    values: Floats,
    *,
    done: NDArray[np.bool_],
    diverged: NDArray[np.bool_],
    collapsed: NDArray[np.bool_] | None = None,
    baseline: int = 0,
    looks: int = 1,
    metric: str = "",
    measure: Measure | None = None,
    comparisons: int | None = None,
) -> list[Comparison]:
    """Every other row of `values` (V, S) against row `baseline`, in order; the arrays of flags are (V, S), too.

    looks        how many times this study has been looked at
    comparisons  how many are made at once: all that are returned, or more if they are a part of them
    metric       what the values are; `measure` says how they are compared

    Raises `IndexError` for a baseline that is no row.
    """
    n_cells, measure = len(values), measure or Measure()
    if not 0 <= baseline < n_cells:
        raise IndexError(f"baseline={baseline} is no cell: this study has cells 0 to {n_cells - 1}")
    fell, complete = np.zeros_like(done) if collapsed is None else collapsed, bool(done.all())
    differences, apart = values - values[baseline], fell | fell[baseline]
    others = max(n_cells - 1, comparisons or 1, 1)
    verdicts = judge(differences, looks=looks, comparisons=others, **asdict(measure))
    shown = _intervals(shown_interval(differences, measure.centre))
    strict = _intervals(strict_interval(differences, looks=looks, comparisons=others, centre=measure.centre))
    rest = _rest(np.where(apart, np.nan, differences), measure.centre)
    found = []
    for cell in (cell for cell in range(n_cells) if cell != baseline):
        pairs = np.flatnonzero(np.isfinite(differences[cell]))
        found.append(
            Comparison(
                cell=cell, baseline=baseline, metric=metric, replicates=pairs, differences=differences[cell, pairs],
                **shown[cell]._asdict(), strict=strict[cell], rest=rest[cell], looks=looks, comparisons=others,
                complete=complete, measure=measure, n_apart=int(apart[cell, pairs].sum()),
                n_collapsed=(int(fell[cell, pairs].sum()), int(fell[baseline, pairs].sum())),
                verdict=Verdict(verdicts[cell]) if complete else Verdict.UNDECIDED,
                **_without_value(done[cell] & done[baseline], diverged[cell] | diverged[baseline]),
            )
        )  # fmt: skip
    return found


def _rest(differences: Floats, centre: Centre) -> list[Interval]:
    """The intervals of the pairs (V, S) that are left; of fewer than 3 none, for nobody could read it."""
    middle, low, high = shown_interval(differences, centre)
    few = np.isfinite(differences).sum(axis=1) < MIN_PAIRS
    return _intervals((middle, np.where(few, np.nan, low), np.where(few, np.nan, high)))


def _without_value(done: NDArray[np.bool_], diverged: NDArray[np.bool_]) -> dict[str, int]:
    """How many pairs (S,) are not there yet, and in how many of the others a run diverged."""
    return {"n_missing": int((~done).sum()), "n_diverged": int((diverged & done).sum())}


def _intervals(ends: tuple[Floats, Floats, Floats]) -> list[Interval]:
    return [Interval(*map(float, row)) for row in np.stack(ends, axis=1)]
