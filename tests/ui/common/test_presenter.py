"""Presenter mode's wiring: session, address, colours and what is drawn, on every page."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from regdash.figures import theme
from regdash.permalink import vocabulary as say
from regdash.teaching.lessons import LESSONS
from regdash.ui.common import presenter
from regdash.ui.lessons.talk import MOST_LINES, pieces

SCRIPT = """
import streamlit as st
from regdash.ui.common import places
pages = {"explore": places.explore(), "study": places.study(), "lessons": places.lessons(), "class": places.classes()}
st.navigation(list(pages.values()))
places.draw(pages[st.session_state["page"]])
"""


def opened(page="explore", **query):
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.session_state["page"] = page
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def sent(app, name):
    """What the page has told the component of this name."""
    (found,) = (each.proto for each in app.get("bidi_component") if name in each.proto.component_name)
    if found.bytes:  # see `message` of the picture
        return json.loads(found.bytes[4 : 4 + int.from_bytes(found.bytes[:4], "little")])
    return json.loads(found.json or found.mixed.json)


def in_address(app):
    return {
        name: app.query_params[name] for name in (presenter.PRESENT, presenter.CONTROLS) if name in app.query_params
    }


@pytest.mark.parametrize("page", ["explore", "study", "lessons", "class"])
def test_every_page_has_the_button_and_keeps_the_mode(page):
    app = opened(page)
    assert sent(app, "presenter")["on"] is False
    assert in_address(app) == {}
    app.session_state["presenting"] = True
    app.run()
    assert sent(app, "presenter")["on"] is True
    assert in_address(app) == {"present": "true"}
    app.session_state["page"] = "explore"
    app.run()
    assert sent(app, "presenter")["on"] is True, "it goes on on the next page"


def test_a_link_presents_with_its_controls_in_the_projectors_colours():
    app = opened(present="true", controls="seed,width", dropout="0.2")
    assert [slider["name"] for slider in sent(app, "dock")["sliders"]] == ["seed", "width"]
    assert {score["colour"] for score in sent(app, "picture")["scores"]} <= set(theme.PROJECTOR.arms.values())
    app.session_state["presenting"] = False
    app.run()
    assert in_address(app) == {}
    assert {score["colour"] for score in sent(app, "picture")["scores"]} <= set(theme.LIGHT.arms.values())
    assert app.session_state["dropout"] == 0.2
    assert app.session_state["presented_controls"] == ("seed", "width"), "for the next time"


@pytest.mark.parametrize(
    "text", ["", "dropout,nonsense", "dropout,width,seed,epochs", "<script>", "a" * 10_000, "dropout,,", "scenario"]
)
def test_controls_that_there_are_not_are_the_usual_ones(text):
    assert presenter.read(text) == presenter.USUAL


@pytest.mark.parametrize("name", presenter.OFFERED)
def test_every_setting_can_stand_below_the_picture(name):
    app = opened(present="true", controls=name)
    (slider,) = sent(app, "dock")["sliders"]
    assert slider["low"] <= slider["at"] <= slider["high"]
    assert not slider["texts"] or slider["high"] == len(slider["texts"]) - 1


def test_a_lesson_before_a_room_leaves_the_visitors_own_answer_alone():
    app = opened("lessons", lesson="demo-3")
    choice = LESSONS["demo-3"].question.choices[1]
    app.radio(key="lesson_answer_demo-3").set_value(choice).run()
    app.session_state["presenting"] = True
    app.run()
    assert not app.exception
    assert [header.value for header in app.header] == [
        "What do you predict?", "What the numbers say", "What one seed cannot say", "Try it yourself",
    ]  # fmt: skip
    assert len(app.radio) == 0
    app.session_state["presenting"] = False
    app.run()
    assert app.radio(key="lesson_answer_demo-3").value == choice
    assert not app.session_state["lessons_progress"]


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS.keys())
def test_code_is_cut_into_screens_and_nothing_is_lost(lesson):
    found = list(pieces(lesson.code))
    assert all(len(piece.splitlines()) <= MOST_LINES for piece in found)
    kept = [line for piece in found for line in piece.splitlines() if line]
    assert kept == [line for line in lesson.code.splitlines() if line]


def test_a_permanent_link_may_name_all_that_is_offered():
    assert {*presenter.OFFERED} <= {*say.SETTINGS}
    assert presenter.MOST == say.MOST_PRESENTED
