import re

import numpy as np
import pytest

from regdash.config import FIELDS
from regdash.ensemble import train_many
from regdash.teaching import article
from regdash.teaching.scenarios import DEFAULT, SCENARIOS, matching
from regdash.ui.common.controls import snap
from regdash.ui.explore.page import HELP

N_SEEDS = 20
OFF = {"dropout": 0.0, "weight_decay": 0.0}
ARMS = {"none": {}, "dropout": {"dropout": 0.5}, "decay": {"weight_decay": 0.02}}


def summaries(key, **changes):
    """Train and fresh accuracy of 20 seeds, (20, 2): the seeds and data of a study of that scenario."""
    config = SCENARIOS[key].config
    seeds = [{"seed": config.seed + i, "data_seed": config.data_seed + i} for i in range(N_SEEDS)]
    runs = train_many([config.but(**changes, **seed) for seed in seeds], snapshots=1)
    return np.array([(run.summary.train_accuracy, run.summary.fresh_accuracy) for run in runs])


@pytest.fixture(scope="module")
def opening():
    return {arm: summaries(DEFAULT, **OFF | changes) for arm, changes in ARMS.items()}


def test_without_regularization_the_opening_scenario_overfits(opening):
    train, fresh = opening["none"].mean(axis=0)
    assert train > 0.95
    assert train - fresh >= 0.15


@pytest.mark.parametrize("arm", ["dropout", "decay"])
def test_regularization_gains_at_least_eight_points_on_fresh_data(opening, arm):
    gain = (opening[arm] - opening["none"])[:, 1].mean()
    assert gain >= 0.08


def test_the_help_text_states_what_is_measured(opening):
    """Within two points: PyTorch draws other dropout masks on other processors."""
    stated = [float(number) for number in re.findall(r"(\d+\.\d) ± ", HELP)]
    clean = {arm: summaries("article", **OFF | changes) for arm, changes in ARMS.items()}
    gains = [100 * (opening[arm] - opening["none"])[:, 1].mean() for arm in ("dropout", "decay")]
    losses = [100 * (clean["none"] - clean[arm])[:, 1].mean() for arm in ("dropout", "decay")]
    assert stated == pytest.approx([*gains, *losses], abs=2.0)
    assert min(losses) > 0
    shares = [float(number) for number in re.findall(r"(\d+) %", HELP)[:2]]
    assert shares == pytest.approx(100 * opening["none"].mean(axis=0), abs=2.0)


def test_on_the_articles_clean_data_regularization_does_not_help():
    none = summaries("article", dropout=0.0)
    dropout = summaries("article")
    assert (dropout - none)[:, 1].mean() < 0


@pytest.mark.parametrize("key", ["too-much", "too-small", "spirals"])
def test_where_regularization_is_wrong_it_loses_on_fresh_data(key):
    none = summaries(key, dropout=0.0, weight_decay=0.0)
    yours = summaries(key)
    assert (yours - none)[:, 1].mean() < -0.03


@pytest.mark.parametrize("key", SCENARIOS)
def test_the_controls_can_show_every_scenario(key):
    config = SCENARIOS[key].config
    for name, field in FIELDS.items():
        value = getattr(config, name)
        assert snap(field, value) == value
        assert not field.stops or value in field.stops


def test_scenarios_are_told_apart_by_their_settings_and_labels():
    assert [matching(scenario.config) for scenario in SCENARIOS.values()] == [[key] for key in SCENARIOS]
    assert len({scenario.label for scenario in SCENARIOS.values()}) == len(SCENARIOS)
    assert matching(article.DEMO.but(seed=12345)) == []


def test_the_articles_scenarios_are_the_articles_recipes():
    assert SCENARIOS["article"].config == article.DEMO
    assert SCENARIOS["exercises"].config == article.EXERCISE
