"""Publish one seed: how often a single pair of runs, judged as the article judges, would name the wrong winner."""

from dataclasses import dataclass

import numpy as np

from regdash.study.stats.intervals import Floats, moments
from regdash.surroundings.arithmetic import usual_arithmetic

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


@usual_arithmetic
def judge_singly(few: Floats, fresh: Floats, n_points: int = N_POINTS) -> SingleSeed:
    """Each pair of runs judged alone: paired differences (S,) on few points and on fresh data; NaN are left out."""
    pairs = np.isfinite(few) & np.isfinite(fresh)
    mean = float(np.nan_to_num(moments(fresh[pairs])[1]))
    truth = 0 if abs(mean) < TIE else int(np.sign(mean))
    agrees = truth * few[pairs]
    counted = len(agrees) if truth else 0
    wrong, right = int((agrees < -TIE).sum()), int((agrees > TIE).sum())
    return SingleSeed(n=counted, wrong=wrong, tied=counted - wrong - right, right=right, n_points=n_points, truth=truth)
