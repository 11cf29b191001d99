"""`execute`: tasks go out, results come back one by one, and whatever goes wrong ends all of them."""

import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import count, pairwise

import pytest

from regdash import TrainingCancelled
from regdash.ensemble import schedule
from regdash.ensemble.schedule import Task, execute

PATIENCE = 20  # seconds after which a test gives up; nothing here waits that long unless something is wrong


def double(number, on_epoch=None, helper=None):
    if on_epoch:
        on_epoch(1)
    return 2 * number, helper is not None


def tasks(n: int) -> list[Task]:
    return [Task(key=f"task {i}", function=double, arguments=(i,), n_runs=1, epochs=1) for i in range(n)]


class Slow(Executor):
    """Keeps what it is given until `release` is called; the test sees how much waits."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future, object, tuple, dict]] = []
        self.most = 0

    def submit(self, fn, /, *args, **kwargs):
        future: Future = Future()
        self.waiting.append((future, fn, args, kwargs))
        self.most = max(self.most, len(self.waiting))
        return future

    def release(self) -> None:
        while self.waiting:
            future, fn, args, kwargs = self.waiting.pop()  # the last first
            if future.set_running_or_notify_cancel():
                future.set_result(fn(*args, **kwargs))


class OnItsOwnMachine(Slow):
    """Brings its own way to stop a task; releases everything as soon as the fifth task comes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []

    def on_epoch(self, epoch: int) -> None:
        self.seen.append(epoch)

    def submit(self, fn, /, *args, **kwargs):
        assert kwargs["on_epoch"] == self.on_epoch
        future = super().submit(fn, *args, **kwargs)
        if len(self.waiting) == 5:
            self.release()
        return future


@pytest.mark.parametrize("n", [0, 1, 2, 9])
@pytest.mark.parametrize("workers", [1, 2, None])
def test_every_result_comes_with_its_key(n, workers):
    got: dict[str, int] = {}
    execute(tasks(n), n, lambda key, result: got.update({key: result[0]}), workers=workers)
    assert got == {f"task {i}": 2 * i for i in range(n)}


def test_only_a_lone_task_has_a_helper():
    helped: list[bool] = []
    for n in (1, 2):
        execute(tasks(n), n, lambda _, result: helped.append(result[1]), workers=2)
    assert helped == [True, False, False]


def test_results_come_in_the_callers_thread():
    threads: set[int] = set()
    execute(tasks(9), 9, lambda *_: threads.add(threading.get_ident()), workers=3)
    assert threads == {threading.get_ident()}


def test_an_executor_of_other_machines_brings_its_own_way_to_stop():
    executor, got = OnItsOwnMachine(), []
    execute(tasks(10), 10, lambda key, _: got.append(key), executor=executor)
    assert sorted(got) == sorted(task.key for task in tasks(10))
    assert executor.seen == [1] * 10


def test_only_so_many_tasks_wait_at_a_time(monkeypatch):
    monkeypatch.setattr(schedule, "WINDOW", 4)
    executor, made, got = Slow(), count(), []

    def endless() -> Iterator[Task]:
        for task in tasks(50):
            next(made)
            yield task

    def release(_done: int, _total: int) -> None:
        executor.release()

    monkeypatch.setattr(schedule, "REPORT_EVERY", 0.001)
    execute(endless(), 50, lambda key, _: got.append(key), executor=executor, on_progress=release)
    assert len(got) == next(made) == 50
    assert executor.most == 4


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_receiver_raises_ends_the_rest(workers):
    def refuse(*_: object) -> None:
        raise LookupError("no room")

    def endless() -> Iterator[Task]:
        while True:
            next(made)
            yield tasks(1)[0]

    made = count()
    with pytest.raises(LookupError, match="no room"):
        execute(endless(), 10**9, refuse, workers=workers)
    assert next(made) <= schedule.WINDOW + 2


def test_a_task_that_fails_stops_those_that_run_and_those_that_wait():
    def fail(**_: object):
        assert began.wait(PATIENCE)
        raise MemoryError("too large")

    def go_on(on_epoch):
        began.set()
        try:
            while not forever.wait(0.001):
                on_epoch(1)
        except TrainingCancelled:
            stopped.append(True)
            raise

    began, forever, stopped = threading.Event(), threading.Event(), []
    jobs = [
        Task(key=i, function=function, arguments=(), n_runs=1, epochs=1)
        for i, function in enumerate([fail] + [go_on] * 9)
    ]
    with ThreadPoolExecutor(2) as pool, pytest.raises(MemoryError, match="too large"):
        execute(jobs, 10, lambda *_: None, executor=pool)
    assert 1 <= len(stopped) <= 2, "the others never began"


def test_a_caller_who_takes_long_is_not_called_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock of the test's own: an epoch takes 0.01 s, the caller 1 s."""
    now, reports = [0.0], []
    monkeypatch.setattr(schedule.time, "monotonic", lambda: now[0])

    def train(on_epoch, **_):
        for epoch in range(1, 41):
            now[0] += 0.01
            on_epoch(epoch)

    def slow(done: int, _: int) -> None:
        reports.append(done)
        now[0] += 1

    task = Task(key="task", function=train, arguments=(), n_runs=1, epochs=40)
    execute([task], 40, lambda *_: None, workers=1, on_progress=slow)
    steps = [later - earlier for earlier, later in pairwise(reports[:-1])]
    assert len(steps) >= 4
    assert min(steps) >= 4, "0.05 s are five epochs"
