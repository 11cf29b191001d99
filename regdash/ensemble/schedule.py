"""Batches over an executor: order, progress and cancellation."""

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from functools import partial

import torch

from regdash.config import RunConfig
from regdash.ensemble.batch import train_batch
from regdash.ensemble.plan import batches
from regdash.errors import TrainingCancelled
from regdash.results import DEFAULT_SNAPSHOTS, Run
from regdash.training import Progress

REPORT_EVERY = 0.05  # seconds between two calls of `on_progress`, so at most 20 a second


def train_many(
    configs: Iterable[RunConfig],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
    snapshots: int = DEFAULT_SNAPSHOTS,
    device: str = "cpu",
) -> list[Run]:
    """Train many networks at once; each `Run` equals `train`'s bit for bit, in the order of `configs`.

    executor     where batches are trained; None: in threads of its own
    workers      how many threads that may be at most; None: one per core; 1: no thread but this one
    on_progress  called in this thread with (model-epochs done, model-epochs in all), at most 20 times a second, and
                 once at the end; what it raises stops the training within an epoch and reaches the caller. On an
                 executor that is not a thread pool, progress comes batch by batch, and only batches that have not
                 begun are stopped
    snapshots    how many epochs' weights each run keeps
    device       "cpu", or "cuda" for results that are close, not equal (see `regdash.ensemble`)
    """
    call = _Call(list(configs), snapshots, device, on_progress)
    workers = workers or os.cpu_count() or 1
    plan = batches(call.configs, workers)
    if executor is not None:
        call.spread(plan, executor)
    elif workers == 1:
        call.train_here(plan, None)
    elif len(plan) > 1:
        with ThreadPoolExecutor(min(workers, len(plan)), "regdash-train") as pool:
            call.spread(plan, pool)
    elif plan:
        with ThreadPoolExecutor(1, "regdash-masks") as helper:
            call.train_here(plan, helper)
    return call.finish()


class _Call:
    """One call of `train_many`: its results so far, and how far it is."""

    def __init__(self, configs: list[RunConfig], snapshots: int, device: str, on_progress: Progress | None) -> None:
        self.configs, self.snapshots, self.device = configs, snapshots, device
        self._on_progress = on_progress
        self._total = sum(config.epochs for config in configs)
        self._next_report = time.monotonic() + REPORT_EVERY
        self._runs: dict[int, Run] = {}  # by position in `configs`

    def train_here(self, plan: list[list[int]], helper: Executor | None) -> None:
        """Train batch after batch in this thread; a helper draws dropout masks ahead."""
        done = 0
        for positions in plan:
            counter = _Counter(len(positions), partial(self._report, before=done))
            self._place(positions, train_batch(self._pick(positions), self.snapshots, self.device, counter, helper))
            done += self._cost(positions)
            self._report(done)

    def spread(self, plan: list[list[int]], executor: Executor) -> None:
        """Train the batches on `executor`, reporting from this thread until all are done or something is raised."""
        stop = threading.Event()
        shares_memory = isinstance(executor, ThreadPoolExecutor)
        jobs: dict[Future[list[Run]], tuple[list[int], _Counter]] = {}
        try:
            for positions in plan:
                counter = _Counter(len(positions), stop=stop)
                task = self._pick(positions), self.snapshots, self.device, counter if shares_memory else None
                jobs[executor.submit(train_batch, *task)] = positions, counter
            waiting = set(jobs)
            while waiting:
                finished, waiting = wait(waiting, REPORT_EVERY, FIRST_COMPLETED)
                for job in finished:
                    positions, counter = jobs[job]
                    self._place(positions, job.result())
                    counter.done = self._cost(positions)
                self._report(sum(counter.done for _, counter in jobs.values()))
        except BaseException:
            stop.set()
            for job in jobs:
                job.cancel()
            raise

    def finish(self) -> list[Run]:
        """Last report; the runs in the order asked."""
        if self._on_progress and self._total:
            self._on_progress(self._total, self._total)
        return [self._runs[position] for position in range(len(self.configs))]

    def _report(self, done: int, *, before: int = 0) -> None:
        done, now = before + done, time.monotonic()
        if self._on_progress and done < self._total and now >= self._next_report:
            self._next_report = now + REPORT_EVERY
            with torch.inference_mode(False):  # the caller's code shall not notice where it is called from
                self._on_progress(done, self._total)

    def _pick(self, positions: Sequence[int]) -> list[RunConfig]:
        return [self.configs[position] for position in positions]

    def _place(self, positions: Sequence[int], runs: Sequence[Run]) -> None:
        self._runs.update(zip(positions, runs, strict=True))

    def _cost(self, positions: Sequence[int]) -> int:
        return sum(self.configs[position].epochs for position in positions)


class _Counter:
    """Called by a batch after each epoch: counts model-epochs, tells a listener, ends the batch when told to stop."""

    def __init__(
        self, n_runs: int, listener: Callable[[int], None] | None = None, stop: threading.Event | None = None
    ) -> None:
        self._n_runs, self._listener, self._stop = n_runs, listener, stop
        self.done = 0

    def __call__(self, epoch: int) -> None:
        if self._stop is not None and self._stop.is_set():
            raise TrainingCancelled("the caller no longer wants the result")
        self.done = epoch * self._n_runs
        if self._listener:
            self._listener(self.done)
