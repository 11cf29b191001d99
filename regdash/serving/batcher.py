"""All training of a process through one door: what visitors ask at the same moment is trained in the best order.

If every visitor's thread trained for itself, a busy server would share its cores among all, and all would be late; and
small networks trained side by side cost little more than one. So a `Batcher` owns a worker thread that trains what
waits, one batch of networks of the same shape after the other. Trainers in processes of their own, where there are such
and they are ready, take batches at the same time.

- A configuration that several visitors want is trained once, also when it is already being trained.
- A ticket is a future. Cancelling it withdraws one visitor's interest. A training that nobody wants any more is
  dropped if it has not begun; a batch in which nobody wants anything any more is stopped.
- An error reaches those who asked for the run that caused it: the others of its batch are trained again, one by one.
- The cheapest first. At its progress reports, some 20 times a second, a training makes room for what costs less than
  half of it. So a short request waits for short ones only, and the very longest last.
- Nobody waits for ever: a request that has waited `STRETCH` times what it costs, or `PATIENCE` seconds, has a right to
  every third turn, and from then on a training and those that pass it have equal shares of the time.
- What may wait is bounded, for short and long ones apart; beyond it `submit` raises `QueueFull`.
"""

import itertools
import math
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from regdash.config import RunConfig
from regdash.cost import cost
from regdash.ensemble.plan import shape
from regdash.errors import QueueFull, RegdashError, TrainingCancelled
from regdash.results import Run
from regdash.serving.trainer import Helper, Trainer, train_from_scratch
from regdash.training import Progress

MAX_WAITING = 500  # different configurations, short ones and long ones each
SHORT = 0.5  # seconds of training, roughly, that a short request may cost at most
BATCH = 0.25  # seconds that a batch costs at most, unless it is one visitor's
ARMS = 4  # of the same shape, which one visitor may want, are trained together whatever they cost
PATIENCE = 40.0  # seconds after which cheaper requests no longer come first, at the latest
STRETCH = 12.0  # times what a request costs: a large network of the page, of half a second, does not wait for 40
LEAST = 2.0  # seconds that they come first in any case
OVERDUE_EVERY = 3  # batches of a worker thread, if one has waited that long
LOOK = 0.2  # seconds between two looks whether a helper is ready
CROWD = 5  # trainings wanted at once: more than one visitor's


class Ticket(Future[Run]):
    """One visitor's claim on one run: a future whose `cancel()` works until the run is there."""

    def __init__(self, job: "_Job", place_of: "Callable[[_Job], int]") -> None:
        super().__init__()
        self._job, self._place_of = job, place_of
        self._deciding = threading.RLock()

    @property
    def progress(self) -> float:
        """Share of the training that is done, 0 to 1; 0 while it waits."""
        return 1.0 if self.done() else self._job.progress

    @property
    def place(self) -> int:
        """Its number in line, 1 for the next one; 0 from its turn on."""
        return 0 if self.done() else self._place_of(self._job)

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

    def __init__(self, config: RunConfig, start: Run | None) -> None:
        self.config = config
        self.start = start = start if start and start.end else None
        self.cost, self.shape = cost(config), shape(config)
        if start:
            self.cost -= cost(start.config, snapshots=0)
            self.shape += (start.config.epochs,)
        self.is_short = self.cost <= SHORT
        self.due = time.monotonic() + min(PATIENCE, max(LEAST, STRETCH * self.cost))
        self.tickets: list[Ticket] = []
        self.progress = 0.0

    @property
    def wanted(self) -> bool:
        return not all(ticket.cancelled() for ticket in self.tickets)

    def settle(self, run: Run | None = None, error: BaseException | None = None) -> None:
        for ticket in self.tickets:
            ticket.settle(run, error)


