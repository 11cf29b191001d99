"""The cost model: what should cost more does. How right its seconds are is measured by the benchmarks, not here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.cost import cost
from regdash.keyframes import keyframes

BIGGER = [
    {"width": 64}, {"depth": 3}, {"epochs": 160}, {"n_samples": 400}, {"width": 256, "depth": 3, "n_samples": 2000},
    {"train_fraction": 0.9},
]  # fmt: skip


@pytest.mark.parametrize("change", BIGGER, ids=str)
def test_more_work_costs_more(change):
    assert cost(RunConfig(**change)) > cost(RunConfig())


@given(together=st.integers(1, 100), snapshots=st.integers(0, 100), width=st.integers(1, 256))
def test_company_is_cheaper_and_surfaces_are_not_free(together, snapshots, width):
    config = RunConfig(width=width)
    lone, kept = cost(config, together=together), cost(config, snapshots=snapshots)
    assert cost(config, together=together + 1) < lone
    assert kept == cost(config, snapshots=80) if snapshots >= 80 else kept < cost(config, snapshots=snapshots + 1)


@pytest.mark.parametrize(
    "same",
    [{"seed": 1}, {"data_seed": 1}, {"dataset": "moons"}, {"weight_decay": 0.1}, {"learning_rate": 0.1}],
    ids=str,
)
def test_what_makes_no_work_costs_nothing(same):
    assert cost(RunConfig(**same)) == cost(RunConfig())


def test_long_runs_cost_in_proportion():
    long, twice = (cost(RunConfig(epochs=epochs), snapshots=0) for epochs in (500, 1000))
    assert twice == pytest.approx(2 * long, rel=0.02)


def test_a_picture_costs_its_surfaces_and_the_tests_at_its_stops() -> None:
    config = RunConfig(epochs=200)
    assert cost(config) > cost(config, snapshots=len(keyframes(config))) > cost(config, snapshots=0)
