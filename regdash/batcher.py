"""All training of a process through one door: what visitors ask at the same moment becomes one batch.

Torch in several threads at once is slow (thousands of small operations that give up Python's lock and queue for it
again), and many small networks trained side by side cost little more than one. So a `Batcher` owns a worker thread
that takes the requests waiting, up to a bound, and trains them with one `train_many` call.

- A configuration that several visitors want is trained once, also when it is already being trained.
- A ticket is a future. Cancelling it withdraws one visitor's interest. A training that nobody wants any more is
  dropped if it has not begun; a batch in which nobody wants anything any more is stopped.
- An error reaches those who asked for the run that caused it: the others of its batch are trained again, one by one.
- Long trainings step aside for short ones: at every progress report, some 20 times a second, a long training makes
  room for one batch of the short requests waiting. So a short request waits for short ones only. A long training gets
  at least the time between two reports, so it ends even under constant load, several times later. Long ones wait for
  each other, the cheapest first, so the very longest may wait until the others are through; up to four of the same
  shape (a visitor's arms) are trained together.
- What may wait is bounded, for short and long ones apart; beyond it `submit` raises `QueueFull`.
"""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Protocol

from regdash.config import RunConfig
from regdash.cost import cost
from regdash.ensemble import train_many
from regdash.ensemble.plan import shape
from regdash.errors import QueueFull, RegdashError, TrainingCancelled
from regdash.results import Run
from regdash.training import Progress

MAX_WAITING = 500  # different configurations, short ones and long ones each
SHORT = 0.5  # seconds of training, roughly, that a short request may cost at most
BATCH = 0.25  # seconds that a batch of short ones costs: who comes meanwhile waits for it, and then for the next
LONG_TOGETHER = 4


class Trainer(Protocol):
    """What trains: `train_many`, or something around it."""

    def __call__(self, configs: Sequence[RunConfig], *, on_progress: Progress | None = None) -> list[Run]:
        """Train all, in order; what `on_progress` raises stops the training and passes through."""


class Ticket(Future[Run]):
    """One visitor's claim on one run: a future whose `cancel()` works until the run is there."""

    def __init__(self, job: "_Job") -> None:
        super().__init__()
        self._job = job
        self._deciding = threading.RLock()

    @property
    def progress(self) -> float:
        """Share of the training that is done, 0 to 1; 0 while it waits."""
        return 1.0 if self.done() else self._job.progress

    def cancel(self) -> bool:
        """Withdraw; returns whether the ticket is cancelled. Others who want the same run are not affected."""
        with self._deciding:
            if not self.cancelled() and super().cancel():
                self.set_running_or_notify_cancel()  # now `concurrent.futures.wait` counts it as done
            return self.cancelled()

    def settle(self, run: Run | None, error: BaseException | None) -> None:
        """Hand over the outcome, unless the visitor has left."""
        with self._deciding:
            if self.cancelled():
                return
            self.set_running_or_notify_cancel()
        if error is not None:
            self.set_exception(error)
        elif run is not None:
            self.set_result(run)


class _Job:
    """One configuration to train, and the tickets of all who want it."""

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.is_short = cost(config) <= SHORT
        self.tickets: list[Ticket] = []
        self.progress = 0.0

    @property
    def wanted(self) -> bool:
        return not all(ticket.cancelled() for ticket in self.tickets)

    def settle(self, run: Run | None = None, error: BaseException | None = None) -> None:
        for ticket in self.tickets:
            ticket.settle(run, error)


