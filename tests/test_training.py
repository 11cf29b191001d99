"""`train` is what plain PyTorch gives, to the last bit, in any thread, without touching process-wide state."""

import math
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regdash import RegdashError, Run, RunConfig, TrainingCancelled, train, training
from tests.oracle import plain_curves, torch_threads

pytestmark = pytest.mark.equality

CONFIGS = st.builds(
    RunConfig,
    dataset=st.sampled_from(["parabola", "parabola-2"]),
    n_samples=st.integers(20, 300),
    train_fraction=st.floats(0.1, 0.9),
    data_seed=st.integers(0, 2**31 - 1),
    width=st.integers(1, 256),
    depth=st.integers(1, 3),
    dropout=st.just(0.0) | st.floats(0, 0.95),
    weight_decay=st.just(0.0) | st.floats(0, 1),
    decay=st.sampled_from(["l2", "decoupled"]),
    label_smoothing=st.just(0.0) | st.floats(0, 0.5),
    learning_rate=st.floats(1e-4, 1),
    epochs=st.integers(1, 12),
    seed=st.integers(0, 2**31 - 1),
)
NOISY = RunConfig(n_samples=200, train_fraction=0.5, label_noise=0.2, width=64, learning_rate=0.02, epochs=200)
# Settings in which an error would hide from short random runs: ends of ranges, long runs, many points, noise.
CORNERS = {
    "article": RunConfig(),
    "noisy": NOISY,
    "noisy, all regularizers": NOISY.but(dropout=0.3, weight_decay=0.02, decay="decoupled", label_smoothing=0.1),
    "narrowest": RunConfig(width=1, depth=1, n_samples=20, train_fraction=0.1, epochs=1),
    "widest": RunConfig(width=256, depth=3, epochs=15),
    "most points": RunConfig(n_samples=2000, train_fraction=0.9, width=100, epochs=15),
    "widest, most points": RunConfig(n_samples=2000, width=256, depth=3, epochs=2),
    "one training point in ten": RunConfig(n_samples=333, train_fraction=0.1, width=37, depth=3),
    "strongest dropout": RunConfig(dropout=0.95, depth=3, width=5),
    "strongest l2": RunConfig(weight_decay=1.0, dropout=0.0),
    "strongest decoupled": RunConfig(weight_decay=1.0, decay="decoupled", learning_rate=1.0),
    "decoupled, none": RunConfig(weight_decay=0.0, decay="decoupled"),
    "strongest smoothing": RunConfig(label_smoothing=0.5),
    "largest steps": RunConfig(learning_rate=1.0, depth=3, dropout=0.0),
    "smallest steps": RunConfig(learning_rate=1e-12),
    "largest seeds": RunConfig(seed=2**31 - 1, data_seed=2**31 - 1),
    "smallest seeds": RunConfig(seed=0, data_seed=0),
    "long": RunConfig(epochs=400, width=3, depth=1, n_samples=40),
    **{
        key: RunConfig(dataset=key, label_noise=0.5, epochs=20)
        for key in ("circles", "xor", "moons", "spirals", "blobs")
    },
}
EIGHT = [
    NOISY.but(seed=i, width=width, depth=1 + i % 3, dropout=i % 4 / 5, weight_decay=i % 2 / 50, epochs=40)
    for i, width in enumerate([1, 7, 32, 64, 65, 128, 200, 256])
]


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    with torch_threads(1):
        yield


def assert_plain(run: Run, expected: list[list[float]]) -> None:
    assert not run.diverged
    columns = ["train_accuracy", "train_accuracy_dropout_on", "val_accuracy", "train_loss", "val_loss"]
    np.testing.assert_array_equal(run.history[columns].to_numpy(), np.array(expected))


@pytest.mark.slow
@given(config=CONFIGS)
@settings(max_examples=60)
def test_any_run_equals_the_plain_loop(config: RunConfig) -> None:
    assert_plain(train(config), plain_curves(config))


@pytest.mark.parametrize("name", CORNERS)
def test_corners_equal_the_plain_loop(name: str) -> None:
    assert_plain(train(CORNERS[name]), plain_curves(CORNERS[name]))


