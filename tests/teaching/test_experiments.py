"""Things to try: they set what the controls can show, and what they say to look for is so, seed after seed."""

from functools import cache

import numpy as np
import pytest

from regdash.config import FIELDS
from regdash.figures.explore.curves import VIEWS
from regdash.permalink import Explore, View, decode, encode
from regdash.serving.opinions import study_of
from regdash.study.run import run_study
from regdash.teaching.arms import ARMS
from regdash.teaching.experiments import EXPERIMENTS, LONGEST, SEEDS, of
from regdash.teaching.scenarios import SCENARIOS, differences, matching
from regdash.ui.common import controls

CLAIMS = [(key, number) for key, one in EXPERIMENTS.items() for number in range(len(one.claims))]
ALMOST_ALL = 0.9  # of the seeds: a visitor sees one pair of runs, and it should be there


@pytest.mark.parametrize("key", EXPERIMENTS)
def test_it_sets_what_there_is_and_a_link_to_it_opens_it(key):
    one = EXPERIMENTS[key]
    assert one.sets.keys() <= FIELDS.keys() - set(SEEDS)
    assert sorted(differences(one.config, SCENARIOS[one.scenario].config)) == sorted(one.sets), "each of them a change"
    assert controls.showable(one.config) == (one.config, [])
    assert one.view in {"", *VIEWS}
    assert matching(one.config) == [], "a scenario would be chosen as one"
    page = Explore(config=one.config, scenario=one.scenario)
    assert decode(encode(View(page=page))).page == page


@pytest.mark.parametrize("key", EXPERIMENTS)
def test_it_is_known_by_its_settings_whatever_the_seeds(key):
    one = EXPERIMENTS[key]
    assert of(one.config) is one
    assert of(one.config.but(seed=1234, data_seed=5)) is one
    assert of(SCENARIOS[one.scenario].config) is None
    assert len(one.look) <= LONGEST


def test_there_are_a_handful_told_apart_by_their_lines():
    assert 5 <= len({one.label for one in EXPERIMENTS.values()}) == len(EXPERIMENTS) <= 8


@cache
def trained(config):
    return run_study(study_of(config))


@pytest.mark.parametrize(("key", "number"), CLAIMS)
def test_what_it_says_to_look_for_is_so_in_almost_every_pair(key, number):
    config, claim = EXPERIMENTS[key].config, EXPERIMENTS[key].claims[number]
    assert {config, ARMS["none"].config(config)} & {claim.more, claim.less}, "of a network that is on show then"
    higher = trained(claim.more).values(claim.metric) > trained(claim.less).values(claim.metric)
    assert np.mean(higher) >= ALMOST_ALL