class Batcher:
    """Trains for many threads in one thread. Use as a context manager, or call `close`.

    trainer      called with a list of configurations and `on_progress`
    max_waiting  how many different configurations may wait, short ones and long ones each
    """

    def __init__(self, *, trainer: Trainer = train_many, max_waiting: int = MAX_WAITING) -> None:
        self._trainer = trainer
        self._max_waiting = max_waiting
        self._lock = threading.Condition()  # guards all below
        self._waiting: dict[RunConfig, _Job] = {}  # in the order asked
        self._running: dict[RunConfig, _Job] = {}  # joined by who asks for the same
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="regdash-batcher", daemon=True)
        self._thread.start()

    def __enter__(self) -> "Batcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> bool:
        """Whether anything trains or waits: what is less urgent may step aside."""
        with self._lock:
            return bool(self._waiting or self._running)

    def submit(self, config: RunConfig) -> Ticket:
        """Ask for a run; returns at once. Raises `QueueFull` if too much waits already."""
        with self._lock:
            if self._closed:
                raise RegdashError("this batcher is closed; make a new one")
            job = self._running.get(config) or self._waiting.get(config)
            if job is None:
                job = self._enqueue(config)
            ticket = Ticket(job)
            job.tickets.append(ticket)
            self._lock.notify()
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

    def _enqueue(self, config: RunConfig) -> _Job:
        self._forget_unwanted()
        job = _Job(config)
        ahead = sum(other.is_short == job.is_short for other in self._waiting.values())
        if ahead >= self._max_waiting:  # long ones cannot shut short ones out
            raise QueueFull(
                f"{ahead} trainings are waiting already (the limit is {self._max_waiting}); try again in a moment"
            )
        self._waiting[config] = job
        return job

    def _work(self) -> None:
        """The worker thread: short and long batches in turn, as long as both are waiting."""
        takes: list[Callable[[], list[_Job]]] = [self._take_short, self._take_long]
        while True:
            with self._lock:
                while not (self._closed or self._waiting):
                    self._lock.wait()
                if self._closed:
                    return
                self._forget_unwanted()
                jobs = takes[0]() or takes[1]()
            takes.reverse()
            self._train(jobs)

    def _take_short(self) -> list[_Job]:
        """Move short requests from waiting to running, in the order asked, as many as cost no more than `BATCH`."""
        taken: list[_Job] = []
        budget = BATCH
        for job in self._waiting.values():
            if job.is_short:
                budget -= cost(job.config)
                if budget < 0 and taken:
                    break
                taken.append(job)
        return self._start(taken)

    def _take_long(self) -> list[_Job]:
        """Move the cheapest long request, and some of the same shape, from waiting to running."""
        long = [job for job in self._waiting.values() if not job.is_short]
        if not long:
            return []
        first = shape(min(long, key=lambda job: cost(job.config)).config)
        return self._start([job for job in long if shape(job.config) == first][:LONG_TOGETHER])

    def _start(self, jobs: list[_Job]) -> list[_Job]:
        for job in jobs:
            self._running[job.config] = self._waiting.pop(job.config)
        return jobs

    def _forget_unwanted(self) -> None:
        for config in [config for config, job in self._waiting.items() if not job.wanted]:
            del self._waiting[config]

    def _train(self, jobs: list[_Job]) -> None:
        """Train running jobs as one batch and settle their tickets; never raises."""
        if not jobs:
            return
        runs: Sequence[Run | None] = [None] * len(jobs)
        error: BaseException | None = None
        try:
            runs = self._trainer([job.config for job in jobs], on_progress=self._reporter(jobs))
            if len(runs) != len(jobs):
                raise RegdashError(f"the trainer returned {len(runs)} runs for {len(jobs)} configurations")
        except BaseException as raised:  # it belongs to those who asked, not to this thread
            error = raised
        if error is not None and not isinstance(error, TrainingCancelled) and len(jobs) > 1:
            for job in jobs:
                self._train([job])
            return
        with self._lock:  # from here on nobody can join these jobs
            self._end(jobs)
        for job, run in zip(jobs, runs, strict=True):
            job.settle(run, error)

    def _end(self, jobs: list[_Job]) -> None:
        for job in jobs:
            if self._running.get(job.config) is job:
                del self._running[job.config]

    def _reporter(self, jobs: list[_Job]) -> Progress:
        """What the trainer calls now and then: notes progress, stops what nobody wants, lets short requests pass."""

        def report(done: int, total: int) -> None:
            for job in jobs:
                job.progress = done / total
            with self._lock:
                if not any(job.wanted for job in jobs):
                    self._end(jobs)  # before the lock is free: who asks for the same now, shall not join them
                    raise TrainingCancelled("nobody wants these runs any more")
                self._forget_unwanted()
                guests = [] if all(job.is_short for job in jobs) else self._take_short()
            self._train(guests)

        return report
