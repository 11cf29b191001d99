"""Tasks for the workers of a cluster, which import them from here."""

import os
import signal
import time
from collections.abc import Callable

import torch
from distributed import get_worker


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


def note_own_states(file: str, seconds: float) -> None:
    """A task that writes down each state its worker gives it, until it is cancelled or time is over."""
    worker, states, end = get_worker(), [""], time.monotonic() + seconds
    with open(file, "w", encoding="utf-8", buffering=1) as notes:
        while states[-1] != "cancelled" and time.monotonic() < end:
            state = worker.state.tasks[worker.get_current_task()].state
            if state != states[-1]:
                states.append(state)
                print(state, file=notes)
            time.sleep(0.001)


def fail(message: str) -> None:
    """A task with a mistake in it."""
    raise ValueError(message)


def kill_worker() -> None:
    """A task that kills every worker that takes it."""
    os.kill(os.getpid(), signal.SIGKILL)