@pytest.mark.slow
def test_with_several_torch_threads_runs_equal_the_plain_loop_too() -> None:
    config = RunConfig(n_samples=2000, width=256, label_noise=0.2, epochs=3)  # large enough for torch to share it out
    with torch_threads(2):
        assert_plain(train(config), plain_curves(config))
        assert_plain(train(RunConfig(epochs=20)), plain_curves(RunConfig(epochs=20)))


@pytest.mark.slow
def test_eight_threads_at_once_equal_the_plain_loop() -> None:
    expected = [plain_curves(config) for config in EIGHT]
    assert len({str(curves) for curves in expected}) == len(EIGHT)
    together = threading.Barrier(len(EIGHT))

    def one(config: RunConfig) -> Run:
        together.wait(timeout=120)
        return train(config)

    with ThreadPoolExecutor(len(EIGHT)) as pool:
        runs = list(pool.map(one, EIGHT))
    for run, config, curves in zip(runs, EIGHT, expected, strict=True):
        assert run.config is config
        assert_plain(run, curves)


@given(config=CONFIGS)
@example(config=NOISY.but(epochs=2))
@settings(max_examples=10)
def test_process_wide_state_is_left_alone(config: RunConfig) -> None:
    torch_state, numpy_state = torch.get_rng_state(), str(np.random.get_state())
    threads = torch.get_num_threads()
    train(config)
    assert torch.equal(torch.get_rng_state(), torch_state)
    assert str(np.random.get_state()) == numpy_state
    assert torch.get_num_threads() == threads
    assert torch.get_default_dtype() == torch.float32
    assert torch.is_grad_enabled()


def test_the_process_wide_stream_does_not_matter() -> None:
    config = RunConfig(epochs=5)
    first = train(config)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(123)
        second = train(config)
    np.testing.assert_array_equal(first.curves, second.curves)
    np.testing.assert_array_equal(first.parameters, second.parameters)


OTHER_VALUES = {
    "dataset": "moons", "n_samples": 220, "train_fraction": 0.6, "label_noise": 0.3, "data_seed": 8, "width": 33,
    "depth": 1, "dropout": 0.4, "weight_decay": 0.03, "decay": "decoupled", "label_smoothing": 0.2,
    "learning_rate": 0.07, "epochs": 21, "seed": 8,
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(RunConfig)])
def test_each_setting_changes_the_outcome(name: str) -> None:
    """A control that does nothing would be a lie."""
    base = RunConfig(width=32, weight_decay=0.02, label_smoothing=0.1, label_noise=0.2, epochs=20)
    first, second = train(base), train(base.but(**{name: OTHER_VALUES[name]}))
    assert not np.array_equal(first.curves, second.curves)
    if name != "epochs":
        assert (first.curves[3] != second.curves[3]).any()  # train loss, the most sensitive column


def test_without_decay_its_kind_does_not_matter() -> None:
    runs = [train(RunConfig(weight_decay=0.0, decay=kind, epochs=20)) for kind in ("l2", "decoupled")]
    np.testing.assert_array_equal(runs[0].curves, runs[1].curves)


def test_more_epochs_only_go_on() -> None:
    short, long = train(RunConfig(epochs=10)), train(RunConfig(epochs=30))
    np.testing.assert_array_equal(short.curves, long.curves[:, :10])
    assert not np.array_equal(short.curves[:, -1], long.curves[:, -1])


def test_without_dropout_the_curve_with_dropout_on_is_the_train_curve_one_epoch_before() -> None:
    train_off, train_on = train(RunConfig(dropout=0.0)).curves[:2]
    np.testing.assert_array_equal(train_on[1:], train_off[:-1])


def test_progress_counts_every_epoch() -> None:
    seen: list[tuple[int, int]] = []
    train(RunConfig(epochs=7), on_progress=lambda done, of: seen.append((done, of)))
    assert seen == [(epoch, 7) for epoch in range(1, 8)]


def test_progress_changes_nothing() -> None:
    config = RunConfig(epochs=7)
    np.testing.assert_array_equal(train(config, on_progress=lambda *_: None).curves, train(config).curves)


