"""Who is next, which studies are the same, what is kept, and what stops because nobody watches.

- Equal specs share a job, and finished results are kept, so a class that opens one link trains once.
- The cheapest first. At its progress reports, a study makes room for one that costs less than a quarter of it. Nobody
  waits for ever: who has waited `PATIENCE` seconds has a right to every third turn.
- What runs at the same time and what may wait is bounded, for short and long ones apart, and so are a study's cost and
  memory.
- A job that nobody watches is dropped from the queue, or stopped at its next progress report, some 20 times a second.
- More seeds of a study that was kept train the additional ones only, and fewer none.
- An error reaches those who asked for that study; the next one starts as if nothing had happened.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Protocol

from regdash.ensemble.processors import n_processors
from regdash.errors import QueueFull, RegdashError, StudyTooLarge, TrainingCancelled
from regdash.serving.studies.job import StudyJob
from regdash.serving.studies.kept import MAX_KEPT, MAX_KEPT_BYTES, Kept, size
from regdash.serving.studies.pool import LocalPool
from regdash.study import StudyResult, StudySpec
from regdash.study.run import run_study
from regdash.training import Progress

MAX_RUNNING = 1  # one study at a time uses all cores
MAX_WAITING = 60  # short ones and long ones each
SHORT = 10.0  # seconds of one core that a short study may cost at most
PATIENCE = 40.0  # seconds until cheaper studies no longer come first
OLDEST_EVERY = 3  # turns, if the oldest has waited that long
GUESTS_COST = 0.25  # of a running study's own: what costs less may pass it
MAX_COST = 120.0  # seconds of one core
MAX_BYTES = 2**24  # of one study's result: 200 epochs of 3,800 runs. Visitors keep theirs when the queue forgets it
WORTH_MEASURING = 0.2  # seconds; shorter studies say little about how good estimates are
MAX_CORRECTION = 5.0  # by which factor estimates are corrected at most, up or down


class Runner(Protocol):
    """What trains a study: `run_study`, or something around it."""

    def __call__(
        self,
        spec: StudySpec,
        *,
        executor: Executor | None,
        on_progress: Progress | None,
        on_result: Callable[[StudyResult], None] | None,
        known: StudyResult | None,
    ) -> StudyResult:
        """Train what `known` lacks; what the callables raise stops the training and passes through."""


class StudyQueue:
    """Trains studies for many threads, a few at a time. Use as a context manager, or call `close`.

    max_running       how many studies train at the same time
    max_waiting       how many may wait, short ones and long ones each
    max_cost          seconds of one core that a study may cost at most
    runner            called as `run_study` is
    executor_factory  makes the executor of one study, when it starts; None: a `LocalPool`, as `submit(local=True)` uses
    busy              whether this machine has something more urgent to train
    workers           how many chunks train at the same time, for estimates; None: one per processor
    max_kept          how many finished studies are kept; `max_kept_bytes`: how large they may be together
    """

    def __init__(
        self,
        *,
        max_running: int = MAX_RUNNING,
        max_waiting: int = MAX_WAITING,
        max_cost: float = MAX_COST,
        runner: Runner = run_study,
        executor_factory: Callable[[], Executor] | None = None,
        busy: Callable[[], bool] = lambda: False,
        workers: Callable[[], int] | None = None,
        max_kept: int = MAX_KEPT,
        max_kept_bytes: int = MAX_KEPT_BYTES,
    ) -> None:
        self._max_running, self._max_waiting, self._max_cost = max_running, max_waiting, max_cost
        self._runner = runner
        self._local: Callable[[], Executor] = lambda: LocalPool(busy)
        self._factory = executor_factory or self._local
        self._workers = workers or n_processors
        self._lock = threading.RLock()  # guards all below
        self._waiting: list[StudyJob] = []  # in the order asked
        self._running: list[StudyJob] = []
        self._kept = Kept(max_kept, max_kept_bytes)
        self._threads: set[threading.Thread] = set()
        self._correction = 1.0  # measured over estimated seconds
        self._turns = 0
        self._closed = False

    def __enter__(self) -> "StudyQueue":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, spec: StudySpec, *, known: StudyResult | None = None, local: bool = False) -> StudyJob:
        """Ask for a study; returns at once. Watch the job within `HEARTBEAT` seconds, or it is dropped.

        known  an earlier result of the same study, whole or in part, whose runs are not trained again
        local  train on this machine even if the queue has another executor

        Raises `StudyTooLarge`, or `QueueFull` if too many wait already.
        """
        self._check_size(spec)
        with self._lock:
            if self._closed:
                raise RegdashError("this queue is closed; make a new one")
            self._forget_unwanted()
            job = self._find(spec) or self._cut(spec)
            job = job or self._enqueue(spec, known, self._local if local else self._factory)
            job.promise()
            self._start_thread()
            return job

    @property
    def n_wanted(self) -> int:
        """How many studies wait or run."""
        with self._lock:
            return len(self._waiting) + len(self._running)

    @property
    def n_waiting(self) -> int:
        """How many studies wait that somebody still wants."""
        with self._lock:
            self._forget_unwanted()
            return len(self._waiting)

    def is_kept(self, spec: StudySpec) -> bool:
        """Whether the study's result is there."""
        with self._lock:
            return spec in self._kept

    def estimate(self, spec: StudySpec, *, known: StudyResult | None = None) -> float:
        """Seconds that the study will take once it runs, corrected by how long earlier ones took; 0 if it is kept."""
        with self._lock:
            if spec in self._kept:
                return 0.0
            known, correction = known or self._kept.relative(spec), self._correction
        return correction * self._cost(spec, known) / max(1, self._workers())

    def close(self) -> None:
        """Cancel what waits, stop what runs, end all threads, forget all results."""
        with self._lock:
            self._closed = True
            for job in [*self._waiting, *self._running]:
                job.settle("cancelled")
            self._waiting.clear()
            self._kept.clear()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _check_size(self, spec: StudySpec) -> None:
        cost, n_bytes = spec.cost, size(spec)
        if cost > self._max_cost:
            raise StudyTooLarge(
                f"{spec.n_runs:,} runs would take about {cost:,.0f} seconds of one core, and the limit here is "
                f"{self._max_cost:,.0f}; take fewer seeds, values or epochs, or a smaller network"
            )
        if n_bytes > MAX_BYTES:
            raise StudyTooLarge(
                f"{spec.n_runs:,} runs of up to {spec.max_epochs} epochs would take {n_bytes / 2**20:,.0f} MiB, and "
                f"the limit here is {MAX_BYTES / 2**20:,.0f}; take fewer seeds, values or epochs"
            )

    def _find(self, spec: StudySpec) -> StudyJob | None:
        """The job of an equal spec, if one waits, runs or is kept."""
        asked = (job for job in [*self._running, *self._waiting] if job.spec == spec)
        return self._kept.find(spec) or next(asked, None)

    def _cut(self, spec: StudySpec) -> StudyJob | None:
        """The finished job of a study of which a kept one has all seeds, and more: there is nothing to train."""
        relative = self._kept.relative(spec)
        if relative is None or relative.spec.n_seeds < spec.n_seeds:
            return None
        job = StudyJob(spec, None, self._local, self._place)
        job.settle("finished", relative.cut(spec))  # views: a cut for each of many tabs takes no memory
        return job

    def _enqueue(self, spec: StudySpec, known: StudyResult | None, factory: Callable[[], Executor]) -> StudyJob:
        known = known or self._kept.relative(spec)
        job = StudyJob(spec, known, factory, self._place, cost=self._cost(spec, known))
        ahead = sum((other.cost <= SHORT) == (job.cost <= SHORT) for other in self._waiting)
        if ahead >= self._max_waiting:  # long ones cannot shut short ones out
            raise QueueFull(
                f"{ahead} studies are waiting already (the limit is {self._max_waiting}); try again in a moment"
            )
        self._waiting.append(job)
        return job

    def _place(self, job: StudyJob) -> int:
        with self._lock:
            self._forget_unwanted()
            in_line = sorted(self._waiting, key=lambda other: other.cost)  # those of equal cost as they came
            return in_line.index(job) + 1 if job in in_line else 0

    def _forget_unwanted(self) -> None:
        for job in [job for job in self._waiting if not job.is_wanted]:
            self._waiting.remove(job)
            job.settle("cancelled")

    def _start_thread(self) -> None:
        if self._waiting and len(self._threads) < self._max_running:
            thread = threading.Thread(target=self._work, name="regdash-study-queue", daemon=True)
            thread.start()  # if there is no room for one, the next who asks tries again
            self._threads.add(thread)

    def _work(self) -> None:
        """A worker thread: job after job, until none waits."""
        while True:
            with self._lock:
                job = self._take()
                if job is None:
                    self._threads.remove(threading.current_thread())
                    return
            self._train(job)

    def _take(self, below: float = math.inf) -> StudyJob | None:
        """Move the next study that costs less than `below` from waiting to running: the cheapest, or one overdue."""
        self._forget_unwanted()
        waiting = [job for job in self._waiting if job.cost < below]  # in the order asked
        if not waiting:
            return None
        self._turns += 1
        overdue = self._turns % OLDEST_EVERY == 0 and time.monotonic() - waiting[0].asked >= PATIENCE
        job = waiting[0] if overdue else min(waiting, key=lambda job: job.cost)
        self._waiting.remove(job)
        job.state = "running"
        self._running.append(job)
        return job

    def _train(self, job: StudyJob) -> None:
        """Train a running job and settle it; never raises."""
        started, cost = time.monotonic(), job.cost
        try:
            with job.make_executor() as executor:
                result = self._runner(
                    job.spec,
                    executor=executor,
                    on_progress=self._reporter(job),
                    on_result=lambda partial: setattr(job, "partial", partial),
                    known=job.known,
                )
        except BaseException as error:  # it belongs to those who asked, not to this thread
            if not isinstance(error, RegdashError):  # a mistake of ours: visitors see no traceback, the log has it
                logging.getLogger(__name__).error("a study failed", exc_info=error)
            with self._lock:
                self._end(job)
                job.settle("failed", error=error)
            return
        seconds, estimated = time.monotonic() - started, cost / max(1, self._workers())
        with self._lock:
            self._end(job)
            job.settle("finished", result)
            if job.state == "finished":  # not if the queue was closed meanwhile
                self._kept.keep(job)
                self._measure(seconds, estimated)

    def _reporter(self, job: StudyJob) -> Progress:
        """What the training calls, 20 times a second: notes progress, ends what nobody watches, lets others pass."""
        since, debt = time.monotonic(), 0.0  # when it was this study's turn again, and for how long it must remain so

        def report(done: int, total: int) -> None:
            nonlocal since, debt
            job.report(done / total)
            now = time.monotonic()
            since, debt = now, max(0.0, debt - (now - since))
            with self._lock:
                if not job.is_wanted or self._closed:
                    self._end(job)  # before the lock is free: who asks for the same now, shall not join it
                    job.settle("cancelled")
                    raise TrainingCancelled("nobody watches this study any more")
                overdue = now - job.asked >= PATIENCE
                guest = None if debt and overdue else self._take(below=GUESTS_COST * job.cost)
            if guest is not None:
                self._train(guest)
                since = time.monotonic()
                debt = since - now

        return report

    def _end(self, job: StudyJob) -> None:
        if job in self._running:
            self._running.remove(job)

    def _measure(self, seconds: float, estimated: float) -> None:
        """Learn from a finished study how far estimates are off; half of the way at a time."""
        if estimated >= WORTH_MEASURING:
            correction = math.sqrt(self._correction * seconds / estimated)
            self._correction = min(MAX_CORRECTION, max(1 / MAX_CORRECTION, correction))

    def _cost(self, spec: StudySpec, known: StudyResult | None) -> float:
        return spec.cost * max(0.0, 1 - (known.n_done if known else 0) / spec.n_runs)
