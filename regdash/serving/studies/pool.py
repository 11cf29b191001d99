"""This machine's threads for studies, and for what can wait still longer: they let short trainings go first."""

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from regdash.ensemble.processors import n_processors

ASIDE = 0.5  # seconds that a chunk waits at most before it starts, unless a pool says otherwise
LOOK_EVERY = 0.01
NICENESS = 10

P = ParamSpec("P")
T = TypeVar("T")


class LocalPool(ThreadPoolExecutor):
    """A thread pool whose tasks wait while `busy()`, each `aside` seconds at most, so that all come to an end.

    Studies keep all cores busy, so a visitor who moves a slider would wait for those of others. A task that has begun
    is not interrupted: chunks of studies are small.
    """

    def __init__(
        self,
        busy: Callable[[], bool] = lambda: False,
        workers: int | None = None,
        *,
        aside: float = ASIDE,
        initializer: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(workers or n_processors(), "regdash-study", initializer)
        self._busy, self._aside = busy, aside
        self._hurry = threading.Event()

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `task(*args, **kwargs)` in one of the threads, when they are free and this machine is not busy."""
        return super().submit(self._step_aside, partial(task, *args, **kwargs))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; those there no longer wait for anything but a thread."""
        self._hurry.set()
        super().shutdown(wait, cancel_futures=cancel_futures)

    def _step_aside(self, task: Callable[[], T]) -> T:
        latest = time.monotonic() + self._aside
        while self._busy() and time.monotonic() < latest and not self._hurry.wait(LOOK_EVERY):
            pass
        return task()


class LastInLine(LocalPool):
    """Threads that get a core when nothing else wants it."""

    def __init__(self, busy: Callable[[], bool], workers: int | None = None, *, aside: float) -> None:
        super().__init__(busy, workers, aside=aside, initializer=_step_back)


def _step_back() -> None:
    """Let the operating system prefer all other threads; on Linux, priorities belong to threads."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
