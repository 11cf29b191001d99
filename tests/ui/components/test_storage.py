"""What a browser tells that it holds: only what answers this session's question is believed."""

import json
from types import SimpleNamespace

import pytest
import streamlit as st

from regdash.ui.components.storage import component, storage


@pytest.fixture
def browser(monkeypatch):
    """In place of Streamlit: what was mounted, and what a browser said."""
    said = SimpleNamespace(held=None, data=None)

    def mount(*, key, data, default, on_held_change):
        assert (key, default) == ("storage_name", {"held": None})
        assert on_held_change
        said.data = data
        return SimpleNamespace(held=said.held)

    monkeypatch.setattr(component, "_mount", mount)
    monkeypatch.setattr(st, "session_state", {})
    return said


def test_a_browser_is_asked_and_then_told(browser):
    assert storage("name", None, first={"a": 1}) == (False, None)
    assert browser.data.pop("early") is False
    assert browser.data | {"asked": ""} == {"name": "name", "text": None, "first": '{"a": 1}', "asked": ""}
    browser.held = {"asked": browser.data["asked"], "text": '{"b": 2}'}
    assert storage("name", None) == (True, {"b": 2})
    storage("name", {"c": 3})
    assert browser.data["text"] == '{"c": 3}'


def test_what_was_told_to_another_session_is_old(browser):
    storage("name", None)
    asked = browser.data["asked"]
    browser.held = {"asked": asked, "text": '"old"'}
    assert storage("name", None) == (True, "old")
    st.session_state.clear()  # the server was started again, and the browser sends what it has told before
    assert storage("name", None) == (False, None)
    assert browser.data["asked"] != asked
    assert storage("name", None, early=True) == (False, "old")
    assert browser.data["early"] is True


@pytest.mark.parametrize("held", [None, "x", 5, [], {}, {"asked": None, "text": "1"}, {"text": "1"}])
def test_what_does_not_answer_is_no_answer(browser, held):
    browser.held = held
    assert storage("name", None) == (False, None)


@pytest.mark.parametrize("text", [None, 5, "{", "[" * 100_000, json.dumps("x" * component.MOST)])
def test_what_cannot_be_read_is_nothing(browser, text):
    storage("name", None)
    browser.held = {"asked": browser.data["asked"], "text": text}
    assert storage("name", None) == (True, None)
