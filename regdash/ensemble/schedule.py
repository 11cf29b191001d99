"""Batches over an executor: order, progress and cancellation. `train_many` is here, and studies use the same machinery.

A `Task` is a function that trains one batch. `execute` runs tasks here, in threads of its own or on any
`concurrent.futures.Executor`, and hands over each result, in the caller's thread, as soon as it is there.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from regdash.config import RunConfig
from regdash.ensemble.batch import train_batch
from regdash.ensemble.plan import batches
from regdash.ensemble.processors import n_processors
from regdash.errors import TrainingCancelled
from regdash.results import DEFAULT_SNAPSHOTS, Run, Snapshots
from regdash.surroundings.undisturbed import at_home
from regdash.training import Progress

REPORT_EVERY = 0.05  # seconds between two calls of `on_progress`, so at most 20 a second
WINDOW = 1000  # tasks handed to an executor at a time: enough for a large cluster, and bounded for a million runs
AHEAD = 32  # tasks made before the first one starts: making them beside threads that train takes longer

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Task(Generic[K, T]):
    """One batch to train: `function(*arguments, on_epoch=…)`, of which `n_runs` runs have `epochs` epochs each.

    `function` calls `on_epoch`, if it is not None, with the epochs done, and lets pass what it raises. Where no pool
    trains it also gets `helper`, an executor for work beside it. For an executor of other processes, function and
    arguments must pickle. `key` is the caller's own note of what the task is.
    """

    key: K
    function: Callable[..., T]
    arguments: tuple[Any, ...]
    n_runs: int
    epochs: int

    @property
    def cost(self) -> int:
        """Model-epochs."""
        return self.n_runs * self.epochs


def train_many(
    configs: Iterable[RunConfig],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
    snapshots: Snapshots = DEFAULT_SNAPSHOTS,
    device: str = "cpu",
) -> list[Run]:
    """Train many networks at once; each `Run` equals `train`'s bit for bit, in the order of `configs`.

    It is fastest after `torch.set_num_threads(1)`.

    executor     where batches are trained; None: in threads of its own
    workers      how many threads that may be at most; None: one per processor that this process may
                 use; 1: no thread but this one
    on_progress  called in this thread with (model-epochs done, model-epochs in all), at most 20 times a second, and
                 once at the end; what it raises stops the training in a moment and reaches the caller. On an
                 executor that is not a thread pool, progress comes batch by batch, and only batches that have not
                 begun are stopped (or those that the executor itself can stop)
    snapshots    how many epochs' weights each run keeps, or which
    device       "cpu", or "cuda" for results that are close, not equal (see `regdash.ensemble`)
    """
    configs = list(configs)
    return in_batches(
        configs,
        lambda positions: ([configs[position] for position in positions], snapshots, device),
        executor=executor,
        workers=workers,
        on_progress=on_progress,
    )


def in_batches(
    configs: Sequence[RunConfig],
    arguments: Callable[[list[int]], tuple[Any, ...]],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> list[Run]:
    """What `train_batch` makes of `configs`, in order; `arguments` are its own for the runs at some positions.

    The rest is as in `train_many`.
    """
    runs: dict[int, Run] = {}  # by position in `configs`

    def task(positions: list[int]) -> Task[list[int], list[Run]]:
        n_runs, epochs = len(positions), configs[positions[0]].epochs
        return Task(key=positions, function=train_batch, arguments=arguments(positions), n_runs=n_runs, epochs=epochs)

    execute(
        map(task, batches(configs, workers or n_processors())),
        sum(config.epochs for config in configs),
        lambda positions, trained: runs.update(zip(positions, trained, strict=True)),
        executor=executor,
        workers=workers,
        on_progress=on_progress,
    )
    return [runs[position] for position in range(len(configs))]


def execute(
    tasks: Iterable[Task[K, T]],
    total: int,
    on_done: Callable[[K, T], None],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    on_progress: Progress | None = None,
) -> None:
    """Run all tasks; `on_done(key, result)` is called in this thread for each, in the order in which they end.

    `total` is what the tasks cost together, in model-epochs. The rest is as in `train_many`. What a task, `on_done` or
    `on_progress` raises reaches the caller, and stops all other tasks. Tasks may be an iterator: it is read ahead by
    `WINDOW` at most.
    """
    call = _Call(total, on_done, on_progress)
    tasks = iter(tasks)
    first = list(islice(tasks, AHEAD))
    tasks = chain(first, tasks)
    workers = workers or n_processors()
    if executor is not None:
        call.spread(tasks, executor)
    elif workers == 1 or not first:
        call.run_here(tasks, None)
    elif len(first) == 1:
        with ThreadPoolExecutor(1, "regdash-masks") as helper:
            call.run_here(tasks, helper)
    else:
        with ThreadPoolExecutor(workers, "regdash-train") as pool:  # it starts no more threads than there are tasks
            call.spread(tasks, pool)
    call.end()


class _Call(Generic[K, T]):
    """One call of `execute`: how far it is, and whom it tells."""

    def __init__(self, total: int, on_done: Callable[[K, T], None], on_progress: Progress | None) -> None:
        self._total = total
        self._on_done = on_done
        self._on_progress = on_progress and at_home(on_progress)
        self._next_report = time.monotonic() + REPORT_EVERY
        self._done = 0  # model-epochs of finished tasks

    def run_here(self, tasks: Iterable[Task[K, T]], helper: Executor | None) -> None:
        """Run task after task in this thread; a helper works beside it."""
        for task in tasks:
            counter = _Counter(task.n_runs, listener=lambda done: self._report(self._done + done))
            self._finish(task, task.function(*task.arguments, on_epoch=counter, helper=helper))
            self._report(self._done)

    def spread(self, tasks: Iterator[Task[K, T]], executor: Executor) -> None:
        """Run the tasks on `executor`, reporting from this thread until all are done or something is raised."""
        stop = threading.Event()
        shares_memory = isinstance(executor, ThreadPoolExecutor)
        elsewhere = getattr(executor, "on_epoch", None)  # an executor of other machines may bring a way to stop there
        ended: SimpleQueue[Future[T]] = SimpleQueue()
        jobs: dict[Future[T], tuple[Task[K, T], _Counter]] = {}
        try:
            while True:
                while len(jobs) < WINDOW and ended.empty() and (task := next(tasks, None)):
                    counter = _Counter(task.n_runs, stop=stop)
                    on_epoch = counter if shares_memory else elsewhere
                    job = executor.submit(task.function, *task.arguments, on_epoch=on_epoch)
                    jobs[job] = task, counter
                    job.add_done_callback(ended.put)
                if not jobs:
                    return
                for job in _waiting_in(ended):
                    self._finish(jobs.pop(job)[0], job.result())
                self._report(self._done + sum(counter.done for _, counter in jobs.values()))
        except BaseException:
            stop.set()
            for job in jobs:
                job.cancel()
            raise

    def end(self) -> None:
        """The last report."""
        if self._on_progress and self._total:
            self._on_progress(self._total, self._total)

    def _finish(self, task: Task[K, T], result: T) -> None:
        self._done += task.cost
        self._on_done(task.key, result)

    def _report(self, done: int) -> None:
        now = time.monotonic()
        if self._on_progress and done < self._total and now >= self._next_report:
            self._on_progress(done, self._total)
            self._next_report = time.monotonic() + REPORT_EVERY  # the caller may have trained others meanwhile


class _Counter:
    """Called by a task every few epochs: counts model-epochs, tells a listener, ends the task when told to stop."""

    def __init__(
        self, n_runs: int, *, listener: Callable[[int], None] | None = None, stop: threading.Event | None = None
    ) -> None:
        self._n_runs, self._listener, self._stop = n_runs, listener, stop
        self.done = 0

    def __call__(self, epoch: int) -> None:
        if self._stop is not None and self._stop.is_set():
            raise TrainingCancelled("the caller no longer wants the result")
        self.done = epoch * self._n_runs
        if self._listener:
            self._listener(self.done)


def _waiting_in(ended: "SimpleQueue[Future[T]]") -> Iterator[Future[T]]:
    """All futures in the queue; if there is none, waits for one, but not beyond the next report."""
    try:
        yield ended.get(timeout=REPORT_EVERY)
        while True:
            yield ended.get_nowait()
    except Empty:
        return
