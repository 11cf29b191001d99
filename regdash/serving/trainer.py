"""What a `regdash.serving.batcher.Batcher` trains with."""

from collections.abc import Sequence
from typing import Protocol

from regdash.config import RunConfig
from regdash.ensemble import train_many
from regdash.results import Run
from regdash.training import Progress


class Trainer(Protocol):
    """What trains: `train_many`, or something around it."""

    def __call__(
        self,
        configs: Sequence[RunConfig],
        *,
        starts: Sequence[Run] = (),
        workers: int | None = None,
        on_progress: Progress | None = None,
    ) -> list[Run]:
        """Train all, in order, with at most `workers` threads (None: one per core).

        `starts`, if there are any, are the same runs after fewer epochs, from which training may go on. What
        `on_progress` raises stops the training and passes through.
        """


class Helper(Trainer, Protocol):
    """A trainer elsewhere, whose work does not slow down this process."""

    @property
    def is_ready(self) -> bool:
        """Whether it can train now."""


def train_from_scratch(
    configs: Sequence[RunConfig],
    *,
    starts: Sequence[Run] = (),  # noqa: ARG001 -- of no use here: `train_many` keeps the weights of early epochs, too
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> list[Run]:
    """`train_many` as a `Trainer`."""
    return train_many(configs, workers=workers, on_progress=on_progress)
