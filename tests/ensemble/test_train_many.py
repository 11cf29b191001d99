"""`train_many` is `train`, run by run and bit by bit, whatever the company, the order, the executor and the batches."""

import dataclasses
import multiprocessing
import random
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from regdash import Run, RunConfig, train
from regdash.config import DATASET_KEYS
from regdash.ensemble import batch, losses, masks, plan, products, sharing, train_many, unlocked
from regdash.ensemble.layout import Parameters
from tests.oracle import torch_threads

pytestmark = pytest.mark.equality

SHAPES = [
    {"n_samples": n, "train_fraction": f, "width": w, "depth": d, "epochs": e}
    for n, f, w, d, e in [
        (200, 0.7, 32, 2, 5), (200, 0.5, 64, 2, 3), (180, 0.6, 28, 1, 5), (60, 0.35, 8, 3, 4), (20, 0.1, 1, 1, 3),
        (33, 0.5, 2, 3, 3), (150, 0.9, 17, 2, 1), (47, 0.31, 5, 2, 6), (300, 0.45, 50, 3, 2), (90, 0.7, 128, 2, 2),
    ]
]  # fmt: skip
MIXED = st.fixed_dictionaries(
    {
        "dataset": st.sampled_from(DATASET_KEYS),
        "label_noise": st.just(0.0) | st.floats(0, 0.5),
        "data_seed": st.integers(0, 3) | st.integers(0, 2**31 - 1),
        "dropout": st.just(0.0) | st.floats(0, 0.95),
        "weight_decay": st.just(0.0) | st.floats(0, 1),
        "decay": st.sampled_from(["l2", "decoupled"]),
        "label_smoothing": st.just(0.0) | st.floats(0, 0.5),
        "learning_rate": st.sampled_from([0.08, 0.02]) | st.floats(1e-4, 1),
        "seed": st.integers(0, 3) | st.integers(0, 2**31 - 1),
    }
)
ANY_SHAPE = st.fixed_dictionaries(
    {
        "n_samples": st.integers(20, 400),
        "train_fraction": st.floats(0.1, 0.9),
        "width": st.integers(1, 256),
        "depth": st.integers(1, 3),
        "epochs": st.integers(1, 5),
    }
)
SMALL = RunConfig(n_samples=60, width=8, epochs=5, label_noise=0.2)


def random_config(rng: random.Random) -> RunConfig:
    return RunConfig(
        **rng.choice(SHAPES),
        dataset=rng.choice(DATASET_KEYS),
        label_noise=rng.choice([0.0, 0.2, rng.uniform(0, 0.5)]),
        data_seed=rng.randrange(4),
        dropout=rng.choice([0.0, 0.5, 0.3, rng.uniform(0, 0.95)]),
        weight_decay=rng.choice([0.0, 0.02, 0.001, rng.uniform(0, 1)]),
        decay=rng.choice(["l2", "decoupled"]),
        label_smoothing=rng.choice([0.0, 0.0, 0.1, rng.uniform(0, 0.5)]),
        learning_rate=rng.choice([0.08, 0.08, 0.02, rng.uniform(0.001, 1)]),
        seed=rng.randrange(4),
    )


@pytest.fixture(scope="module")
def mixed() -> list[tuple[RunConfig, Run]]:
    """320 random settings, each with its run as the oracle trains it."""
    rng = random.Random(3)
    return [(config, train(config)) for config in (random_config(rng) for _ in range(320))]


def differences(run: Run, expected: Run) -> list[str]:
    """The fields in which two runs are not the same to the last bit (NaN equals NaN)."""
    found = []
    for field in dataclasses.fields(Run):
        a, b = getattr(run, field.name), getattr(expected, field.name)
        if isinstance(b, np.ndarray):
            equal = a.dtype == b.dtype and a.shape == b.shape
            equal = equal and np.array_equal(a, b, equal_nan=b.dtype.kind == "f")
            equal = equal and bool((np.signbit(a) == np.signbit(b))[b == b].all() if b.dtype.kind == "f" else True)
        else:
            equal = a == b or (isinstance(b, float) and np.isnan(a) and np.isnan(b))
        if not equal:
            found.append(field.name)
    return found


def assert_equal(runs: list[Run], expected: list[Run]) -> None:
    assert len(runs) == len(expected)
    wrong = {run.config: differences(run, e) for run, e in zip(runs, expected, strict=True) if differences(run, e)}
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 4, None])
def test_hundreds_of_mixed_runs_in_one_call_equal_the_oracle(mixed, workers):
    shuffled = random.Random(workers).sample(mixed, len(mixed))
    runs = train_many([config for config, _ in shuffled], workers=workers)
    assert_equal(runs, [run for _, run in shuffled])


@pytest.mark.parametrize("max_runs", [1, 3, 1000])
def test_the_size_of_batches_changes_nothing(mixed, max_runs, monkeypatch):
    monkeypatch.setattr(plan, "MAX_RUNS", max_runs)
    some = mixed[: 60 if max_runs == 1 else 320]
    assert_equal(train_many([config for config, _ in some], workers=2), [run for _, run in some])


