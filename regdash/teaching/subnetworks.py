"""What dropout trains: the many networks that are left when units are switched off. numpy only.

Axes: M masks, N points, H units of a hidden layer.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from regdash.results import Floats, Run

Masks = Sequence[NDArray[np.bool_]]
"""For each hidden layer (M, H) bool: which units are on."""


def draw_masks(run: Run, count: int, seed: int) -> Masks:
    """`count` masks as dropout draws them: each unit of each hidden layer is off with probability `config.dropout`."""
    random = np.random.default_rng(seed)
    shape = count, run.config.width
    return [random.random(shape) >= run.config.dropout for _ in range(run.config.depth)]


def thinned(run: Run, masks: Masks, x: Floats, epoch: int | None = None) -> Floats:
    """Probability of class 1 at points `x` (N, 2) of each sub-network after `epoch` (None: the last): (M, N) float32.

    A unit that is on counts 1 / (1 - p) times, as in `nn.Dropout` while it trains. Raises `SnapshotError` as
    `Run.boundary` does.
    """
    scale = np.float32(1 / (1 - run.config.dropout))
    *hidden, (weight, bias) = run.layers(run.config.epochs if epoch is None else epoch)
    a = np.broadcast_to(np.asarray(x, dtype=np.float32), (len(masks[0]), *x.shape))  # (M, N, 2)
    for (w, b), on in zip(hidden, masks, strict=True):
        a = np.maximum(a @ w.T + b, 0) * (on[:, None, :] * scale)  # (M, N, H)
    logit = a @ (weight[1] - weight[0]) + (bias[1] - bias[0])  # (M, N)
    probability: Floats = (0.5 + 0.5 * np.tanh(0.5 * logit)).astype(np.float32)
    return probability


def share_right(probability: Floats, labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Accuracy of each row of class-1 probabilities (..., N) on `labels` (N,): (...)."""
    right: NDArray[np.float64] = ((probability > 0.5) == (labels == 1)).mean(axis=-1)
    return right
