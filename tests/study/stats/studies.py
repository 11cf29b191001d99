"""Small made-up studies, and comparisons of two cells whose differences are given."""

import numpy as np

from regdash.study.comparisons import compare
from tests.study import synthetic


def result_of(fresh, **arrays):
    """A study of one cell per row of `fresh`."""
    fresh = np.asarray(fresh, dtype=np.float64)
    return synthetic.result(synthetic.spec(*fresh.shape), fresh_accuracy=fresh, **arrays)


def differences_with(mean, sd, n):
    """n differences with exactly this mean and standard deviation."""
    shape = np.random.default_rng(n).normal(size=n)
    return mean + sd * (shape - shape.mean()) / shape.std(ddof=1)


def comparison_with(mean, sd, n=20, looks=1):
    fresh = np.full((2, n), 0.5)
    fresh[1] += differences_with(mean, sd, n)
    return compare(result_of(fresh), looks=looks)[0]
