"""The dock's sliders: what a browser says of them is checked before it is believed."""

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from regdash.ui.components.dock import component, dock
from regdash.ui.components.slider import Slider

SLIDERS = [
    Slider(name="dropout", label="Dropout", texts=("0", "0.5", "0.9"), at=1, low=0, high=2),
    Slider(name="weight_decay", label="Weight decay", texts=("0", "0.1"), at=0, low=0, high=1),
    Slider(name="seed", label="Seed", texts=(), at=7, low=0, high=2**31 - 1),
]


class Browser:
    """In place of Streamlit: what was mounted, and a visitor's move."""

    def __init__(self, monkeypatch):
        self.moves, self.session = [], {}
        monkeypatch.setattr(component, "_mount", self.mount)
        monkeypatch.setattr(st, "session_state", self.session)

    def mount(self, *, key, data, on_moved_change):
        self.key, self.data, self.callback = key, data, on_moved_change

    def say(self, move):
        self.session[self.key] = type("State", (), {"moved": move})()
        self.callback()


@pytest.fixture
def browser(monkeypatch):
    browser = Browser(monkeypatch)
    dock(SLIDERS, key="dock", on_move=lambda name, at: browser.moves.append((name, at)))
    return browser


def test_a_move_is_told_and_acknowledged(browser):
    browser.say({"name": "dropout", "at": 2, "count": 7})
    assert browser.moves == [("dropout", 2)]
    dock(SLIDERS, key="dock", on_move=lambda *_: None)
    assert browser.data["count"] == 7, "older moves of the visitor need not be shown any more"


def test_a_number_without_stops_is_told_as_it_is(browser):
    browser.say({"name": "seed", "at": 123456, "count": 1})
    assert browser.moves == [("seed", 123456)]


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda some_json: some.lists(some_json) | some.dictionaries(some.text(), some_json),
)


@pytest.mark.slow
@given(JSON, JSON, JSON, JSON)
def test_nonsense_moves_nothing(rubbish, name, at, count):
    with pytest.MonkeyPatch.context() as monkeypatch:
        browser = Browser(monkeypatch)
        dock(SLIDERS, key="dock", on_move=lambda name, at: browser.moves.append((name, at)))
        browser.say(rubbish)
        browser.say({"name": name, "at": at, "count": count})
        browser.say({"name": "dropout", "at": 3, "count": 1})
        browser.say({"name": "dropout", "at": -1, "count": 1})
        browser.say({"name": "seed", "at": 2**31, "count": 1})
        browser.say({"name": "dropout", "at": True, "count": 1})
        assert browser.moves == []
        assert all(type(value) is int for key, value in browser.session.items() if key != "dock")
