"""What can happen to `train_many` on the way: runs that diverge, callers that stop it, progress that is watched."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from regdash import RunConfig, TrainingCancelled, data, train, training
from regdash.ensemble import batch, plan, recorder, schedule, train_many
from tests.ensemble.test_train_many import SMALL, assert_equal

pytestmark = pytest.mark.equality

WIDE = RunConfig(epochs=20, learning_rate=0.3, depth=3, width=100)


@pytest.fixture
def poisoned(monkeypatch) -> dict[int, str]:
    """Data seeds whose points are so large that logits or losses overflow: after some epochs, or at once."""

    def make(config: RunConfig) -> data.Dataset:
        made = original(config)
        match seeds.get(config.data_seed):
            case "validation":
                return dataclasses.replace(made, x_val=made.x_val * 2e34)
            case "later":
                return dataclasses.replace(made, x_train=made.x_train * 3e37)
            case "at once":
                return dataclasses.replace(made, x_train=made.x_train * 5e37)
            case _:
                return made

    original, seeds = data.make, {15: "validation", 16: "later", 13: "at once"}
    monkeypatch.setattr(batch, "make", make)
    monkeypatch.setattr(training, "make", make)
    return seeds


@pytest.mark.usefixtures("poisoned")
def test_diverged_runs_are_the_oracles_and_do_not_disturb_their_neighbours():
    one_smoothing = [
        WIDE.but(data_seed=1), WIDE.but(data_seed=15), WIDE.but(data_seed=16), WIDE.but(data_seed=13),
        WIDE.but(data_seed=2), WIDE.but(data_seed=1, dropout=0.0), WIDE.but(data_seed=15, dropout=0.0),
    ]  # fmt: skip
    configs = [config.but(label_smoothing=s) for s in (0.0, 0.1) for config in one_smoothing]
    expected = [train(config) for config in configs]
    epochs_that_went_well = [int(np.isfinite(run.curves[0]).sum()) for run in expected[:7]]
    fine, validation, later, at_once, *_ = epochs_that_went_well
    assert (fine, at_once) == (WIDE.epochs, 0)
    assert 0 < validation < WIDE.epochs
    assert 0 < later < WIDE.epochs
    assert_equal(train_many(configs), expected)
    assert_equal(train_many(configs[:5], workers=1), expected[:5])


@pytest.mark.usefixtures("poisoned")
def test_a_batch_in_which_every_run_has_diverged_ends(monkeypatch):
    monkeypatch.setattr(recorder, "_BUFFER_FLOATS", 2**14)  # so that it notices soon
    configs = [WIDE.but(data_seed=13, seed=seed, epochs=200) for seed in range(7, 9)]
    epochs: list[int] = []
    batch.train_batch(configs, 1, on_epoch=epochs.append)
    assert len(epochs) < 20
    assert_equal(train_many(configs), [train(c) for c in configs])


class Stop(BaseException):
    """Not an `Exception`: even that must pass through."""


@pytest.mark.parametrize("kind", [TrainingCancelled, Stop])
@pytest.mark.parametrize("n_batches", [1, 2, 5])
def test_what_progress_raises_ends_the_training_and_reaches_the_caller(kind, n_batches):
    def stop(done: int, total: int) -> None:
        raise kind(f"{done} of {total}")

    configs = [RunConfig(epochs=1000, width=64 + i % n_batches) for i in range(20)]
    before = set(threading.enumerate())
    with pytest.raises(kind):
        train_many(configs, on_progress=stop, workers=2 if n_batches > 1 else None)
    assert set(threading.enumerate()) <= before


def test_an_executor_of_the_callers_is_left_usable_after_a_stop():
    def stop(*_: int) -> None:
        raise TrainingCancelled

    with ThreadPoolExecutor(2) as pool:
        with pytest.raises(TrainingCancelled):
            train_many([RunConfig(epochs=1000, width=w) for w in (64, 65, 66, 67)], executor=pool, on_progress=stop)
        assert_equal(train_many([SMALL], executor=pool), [train(SMALL)])


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_model_epochs_in_the_callers_thread(workers, monkeypatch):
    monkeypatch.setattr(schedule, "REPORT_EVERY", 1e-4)
    monkeypatch.setattr(plan, "STRETCH_FLOATS", 1)  # it could report after every epoch
    configs = [RunConfig(epochs=e, seed=s, width=8) for e in (30, 120) for s in range(15)]
    calls: list[tuple[int, int]] = []
    threads = set()

    def note(done: int, total: int) -> None:
        calls.append((done, total))
        threads.add(threading.get_ident())
        assert not torch.is_inference_mode_enabled()
        assert torch._C._get_graph_executor_optimize()

    train_many(configs, on_progress=note, workers=workers)
    done = [d for d, _ in calls]
    assert {total for _, total in calls} == {15 * 150}
    assert done == sorted(done)
    assert done[-1] == 15 * 150
    assert len(calls) >= 10
    assert threads == {threading.get_ident()}


def test_a_short_call_reports_its_end_only():
    calls: list[tuple[int, int]] = []
    train_many([SMALL.but(epochs=1)], on_progress=lambda *counts: calls.append(counts))
    assert calls == [(1, 1)]


def test_process_wide_state_is_left_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state(), np.random.get_state()[1].copy(), torch.get_num_threads()
    train_many([SMALL, SMALL.but(width=9)], workers=2)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.array_equal(np.random.get_state()[1], before[1])
    assert torch.get_num_threads() == before[2]
