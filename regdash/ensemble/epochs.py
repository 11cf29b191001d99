"""Epochs: the fixed sequence of calls that trains all runs of a batch, without Python's lock from first to last.

Axes: R runs, N' training points and M training and validation points, both padded; C = 2 classes.
"""

from typing import NamedTuple

from torch import Tensor

from regdash.ensemble.adam import Correction, Update, step
from regdash.ensemble.losses import LossBackward, loss_backward
from regdash.ensemble.masks import Draws, draw
from regdash.ensemble.network import Dropping, LayerBackward, Testing, backward, forward, test
from regdash.ensemble.unlocked import unlocked


class Work(NamedTuple):
    """What an epoch does, prepared."""

    draws: Draws
    forward: Dropping
    loss: LossBackward
    backward: list[LayerBackward]
    update: Update
    testing: Testing
    tested: Tensor  # the test's logits, (R, C, M)


class Epoch(NamedTuple):
    """What differs from epoch to epoch: what goes in, and where the results go.

    masks       per layer, as `forward` takes them; none at all without dropout
    dropped     logits with dropout on, (R, C, N'); `tested`, those with dropout off, (R, C, M)
    parameters  weights and biases, flat, if they are to be kept
    """

    masks: list[list[Tensor]]
    correction: Correction
    dropped: Tensor
    tested: Tensor
    parameters: Tensor | None


@unlocked
def train_epochs(work: Work, epochs: list[Epoch]) -> None:
    """Train one epoch after the other. The weights must have been tested before."""
    for epoch in epochs:
        draw(work.draws, 1)
        forward(work.forward, epoch.masks)
        epoch.dropped.copy_(work.loss.logits)
        loss_backward(work.loss)
        backward(work.backward)
        step(work.update, epoch.correction)
        test(work.testing)
        epoch.tested.copy_(work.tested)
        kept = epoch.parameters
        if kept is not None:
            kept.copy_(work.update.parameters)