@pytest.mark.slow
def test_a_process_pool_gives_the_same(mixed):
    some = mixed[:120]
    pool = ProcessPoolExecutor(
        2, mp_context=multiprocessing.get_context("spawn"), initializer=torch.set_num_threads, initargs=(1,)
    )
    calls: list[tuple[int, int]] = []
    with pool:
        runs = train_many([c for c, _ in some], executor=pool, on_progress=lambda *counts: calls.append(counts))
    assert_equal(runs, [run for _, run in some])
    assert calls[-1] == (calls[-1][1], sum(config.epochs for config, _ in some))


def test_an_executor_that_runs_at_once_gives_the_same(mixed):
    class AtOnce(Executor):
        def submit(self, fn, /, *args, **kwargs):
            future: Future = Future()
            future.set_result(fn(*args, **kwargs))
            return future

    some = mixed[:40]
    assert_equal(train_many([c for c, _ in some], executor=AtOnce()), [run for _, run in some])


@settings(max_examples=25)
@given(shape=ANY_SHAPE, settings_of_runs=st.lists(MIXED, min_size=1, max_size=5))
def test_any_batch_equals_the_oracle(shape, settings_of_runs):
    configs = [RunConfig(**shape, **mixed) for mixed in settings_of_runs]
    assert_equal(train_many(configs), [train(config) for config in configs])


@pytest.mark.parametrize(
    "config",
    [
        RunConfig(),
        RunConfig(n_samples=200, train_fraction=0.5, label_noise=0.2, width=64, learning_rate=0.02, epochs=200),
        RunConfig(width=256, depth=3, epochs=6, weight_decay=0.01, decay="decoupled"),
        RunConfig(n_samples=2000, train_fraction=0.9, width=100, epochs=6),
        RunConfig(n_samples=2000, width=256, depth=3, epochs=1),
        RunConfig(learning_rate=1.0, depth=3, dropout=0.0, weight_decay=1.0),
        RunConfig(dropout=0.95, depth=3, width=5, label_smoothing=0.5),
        RunConfig(epochs=400, width=3, depth=1, n_samples=40),
    ],
    ids=lambda c: f"{c.n_samples} points, {c.depth} x {c.width}, {c.epochs} epochs",
)
def test_corners_equal_the_oracle(config):
    pair = [config, config.but(dropout=0.0)]
    assert_equal(train_many(pair), [train(c) for c in pair])


@pytest.mark.parametrize("count", [0, 1, 3])
def test_it_keeps_as_many_snapshots_as_asked(count):
    assert_equal(train_many([SMALL] * 2, snapshots=count), [train(SMALL, snapshots=count)] * 2)


def test_equal_settings_give_separate_runs():
    one, other = train_many([SMALL, SMALL])
    assert not differences(one, other)
    assert not np.shares_memory(one.parameters, other.parameters)
    assert one.curves.base is None, "a run must not keep its batch's memory alive"


def test_nothing_gives_nothing():
    calls: list[tuple[int, int]] = []
    assert train_many([], on_progress=lambda *counts: calls.append(counts)) == []
    assert calls == []


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "moons"}, {"label_noise": 0.4}, {"data_seed": 8}, {"dropout": 0.4}, {"dropout": 0.0},
        {"weight_decay": 0.01}, {"weight_decay": 0.01, "decay": "decoupled"}, {"label_smoothing": 0.1},
        {"learning_rate": 0.07}, {"seed": 8},
    ],
    ids=str,
)  # fmt: skip
def test_runs_that_should_differ_do_differ(change):
    one, other = train_many([SMALL, SMALL.but(**change)])
    assert not np.array_equal(one.parameters[-1], other.parameters[-1])


# --- every way a product or a mask can go ---


@pytest.fixture
def forget_verdicts() -> Iterator[None]:
    """The engine asks each question about the machine once; here it must ask again."""

    def forget() -> None:
        products._padding_is_exact.cache_clear()
        products._planes_are_exact.cache_clear()
        products._turning_is_exact.cache_clear()
        products._many_are_exact.cache_clear()

    forget()
    yield
    forget()


def refuse(*_: object) -> bool:
    return False


def test_the_safe_way_equals_the_fast_way(mixed, monkeypatch):
    monkeypatch.setattr(products, "_padding_is_exact", refuse)
    monkeypatch.setattr(products, "_planes_are_exact", refuse)
    assert_equal(train_many([c for c, _ in mixed[:150]]), [run for _, run in mixed[:150]])


def test_plain_gradients_equal_transposed_ones(mixed, monkeypatch):
    monkeypatch.setattr(products, "_turning_is_exact", refuse)
    assert_equal(train_many([c for c, _ in mixed[:150]]), [run for _, run in mixed[:150]])


def test_runs_with_and_without_dropout_may_lie_in_any_order():
    configs = [SMALL.but(dropout=p, depth=3, seed=s) for p, s in [(0.5, 1), (0, 1), (0, 2), (0.3, 1), (0.5, 1), (0, 3)]]
    assert_equal(batch.train_batch(configs, 40), [train(config) for config in configs])


