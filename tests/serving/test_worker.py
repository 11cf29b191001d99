"""Training in another process: the same bits, the same manners; its loss costs time only."""

import io
import pickle
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from regdash import Run, RunConfig, TrainingCancelled, train
from regdash.serving.pictures import train_for_pictures
from regdash.serving.worker import Worker, _answer, _Train

pytestmark = pytest.mark.slow

PATIENCE = 60  # seconds after which a test gives up
SMALL = [RunConfig(epochs=3, width=4, seed=seed) for seed in range(5)]
LONG = RunConfig(epochs=1000, width=128)


def wait_until_ready(worker: Worker) -> None:
    worker.start()
    end = time.monotonic() + PATIENCE
    while not worker.is_ready and time.monotonic() < end:
        time.sleep(0.01)
    assert worker.is_ready


@pytest.fixture(scope="module")
def ready() -> Iterator[Worker]:
    worker = Worker()
    wait_until_ready(worker)
    yield worker
    worker.close()


def same(runs: Sequence[Run], configs: Sequence[RunConfig]) -> None:
    assert [run.config for run in runs] == list(configs)
    for run in runs:
        expected = train(run.config)
        np.testing.assert_array_equal(run.curves, expected.curves)
        np.testing.assert_array_equal(run.surfaces, expected.surfaces)
        assert run.test_accuracy == expected.test_accuracy
        assert run.parameters.size == 0


def test_until_it_is_started_it_trains_here() -> None:
    worker = Worker()
    same(worker(SMALL), SMALL)
    assert worker._child is None


def test_the_child_gives_the_same_runs(ready: Worker) -> None:
    assert ready.is_ready
    same(ready(SMALL), SMALL)
    same(ready(SMALL[:1]), SMALL[:1])


def test_the_child_finds_this_package_from_any_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", "1")  # Python does not look for modules in the working directory
    worker = Worker()
    wait_until_ready(worker)
    same(worker(SMALL[:1]), SMALL[:1])
    assert worker.is_ready
    worker.close()


def test_the_child_goes_on_from_shorter_runs(ready: Worker) -> None:
    starts = ready(SMALL)
    longer = [config.but(epochs=7) for config in SMALL]
    same(ready(longer, starts=starts), longer)


def test_progress_arrives_and_ends_complete(ready: Worker) -> None:
    seen: list[tuple[int, int]] = []
    ready([LONG], on_progress=lambda done, total: seen.append((done, total)))
    assert len(seen) >= 3
    assert seen == sorted(seen)
    assert seen[-1] == (1000, 1000)


def test_others_are_trained_in_between(ready: Worker) -> None:
    between: list[Run] = []

    def report(*_: int) -> None:
        if not between:
            between.extend(ready(SMALL[:2], on_progress=lambda *_: None))

    (run,) = ready([LONG], on_progress=report)
    same(between, SMALL[:2])
    assert run.config == LONG
    same(ready(SMALL[2:]), SMALL[2:])


class Superseded(BaseException):
    """Something that is no ordinary error."""


@pytest.mark.parametrize("kind", [TrainingCancelled, Superseded, KeyError])
def test_what_progress_raises_stops_the_child_and_passes_through(ready: Worker, kind: type[BaseException]) -> None:
    reports = []

    def stop(*report: int) -> None:
        reports.append(report)
        raise kind("enough")

    with pytest.raises(kind, match="enough"):
        ready([LONG], on_progress=stop)
    assert len(reports) == 1
    same(ready(SMALL), SMALL)


def test_an_error_in_the_child_reaches_the_caller(ready: Worker) -> None:
    with pytest.raises(AttributeError, match="NoneType"):
        ready([None])  # type: ignore[list-item]
    same(ready(SMALL), SMALL)


