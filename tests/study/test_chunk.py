"""A chunk carries the bits of single runs, and little else, to and from an executor."""

import dataclasses
import pickle

import numpy as np
import pytest
import torch

from regdash import RunConfig, TrainingCancelled, data, train, training
from regdash.ensemble import batch, plan
from regdash.model import Network
from regdash.study import chunk as chunk_module
from regdash.study.chunk import train_chunk
from regdash.training import update

SHAPE = RunConfig(n_samples=240, train_fraction=0.5, width=8, depth=1, epochs=7)
CONFIGS = [
    SHAPE.but(dataset=dataset, dropout=dropout, weight_decay=decay, label_noise=noise, seed=seed, data_seed=seed % 2)
    for seed in range(3)
    for dataset, dropout, decay, noise in [
        ("parabola", 0.0, 0.0, 0.0), ("moons", 0.5, 0.01, 0.2), ("spirals", 0.3, 0.0, 0.5), ("xor", 0.0, 0.1, 0.2),
    ]
]  # fmt: skip


def assert_equals_single_runs(chunk, configs, surfaces_for) -> None:
    runs = [train(config, snapshots=1) for config in configs]
    np.testing.assert_array_equal(chunk.curves, np.array([run.curves for run in runs]))
    np.testing.assert_array_equal(chunk.memorised, [run.flipped[-1] for run in runs])
    np.testing.assert_array_equal(chunk.fresh_accuracy, [run.test_accuracy for run in runs])
    np.testing.assert_array_equal(chunk.diverged, [run.diverged for run in runs])
    shown = [runs[position] for position in surfaces_for]
    np.testing.assert_array_equal(chunk.surfaces, [run.surfaces[-1] for run in shown] or chunk.surfaces[:0])
    np.testing.assert_array_equal(chunk.axes, [run.axis for run in shown] or chunk.axes[:0])


@pytest.mark.parametrize("surfaces_for", [[], [0], [3, 1, 11]])
def test_it_has_the_bits_of_single_runs(surfaces_for):
    chunk = train_chunk(CONFIGS, surfaces_for)
    assert chunk.curves.dtype == chunk.memorised.dtype == chunk.axes.dtype == np.float32
    assert chunk.surfaces.dtype == np.uint8
    assert len(chunk.surfaces) == len(surfaces_for)
    assert_equals_single_runs(chunk, CONFIGS, surfaces_for)


def test_more_runs_than_fit_a_batch_are_trained_in_several(monkeypatch):
    monkeypatch.setattr(plan, "MAX_RUNS", 5)
    monkeypatch.setattr(plan, "STRETCH_FLOATS", 1)
    epochs: list[int] = []
    chunk = train_chunk(CONFIGS, [7], epochs.append)
    assert_equals_single_runs(chunk, CONFIGS, [7])
    assert epochs == sorted(epochs)
    assert epochs[-1] == SHAPE.epochs
    assert len(epochs) == 3 * SHAPE.epochs


def first_points_by_hand(config: RunConfig, count: int) -> np.float32:
    """Accuracy on the first validation points by plain evaluation of the final network."""
    made = data.make(config)
    generator = torch.Generator().manual_seed(config.seed)
    model = Network(config, generator)
    kind = torch.optim.AdamW if config.decay == "decoupled" else torch.optim.Adam
    optimizer = kind(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    for _ in range(config.epochs):
        update(config, model, optimizer, made)
    with torch.no_grad():
        right = model.eval()(made.x_val[:count]).argmax(1) == made.y_val[:count]
    return right.float().mean().numpy()


def test_the_article_judges_by_60_validation_points():
    chunk = train_chunk(CONFIGS, [])
    assert chunk.val_60_accuracy.dtype == np.float32
    assert chunk.val_60_accuracy.tolist() == [first_points_by_hand(config, 60) for config in CONFIGS]
    assert chunk.val_60_accuracy.tolist() != chunk.curves[:, 2, -1].tolist(), "there are 120 in all"


def test_all_validation_points_count_where_there_are_fewer():
    few = [config.but(n_samples=40) for config in CONFIGS]
    chunk = train_chunk(few, [])
    np.testing.assert_array_equal(chunk.val_60_accuracy, chunk.curves[:, 2, -1])


def test_diverged_runs_are_marked_and_have_no_accuracy(monkeypatch):
    def poisoned(config: RunConfig) -> data.Dataset:
        made = original(config)
        return dataclasses.replace(made, x_train=made.x_train * 5e37) if config.data_seed == 1 else made

    original = data.make
    for module in (batch, chunk_module, training):
        monkeypatch.setattr(module, "make", poisoned)
    configs = [config.but(depth=3, width=100, learning_rate=0.3) for config in CONFIGS]
    chunk = train_chunk(configs, [])
    assert_equals_single_runs(chunk, configs, [])
    assert 0 < chunk.diverged.sum() < len(configs)
    for values in (chunk.fresh_accuracy, chunk.val_60_accuracy):
        np.testing.assert_array_equal(np.isnan(values), chunk.diverged)


def test_it_stops_when_told(monkeypatch):
    monkeypatch.setattr(plan, "STRETCH_FLOATS", 1)

    def stop(epoch: int) -> None:
        epochs.append(epoch)
        if epoch == 3:
            raise TrainingCancelled

    epochs: list[int] = []
    with pytest.raises(TrainingCancelled):
        train_chunk(CONFIGS, [], stop)
    assert epochs == [1, 2, 3]


def test_the_task_and_its_result_are_small():
    configs = [RunConfig(seed=seed, data_seed=seed, dropout=0.1 * (seed % 5)) for seed in range(50)]
    assert len(pickle.dumps((train_chunk, configs, [0, 1]))) < 200 * len(configs)
    chunk = pickle.loads(pickle.dumps(train_chunk(configs, [0, 1])))
    assert len(pickle.dumps(chunk)) < len(configs) * (5 * 80 * 4 + 100) + 2 * 4000
    np.testing.assert_array_equal(chunk.curves, train_chunk(configs, []).curves)
