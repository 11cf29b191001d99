"""`Run`: boundaries from kept weights, the history frame and the summary."""

import math
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from regdash import ConfigError, Run, RunConfig, SnapshotError, data, train, train_many
from regdash.results import GRID_SIDE, HISTORY_COLUMNS, grid_axis, level_probabilities, snapshot_epochs
from tests.oracle import network, torch_threads

CONFIGS = {
    "article": RunConfig(),
    "one layer, noise": RunConfig(depth=1, width=5, label_noise=0.2, dataset="moons", epochs=30),
    "widest": RunConfig(depth=3, width=256, dropout=0.0, epochs=6, dataset="spirals"),
    "narrowest": RunConfig(depth=3, width=1, epochs=45, dataset="blobs"),
}


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    with torch_threads(1):
        yield


@pytest.fixture(scope="module", params=CONFIGS)
def run(request: pytest.FixtureRequest) -> Run:
    return train(CONFIGS[request.param])


def rebuilt(run: Run, epoch: int) -> torch.nn.Module:
    """A torch network with the weights that `run` kept of `epoch`."""
    with torch.random.fork_rng(devices=[]):
        model = network(run.config).eval()
    weights = torch.from_numpy(run.parameters[run.kept_epochs.index(epoch)])
    torch.nn.utils.vector_to_parameters(weights, model.parameters())
    return model