@pytest.mark.parametrize("error", [TrainingCancelled("enough"), KeyError("any"), KeyboardInterrupt()])
def test_what_progress_raises_stops_the_training_and_passes_through(error: BaseException) -> None:
    seen: list[int] = []

    def stop(done: int, _: int) -> None:
        seen.append(done)
        if done == 3:
            raise error

    with pytest.raises(type(error)) as caught:
        train(RunConfig(), on_progress=stop)
    assert caught.value is error
    assert seen == [1, 2, 3]


def test_cancelling_is_one_of_regdashs_own_errors() -> None:
    assert issubclass(TrainingCancelled, RegdashError)


@pytest.fixture
def diverge_at(monkeypatch: pytest.MonkeyPatch):
    """Let the update of one epoch set the weights to `value`: no setting in range has been found to diverge by itself.

    With NaN the logits are NaN; with infinity the losses of that epoch are no numbers either.
    """

    def arrange(epoch: int, value: float) -> None:
        plain = training.make_optimizer

        def make_optimizer(config, model):
            optimizer = plain(config, model)
            updates = []

            def spoil(*_) -> None:
                updates.append(1)
                if len(updates) == epoch:
                    with torch.no_grad():
                        for parameter in model.parameters():
                            parameter.fill_(value)

            optimizer.register_step_post_hook(spoil)
            return optimizer

        monkeypatch.setattr(training, "make_optimizer", make_optimizer)

    return arrange


@pytest.mark.parametrize("value", [math.nan, math.inf])
@pytest.mark.parametrize("epoch", [1, 2, 30, 80])
def test_a_diverged_run_is_nan_from_that_epoch_on(diverge_at, epoch: int, value: float) -> None:
    config = RunConfig(label_noise=0.2)
    healthy = train(config)
    diverge_at(epoch, value)
    seen: list[int] = []
    run = train(config, on_progress=lambda done, _: seen.append(done))

    assert run.diverged
    assert not healthy.diverged
    assert run.history.shape == (80, 5)
    assert run.history.loc[epoch:].isna().all().all()
    np.testing.assert_array_equal(run.curves[:, : epoch - 1], healthy.curves[:, : epoch - 1])
    np.testing.assert_array_equal(run.flipped[: epoch - 1], healthy.flipped[: epoch - 1])
    assert np.isnan(run.flipped[epoch - 1 :]).all()
    assert math.isnan(run.test_accuracy)
    assert seen == list(range(1, epoch))

    assert run.kept_epochs == healthy.kept_epochs
    for kept in (run.kept_epochs[0], run.kept_epochs[-1]):
        surface = run.boundary(kept)
        assert np.isnan(surface).all() if kept >= epoch else np.isfinite(surface).all()
    summary = run.summary
    assert math.isnan(summary.train_accuracy)
    assert math.isnan(summary.gap)
    assert math.isnan(summary.memorised)
    assert (summary.best_epoch is None) == (epoch == 1)
    assert summary.best_epoch is None or summary.best_epoch < epoch


def test_memorised_is_the_share_of_flipped_labels_that_the_network_repeats() -> None:
    bare = NOISY.but(dropout=0.0)
    run = train(bare)
    assert run.flipped.shape == (200,)
    assert ((run.flipped >= 0) & (run.flipped <= 1)).all()
    # Where every training point is right, the flipped ones are too.
    perfect = run.curves[0] == 1.0
    assert (run.flipped[perfect] == 1.0).all()
    assert run.flipped[-1] > 0.8  # without regularization it learns the lies by heart,
    assert train(bare.but(weight_decay=0.02)).flipped[-1] < 0.5  # and with weight decay it does not
    assert np.isnan(train(RunConfig(epochs=3)).flipped).all()


def test_accuracy_counts_the_larger_logit_and_is_nan_of_nothing() -> None:
    logits = torch.tensor([[0.0, 1.0], [2.0, 1.0], [-3.0, -2.0], [5.0, 4.0]])
    assert training.accuracy(logits, torch.tensor([1, 0, 0, 0])) == 0.75
    assert math.isnan(training.accuracy(logits[:0], torch.tensor([], dtype=torch.int64)))