@pytest.mark.usefixtures("forget_verdicts")
def test_products_one_by_one_equal_products_at_once(mixed, monkeypatch):
    monkeypatch.setattr(products, "BLAS_FROM", 10**12)
    assert_equal(train_many([c for c, _ in mixed[:60]]), [run for _, run in mixed[:60]])


@pytest.mark.slow
@pytest.mark.parametrize("n_threads", [2, 8])
def test_several_torch_threads_give_the_same(mixed, n_threads):
    """They split sums among them, in other ways for many runs than for one: of these shapes by experience."""
    shapes = [(2000, 256, 2, 1), (2000, 32, 2, 4), (938, 32, 3, 3), (1000, 16, 2, 7), (200, 37, 2, 7), (220, 38, 2, 7)]
    configs = [
        RunConfig(n_samples=n, train_fraction=0.9, width=width, depth=depth, epochs=3, seed=seed)
        for n, width, depth, n_runs in shapes
        for seed in range(n_runs)
    ]
    configs += [c for c, _ in mixed[:8]]
    with torch_threads(n_threads):
        assert_equal(train_many(configs), [train(config) for config in configs])


def test_a_loss_of_zero_has_no_sign():
    run = RunConfig(n_samples=20, width=64, learning_rate=1.0, epochs=60)
    assert 0.0 in train(run).curves[3:]
    assert_equal(train_many([run]), [train(run)])


def test_masks_drawn_one_by_one_equal_shared_ones(mixed, monkeypatch):
    monkeypatch.setattr(masks, "numbers_can_be_shared", refuse)
    assert_equal(train_many([c for c, _ in mixed[:150]]), [run for _, run in mixed[:150]])


def test_dropout_is_drawn_as_expected_here():
    assert masks.numbers_can_be_shared(), "slower, not wrong: this version of torch draws Bernoulli numbers otherwise"


@pytest.mark.parametrize(
    ("mask_of_run", "slices", "without"),
    [
        ([None, 0, 1, 0, 1], [(slice(1, 3), slice(0, 2)), (slice(3, 5), slice(0, 2))], [slice(0, 1)]),
        ([0, None, None, 1], [(slice(0, 1), slice(0, 1)), (slice(3, 4), slice(1, 2))], [slice(1, 3)]),
        ([None], [], [slice(0, 1)]),
    ],
)
def test_runs_are_matched_with_their_masks(mask_of_run, slices, without):
    assert sharing.matching_slices(mask_of_run) == slices
    assert sharing.stretches(mask is None for mask in mask_of_run) == without


def test_runs_that_use_the_same_masks_in_turn_are_joined():
    pairs = sharing.matching_slices([0, 1, 0, 1, 1, 0, None, 0])
    joined = [(slice(0, 4), slice(0, 2)), (slice(4, 5), slice(1, 2)), (slice(5, 6), slice(0, 1))]
    assert sharing.repeated(pairs) == [*joined, (slice(7, 8), slice(0, 1))]


@pytest.mark.parametrize("config", [SMALL, RunConfig(width=1, depth=3), RunConfig(width=33)], ids=lambda c: c.width)
def test_every_block_of_every_run_is_aligned(config):
    parameters = Parameters(config, 3, torch.device("cpu"))
    for block in [*parameters.weights, *parameters.biases]:
        assert all(run.data_ptr() % 64 == 0 for run in block)


@settings(max_examples=40)
@given(n=st.integers(2, 1800), seed=st.integers(0, 99), smoothing=st.just(0.0) | st.floats(0, 0.5))
def test_losses_and_their_gradients_are_pytorchs_own(n, seed, smoothing):
    generator = torch.Generator().manual_seed(seed)
    logits = (4 * torch.randn(n, 2, generator=generator)).requires_grad_()
    y = torch.randint(0, 2, (n,), generator=generator)
    F.cross_entropy(logits, y, label_smoothing=smoothing).backward()

    size = -(-n // 16) * 16
    planes, by_logp = torch.zeros(1, 2, size), torch.zeros(1, 2, size)
    planes[0, :, :n], by_logp[0, :, :n] = (
        logits.detach().T,
        losses.loss_gradient(RunConfig(label_smoothing=smoothing), y),
    )
    logp, errors = torch.empty_like(planes), torch.empty(1, size, 2)
    with unlocked.as_written():
        losses.loss_backward(losses.LossBackward(planes, by_logp, logp, torch.empty_like(planes), errors))
    assert torch.equal(errors[0, :n], logits.grad)
    picked = logp[0, :, :n].gather(0, y[None])[0].numpy()
    assert -losses.nll_sum(picked) / np.float32(n) == F.cross_entropy(logits.detach(), y).numpy()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_gives_close_results():
    configs = [RunConfig(epochs=10, seed=s, dropout=p, weight_decay=0.01) for s in range(3) for p in (0.0, 0.5)]
    for run, expected in zip(train_many(configs, device="cuda"), train_many(configs), strict=True):
        np.testing.assert_allclose(run.parameters[0], expected.parameters[0], atol=1e-5)
        np.testing.assert_allclose(run.curves[:3], expected.curves[:3], atol=0.02)
        assert run.test_accuracy == pytest.approx(expected.test_accuracy, abs=0.02)
