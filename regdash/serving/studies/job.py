"""One study in the queue, and those who watch it."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor
from time import monotonic

from regdash.study import StudyResult, StudySpec

HEARTBEAT = 3.0  # seconds without a sign of life after which a watcher counts as gone
FIRST_GUESS = 0.2  # seconds of training after which its speed says something


class Watch:
    """Somebody who wants a study. Give a sign of life now and then, or leave; leaving at the end of a `with` block."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._left = False
        self._seen = monotonic()

    def __enter__(self) -> "Watch":
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()

    @property
    def is_there(self) -> bool:
        """Whether the watcher has neither left nor been silent for longer than its patience."""
        return not self._left and monotonic() - self._seen <= self._patience

    def alive(self) -> None:
        """A sign of life. It does not bring back a watcher that has left, nor a study that was stopped."""
        self._seen = monotonic()

    def leave(self) -> None:
        """The study is no longer wanted here; if nowhere else, it stops within a fraction of a second."""
        self._left = True


class StudyJob:
    """One study's way through the queue. Read by many threads, written by the queue alone.

    spec      what is trained
    cost      seconds of one core that it will take, roughly
    asked     when it was asked for, by `time.monotonic`
    state     "waiting", "running", "finished", "cancelled" or "failed"; the last three are final
    progress  share of the training that is done, 0 to 1
    partial   the latest result, incomplete while it runs; None until there is one. It stays when the job is cancelled
    result    the whole result once finished, else None
    error     what went wrong, for "failed", else None
    """

    def __init__(
        self,
        spec: StudySpec,
        known: StudyResult | None,
        make_executor: Callable[[], Executor],
        place_of: Callable[["StudyJob"], int],
        cost: float = 0.0,
    ) -> None:
        self.spec = spec
        self.cost = cost
        self.asked = monotonic()
        self.known = known
        self.make_executor = make_executor
        self.state = "waiting"
        self.progress = 0.0
        self.partial: StudyResult | None = None
        self.result: StudyResult | None = None
        self.error: BaseException | None = None
        self._place_of = place_of
        self._settled = threading.Event()
        self._first_report: tuple[float, float] | None = None  # when, progress
        self._last_report = (0.0, 0.0)
        self._lock = threading.Lock()  # guards the two below
        self._watches: list[Watch] = []
        self._promised: list[Watch] = []  # asked for, but the asker has not come to watch yet

    @property
    def place(self) -> int:
        """Place in the queue, from 1; 0 if it no longer waits."""
        return self._place_of(self)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until it is finished at the pace so far, or None while there is none to go by."""
        if self.state != "running" or self._first_report is None:
            return None
        (first, at_first), (last, at_last) = self._first_report, self._last_report
        if last - first < FIRST_GUESS or at_last <= at_first:
            return None
        return max(0.0, (1 - at_last) * (last - first) / (at_last - at_first) - (monotonic() - last))

    @property
    def is_wanted(self) -> bool:
        """Whether anybody watches, or has just asked for it and is about to."""
        with self._lock:
            self._watches = [watch for watch in self._watches if watch.is_there]
            self._promised = [watch for watch in self._promised if watch.is_there]
            return bool(self._watches or self._promised)

    @property
    def n_watching(self) -> int:
        """How many watch it: where many do, each may look a little less often."""
        with self._lock:
            return sum(watch.is_there for watch in self._watches)

    def watch(self, patience: float = HEARTBEAT) -> Watch:
        """Want this study until the watch is left, or silent for longer than `patience` seconds (inf: never)."""
        watch = Watch(patience)
        with self._lock:
            self._watches = [*(other for other in self._watches if other.is_there), watch]
            if self._promised:
                self._promised.pop()
        return watch

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the state is final, at most `timeout` seconds; returns whether it is."""
        return self._settled.wait(timeout)

    def promise(self) -> None:
        """For the queue: somebody has asked for this job and will watch it in a moment."""
        with self._lock:
            self._promised = [*(other for other in self._promised if other.is_there), Watch(HEARTBEAT)]

    def report(self, progress: float) -> None:
        """For the queue: how far the training is."""
        self._last_report = monotonic(), progress
        self._first_report = self._first_report or self._last_report
        self.progress = progress

    def settle(self, state: str, result: StudyResult | None = None, error: BaseException | None = None) -> None:
        """For the queue: the outcome, the state last, so that who sees it finds the rest."""
        if self._settled.is_set():
            return
        self.error, self.result = error, result
        if result is not None:
            self.partial, self.progress = result, 1.0
        self.known = None  # it may be large
        self.state = state
        self._settled.set()