def test_a_lost_child_costs_time_only() -> None:
    worker = Worker()
    wait_until_ready(worker)
    child = worker._child
    assert child is not None

    def kill(*_: int) -> None:
        child.kill()

    (run,) = worker([LONG], on_progress=kill)
    assert run.config == LONG
    np.testing.assert_array_equal(run.curves, train_for_pictures([LONG])[0].curves)
    assert not worker.is_ready
    assert child.returncode is not None


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs a way to make a process hang")
@pytest.mark.parametrize("request_is", ["short", "longer than a pipe"])
def test_a_child_that_hangs_costs_time_only(
    request_is: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("regdash.serving.worker.SILENCE", 0.5)
    monkeypatch.setattr("regdash.serving.worker.LOOK", 0.05)
    configs, starts = SMALL, []
    if request_is != "short":  # the ends of wide networks' runs, 1.6 MB
        wide = RunConfig(epochs=2, width=256, depth=3)
        configs, starts = [wide.but(epochs=3)], train_for_pictures([wide])
    worker = Worker()
    wait_until_ready(worker)
    child = worker._child
    assert child is not None
    child.send_signal(signal.SIGSTOP)
    same(worker(configs, starts=starts), configs)
    assert "has said nothing for 0.5 s" in caplog.text
    assert not worker.is_ready
    assert child.returncode is not None


def test_a_child_lost_in_between_costs_time_only() -> None:
    worker = Worker()
    wait_until_ready(worker)
    between: list[Run] = []

    def report(*_: int) -> None:
        if not between and worker._child:
            worker._child.kill()
            between.extend(worker(SMALL[:2]))

    (run,) = worker([LONG], on_progress=report)
    same(between, SMALL[:2])
    assert run.config == LONG


def test_a_child_that_dies_while_starting_is_replaced_after_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    worker.start()
    first = worker._child
    assert first is not None
    first.kill()
    first.wait()
    same(worker(SMALL), SMALL)
    worker.start()
    assert worker._child is None
    monkeypatch.setattr("regdash.serving.worker.time.monotonic", lambda: worker._not_before + 1)
    worker.start()
    second = worker._child
    assert second is not None
    assert second is not first
    worker.close()


def test_a_child_that_cannot_be_started_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_room(*_: object, **__: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr("regdash.serving.worker.subprocess.Popen", no_room)
    worker = Worker()
    worker.start()
    assert "no process could be started" in caplog.text
    worker.start()  # not at once again
    assert len(caplog.records) == 1
    same(worker(SMALL[:1]), SMALL[:1])


def test_two_threads_start_one_child(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, started = Worker(), []
    start = worker._start

    def slow() -> None:
        started.append(1)
        time.sleep(0.05)
        start()

    monkeypatch.setattr(worker, "_start", slow)
    with ThreadPoolExecutor(4) as pool:
        for each in [pool.submit(worker.start) for _ in range(4)]:
            each.result()
    assert started == [1]
    worker.close()


def test_where_memory_runs_out_the_child_ends_and_other_errors_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("regdash.serving.worker.train_rest", fail)
    answers = io.BytesIO()
    for error in (MemoryError(), RuntimeError("can't allocate memory")):
        with pytest.raises(type(error)):
            _answer(_Train(SMALL, [], None), io.BytesIO(), answers)
    assert answers.getvalue() == b""
    error = KeyError("a mistake")
    _answer(_Train(SMALL, [], None), io.BytesIO(), answers)
    assert isinstance(pickle.loads(answers.getvalue()).error, KeyError)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there, children never end by themselves")
def test_an_idle_child_ends_and_is_replaced_at_once() -> None:
    worker = Worker(idle=0.1)
    worker.start()
    first = worker._child
    assert first is not None
    first.wait(PATIENCE)
    assert not worker.is_ready
    same(worker(SMALL[:1]), SMALL[:1])
    worker.start()
    second = worker._child
    assert second is not None
    assert second is not first
    worker.close()


def test_children_train_at_the_same_time(ready: Worker) -> None:
    second = Worker()
    wait_until_ready(second)
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(ready, SMALL), pool.submit(second, SMALL[:2], workers=1)
    same(one.result(), SMALL)
    same(other.result(), SMALL[:2])
    assert second._child is not None
    second._child.kill()
    second._child.wait()
    assert not second.is_ready
    second.start()  # it notices the loss, and leaves the next start for later
    assert second._child is None


def test_closing_ends_the_child() -> None:
    worker = Worker()
    wait_until_ready(worker)
    child = worker._child
    assert child is not None
    worker.close()
    worker.close()
    assert child.returncode is not None
    same(worker(SMALL[:1]), SMALL[:1])
