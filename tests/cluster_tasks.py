"""Tasks for the workers of a cluster, which import them from here."""

import os
import signal
import time
from collections.abc import Callable

import torch


def torch_threads() -> int:
    """How many threads torch uses in a task."""
    return torch.get_num_threads()


def epochs_without_end(on_epoch: Callable[[int], None]) -> None:
    """A training that ends only if it is stopped."""
    epoch = 0
    while True:
        epoch += 1
        on_epoch(epoch)
        time.sleep(0.001)


def fail(message: str) -> None:
    """A task with a mistake in it."""
    raise ValueError(message)


def kill_worker() -> None:
    """A task that kills every worker that takes it."""
    os.kill(os.getpid(), signal.SIGKILL)
