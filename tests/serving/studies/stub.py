"""A runner of studies that waits for the test, and tiny studies for it."""

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor

from regdash import RunConfig
from regdash.serving.studies import StudyJob, StudyQueue
from regdash.study import StudyResult, StudySpec
from regdash.training import Progress

PATIENCE = 20  # seconds after which a test gives up; nothing here waits that long unless something is wrong
BASE = RunConfig(n_samples=20, width=2, epochs=2)
FOREVER = math.inf


def study(first_seed: int = 0, seeds: int = 2, **changes: object) -> StudySpec:
    return StudySpec(base=BASE.but(seed=first_seed, **changes), sweep={"dropout": [0.0, 0.5]}, seeds=seeds)


class Stub:
    """A runner that waits for the test: each study begins, then goes on reporting until `go` is set."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.go = threading.Event()
        self.may_leave = threading.Event()  # a study that was stopped goes on clearing up until this is set
        self.may_leave.set()
        self.started: list[StudySpec] = []
        self.stopped: list[StudySpec] = []
        self.known: list[StudyResult | None] = []
        self.executors: list[Executor | None] = []
        self.failing: dict[StudySpec, BaseException] = {}
        self.active, self.most_active = 0, 0
        self._lock = threading.Lock()

    def __call__(
        self,
        spec: StudySpec,
        *,
        executor: Executor | None = None,
        on_progress: Progress | None = None,
        on_result: Callable[[StudyResult], None] | None = None,
        known: StudyResult | None = None,
    ) -> StudyResult:
        assert on_progress is not None
        assert on_result is not None
        with self._lock:
            self.started.append(spec)
            self.known.append(known)
            self.executors.append(executor)
            self.active += 1
            self.most_active = max(self.active, self.most_active)
        try:
            on_progress(0, 4)
            on_result(StudyResult.empty(spec))
            self.began.release()
            while not self.go.wait(0.001):
                on_progress(1, 4)
            if spec in self.failing:
                raise self.failing[spec]
            return finished(spec)
        except BaseException:
            self.stopped.append(spec)
            self.may_leave.wait(PATIENCE)
            raise
        finally:
            with self._lock:
                self.active -= 1

    def wait_for_study(self) -> None:
        assert self.began.acquire(timeout=PATIENCE)


def finished(spec: StudySpec) -> StudyResult:
    result = StudyResult.empty(spec)
    result.done[:] = True
    return result


def wanted(studies: StudyQueue, spec: StudySpec) -> StudyJob:
    job = studies.submit(spec)
    job.watch(FOREVER)
    return job


def until(condition: Callable[[], bool]) -> None:
    """Wait until the other threads have got there."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.001)
