"""A study is its single runs, bit by bit, wherever it is trained; it is watched, stopped, and continued."""

import multiprocessing
import threading
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import count

import numpy as np
import pytest
import torch

from regdash import RunConfig, StudyError, StudyResult, StudySpec, TrainingCancelled, run_study, train
from regdash.data import make
from regdash.ensemble import schedule
from regdash.study import run as run_module
from regdash.study.chunk import Chunk

ARRAYS = (
    "curves", "memorised", "fresh_accuracy", "val_60_accuracy", "diverged", "collapsed", "done", "surfaces", "axis",
)  # fmt: skip
BASE = RunConfig(n_samples=80, width=9, epochs=12, label_noise=0.2, weight_decay=0.01, seed=5, data_seed=2**31 - 2)
STUDIES = {
    "dropout and decay": StudySpec(base=BASE, sweep={"dropout": [0, 0.3, 0.6], "weight_decay": [0, 0.1]}, seeds=4),
    "shapes": StudySpec(base=BASE, sweep={"width": [1, 16, 33], "depth": [1, 2, 3]}, seeds=3, data_seeds="fixed"),
    "data": StudySpec(base=BASE, sweep={"dataset": ["moons", "xor"], "label_noise": [0, 0.5]}, seeds=[9, 2, 77]),
    "lengths": StudySpec(base=BASE.but(decay="decoupled"), sweep={"epochs": [3, 30], "n_samples": [20, 300]}, seeds=2),
    "one run": StudySpec(base=BASE, sweep={"learning_rate": [0.5]}, seeds=1),
}
SPEC = STUDIES["dropout and decay"]
LONG = StudySpec(base=RunConfig(epochs=400, width=64), sweep={"dropout": [0.1, 0.3, 0.5]}, seeds=40)
PATIENCE = 20  # seconds after which a test gives up; nothing here waits that long unless something is wrong


