"""Presenter mode's component: what a browser says is checked before it is believed."""

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from regdash.ui.components.presenter import Scene, component, presenter

OFFERED = {"dropout": "Dropout", "width": "Width", "seed": "Seed", "epochs": "Epochs"}
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(),
    lambda some_json: some.lists(some_json) | some.dictionaries(some.text(), some_json),
)


class Browser:
    """In place of Streamlit: what was mounted, and what a visitor does."""

    def __init__(self, monkeypatch):
        self.turns, self.choices, self.session = [], [], {}
        monkeypatch.setattr(component, "_mount", self.mount)
        monkeypatch.setattr(st, "session_state", self.session)
        self.show()

    def show(self):
        presenter(
            [Scene(name="race", parts=("headline", "picture"))], on=False, offered=OFFERED, chosen=("dropout",), most=3,
            key="presenter", on_turn=self.turns.append, on_choose=self.choices.append,
        )  # fmt: skip

    def mount(self, *, key, data, on_turned_change, on_chosen_change):
        self.key, self.data, self.callbacks = key, data, (on_turned_change, on_chosen_change)

    def say(self, **said):
        self.session[self.key] = type("State", (), said)()
        for callback in self.callbacks:
            callback()


def test_a_turn_is_told_and_acknowledged(monkeypatch):
    browser = Browser(monkeypatch)
    assert browser.data["scenes"] == [{"name": "race", "parts": ("headline", "picture")}]
    browser.say(turned={"on": True, "count": 4})
    browser.show()
    assert browser.turns == [True]
    assert browser.data["count"] == 4, "older turns of the visitor need not be shown any more"


def test_chosen_controls_are_told(monkeypatch):
    browser = Browser(monkeypatch)
    browser.say(chosen=["seed", "width", "seed"])
    browser.say(chosen=[])
    browser.say(chosen=["seed", "width", "dropout", "epochs"])
    assert browser.choices == [["seed", "width"], []]


@pytest.mark.slow
@given(JSON, JSON)
def test_nonsense_turns_nothing(turned, chosen):
    with pytest.MonkeyPatch.context() as monkeypatch:
        browser = Browser(monkeypatch)
        browser.say(turned=turned, chosen=chosen)
        browser.say(turned={"on": turned, "count": 1} if type(turned) is not bool else None, chosen=[chosen])
        browser.say()
        assert browser.turns == []
        assert browser.choices in ([], [[]])  # nothing chosen is a choice
