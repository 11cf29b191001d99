"""The best of a study's cells, and which others may be as good. Axes: V cells, S replicates."""

from dataclasses import asdict, dataclass

import numpy as np

from regdash.study.stats.intervals import Floats, Interval, centres
from regdash.study.stats.paired import Measure, Verdict, judge, shown_interval
from regdash.surroundings.arithmetic import usual_arithmetic


@dataclass(frozen=True, kw_only=True)
class Best:
    """The cell with the best mean (or median, for a measure that compares by it), and how sure that is.

    mean, low, high  its own mean and 95 % interval. The winner of many is a little lucky, so this flatters it
    rivals           the cells, best first, that may be as good. At least 95 % of studies, over all looks and all parts
                     of a grid, leave out no cell that is truly as good as the best
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
    values: Floats,
    *,
    looks: int = 1,
    measure: Measure | None = None,
    complete: bool = True,
    n_cells: int | None = None,
) -> Best | None:
    """The best of `values` (V, S), which are all that the study will have if it is `complete`; None if there is none.

    Every cell is compared with the best one in pairs, and leaves only if it is shown to be worse. Which one is best
    is chosen by the same numbers, so all pairs of cells count as compared (Tukey 1953, with Bonferroni's level),
    `n_cells` (n_cells - 1) / 2 of them. `n_cells` is V, or the size of the grid of which these cells are a part:
    whoever looks through its parts has compared them all.
    """
    measure = measure or Measure()
    levels = centres(values, measure.centre)
    if np.isnan(levels).all():
        return None
    order = np.argsort(np.where(np.isnan(levels), np.inf, -measure.sign * levels), kind="stable")
    order = order[: int(np.isfinite(levels).sum())]
    top, others = int(order[0]), order[1:]
    ahead = values[top] - values[others]  # (V - 1, S)
    size = max(n_cells or 0, len(values))
    verdicts = judge(ahead, looks=looks, comparisons=max(size * (size - 1) // 2, 1), **asdict(measure))
    own = Interval(*(float(end[0]) for end in shown_interval(values[top : top + 1], measure.centre)))
    leads = shown_interval(ahead[:1], measure.centre)
    return Best(
        cell=top, **own._asdict(),
        rivals=tuple(int(cell) for cell in (others[verdicts != Verdict.BETTER.value] if complete else others)),
        runner_up=int(others[0]) if len(others) else None,
        lead=_oriented(Interval(*(float(end[0]) for end in leads)), measure.sign) if len(others) else None,
        complete=complete,
    )  # fmt: skip


def _oriented(interval: Interval, sign: int) -> Interval:
    mean, low, high = interval
    return interval if sign > 0 else Interval(-mean, -high, -low)
