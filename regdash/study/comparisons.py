"""Comparisons of a study's cells, pair by pair: the statistics of `stats/`, asked of a `StudyResult`."""

import numpy as np

from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.result import StudyResult
from regdash.study.stats.paired import Best, Comparison, best_of, compare_cells
from regdash.study.stats.single_seed import N_POINTS, SingleSeed, judge_singly


def compare(
    result: StudyResult, *, baseline: int = 0, metric: str = DEFAULT_METRIC, looks: int = 1
) -> list[Comparison]:
    """Every other cell against cell number `baseline`, in the order of the cells.

    `looks` says how many times this study has been looked at: 1 for its first result, one more for each time that
    seeds were added. Raises `IndexError` for a baseline that is no cell and `KeyError` for an unknown metric.
    """
    known = COMPARABLE[metric]
    return compare_cells(
        result.values(metric), done=result.done, diverged=result.diverged, baseline=baseline, looks=looks,
        metric=metric, matters=known.matters, sign=known.sign,
    )  # fmt: skip


def compare_pair(baseline: StudyResult, cell: StudyResult, *, metric: str = DEFAULT_METRIC) -> Comparison:
    """Two studies of one cell each over the same replicates, paired: `cell` against `baseline`, at the first look."""
    known, both = COMPARABLE[metric], (baseline, cell)
    values = np.concatenate([result.values(metric) for result in both])
    done = np.concatenate([result.done for result in both])
    diverged = np.concatenate([result.diverged for result in both])
    found = compare_cells(values, done=done, diverged=diverged, metric=metric, matters=known.matters, sign=known.sign)
    return found[0]


def best(result: StudyResult, metric: str = DEFAULT_METRIC, *, looks: int = 1) -> Best | None:
    """The best cell of a study by the mean of `metric`, or None if no run has a value."""
    described = COMPARABLE[metric]
    return best_of(
        result.values(metric), looks=looks, matters=described.matters, sign=described.sign, complete=result.complete
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