def torch_probability(run: Run, epoch: int, x: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return rebuilt(run, epoch)(torch.from_numpy(x)).softmax(dim=1)[:, 1].numpy()


def test_boundary_is_a_square_of_probabilities(run: Run) -> None:
    for epoch in run.kept_epochs:
        surface = run.boundary(epoch)
        assert (surface.shape, surface.dtype) == ((GRID_SIDE, GRID_SIDE), np.float32)
        assert ((surface >= 0) & (surface <= 1)).all()


def test_boundary_is_the_torch_networks_softmax(run: Run) -> None:
    for epoch in run.kept_epochs:
        expected = torch_probability(run, epoch, run.grid).reshape(GRID_SIDE, GRID_SIDE)
        # Two libraries add 256 products in different orders, and some logits are in the hundreds.
        np.testing.assert_allclose(run.boundary(epoch), expected, atol=3e-5, rtol=0)


def test_rows_of_the_boundary_are_x1_and_columns_x0(run: Run) -> None:
    epoch = run.kept_epochs[-1]
    row, column = 3, 33
    point = np.array([[run.axis[column], run.axis[row]]], dtype=np.float32)
    expected = torch_probability(run, epoch, point)[0]
    assert run.boundary(epoch)[row, column] == pytest.approx(expected, abs=1e-5)


def test_surfaces_are_levels_of_the_boundary(run: Run) -> None:
    """Each level is round(255·σ(z / 4)), so it stands for the boundary's probability to within half a level."""
    probabilities = level_probabilities()
    assert (probabilities.shape, probabilities.dtype) == ((256,), np.float32)
    assert probabilities[[0, 255]] == pytest.approx([0, 1], abs=1e-6)
    assert (np.diff(probabilities) >= 0).all()
    for epoch, levels in zip(run.kept_epochs, run.surfaces, strict=True):
        p = run.boundary(epoch).astype(np.float64).clip(1e-7, 1 - 1e-7)
        soft = 255 / (1 + ((1 - p) / p) ** 0.25)
        certain = (p < 1e-5) | (p > 1 - 1e-5)  # float32 has no digits left for the logit there
        assert np.abs(levels - soft)[~certain].max(initial=0) < 0.51
        np.testing.assert_array_equal(levels >= 128, p > 0.5)
        assert np.abs(probabilities[levels] - p).max() < 0.01


def test_a_diverged_epoch_has_a_neutral_surface(run: Run) -> None:
    lost = replace(run, parameters=np.full_like(run.parameters, np.nan))
    assert (lost.surfaces == 128).all()


def test_the_grid_covers_every_point_with_a_margin(run: Run) -> None:
    made = data.make(run.config)
    reach = torch.cat([made.x_train, made.x_val]).abs().max().item()
    assert (run.axis.shape, run.axis.dtype) == ((GRID_SIDE,), np.float32)
    assert (np.diff(run.axis) > 0).all()
    assert run.axis[0] == -run.axis[-1]
    assert run.axis[-1] >= reach + 0.15
    assert run.grid.shape == (GRID_SIDE**2, 2)


@given(reach=st.floats(0.01, 50), margin=st.floats(0, 1))
def test_grid_axis_is_just_large_enough(reach: float, margin: float) -> None:
    points = np.array([[reach, 0.0], [-margin * reach, reach / 2]], dtype=np.float32)
    half = float(grid_axis(points)[-1])
    assert reach + 0.19 <= half <= reach + 0.71
    assert (2 * half).is_integer()


def test_kept_weights_give_the_accuracies_of_the_history(run: Run) -> None:
    made = data.make(run.config)
    labels = torch.cat([made.y_train, made.y_val]).numpy()
    n_train = run.config.n_train
    assert run.predicted.shape == (len(run.kept_epochs), run.config.n_samples)
    for predicted, epoch in zip(run.predicted, run.kept_epochs, strict=True):
        right = predicted == labels
        assert right[:n_train].mean() == pytest.approx(run.history.loc[epoch, "train_accuracy"], abs=1e-6)
        assert right[n_train:].mean() == pytest.approx(run.history.loc[epoch, "val_accuracy"], abs=1e-6)
        with torch.no_grad():
            logits = rebuilt(run, epoch)(made.x_val)
        assert (logits.argmax(dim=1).numpy() == predicted[n_train:]).mean() > 0.98  # a tie may fall either way


def test_fresh_accuracy_is_the_last_networks(run: Run) -> None:
    made = data.make(run.config)
    with torch.no_grad():
        right = rebuilt(run, run.config.epochs)(made.x_fresh).argmax(dim=1) == made.y_fresh
    assert run.test_accuracy == pytest.approx(right.float().mean().item(), abs=5e-4)


def test_history_is_a_tidy_frame(run: Run) -> None:
    history = run.history
    assert isinstance(history, pd.DataFrame)
    assert history.index.name == "epoch"
    assert history.index.tolist() == list(range(1, run.config.epochs + 1))
    assert tuple(history.columns) == HISTORY_COLUMNS
    assert HISTORY_COLUMNS == ("train_accuracy", "train_accuracy_dropout_on", "val_accuracy", "train_loss", "val_loss")
    assert (history.dtypes == np.float64).all()
    assert history.notna().all().all()
    accuracies = history[list(HISTORY_COLUMNS[:3])]
    assert ((accuracies >= 0) & (accuracies <= 1)).all().all()
    assert (history[["train_loss", "val_loss"]] >= 0).all().all()


def test_summary_repeats_the_numbers(run: Run) -> None:
    summary, last = run.summary, run.history.iloc[-1]
    assert summary.train_accuracy == last["train_accuracy"]
    assert summary.val_accuracy == last["val_accuracy"]
    assert summary.fresh_accuracy == run.test_accuracy
    assert summary.gap == last["train_accuracy"] - run.test_accuracy
    assert summary.best_epoch == run.history["val_loss"].idxmin()
    assert math.isnan(summary.memorised) == (run.config.label_noise == 0)
    assert math.isnan(summary.memorised) or summary.memorised == run.flipped[-1]


@given(epochs=st.integers(1, 1000), count=st.integers(1, 1000))
def test_snapshot_epochs_are_evenly_spread(epochs: int, count: int) -> None:
    kept = snapshot_epochs(epochs, count)
    assert len(kept) == min(epochs, count)
    assert list(kept) == sorted(set(kept))
    assert all(type(epoch) is int for epoch in kept)
    assert kept[-1] == epochs
    assert count == 1 or kept[0] == 1
    steps = np.diff(kept)
    assert len(steps) == 0 or steps.max() - steps.min() <= 1


def test_a_run_keeps_up_to_forty_epochs_and_as_many_as_asked() -> None:
    assert len(train(RunConfig(epochs=30)).kept_epochs) == 30
    assert len(train(RunConfig(epochs=50, width=2)).kept_epochs) == 40
    assert train(RunConfig(epochs=30), snapshots=3).kept_epochs == snapshot_epochs(30, 3)
    assert train(RunConfig(epochs=30), snapshots=1).kept_epochs == (30,)


@pytest.mark.parametrize("trainer", [train, lambda config, snapshots: train_many([config], snapshots=snapshots)])
@pytest.mark.parametrize("count", [-1, 1.5, True, None, -(10**5000)], ids=["-1", "1.5", "True", "None", "huge"])
def test_a_number_of_snapshots_that_makes_no_sense_is_refused(trainer: Callable[..., object], count: object) -> None:
    with pytest.raises(ConfigError, match=r"snapshots=.* must be a whole number from 0 on"):
        trainer(RunConfig(epochs=2), snapshots=count)


@pytest.mark.parametrize("trainer", [train, lambda config, snapshots: train_many([config], snapshots=snapshots)[0]])
def test_the_epochs_to_keep_may_be_named(trainer: Callable[..., Run]) -> None:
    config = RunConfig(n_samples=20, width=2, epochs=9)
    named, all_kept = trainer(config, snapshots=(2, 5, 9)), train(config)
    assert named.kept_epochs == (2, 5, 9)
    for epoch in (2, 5, 9):
        np.testing.assert_array_equal(named.boundary(epoch), all_kept.boundary(epoch))


@pytest.mark.parametrize("epochs", [(), (1, 5), (0, 9), (5, 2, 9), (2, 2, 9), (9, 10)])
def test_epochs_that_make_no_sense_are_refused(epochs: tuple[int, ...]) -> None:
    with pytest.raises(ConfigError, match="epochs must ascend, from 1 at least to 9"):
        train(RunConfig(epochs=9), snapshots=epochs)


def test_a_run_contains_itself_and_is_cut_nowhere_unless_it_was_tested_there() -> None:
    run = train(RunConfig(epochs=5))
    assert run.contains(5)
    assert run.until(5) is run
    assert not run.contains(4)
    with pytest.raises(SnapshotError, match=r"cannot be cut short after epoch 4, only after \[\]"):
        run.until(4)
    cut = replace(run, tested={4: 0.5}).until(4)
    shorter = train(RunConfig(epochs=4))
    assert (cut.config, cut.test_accuracy) == (shorter.config, 0.5)
    pd.testing.assert_frame_equal(cut.history, shorter.history)
    np.testing.assert_array_equal(cut.boundary(4), shorter.boundary(4))


@pytest.mark.parametrize("epoch", [0, -1, 2, 81, 10**9])
def test_an_epoch_that_was_not_kept_is_refused_and_the_kept_ones_named(epoch: int) -> None:
    run = train(RunConfig(), snapshots=3)
    with pytest.raises(SnapshotError, match=f"epoch {epoch} were not kept") as caught:
        run.boundary(epoch)
    assert isinstance(caught.value, LookupError)
    assert all(str(kept) in str(caught.value) for kept in run.kept_epochs)


def test_a_run_that_kept_nothing_says_so() -> None:
    with pytest.raises(SnapshotError, match="kept epochs: none"):
        train(RunConfig(epochs=2), snapshots=0).boundary(2)


def test_very_sure_networks_stay_within_bounds(run: Run) -> None:
    """Logits in the thousands must give 0 or 1, without overflow (a warning would fail this test)."""
    sure = replace(run, parameters=run.parameters * np.float32(1000))
    for surface in (sure.boundary(sure.kept_epochs[-1]), sure.boundary(sure.kept_epochs[0])):
        assert ((surface >= 0) & (surface <= 1)).all()
