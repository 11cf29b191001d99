"""A stop of the strength slider, decoded from what is sent, is the run that `regdash.train` gives."""

import json
import zlib
from dataclasses import dataclass

import numpy as np
import pytest

from regdash import data, train
from regdash.figures.explore.boundary import Points, wrong
from regdash.figures.explore.strength import CURVES, EPOCHS, differences, encoded, shown_epochs
from regdash.results import HISTORY_COLUMNS
from regdash.serving.pictures import train_for_pictures
from regdash.teaching.scenarios import NOISY
from regdash.ui.common import controls


@dataclass
class Decoded:
    header: dict
    surfaces: np.ndarray
    wrong: np.ndarray
    curves: np.ndarray


def decode(piece):
    """As the page's script does, written from the description."""
    end = 4 + int.from_bytes(piece[:4], "little")
    header = json.loads(piece[4:end])
    rest = zlib.decompress(piece[end:])
    shape = (len(header["epochs"]), header["side"], header["side"])
    cells, bits = int(np.prod(shape)), shape[0] * -(-header["points"] // 8)
    steps = np.frombuffer(rest[:cells], np.uint8).reshape(shape).astype(np.int64)
    marks = np.frombuffer(rest[cells : cells + bits], np.uint8).reshape(shape[0], -1)
    return Decoded(
        header=header,
        surfaces=steps.cumsum(axis=1).cumsum(axis=2) % 256,
        wrong=np.unpackbits(marks, axis=1, count=header["points"], bitorder="little"),
        curves=np.frombuffer(rest[cells + bits :], "<f4").reshape(len(CURVES), header["last"]),
    )


def points_of(config, axis):
    drawn = data.make(config)
    return Points(
        x=np.concatenate([drawn.x_train, drawn.x_val]),
        labels=np.concatenate([drawn.y_train, drawn.y_val]).astype(np.uint8),
        n_train=config.n_train,
        flipped=drawn.flipped.numpy(),
        truth=data.true_scores(config.dataset, axis),
    )


def assert_is(found, run, points):
    """What was decoded is the run, to the last bit of what a picture shows."""
    slots = [run.kept_epochs.index(epoch) for epoch in found.header["epochs"]]
    np.testing.assert_array_equal(found.surfaces, run.surfaces[slots])
    np.testing.assert_array_equal(found.wrong, wrong(run, points)[slots])
    for name, curve in zip(CURVES, found.curves, strict=True):
        expected = run.history[name] if name in HISTORY_COLUMNS else run.flipped
        np.testing.assert_array_equal(curve, np.asarray(expected, dtype=np.float32))
    assert found.header["fresh"] == run.test_accuracy
    assert found.header["best"] == run.history["val_loss"].idxmin()


@pytest.mark.parametrize("name", ["dropout", "weight_decay"])
def test_every_stop_is_the_run_that_train_gives(small, name):
    configs = [small.but(**{name: stop}) for stop in controls.stops(name)]
    for config, run in zip(configs, train_for_pictures(configs), strict=True):
        points = points_of(config, run.axis)
        assert_is(decode(encoded(run, points)), train(config, snapshots=run.kept_epochs), points)


def test_at_nothing_it_is_the_free_network(small):
    (run,) = train_for_pictures([small.but(dropout=0.0)])
    points = points_of(small, run.axis)
    free = train(small.but(dropout=0.0, weight_decay=0.0, label_smoothing=0.0), snapshots=run.kept_epochs)
    assert_is(decode(encoded(run, points)), free, points)


def test_a_run_that_diverged_has_no_accuracy_on_fresh_points(arms):
    run = train(arms[0].run.config.but(learning_rate=1.0, weight_decay=1.0, epochs=3))
    object.__setattr__(run, "diverged", True)
    assert decode(encoded(run, points_of(run.config, run.axis))).header["fresh"] is None


def test_the_last_epoch_is_always_there(small):
    for epochs in (1, 2, 15, 16, 17, 200):
        (run,) = train_for_pictures([small.but(epochs=epochs, width=1)])
        shown = shown_epochs(run)
        assert shown[-1] == epochs
        assert len(shown) == min(EPOCHS, len(run.kept_epochs))


def test_differences_are_nothing_on_a_plane_and_can_be_added_up():
    rng = np.random.default_rng(7)
    levels = rng.integers(0, 256, size=(3, 5, 5), dtype=np.uint8)
    steps = differences(levels).astype(np.int64)
    np.testing.assert_array_equal(steps.cumsum(axis=1).cumsum(axis=2) % 256, levels)
    row, column = np.mgrid[0:5, 0:5].astype(np.uint8)
    assert not differences((2 * row + 3 * column)[None])[0, 1:, 1:].any()


@pytest.mark.slow
def test_the_opening_scenario_takes_300_kb(small):
    assert small.width != NOISY.width
    runs = train_for_pictures([NOISY.but(dropout=stop) for stop in controls.stops("dropout")])
    points = points_of(NOISY, runs[0].axis)
    assert sum(len(encoded(run, points)) for run in runs) <= 300_000
