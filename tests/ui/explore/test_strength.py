"""The part of the page that answers a browser's wishes for stops, and what a browser may say there."""

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from regdash import train
from regdash.teaching.arms import ARMS
from regdash.ui.common import cache, controls, crowd
from regdash.ui.components.supply.component import Wish, wish_in
from regdash.ui.explore import strength
from tests.figures.explore.test_strength import assert_is, decode

SHOWN = ("none", "yours")


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(crowd, "HURRY_WITHIN", -1.0)  # other tests may have opened many pages just now


def wished(config, name, shown=SHOWN, have=()):
    (slider,) = [slider for slider in strength.of(config, shown).sliders if slider.name == name]
    return Wish(name=name, id=slider.id, have=frozenset(have))


def answers(config, name, shown=SHOWN):
    """All parts, asked for as a browser does."""
    held, have, parts = {"scrubs": {}}, set(), []
    while True:
        answer = strength._answer(config, shown, wished(config, name, shown, have), held)
        parts += answer["parts"]
        have |= {part.stop for part in answer["parts"]}
        if answer["again"] is None:
            return parts


@pytest.mark.parametrize("name", ["dropout", "weight_decay"])
def test_a_browser_gets_every_stop_and_each_is_what_train_gives(small, name):
    parts = answers(small, name)
    stops = controls.stops(name)
    assert sorted(part.stop for part in parts) == list(range(len(stops)))
    for part in parts:
        assert part.keys == ("yours",)
        found = decode(part.piece)
        run = train(small.but(**{name: stops[part.stop]}), snapshots=found.header["epochs"])
        assert_is(found, run, cache.points(run.config, float(run.axis[-1])))


def test_the_nearest_stops_come_first(small):
    first = strength._answer(small, SHOWN, wished(small, "dropout"), {"scrubs": {}})["parts"]
    at = controls.stops("dropout").index(small.dropout)
    distances = [abs(part.stop - at) for part in answers(small, "dropout")]
    assert distances == sorted(distances)
    assert at in [part.stop for part in first]


def test_networks_that_move_along_are_supplied_too(small):
    config = small.but(dropout=0.5, weight_decay=0.01)
    for part in answers(config, "dropout", tuple(ARMS)):
        assert part.keys in {("dropout",), ("yours",)}
    both = answers(config.but(weight_decay=0.0), "dropout", tuple(ARMS))
    assert {part.keys for part in both} == {("dropout", "yours")}, "the same network twice"


def test_what_the_browser_has_is_not_sent_again(small):
    answer = strength._answer(small, SHOWN, wished(small, "dropout", have=range(20)), {"scrubs": {}})
    assert answer["parts"] == []
    assert answer["again"] is None


def test_an_old_wish_brings_nothing(small):
    old = wished(small.but(seed=99), "dropout")
    assert strength._answer(small, SHOWN, old, {"scrubs": {}}) == {"again": strength.REST}


def test_too_large_a_network_gets_a_sentence(small):
    config = small.but(width=256, depth=3, epochs=1000, n_samples=2000)
    answer = strength._answer(config, SHOWN, wished(config, "dropout"), {"scrubs": {}})
    assert "too large" in answer["note"]
    assert answer["again"] is None


def test_the_slider_begins_with_the_regularizer_in_use(small):
    assert strength.of(small, SHOWN).use == "dropout"
    assert strength.of(small.but(dropout=0.0, weight_decay=0.01), SHOWN).use == "weight_decay"
    assert strength.of(small.but(dropout=0.0), SHOWN).use == "dropout"
    assert strength.of(small, ("decay",)).use == "weight_decay"
    assert strength.of(small, ("none",)) is None


def test_stops_of_one_setting_have_one_identity_and_other_settings_another(small):
    one, other = (strength.of(small.but(dropout=value), SHOWN).sliders for value in (0.1, 0.6))
    assert one[0].id == other[0].id
    assert one[1].id != other[1].id, "weight decay's stops have that dropout"
    assert strength.of(small.but(seed=8), SHOWN).sliders[0].id != one[0].id


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda some_json: some.lists(some_json) | some.dictionaries(some.text(), some_json),
)


@given(JSON, JSON, JSON, JSON)
def test_nonsense_is_no_wish(rubbish, name, id, have):
    for told in (rubbish, {"name": name, "id": id, "have": have}):
        wish = wish_in(told)
        assert wish is None or all(type(stop) is int for stop in wish.have)
    assert wish_in({"name": "dropout", "id": "x", "have": [1, True, "2", 3]}) == Wish(
        name="dropout", id="x", have=frozenset({1, 3})
    )
