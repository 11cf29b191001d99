"""All training of a process through one door: what visitors ask at the same moment becomes one batch.

Torch in several threads at once is slow (thousands of small operations that give up Python's lock and queue for it
again), and many small networks trained side by side cost little more than one. So a `Batcher` owns a worker thread
that takes every request waiting, up to a bound, and trains them with one `train_many` call.

- A configuration that several visitors want is trained once, also when it is already being trained.
- A ticket is a future. Cancelling it withdraws one visitor's interest; a training that nobody wants any more is
  dropped if it has not started, and stopped if nothing else in its batch is wanted.
- Short requests overtake long ones, and interrupt them: while a long training runs, it steps aside at every progress
  report (some 20 times a second) for one batch of what short requests are waiting. So a short request waits for other
  short ones only, and a long training still gets its share of the time between two such batches.
- What may wait is bounded; beyond it `submit` raises `QueueFull`.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from regdash.config import RunConfig
from regdash.ensemble import train_many
from regdash.errors import QueueFull, RegdashError, TrainingCancelled
from regdash.results import Run
from regdash.training import Progress

MAX_WAITING = 500  # different configurations
BATCH_COST = 0.5  # seconds of training, roughly, that one batch may take
LONG_COST = 0.5  # seconds from which a single training counts as long


class Trainer(Protocol):
    """What trains: `train_many`, or a stand-in for it in tests."""

    def __call__(self, configs: Sequence[RunConfig], *, on_progress: Progress | None = None) -> list[Run]:
        """Train all, in order; what `on_progress` raises stops the training."""


def cost(config: RunConfig) -> float:
    """Seconds that one training takes on one core, roughly: calls cost a little, multiplications add up."""
    products = config.width * (config.width * (config.depth - 1) + 4)
    per_epoch = 2e-4 + 1.2e-10 * products * (3 * config.n_train + config.n_samples)
    return config.epochs * per_epoch


class Ticket(Future[Run]):
    """One visitor's claim on one run: a future whose `cancel()` works until the run is there."""

    def __init__(self, job: "_Job") -> None:
        super().__init__()
        self._job = job

    @property
    def progress(self) -> float:
        """Share of the training that is done, 0 to 1; 0 while it waits."""
        return 1.0 if self.done() else self._job.progress


class _Job:
    """One configuration to train, and the tickets of all who want it."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.tickets: list[Ticket] = []
        self.progress = 0.0

    @property
    def wanted(self) -> bool:
        return not all(ticket.cancelled() for ticket in self.tickets)

    def resolve(self, run: Run) -> None:
        for ticket in self.tickets:
            if ticket.set_running_or_notify_cancel():
                ticket.set_result(run)

    def fail(self, error: BaseException) -> None:
        for ticket in self.tickets:
            if ticket.set_running_or_notify_cancel():
                ticket.set_exception(error)


class Batcher:
    """Trains for many threads in one thread. Use as a context manager, or call `close`.

    trainer      called with a list of configurations and `on_progress`
    max_waiting  how many different configurations may wait
    """

    def __init__(self, *, trainer: Trainer = train_many, max_waiting: int = MAX_WAITING) -> None:
        self._trainer = trainer
        self._max_waiting = max_waiting
        self._lock = threading.Condition()  # guards all below
        self._waiting: dict[RunConfig, _Job] = {}  # in the order asked
        self._running: dict[RunConfig, _Job] = {}
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="regdash-batcher", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Batcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, config: RunConfig) -> Ticket:
        """Ask for a run; returns at once. Raises `QueueFull` if too much waits already."""
        with self._lock:
            if self._closed:
                raise RegdashError("this batcher is closed; make a new one")
            job = self._running.get(config) or self._waiting.get(config)
            if job is None:
                self._forget_unwanted()
                if len(self._waiting) >= self._max_waiting:
                    raise QueueFull(
                        f"{len(self._waiting)} trainings are waiting already (the limit is {self._max_waiting}); "
                        "try again in a moment"
                    )
                job = self._waiting[config] = _Job(config)
                self._lock.notify()
            ticket = Ticket(job)
            job.tickets.append(ticket)
            return ticket

    def close(self) -> None:
        """Stop what runs, cancel what waits, end the worker thread."""
        with self._lock:
            self._closed = True
            for job in [*self._waiting.values(), *self._running.values()]:
                for ticket in job.tickets:
                    ticket.cancel()
            self._lock.notify()
        self._thread.join()

    def _work(self) -> None:
        while True:
            with self._lock:
                while not (self._closed or self._waiting):
                    self._lock.wait()
                if self._closed:
                    return
                jobs = self._take(long_too=True)
            self._train(jobs)

    def _take(self, *, long_too: bool) -> list[_Job]:
        """Move a batch from waiting to running: short ones up to BATCH_COST, or else the first long one."""
        self._forget_unwanted()
        short = [job for job in self._waiting.values() if cost(job.config) < LONG_COST]
        taken, budget = [], BATCH_COST
        for job in short:
            budget -= cost(job.config)
            if taken and budget < 0:
                break
            taken.append(job)
        if not taken and long_too:
            taken = list(self._waiting.values())[:1]
        for job in taken:
            self._running[job.config] = self._waiting.pop(job.config)
        return taken

    def _forget_unwanted(self) -> None:
        for config in [config for config, job in self._waiting.items() if not job.wanted]:
            del self._waiting[config]

    def _train(self, jobs: list[_Job]) -> None:
        if not jobs:
            return
        try:
            runs = self._trainer([job.config for job in jobs], on_progress=self._reporter(jobs))
            outcomes: list[Callable[[], None]] = [
                lambda job=job, run=run: job.resolve(run) for job, run in zip(jobs, runs, strict=True)
            ]
        except TrainingCancelled:
            outcomes = []
        except Exception as error:  # whatever a trainer raises belongs to the one who asked, not to this thread
            outcomes = [lambda: jobs[0].fail(error)] if len(jobs) == 1 else []
        with self._lock:
            for job in jobs:
                del self._running[job.config]
        for outcome in outcomes:
            outcome()

    def _reporter(self, jobs: list[_Job]) -> Progress:
        is_long = cost(jobs[0].config) >= LONG_COST

        def report(done: int, total: int) -> None:
            for job in jobs:
                job.progress = done / total
            with self._lock:
                if not any(job.wanted for job in jobs):
                    raise TrainingCancelled("nobody wants these runs any more")
                guests = self._take(long_too=False) if is_long else []
            self._train(guests)

        return report
