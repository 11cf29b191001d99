"""Comparisons of a study's cells, pair by pair: the statistics of `stats/`, asked of a `StudyResult`."""

import numpy as np

from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.result import StudyResult
from regdash.study.stats.paired import Comparison, compare_cells
from regdash.study.stats.rivals import Best, best_of
from regdash.study.stats.single_seed import N_POINTS, SingleSeed, judge_singly


def compare(
    result: StudyResult, *, baseline: int = 0, metric: str = DEFAULT_METRIC, looks: int = 1
) -> list[Comparison]:
    """Every other cell against cell number `baseline`, in the order of the cells.

    `looks` says how many times this study has been looked at: 1 for its first result, one more for each time that
    seeds were added. Raises `IndexError` for a baseline that is no cell and `KeyError` for an unknown metric.
    """
    return compare_among(result, None, baseline=baseline, metric=metric, looks=looks)


def compare_among(
    result: StudyResult, comparisons: int | None, *, baseline: int = 0, metric: str = DEFAULT_METRIC, looks: int = 1
) -> list[Comparison]:
    """The same where so many `comparisons` were made at once, if more than are here.

    Whoever narrows 25 values to two on the same seeds has chosen among all pairs.
    """
    return compare_cells(
        result.values(metric), done=result.done, diverged=result.diverged, collapsed=result.collapsed,
        baseline=baseline, looks=looks, metric=metric, measure=COMPARABLE[metric].measure, comparisons=comparisons,
    )  # fmt: skip


def compare_pair(baseline: StudyResult, cell: StudyResult, *, metric: str = DEFAULT_METRIC) -> Comparison:
    """Two studies of one cell each over the same replicates, paired: `cell` against `baseline`, at the first look."""
    both = (baseline, cell)
    done, diverged, collapsed = (
        np.concatenate([getattr(result, name) for result in both]) for name in ("done", "diverged", "collapsed")
    )
    return compare_cells(
        np.concatenate([result.values(metric) for result in both]), done=done, diverged=diverged, collapsed=collapsed,
        metric=metric, measure=COMPARABLE[metric].measure,
    )[0]  # fmt: skip


def best(
    result: StudyResult, metric: str = DEFAULT_METRIC, *, looks: int = 1, n_cells: int | None = None
) -> Best | None:
    """The best cell of a study by `metric`, or None if no run has a value.

    `n_cells` says how many cells were compared at once, if more than are here.
    """
    measure = COMPARABLE[metric].measure
    return best_of(
        result.values(metric), looks=looks, measure=measure, complete=result.complete, n_cells=n_cells
    )  # fmt: skip


def publish_one_seed(result: StudyResult, cell: int, baseline: int = 0) -> SingleSeed:
    """Judge each replicate alone by its first 60 validation points, all of them if there are fewer.

    The truth is the sign of the mean paired difference on fresh data, an estimate: it is worth saying only where
    `compare` names a winner. Pairs of which a run diverged or is not done are left out.
    """
    few, fresh = result.values("val_60_accuracy"), result.values("fresh_accuracy")
    configs = (result.config(index, 0) for index in (cell, baseline))
    n_points = min(N_POINTS, *(config.n_samples - config.n_train for config in configs))
    return judge_singly(few[cell] - few[baseline], fresh[cell] - fresh[baseline], n_points)
