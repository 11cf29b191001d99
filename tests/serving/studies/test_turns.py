"""Whose turn it is: the cheapest study first, short ones pass long ones, and nobody is forgotten."""

import threading
import time

import pytest

from regdash import QueueFull
from regdash.serving.studies import StudyQueue, queue
from regdash.study import StudyResult
from tests.serving.studies.stub import PATIENCE, finished, study, until, wanted

LONG = {"epochs": 1000, "width": 64}


class Steps:
    """A runner each of whose studies reports once for each time that the test lets it."""

    def __init__(self):
        self.order, self.ended = [], []
        self.steps = threading.Semaphore(0)

    def __call__(self, spec, *, on_progress, **_) -> StudyResult:
        self.order.append(spec)
        n_reports = 3 if spec.base.epochs == LONG["epochs"] else 1
        for step in range(n_reports):
            assert self.steps.acquire(timeout=PATIENCE)
            on_progress(step + 1, n_reports)
        self.ended.append(spec)
        return finished(spec)

    def go(self, n=1000):
        for _ in range(n):
            self.steps.release()


@pytest.fixture
def steps():
    return Steps()


@pytest.fixture
def studies(steps):
    with StudyQueue(runner=steps) as made:
        yield made
        steps.go()


def test_the_cheapest_comes_first_and_equal_ones_in_the_order_asked(studies, steps):
    first = wanted(studies, study(0))
    until(lambda: steps.order)
    jobs = [wanted(studies, study(seed, seeds=n)) for seed, n in ((1, 40), (2, 4), (3, 40), (4, 2))]
    assert [job.place for job in jobs] == [3, 2, 4, 1]
    steps.go()
    for job in (first, *jobs):
        assert job.wait(PATIENCE)
    assert [spec.base.seed for spec in steps.order] == [0, 4, 2, 1, 3]


def test_a_short_study_passes_a_long_one_that_runs(studies, steps):
    long = wanted(studies, study(0, seeds=20, **LONG))
    until(lambda: steps.order)
    short = wanted(studies, study(1))
    steps.go(2)  # the long one's first report, in which the short one is trained
    assert short.wait(PATIENCE)
    assert long.state == "running"
    steps.go()
    assert long.wait(PATIENCE)
    assert steps.ended == [short.spec, long.spec]


def test_a_study_as_long_as_the_one_that_runs_waits_for_it(studies, steps):
    jobs = [wanted(studies, study(seed, seeds=20, **LONG)) for seed in range(2)]
    steps.go()
    for job in jobs:
        assert job.wait(PATIENCE)
    assert steps.ended == [job.spec for job in jobs]


def test_who_has_waited_long_enough_gets_every_third_turn(studies, steps, monkeypatch):
    monkeypatch.setattr(queue, "PATIENCE", 0.0)
    first = wanted(studies, study(0))
    until(lambda: steps.order)
    large = wanted(studies, study(1, seeds=100))
    small = [wanted(studies, study(seed)) for seed in range(2, 8)]
    steps.go()
    for job in (first, large, *small):
        assert job.wait(PATIENCE)
    assert steps.order.index(large.spec) == queue.OLDEST_EVERY - 1


def test_what_passes_a_study_takes_no_more_than_half_of_its_time_once_it_is_overdue(studies, steps, monkeypatch):
    monkeypatch.setattr(queue, "PATIENCE", 0.0)
    now = [time.monotonic()]
    monkeypatch.setattr(queue.time, "monotonic", lambda: now[0])
    long = wanted(studies, study(0, seeds=20, **LONG))
    until(lambda: steps.order)
    guests = [wanted(studies, study(seed)) for seed in (1, 2)]
    steps.go(1)
    until(lambda: len(steps.order) == 2)
    now[0] += 10.0  # the first guest takes so long
    steps.go(2)  # it ends, and the long one reports again: it is its turn, for as long
    until(lambda: long.progress > 0.5)
    assert guests[1].state == "waiting"
    now[0] += 10.0
    steps.go()
    assert guests[1].wait(PATIENCE)
    assert long.wait(PATIENCE)


def test_long_studies_cannot_shut_short_ones_out(steps):
    with StudyQueue(runner=steps, max_waiting=2) as studies:
        jobs = [wanted(studies, study(0, seeds=200, **LONG))]
        until(lambda: steps.order)
        jobs += [wanted(studies, study(seed, seeds=200, **LONG)) for seed in (1, 2)]
        assert all(job.cost > queue.SHORT for job in jobs)
        with pytest.raises(QueueFull, match="2 studies are waiting"):
            studies.submit(study(3, seeds=200, **LONG))
        short = wanted(studies, study(4))
        steps.go()
        assert short.wait(PATIENCE)


def test_a_thread_that_cannot_be_started_is_tried_again(studies, steps, monkeypatch):
    start = threading.Thread.start
    monkeypatch.setattr(threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError("no more threads")))
    with pytest.raises(RuntimeError, match="no more threads"):
        studies.submit(study(0))
    monkeypatch.setattr(threading.Thread, "start", start)
    steps.go()
    assert wanted(studies, study(0)).wait(PATIENCE)
