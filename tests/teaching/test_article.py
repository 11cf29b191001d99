"""The article's demos and exercises, replayed: its plain script runs beside them, and every curve must be the same."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from regdash import Run, RunConfig, train
from regdash.teaching import article
from tests.oracle import article_curves, torch_threads

pytestmark = pytest.mark.equality

KEYS = [
    "demo-1", "demo-2", "demo-3", "demo-4/0.0", "demo-4/0.3", "demo-4/0.5", "demo-4/0.7",
    "exercise-1", "exercise-2", "exercise-4/0.0", "exercise-4/0.2", "exercise-4/0.5", "exercise-4/0.7",
]  # fmt: skip


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    with torch_threads(1):
        yield


@pytest.fixture(scope="module")
def replayed() -> dict[str, Run]:
    before = torch.get_rng_state()
    runs = article.replay()
    assert torch.equal(torch.get_rng_state(), before)
    return runs


@pytest.fixture(scope="module")
def printed() -> dict[str, tuple[list[float], list[float]]]:
    return article_curves()


def test_all_thirteen_are_there_in_the_articles_order(replayed: dict[str, Run]) -> None:
    assert list(replayed) == KEYS == [*article.DEMOS, *article.EXERCISES]


@pytest.mark.parametrize("key", KEYS)
def test_the_curves_are_the_articles_bit_for_bit(key: str, replayed: dict[str, Run], printed) -> None:
    train_on, val = printed[key]
    history = replayed[key].history
    assert history["train_accuracy_dropout_on"].tolist() == train_on
    assert history["val_accuracy"].tolist() == val
    assert len(val) == {"demo-4": 60, "exercise-4": 40}.get(key.split("/")[0], 80 if "demo" in key else 60)


@pytest.mark.parametrize(
    ("key", "train_on", "val"),
    [("demo-1", 0.971, 0.967), ("demo-2", 0.95, 0.967), ("demo-3", 1.0, 0.983), ("demo-4/0.0", 0.993, 0.983),
     ("demo-4/0.7", 0.886, 0.933), ("exercise-1", 0.991, 0.958), ("exercise-2", 0.972, 0.917),
     ("exercise-4/0.7", 0.963, 0.944)],
)  # fmt: skip
def test_the_last_values_are_near_those_of_another_machine(key, train_on, val, replayed: dict[str, Run]) -> None:
    """Guards against oracle and replay sharing a misreading of the article; machines differ in their dropout masks."""
    last = replayed[key].history.iloc[-1]
    assert last["train_accuracy_dropout_on"] == pytest.approx(train_on, abs=0.06)
    assert last["val_accuracy"] == pytest.approx(val, abs=0.06)


def test_each_run_carries_the_settings_of_its_recipe(replayed: dict[str, Run]) -> None:
    assert {key: run.config for key, run in replayed.items()} == {**article.DEMOS, **article.EXERCISES}
    assert replayed["demo-1"].config == RunConfig()
    assert replayed["exercise-2"].config == RunConfig(
        dataset="parabola-2", n_samples=180, train_fraction=0.6, data_seed=11, seed=11, width=28, depth=1,
        dropout=0.4, weight_decay=0.02, learning_rate=0.07, epochs=60,
    )  # fmt: skip


def test_the_stream_goes_on_from_network_to_network(replayed: dict[str, Run]) -> None:
    """Demo 4 at p = 0.5 repeats demo 1's settings, but starts elsewhere; and no demo starts where `train` does."""
    repeated, first = replayed["demo-4/0.5"], replayed["demo-1"]
    assert repeated.config == first.config.but(epochs=60)
    assert not np.array_equal(repeated.curves, first.curves[:, :60])
    assert not np.array_equal(first.curves, train(first.config).curves)


def test_recipes_cannot_be_changed() -> None:
    for recipes in (article.DEMOS, article.EXERCISES):
        with pytest.raises(TypeError):
            recipes["demo-1"] = RunConfig()  # type: ignore[index]
