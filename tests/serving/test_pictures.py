"""Training for pictures: what is cut out of a longer run or goes on from a shorter one has the bits of a fresh one."""

import dataclasses
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash import Run, RunConfig, TrainingCancelled, data, train
from regdash.ensemble import batch, masks
from regdash.keyframes import keyframes, stops
from regdash.serving.pictures import joined, train_for_pictures, train_rest

BASE = {"n_samples": 60, "label_noise": 0.2, "width": 8}


def same(run: Run, other: Run) -> None:
    assert run.config == other.config
    assert run.kept_epochs == other.kept_epochs
    assert run.diverged == other.diverged
    np.testing.assert_equal(run.test_accuracy, other.test_accuracy)
    for name in ("curves", "flipped", "predicted", "axis", "surfaces"):
        np.testing.assert_array_equal(getattr(run, name), getattr(other, name), err_msg=name)


def some(rng: random.Random, n: int, **shape: float) -> list[RunConfig]:
    """Runs of one shape that differ in all else."""
    return [
        RunConfig(
            **shape,
            dropout=rng.choice([0.0, 0.3, 0.5]),
            weight_decay=rng.choice([0.0, 0.01]),
            decay=rng.choice(["l2", "decoupled"]),
            label_smoothing=rng.choice([0.0, 0.1]),
            learning_rate=rng.choice([0.02, 0.08]),
            data_seed=rng.randrange(3),
            seed=rng.randrange(3),
        )
        for _ in range(n)
    ]


def shorter(configs: Sequence[RunConfig], epochs: int) -> list[RunConfig]:
    return [config.but(epochs=epochs) for config in configs]


def test_runs_are_those_of_train_with_surfaces_and_without_weights() -> None:
    for run in train_for_pictures(some(random.Random(0), 3, **BASE, epochs=30)):
        oracle = train(run.config, snapshots=keyframes(run.config))
        same(run, oracle)
        assert run.parameters.size == 0


@pytest.mark.slow
@settings(max_examples=60)
@given(
    rng=st.randoms(use_true_random=False),
    n=st.integers(1, 4),
    epochs=st.tuples(st.integers(1, 40), st.integers(1, 40)).filter(lambda pair: pair[0] != pair[1]).map(sorted),
    shape=st.fixed_dictionaries(
        {
            "n_samples": st.sampled_from([20, 60, 150]),
            "label_noise": st.sampled_from([0.0, 0.2]),
            "width": st.sampled_from([1, 3, 8, 32, 130]),
            "depth": st.integers(1, 3),
        }
    ),
    workers=st.sampled_from([1, 2]),
)
def test_a_longer_run_goes_on_where_a_shorter_one_ended(
    rng: random.Random, n: int, epochs: list[int], shape: dict[str, float], workers: int
) -> None:
    few, many = epochs
    configs = some(rng, n, **shape, epochs=many)
    starts = train_for_pictures(shorter(configs, few), workers=workers)
    if any(start.end is None for start in starts):
        return  # one diverged: there is nothing to go on from
    fresh = train_for_pictures(configs, workers=1)
    for run, other in zip(train_for_pictures(configs, starts=starts, workers=workers), fresh, strict=True):
        same(run, other)
        assert run.end is not None or run.diverged
        if run.end is not None:
            assert other.end is not None
            np.testing.assert_array_equal(run.end.values, other.end.values)
            np.testing.assert_equal(run.end.stream, other.end.stream)


def test_going_on_in_several_steps_is_the_same_and_may_be_cut_at_each() -> None:
    (config,) = some(random.Random(3), 1, **BASE, epochs=150)
    runs: list[Run] = []
    for epochs in (5, 20, 60, 100, 150):
        runs = train_for_pictures([config.but(epochs=epochs)], starts=runs)
    (run,) = runs
    (fresh,) = train_for_pictures([config])
    same(run, fresh)
    assert set(run.tested) >= set(fresh.tested) | {5, 20, 60, 100}
    for epochs in run.tested:
        same(run.until(epochs), train_for_pictures([config.but(epochs=epochs)])[0])


@pytest.mark.parametrize("width", [3, 64, 130])
@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_shorter_run_is_cut_out_of_a_longer_one(width: int, dropout: float) -> None:
    config = RunConfig(n_samples=100, label_noise=0.1, width=width, dropout=dropout, epochs=100)
    (long,) = train_for_pictures([config])
    assert stops(config) == (20, 40, 60, 80)
    for epochs in stops(config):
        same(long.until(epochs), train_for_pictures([config.but(epochs=epochs)])[0])


def test_runs_that_diverge_are_cut_before_and_after_and_reached_from_before(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflowing(config: RunConfig) -> data.Dataset:
        made = make(config)
        return dataclasses.replace(made, x_val=made.x_val * 2e34) if config.data_seed else made

    make = data.make
    monkeypatch.setattr(batch, "make", overflowing)
    configs = [
        RunConfig(epochs=20, learning_rate=0.3, depth=3, width=100, data_seed=data_seed) for data_seed in (15, 0)
    ]
    bad, good = longs = train_for_pictures(configs)
    assert (bad.diverged, bad.end, good.diverged) == (True, None, False)
    went_well = int(np.isfinite(bad.curves[0]).sum())
    assert stops(configs[0]) == (5, 10)
    assert 0 < went_well < 20
    for epochs in stops(configs[0]):
        fresh = train_for_pictures(shorter(configs, epochs))
        for long, run in zip(longs, fresh, strict=True):
            same(long.until(epochs), run)
        assert fresh[0].diverged == (epochs > went_well)
        if epochs <= went_well:
            for run, long in zip(train_for_pictures(configs, starts=fresh), longs, strict=True):
                same(run, long)


def test_other_ways_of_drawing_masks_go_on_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masks, "numbers_can_be_shared", lambda: False)
    configs = some(random.Random(5), 3, **BASE, epochs=20)
    starts = train_for_pictures(shorter(configs, 10))
    for run, fresh in zip(train_for_pictures(configs, starts=starts), train_for_pictures(configs), strict=True):
        same(run, fresh)


def test_only_the_rest_is_trained(monkeypatch: pytest.MonkeyPatch) -> None:
    configs, epochs = some(random.Random(6), 2, **BASE, epochs=20), []
    starts = train_for_pictures(shorter(configs, 10))
    end_epochs = batch.Recorder.end_epochs

    def noting(recorder: batch.Recorder, count: int) -> None:
        before = recorder.start + recorder.count
        epochs.extend(range(before + 1, before + count + 1))
        end_epochs(recorder, count)

    monkeypatch.setattr(batch.Recorder, "end_epochs", noting)
    rests = train_rest(configs, starts=[start.without_pictures() for start in starts])
    assert epochs == list(range(11, 21))
    assert [rest.kept_epochs for rest in rests] == [(12, 14, 16, 18, 20)] * 2
    for run, config in zip(joined(starts, rests), configs, strict=True):
        same(run, train_for_pictures([config])[0])


def test_what_progress_raises_passes_through() -> None:
    def stop(*_: int) -> None:
        raise TrainingCancelled("enough")

    with pytest.raises(TrainingCancelled, match="enough"):
        train_for_pictures([RunConfig(width=128, epochs=1000)], on_progress=stop)