class Batcher:
    """Trains for many threads in one thread, and one more for each helper. Use as a context manager, or call `close`.

    trainer      called with configurations of one shape
    helpers      take batches too, whenever they are ready
    on_crowd     called by a worker thread whenever it begins a batch while `CROWD` trainings or more are wanted, and by
                 `expect_crowd`
    max_waiting  how many different configurations may wait, short ones and long ones each
    """

    def __init__(
        self,
        *,
        trainer: Trainer = train_from_scratch,
        helpers: Sequence[Helper] = (),
        on_crowd: Callable[[], None] = lambda: None,
        max_waiting: int = MAX_WAITING,
    ) -> None:
        self._on_crowd = on_crowd
        self._max_waiting = max_waiting
        self._lock = threading.Condition()  # guards all below
        self._waiting: dict[RunConfig, _Job] = {}  # in the order asked
        self._running: dict[RunConfig, _Job] = {}  # joined by who asks for the same
        self._closed = False
        self._hands = [trainer, *helpers]
        hands = [(trainer, None), *[(helper, helper) for helper in helpers]]
        self._threads = [
            threading.Thread(target=self._work, args=hand, name=f"regdash-batcher-{number}", daemon=True)
            for number, hand in enumerate(hands)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> "Batcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def busy(self) -> bool:
        """Whether anything trains or waits: what is less urgent may step aside."""
        return self.n_wanted > 0

    @property
    def n_wanted(self) -> int:
        """How many trainings wait or run."""
        with self._lock:
            return len(self._waiting) + len(self._running)

    def expect_crowd(self) -> None:
        """Prepare for one that is about to come: calls `on_crowd`."""
        self._on_crowd()

    def submit(self, config: RunConfig, start: Run | None = None) -> Ticket:
        """Ask for a run; returns at once. Raises `QueueFull` if too much waits already.

        `start` is the same run after fewer epochs, with its `end`, if it is there already.
        """
        with self._lock:
            if self._closed:
                raise RegdashError("this batcher is closed; make a new one")
            job = self._running.get(config) or self._waiting.get(config)
            if job is None:
                job = self._enqueue(_Job(config, start))
            ticket = Ticket(job, self._place)
            job.tickets.append(ticket)
            self._lock.notify_all()
            return ticket

    def close(self) -> None:
        """Stop what runs, cancel what waits, end the worker threads, and close trainers that can be closed."""
        with self._lock:
            self._closed = True
            for job in [*self._waiting.values(), *self._running.values()]:
                for ticket in job.tickets:
                    ticket.cancel()
            self._lock.notify_all()
        for thread in self._threads:
            thread.join()
        for hand in self._hands:
            if close := getattr(hand, "close", None):
                close()

    def _enqueue(self, job: _Job) -> _Job:
        self._forget_unwanted()
        ahead = sum(other.is_short == job.is_short for other in self._waiting.values())
        if ahead >= self._max_waiting:  # long ones cannot shut short ones out
            raise QueueFull(
                f"{ahead} trainings are waiting already (the limit is {self._max_waiting}); try again in a moment"
            )
        self._waiting[job.config] = job
        return job

    def _place(self, job: _Job) -> int:
        with self._lock:
            if job.config not in self._waiting:
                return 0
            cheaper = [other for other in self._waiting.values() if other.cost < job.cost and other.wanted]
            return len(cheaper) + 1

    def _work(self, trainer: Trainer, helper: Helper | None) -> None:
        """A worker thread: takes and trains batches until the batcher is closed."""
        for turn in itertools.count(1):
            with self._lock:
                while not (self._closed or (self._waiting and (helper is None or helper.is_ready))):
                    # A helper that becomes ready tells nobody: its thread looks now and then while something waits.
                    self._lock.wait(LOOK if helper and self._waiting else None)
                if self._closed:
                    return
                jobs = self._take(overdue=turn % OVERDUE_EVERY == 0)
            self._train(jobs, trainer)

    def _take(self, *, overdue: bool = False, below: float = math.inf) -> list[_Job]:
        """Move the cheapest request, or the most overdue one, and some of the same shape, from waiting to running.

        Only what costs less than `below`. A batch costs no more than `BATCH`, unless it is one visitor's.
        """
        self._forget_unwanted()
        waiting = [job for job in self._waiting.values() if job.cost < below]  # in the order asked
        if not waiting:
            return []
        first = min(waiting, key=lambda job: job.due)
        if not (overdue and first.due <= time.monotonic()):
            first = min(waiting, key=lambda job: job.cost)
        alike = [first, *[job for job in waiting if job.shape == first.shape and job is not first]]
        jobs = alike[: max(ARMS, int(BATCH / max(job.cost for job in alike)))]
        for job in jobs:
            self._running[job.config] = self._waiting.pop(job.config)
        return jobs

    def _forget_unwanted(self) -> None:
        for config in [config for config, job in self._waiting.items() if not job.wanted]:
            del self._waiting[config]

    def _train(self, jobs: list[_Job], trainer: Trainer) -> None:
        """Train running jobs as one batch and settle their tickets; never raises."""
        if not jobs:  # nobody wants any more what was waiting
            return
        with self._lock:
            crowded = len(self._waiting) + len(self._running) >= CROWD
        runs: Sequence[Run | None] = [None] * len(jobs)
        error: BaseException | None = None
        try:
            if crowded:
                self._on_crowd()
            configs, starts = [job.config for job in jobs], [job.start for job in jobs if job.start]
            workers, on_progress = 1 if crowded else None, self._reporter(jobs, trainer)
            # There are as many starts as configurations, or none: jobs of the same shape have all come as far.
            runs = trainer(configs, starts=starts, workers=workers, on_progress=on_progress)
            if len(runs) != len(jobs):
                raise RegdashError(f"the trainer returned {len(runs)} runs for {len(jobs)} configurations")
        except BaseException as raised:  # it belongs to those who asked, not to this thread
            error = raised
        if error is not None and not isinstance(error, TrainingCancelled) and len(jobs) > 1:
            for job in jobs:
                self._train([job], trainer)
            return
        with self._lock:  # from here on nobody can join these jobs
            self._end(jobs)
        for job, run in zip(jobs, runs, strict=True):
            job.settle(run, error)

    def _end(self, jobs: list[_Job]) -> None:
        for job in jobs:
            if self._running.get(job.config) is job:
                del self._running[job.config]

    def _reporter(self, jobs: list[_Job], trainer: Trainer) -> Progress:
        """What the trainer calls now and then: notes progress, stops what nobody wants, lets cheaper requests pass."""
        below, due = min(job.cost for job in jobs) / 2, min(job.due for job in jobs)
        since, debt = time.monotonic(), 0.0  # when it was these jobs' turn again, and for how long it must remain so

        def report(done: int, total: int) -> None:
            nonlocal since, debt
            for job in jobs:
                job.progress = done / total
            now = time.monotonic()
            since, debt = now, max(0.0, debt - (now - since))
            with self._lock:
                if not any(job.wanted for job in jobs):
                    self._end(jobs)  # before the lock is free: who asks for the same now, shall not join them
                    raise TrainingCancelled("nobody wants these runs any more")
                guests = [] if debt and now >= due else self._take(below=below)
            if guests:
                self._train(guests, trainer)
                since = time.monotonic()
                debt = since - now

        return report