class AtOnce(Executor):
    """An executor that runs each task before `submit` returns, and remembers how many runs each had."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def submit(self, fn, /, *args, **kwargs):
        self.sizes.append(len(args[0]))
        future: Future = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture(scope="module")
def results() -> dict[str, StudyResult]:
    return {name: run_study(spec) for name, spec in STUDIES.items()}


def assert_same(result: StudyResult, expected: StudyResult) -> None:
    assert result.spec == expected.spec
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(result, name), getattr(expected, name), err_msg=name)


@pytest.mark.parametrize("name", STUDIES)
def test_its_numbers_are_those_of_single_runs(results, name):
    result, spec = results[name], STUDIES[name]
    assert result.complete
    for cell in range(spec.n_cells):
        for replicate in range(spec.n_seeds):
            run = train(spec.config(cell, replicate))
            curves = result.curves[cell, replicate]
            np.testing.assert_array_equal(curves[:, : run.config.epochs], run.curves)
            assert np.isnan(curves[:, run.config.epochs :]).all()
            assert result.fresh_accuracy[cell, replicate] == run.test_accuracy
            np.testing.assert_array_equal(result.memorised[cell, replicate], run.flipped[-1])
            assert result.diverged[cell, replicate] == run.diverged
            right = run.predicted[-1, run.config.n_train :] == make(run.config).y_val.numpy()
            assert result.val_60_accuracy[cell, replicate] == np.float32(right[:60].sum()) / np.float32(len(right[:60]))
            if replicate == 0:
                np.testing.assert_array_equal(result.surfaces[cell], run.surfaces[-1])
                np.testing.assert_array_equal(result.axis[cell], run.axis)


@pytest.mark.parametrize("name", STUDIES)
def test_the_executor_changes_nothing(results, name):
    with ThreadPoolExecutor(3) as pool:
        assert_same(run_study(STUDIES[name], executor=pool), results[name])
    assert_same(run_study(STUDIES[name], executor=AtOnce()), results[name])


@pytest.mark.slow
def test_processes_change_nothing(results):
    calls: list[tuple[int, int]] = []
    with ProcessPoolExecutor(
        2, mp_context=multiprocessing.get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        for name, spec in STUDIES.items():
            calls.clear()
            assert_same(run_study(spec, executor=pool, on_progress=lambda *call: calls.append(call)), results[name])
            assert calls[-1][0] == calls[-1][1] == sum(config.epochs for config in spec.configs())


@pytest.mark.parametrize("seconds", [1e-9, 1e9])
def test_the_size_of_chunks_changes_nothing(results, monkeypatch, seconds):
    monkeypatch.setattr("regdash.study.plan.CHUNK_SECONDS", seconds)
    executor = AtOnce()
    assert_same(run_study(SPEC, executor=executor), results["dropout and decay"])
    assert max(executor.sizes) == (1 if seconds < 1 else SPEC.n_runs)


def test_a_grid_of_runs_is_never_one_task_a_run():
    executor = AtOnce()
    run_study(StudySpec(base=RunConfig(epochs=20), sweep={"dropout": [0, 0.2, 0.4]}, seeds=40), executor=executor)
    assert min(executor.sizes) >= 20


# --- watching ---


def test_progress_counts_model_epochs_in_the_callers_thread(monkeypatch):
    monkeypatch.setattr(schedule, "REPORT_EVERY", 1e-4)
    calls: list[tuple[int, int]] = []
    threads: set[int] = set()

    def note(done: int, total: int) -> None:
        calls.append((done, total))
        threads.add(threading.get_ident())

    spec = StudySpec(base=BASE.but(epochs=60), sweep={"epochs": [40, 100]}, seeds=60)
    run_study(spec, on_progress=note)
    done = [d for d, _ in calls]
    assert {total for _, total in calls} == {60 * 140}
    assert done == sorted(done)
    assert done[-1] == 60 * 140
    assert len(calls) > 5
    assert threads == {threading.get_ident()}


def test_partial_results_grow_and_are_true_as_far_as_they_go(monkeypatch):
    monkeypatch.setattr(run_module, "RESULT_EVERY", 0)
    monkeypatch.setattr(run_module, "RESULT_SHARE", 1e9)
    monkeypatch.setattr("regdash.study.plan.CHUNK_SECONDS", 1e-9)  # a run at a time
    partial: list[StudyResult] = []
    threads: set[int] = set()

    def keep(result: StudyResult) -> None:
        partial.append(result)
        threads.add(threading.get_ident())

    complete = run_study(SPEC, on_result=keep, executor=AtOnce())
    assert threads == {threading.get_ident()}
    assert [result.n_done for result in partial] == list(range(1, SPEC.n_runs))
    for result in partial:
        done = result.done
        np.testing.assert_array_equal(result.curves[done], complete.curves[done])
        assert np.isnan(result.curves[~done]).all()
        assert result.runs["fresh_accuracy"].isna().sum() == (~done).sum()
        shown = done[:, 0]
        np.testing.assert_array_equal(result.surfaces[shown], complete.surfaces[shown])
        assert (result.surfaces[~shown] == 128).all()
    assert partial[SPEC.n_cells - 1].done[:, 0].all(), "all cells of the first seed come first"


def test_partial_results_are_rare():
    calls: list[StudyResult] = []
    run_study(SPEC, on_result=calls.append, executor=AtOnce())
    assert len(calls) <= 1, "the first one comes at once, the next not within a quarter of a second"


# --- stopping ---


class Stop(BaseException):
    """Not an `Exception`: even that must pass through."""


@pytest.mark.parametrize("kind", [TrainingCancelled, Stop, RuntimeError])
@pytest.mark.parametrize("listener", ["on_progress", "on_result"])
def test_what_a_listener_raises_ends_the_study_and_reaches_the_caller(kind, listener):
    def stop(*_: object) -> None:
        raise kind("enough")

    before = set(threading.enumerate())
    with pytest.raises(kind, match="enough"):
        run_study(LONG, **{listener: stop})
    assert set(threading.enumerate()) <= before


def test_a_stopped_study_leaves_the_callers_pool_usable_and_idle(results):
    def stop(*_: object) -> None:
        raise TrainingCancelled

    with ThreadPoolExecutor(2) as pool:
        with pytest.raises(TrainingCancelled):
            run_study(LONG, executor=pool, on_progress=stop)
        assert_same(run_study(SPEC, executor=pool), results["dropout and decay"])


def test_the_error_of_a_chunk_reaches_the_caller_and_stops_the_others(monkeypatch):
    """The first chunk fails when another one has begun; that one ends only by the flag it sees between epochs."""
    another_began, turns, stopped = threading.Event(), count(), []

    def failing(_configs, _surfaces_for, on_epoch) -> Chunk:
        if next(turns) == 0:
            assert another_began.wait(PATIENCE)
            raise MemoryError("too large")
        another_began.set()
        try:
            while True:
                on_epoch(1)
                time.sleep(0.001)
        except TrainingCancelled:
            stopped.append(True)
            raise

    monkeypatch.setattr(run_module, "train_chunk", failing)
    monkeypatch.setattr("regdash.study.plan.CHUNK_SECONDS", 1e-9)
    with ThreadPoolExecutor(2) as pool, pytest.raises(MemoryError, match="too large"):
        run_study(SPEC, executor=pool)
    assert 1 <= len(stopped) == next(turns) - 1 <= 2, "of 24 chunks, only those began for which a thread was free"


# --- continuing ---


def test_seeds_are_added_without_training_the_old_ones_again(results):
    executor, calls = AtOnce(), []
    more = SPEC.with_seeds(7)
    extended = run_study(
        more, known=results["dropout and decay"], executor=executor, on_progress=lambda *call: calls.append(call)
    )
    assert sum(executor.sizes) == 3 * SPEC.n_cells
    assert calls[-1] == (3 * SPEC.n_cells * BASE.epochs,) * 2
    assert_same(extended, run_study(more))


def test_fewer_seeds_need_no_training_at_all(results):
    executor = AtOnce()
    fewer = run_study(SPEC.with_seeds(2), known=results["dropout and decay"], executor=executor)
    assert executor.sizes == []
    assert_same(fewer, run_study(SPEC.with_seeds(2)))


def test_a_study_that_was_stopped_goes_on_where_it_was(results, monkeypatch):
    monkeypatch.setattr("regdash.study.plan.CHUNK_SECONDS", 1e-9)
    partial: list[StudyResult] = []

    def stop(result: StudyResult) -> None:
        partial.append(result)
        raise TrainingCancelled

    with pytest.raises(TrainingCancelled):
        run_study(SPEC, on_result=stop, executor=AtOnce())
    executor = AtOnce()
    assert_same(run_study(SPEC, known=partial[0], executor=executor), results["dropout and decay"])
    assert sum(executor.sizes) == SPEC.n_runs - partial[0].n_done


def test_other_seeds_in_another_order_are_recognised(results):
    known = results["dropout and decay"]
    spec = SPEC.but(seeds=[6, 5, 7], data_seeds="fixed")  # replicate 0 of `known` had the same data seed
    executor = AtOnce()
    result = run_study(spec, known=known, executor=executor)
    assert_same(result, run_study(spec))
    fixed = run_study(SPEC.but(data_seeds="fixed"))
    executor = AtOnce()
    assert_same(run_study(spec, known=fixed, executor=executor), result)
    assert sum(executor.sizes) == SPEC.n_cells, "the first one anew, since its surface was not kept"


@pytest.mark.parametrize(
    "other", [SPEC.but(base=BASE.but(width=8)), SPEC.but(sweep={"dropout": [0, 0.3, 0.6]})], ids=["base", "sweep"]
)
def test_a_result_of_another_study_is_refused(results, other):
    with pytest.raises(StudyError, match="same base and sweep"):
        run_study(other, known=results["dropout and decay"])


def test_the_known_result_is_left_as_it_was(results):
    known = results["dropout and decay"].copy()
    run_study(SPEC.with_seeds(5), known=known).curves[:] = 0
    assert_same(known, results["dropout and decay"])


def test_process_wide_state_is_left_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), torch.get_num_threads()
    run_study(SPEC)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])
    assert torch.get_num_threads() == before[2]
