import pytest

from regdash.config import FIELDS
from regdash.teaching import article
from regdash.teaching.scenarios import SCENARIOS, matching
from regdash.ui.common.controls import snap


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
