"""Kept runs: one holds the shorter ones, none holds what it cannot give, and all together stay within their bytes."""

import functools
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash import Run, RunConfig
from regdash.serving.pictures import train_for_pictures
from regdash.serving.run_cache import RunCache, _size

BASE = RunConfig(n_samples=20, width=2, epochs=100)
LENGTHS = (1, 5, 10, 20, 40, 60, 80, 100)


@functools.cache
def of(epochs: int, seed: int = BASE.seed) -> Run:
    return train_for_pictures([BASE.but(epochs=epochs, seed=seed)])[0]


def test_what_was_never_kept_is_not_there() -> None:
    cache = RunCache()
    assert cache.recall(BASE) is cache.start(BASE) is None
    cache.keep(of(100))
    for other in (BASE.but(seed=8), BASE.but(dropout=0.0), BASE.but(epochs=150), BASE.but(epochs=30)):
        assert cache.recall(other) is None


def test_a_kept_run_is_the_same_one_again() -> None:
    cache = RunCache()
    cache.keep(of(100))
    assert cache.recall(BASE) is of(100)


@settings(max_examples=50)
@given(order=st.permutations(LENGTHS), kept=st.integers(1, len(LENGTHS)))
def test_in_any_order_all_that_was_kept_is_there(order: list[int], kept: int) -> None:
    cache = RunCache()
    for epochs in order[:kept]:
        cache.keep(of(epochs))
    for epochs in order[:kept]:
        run = cache.recall(BASE.but(epochs=epochs))
        assert run is not None
        assert run.config.epochs == epochs
        np.testing.assert_array_equal(run.curves, of(epochs).curves)
        np.testing.assert_array_equal(run.surfaces, of(epochs).surfaces)


def test_training_goes_on_from_the_longest_shorter_run() -> None:
    cache = RunCache()
    cache.keep(of(5))
    cache.keep(of(40))
    assert cache.start(BASE.but(epochs=60)) is of(40)
    assert cache.start(BASE.but(epochs=40)) is of(5)
    assert cache.start(BASE.but(epochs=5)) is None
    assert cache.start(BASE.but(seed=1)) is None


def test_lengths_that_no_control_has_do_not_pile_up() -> None:
    """A link may ask for any number of epochs."""
    cache = RunCache()
    runs: list[Run] = []
    for epochs in (37, 60, 83, 100, 137, 200):
        runs = train_for_pictures([BASE.but(epochs=epochs)], starts=runs)
        cache.keep(runs[0])
    (kept,) = cache._runs.values()
    assert [run.config.epochs for run in kept] == [200, 137, 83, 37]
    cache.keep(train_for_pictures([BASE.but(epochs=1000)], starts=runs)[0])
    (kept,) = cache._runs.values()
    assert [run.config.epochs for run in kept] == [1000, 137, 83, 37]


def test_it_stays_within_its_bytes_and_forgets_what_was_asked_for_longest_ago() -> None:
    cache = RunCache(3 * _size((of(10),)))
    for seed in range(3):
        cache.keep(of(10, seed))
    assert cache.recall(of(10, 0).config)  # asked for again
    cache.keep(of(10, 3))
    there = [seed for seed in range(4) if cache.recall(of(10, seed).config)]
    assert there == [0, 2, 3]


def test_a_run_too_large_for_it_is_not_kept_and_does_no_harm() -> None:
    cache = RunCache(_size((of(1),)))
    cache.keep(of(1))
    cache.keep(of(100))
    assert cache.recall(BASE) is None
    assert cache.recall(BASE.but(epochs=1)) is of(1)


def test_many_threads_may_use_it() -> None:
    cache, rng = RunCache(4 * _size((of(100),))), random.Random(1)
    asked = [(rng.choice(LENGTHS), rng.random() < 0.5) for _ in range(400)]

    def use(what: tuple[int, bool]) -> bool:
        epochs, keeps = what
        if keeps:
            cache.keep(of(epochs))
        run = cache.recall(BASE.but(epochs=epochs))
        return run is None or run.config.epochs == epochs

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, asked))
