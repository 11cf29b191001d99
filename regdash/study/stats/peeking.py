"""Peeking: looking after every seed with a plain interval, and stopping as soon as it leaves out zero."""

import numpy as np
from numpy.typing import ArrayLike

from regdash.study.stats.intervals import half_width, moments

FIRST_LOOK = 3  # pairs
WALKS = 2000


def peeking_share(differences: ArrayLike, *, walks: int = WALKS, seed: int = 0, level: float = 0.95) -> float:
    """The measured share of `walks` through paired `differences` (n,) in which peeking names a winner among equals.

    In each walk a coin decides for every pair which of its two runs is called the first: so neither is better, whatever
    the differences are (the sign-flip null is exact). The pairs come in a random order, and after each from the
    third on somebody computes mean and `level` t interval of what is there, and stops if it leaves out zero. NaN are
    left out; with fewer than 3 pairs, or none that differs, nobody ever stops.
    """
    values = np.asarray(differences, dtype=np.float64).ravel()
    values = values[np.isfinite(values)]
    if len(values) < FIRST_LOOK:
        return 0.0
    random = np.random.default_rng(seed)
    signs = random.choice((-1.0, 1.0), size=(walks, len(values)))
    walk = random.permuted(np.broadcast_to(values, signs.shape), axis=1) * signs  # (walks, n)
    stopped = np.zeros(walks, dtype=bool)
    for n in range(FIRST_LOOK, len(values) + 1):
        _, mean, sd = moments(walk[:, :n])
        stopped |= np.abs(mean) > half_width(n, sd, 1 - level) + 1e-12
    return float(stopped.mean())
