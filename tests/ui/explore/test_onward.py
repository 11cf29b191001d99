"""Go on in Study: the study asks what Explore's two networks ask."""

import pytest

from regdash.config import RunConfig
from regdash.serving.opinions import SEEDS, study_of
from regdash.study import run_study
from regdash.teaching.arms import ARMS
from regdash.teaching.scenarios import SCENARIOS
from regdash.ui.explore import onward
from regdash.ui.study import settings

CHEAP = RunConfig(width=4, epochs=3)


@pytest.mark.parametrize(
    ("changes", "swept"),
    [
        ({"dropout": 0.5}, {"dropout": (0.0, 0.5)}),
        ({"weight_decay": 0.1}, {"weight_decay": (0.0, 0.1)}),
        ({"dropout": 0.2, "weight_decay": 0.1}, {"dropout": (0.0, 0.2), "weight_decay": (0.0, 0.1)}),
        ({"dropout": 0.2, "label_smoothing": 0.1}, {"dropout": (0.0, 0.2), "label_smoothing": (0.0, 0.1)}),
        ({}, {"dropout": onward.TO_BEGIN_WITH}),
    ],
)
def test_what_is_on_is_compared_with_off(changes, swept):
    assert dict(onward.study_of(CHEAP.but(dropout=0.0).but(**changes)).sweep) == swept


def test_the_cells_are_the_networks_that_the_opinion_compares():
    config = CHEAP.but(dropout=0.5, seed=44, data_seed=3)
    result = run_study(onward.study_of(config).but(seeds=2))
    for cell, arm in enumerate((ARMS["none"].config(config), config)):
        assert result.config(cell, 0) == study_of(arm).but(seeds=2).base
    assert onward.study_of(config).n_seeds == SEEDS


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_gives_a_study_that_the_page_can_show(name):
    spec = settings.normalised(onward.study_of(SCENARIOS[name].config))
    assert spec.n_runs == spec.n_cells * SEEDS
