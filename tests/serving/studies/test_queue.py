"""The queue of studies: shared, in order, and nothing goes on that nobody watches."""

import threading
import time
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
import pytest

from regdash import RunConfig, train
from regdash.ensemble import plan
from regdash.ensemble.batch import train_batch
from regdash.errors import RegdashError
from regdash.serving.studies import HEARTBEAT, LocalPool, StudyJob, StudyQueue, Watch, job
from regdash.study import StudySpec, chunk
from tests.serving.studies.stub import FOREVER, PATIENCE, Stub, study, until, wanted


class Clock:
    """Stands still until the test moves it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        monkeypatch.setattr(job, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_a_job_goes_from_waiting_over_running_to_finished(studies, stub):
    first, second = wanted(studies, study(0)), wanted(studies, study(1))
    stub.wait_for_study()
    assert (first.state, first.place) == ("running", 0)
    assert (second.state, second.place) == ("waiting", 1)
    until(lambda: first.progress == 0.25)
    assert first.partial is not None
    assert not first.partial.complete
    assert second.partial is first.result is None
    stub.go.set()
    assert second.wait(PATIENCE)
    assert [job.state for job in (first, second)] == ["finished"] * 2
    assert first.result is first.partial
    assert first.result.complete
    assert first.progress == 1
    assert stub.started == [study(0), study(1)]


def test_places_count_from_one_in_the_order_asked_and_move_up(studies, stub):
    wanted(studies, study(0))
    stub.wait_for_study()
    jobs = [studies.submit(study(seed)) for seed in (1, 2, 3)]
    watches = [job.watch(FOREVER) for job in jobs]
    assert [job.place for job in jobs] == [1, 2, 3]
    watches[0].leave()
    assert [job.place for job in jobs] == [0, 1, 2]
    assert jobs[0].state == "cancelled"


def test_no_more_run_at_the_same_time_than_allowed(stub):
    with StudyQueue(runner=stub, max_running=2) as studies:
        jobs = [wanted(studies, study(seed)) for seed in range(6)]
        stub.wait_for_study()
        stub.wait_for_study()
        assert [job.state for job in jobs] == ["running"] * 2 + ["waiting"] * 4
        stub.go.set()
        assert all(job.wait(PATIENCE) for job in jobs)
    assert stub.most_active == 2


def test_equal_studies_share_a_job_while_waiting_running_and_finished(studies, stub):
    running = [wanted(studies, study(0)), wanted(studies, study(0))]
    stub.wait_for_study()
    running.append(wanted(studies, study(0)))
    waiting = [wanted(studies, study(1)), wanted(studies, study(1))]
    stub.go.set()
    assert waiting[0].wait(PATIENCE)
    kept = studies.submit(study(0))
    assert {*running, kept} == {running[0]}
    assert len(set(waiting)) == 1
    assert kept.state == "finished"
    assert stub.started == [study(0), study(1)]


def test_what_nobody_watches_is_stopped_and_the_next_one_starts(studies, stub):
    first = studies.submit(study(0))
    watch = first.watch(FOREVER)
    second = wanted(studies, study(1))
    stub.wait_for_study()
    watch.leave()
    stub.wait_for_study()
    assert first.state == "cancelled"
    assert first.partial is not None, "what there was can still be shown"
    assert stub.stopped == [study(0)]
    assert second.state == "running"


def test_a_study_that_was_stopped_can_be_asked_for_again(studies, stub):
    first = studies.submit(study(0))
    with first.watch(FOREVER):
        stub.wait_for_study()
    assert first.wait(PATIENCE)
    again = wanted(studies, study(0))
    stub.go.set()
    assert again.wait(PATIENCE)
    assert again is not first
    assert (first.state, again.state) == ("cancelled", "finished")


def test_nobody_joins_a_study_that_is_being_stopped(studies, stub):
    stub.may_leave.clear()
    first = studies.submit(study(0))
    with first.watch(FOREVER):
        stub.wait_for_study()
    until(lambda: stub.stopped == [study(0)])
    again = wanted(studies, study(0))
    assert (first.state, again.state) == ("cancelled", "waiting")
    stub.may_leave.set()
    stub.go.set()
    assert again.wait(PATIENCE)
    assert again.state == "finished"


def test_a_study_goes_on_for_the_one_who_stays(studies, stub):
    mine, theirs = studies.submit(study(0)), studies.submit(study(0))
    leaving, _ = mine.watch(FOREVER), theirs.watch(FOREVER)
    stub.wait_for_study()
    leaving.leave()
    until(lambda: mine.progress == 0.25)
    stub.go.set()
    assert theirs.wait(PATIENCE)
    assert theirs.state == "finished"


def test_a_watcher_is_there_until_it_has_been_silent_for_too_long(clock):
    watch = Watch(patience=3.0)
    for clock.now in (2.9, 5.8, 8.7):
        assert watch.is_there
        watch.alive()
    clock.now = 11.8
    assert not watch.is_there
    watch.alive()
    assert watch.is_there, "it was only late"
    watch.leave()
    watch.alive()
    assert not watch.is_there


def test_a_study_goes_on_while_there_are_signs_of_life_and_then_stops(studies, stub, clock):
    asked = studies.submit(study(0))
    watches = [asked.watch(), asked.watch()]
    stub.wait_for_study()
    for clock.now in (2.0, 4.0, 6.0):
        watches[1].alive()
        assert not asked.wait(0.02)
    assert (asked.state, watches[0].is_there) == ("running", False)
    clock.now = 6.1 + HEARTBEAT
    assert asked.wait(PATIENCE)
    assert asked.state == "cancelled"
    assert stub.stopped == [study(0)]


def test_a_study_that_is_asked_for_and_never_watched_is_stopped(studies, clock):
    asked = studies.submit(study(0))
    assert not asked.wait(0.02)
    clock.now = 0.1 + HEARTBEAT
    assert asked.wait(PATIENCE)
    assert asked.state == "cancelled"


def test_who_asks_second_has_time_to_watch_too(studies, stub):
    first, second = studies.submit(study(0)), studies.submit(study(0))
    with first.watch(FOREVER):
        stub.wait_for_study()
    until(lambda: first.progress == 0.25)
    assert second.is_wanted, "the second visitor is about to come"
    second.watch(FOREVER)
    stub.go.set()
    assert second.wait(PATIENCE)
    assert second.state == "finished"


def test_an_error_reaches_only_those_who_asked_and_the_log(studies, stub, caplog):
    stub.failing[study(1)] = MemoryError("too large")
    jobs = [wanted(studies, study(seed)) for seed in range(3)]
    stub.go.set()
    assert all(job.wait(PATIENCE) for job in jobs)
    assert [job.state for job in jobs] == ["finished", "failed", "finished"]
    assert str(jobs[1].error) == "too large"
    assert jobs[0].error is jobs[2].error is None
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.exc_info[1] is jobs[1].error
    stub.failing.clear()
    again = wanted(studies, study(1))
    assert again.wait(PATIENCE)
    assert again.state == "finished", "an error is not kept"


def test_an_executor_that_cannot_be_made_fails_the_job_and_local_still_works(stub):
    def unreachable() -> Executor:
        raise RegdashError("no scheduler answers")

    stub.go.set()
    with StudyQueue(runner=stub, executor_factory=unreachable) as studies:
        failed = wanted(studies, study(0))
        assert failed.wait(PATIENCE)
        assert (failed.state, str(failed.error)) == ("failed", "no scheduler answers")
        local = studies.submit(study(0), local=True)
        assert local.wait(PATIENCE)
        assert local.state == "finished"
    assert isinstance(stub.executors[0], LocalPool)


def test_each_study_gets_its_own_executor_which_is_shut_down(stub):
    stub.go.set()
    with StudyQueue(runner=stub, executor_factory=lambda: ThreadPoolExecutor(1)) as studies:
        for seed in range(2):
            assert wanted(studies, study(seed)).wait(PATIENCE)
    assert stub.executors[0] is not stub.executors[1]
    for executor in stub.executors:
        with pytest.raises(RuntimeError, match="after shutdown"):
            executor.submit(int)


def test_time_left_follows_the_pace_so_far(studies, stub, monkeypatch):
    monkeypatch.setattr(job, "FIRST_GUESS", 0.0)
    running, waiting = wanted(studies, study(0)), wanted(studies, study(1))
    assert waiting.seconds_left is None
    stub.wait_for_study()
    until(lambda: running.seconds_left is not None)
    running.report(1.0)
    assert running.seconds_left == 0
    stub.go.set()
    assert running.wait(PATIENCE)
    assert running.seconds_left is None


def test_time_left_is_what_is_left_at_the_measured_rate(clock):
    some = StudyJob(study(), None, ThreadPoolExecutor, lambda _: 0)
    some.state, clock.now = "running", 100.0
    some.report(0.5)  # these runs were known before
    assert some.seconds_left is None
    clock.now += 2
    some.report(0.6)  # a tenth in 2 seconds, so 8 are left
    assert some.seconds_left == pytest.approx(8)
    clock.now += 1
    assert some.seconds_left == pytest.approx(7)


def test_closing_cancels_what_waits_and_runs_and_ends_the_threads(stub):
    studies = StudyQueue(runner=stub)
    running, waiting = wanted(studies, study(0)), wanted(studies, study(1))
    stub.wait_for_study()
    studies.close()
    assert (running.state, waiting.state) == ("cancelled", "cancelled")
    assert stub.stopped == [study(0)]
    assert not studies._threads
    with pytest.raises(RegdashError, match="closed"):
        studies.submit(study(2))


def test_many_threads_at_once():
    """Visitors come, join, leave at once, cause errors: all jobs end, bounds hold, errors stay where they belong."""
    stub, outcomes = Stub(), []
    stub.go.set()
    stub.failing = {study(3): ValueError("three")}

    def visit(number: int) -> None:
        spec = study(number % 7)
        asked = studies.submit(spec)
        watch = asked.watch(0.001 if number % 11 == 0 else FOREVER)
        if number % 5 == 0:
            watch.leave()
            outcomes.append("left")
            return
        assert asked.place in range(8)
        outcomes.append(asked.state if asked.wait(PATIENCE) else "never")
        if asked.state == "finished":
            assert asked.result.spec == spec
        assert (asked.state == "failed") <= (spec == study(3))

    with StudyQueue(runner=stub, max_running=2) as studies:
        threads = [threading.Thread(target=visit, args=(number,)) for number in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert len(outcomes) == 200
    assert "never" not in outcomes
    assert set(outcomes) - {"left"} <= {"finished", "cancelled", "failed"}
    assert stub.most_active <= 2


def test_results_are_those_of_train_also_on_a_busy_machine():
    with StudyQueue(busy=lambda: True) as studies:
        asked = wanted(studies, study(seeds=3))
        assert asked.wait(PATIENCE)
    assert asked.error is None
    singles = [train(config) for config in asked.spec.configs()]
    fresh = np.array([run.test_accuracy for run in singles]).reshape(2, 3)
    np.testing.assert_array_equal(asked.result.fresh_accuracy, fresh.astype(np.float32))
    curves = np.stack([run.curves for run in singles]).reshape(2, 3, 5, -1)
    np.testing.assert_array_equal(asked.result.curves, curves.astype(np.float32))


def test_nothing_goes_on_once_the_last_watcher_has_left(monkeypatch):
    epochs: list[int] = []

    def counted(*asked, on_epoch, **options):
        return train_batch(*asked, on_epoch=lambda epoch: (epochs.append(epoch), on_epoch(epoch)), **options)

    monkeypatch.setattr(chunk, "train_batch", counted)
    monkeypatch.setattr(plan, "STRETCH_FLOATS", 1)  # so that epochs can be watched one by one
    before = set(threading.enumerate())
    base = RunConfig(n_samples=100, width=32, epochs=1000)  # one run of it goes on for longer than this test
    with StudyQueue() as studies:
        asked = studies.submit(StudySpec(base=base, sweep={"width": [32, 256]}, seeds=4))
        with asked.watch(FOREVER):
            until(lambda: len(epochs) > 20)
        assert asked.wait(PATIENCE)
        until(lambda: set(threading.enumerate()) <= before)
        n_epochs = len(epochs)
        time.sleep(0.1)
        assert len(epochs) == n_epochs
        assert max(epochs) < 1000
    assert asked.state == "cancelled"
    assert asked.result is None


def test_a_job_counts_those_who_watch_it(studies, stub):
    job = studies.submit(study(0))
    watches = [job.watch() for _ in range(3)]
    assert job.n_watching == 3
    watches[0].leave()
    assert job.n_watching == 2
    stub.go.set()


def test_who_has_left_does_not_count_as_waiting():
    stub = Stub()
    with StudyQueue(runner=stub) as studies:
        wanted(studies, study())
        stub.wait_for_study()
        assert studies.n_waiting == 0, "it runs"
        watches = [studies.submit(study(seed)).watch(FOREVER) for seed in (1, 2)]
        assert studies.n_waiting == 2
        watches[0].leave()
        assert studies.n_waiting == 1
        stub.go.set()
