"""Publish one seed: how often a single pair of runs, judged as the article judges, would name the wrong winner."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from regdash.study.intervals import Floats, moments

if TYPE_CHECKING:
    from regdash.study.result import StudyResult

N_POINTS = 60  # the source article's validation set
TIE = 1e-6  # accuracies go in steps of 1/60 or more; less is rounding


@dataclass(frozen=True, kw_only=True)
class SingleSeed:
    """What `n` single pairs of runs, each judged alone on `n_points` validation points, would have said.

    wrong, tied, right  add up to n: the arm that is worse on fresh data had more of the points, as many, or fewer
    truth               +1 if the cell is better on average over all pairs on fresh data, -1 if the baseline is,
                        0 if neither (then n is 0: nobody can be wrong)
    """

    n: int
    wrong: int
    tied: int
    right: int
    n_points: int
    truth: int


def publish_one_seed(result: "StudyResult", cell: int, baseline: int = 0) -> SingleSeed:
    """Judge each replicate alone by its first 60 validation points, all of them if there are fewer.

    The truth is the sign of the mean paired difference on fresh data, an estimate: it is worth saying only where
    `paired.compare` names a winner. Pairs of which a run diverged or is not done are left out.
    """
    few, fresh = result.values("val_60_accuracy"), result.values("fresh_accuracy")
    configs = (result.config(index, 0) for index in (cell, baseline))
    n_points = min(N_POINTS, *(config.n_samples - config.n_train for config in configs))
    return judge_singly(few[cell] - few[baseline], fresh[cell] - fresh[baseline], n_points)


def judge_singly(few: Floats, fresh: Floats, n_points: int = N_POINTS) -> SingleSeed:
    """`publish_one_seed` of plain paired differences (S,): on few points and on fresh data; NaN are left out."""
    pairs = np.isfinite(few) & np.isfinite(fresh)
    mean = float(np.nan_to_num(moments(fresh[pairs])[1]))
    truth = 0 if abs(mean) < TIE else int(np.sign(mean))
    agrees = truth * few[pairs]
    counted = len(agrees) if truth else 0
    wrong, right = int((agrees < -TIE).sum()), int((agrees > TIE).sum())
    return SingleSeed(n=counted, wrong=wrong, tied=counted - wrong - right, right=right, n_points=n_points, truth=truth)
