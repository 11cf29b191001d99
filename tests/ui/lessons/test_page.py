"""The Lessons page's wiring, through Streamlit's own test runner: index, every lesson's way, own lessons, progress."""

import time
from dataclasses import replace
from html import escape

import pytest
from streamlit.testing.v1 import AppTest

from regdash.config import FIELDS
from regdash.errors import RegdashError
from regdash.teaching.lessons import LESSONS, registry
from regdash.ui.common import controls
from regdash.ui.lessons import lesson as lesson_page
from regdash.ui.lessons import progress, runs, seeds
from regdash.ui.lessons.ways import Ways
from regdash.words.runs import percent
from regdash.words.worksheets import MOST_RUNS

SCRIPT = """
import streamlit as st
from regdash.ui.common import places
pages = [places.explore(), places.study(), places.lessons()]
st.navigation(pages)
places.draw(pages[2])
"""
PATIENCE = 60.0


def opened(**query):
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception
    return app


def press(app, label):
    found = [button for button in app.button if button.label == label]
    assert found, [button.label for button in app.button]
    app = found[0].click().run()
    assert not app.exception, app.exception
    return app


def said(app):
    return "\n".join(element.value for kind in (app.markdown, app.info, app.success, app.warning) for element in kind)


def right_choice(key):
    return LESSONS[key].question.right(runs.of(LESSONS[key]))


def answer(app, key, choice):
    app.radio(key=f"lesson_answer_{key}").set_value(choice).run()
    return press(app, "Answer")


def components(app):
    return [element.proto.component_name for element in app.get("bidi_component")]


def judged(app):
    """The page once the lesson's study has ended; the timer that a browser would have is played here."""
    latest = time.monotonic() + PATIENCE
    while "Verdict over 20 paired seeds" not in said(app):
        assert time.monotonic() < latest, said(app)
        time.sleep(0.2)
        app.run()
    return app


def test_the_index_lists_every_lesson_with_its_minutes():
    app = opened()
    titles = [button.label for button in app.button if button.label.startswith("**")]
    assert titles == [f"**{lesson.title}**" for lesson in LESSONS.values()]
    assert [header.value for header in app.header] == [
        f"{title} ({sum(lesson.minutes for lesson in LESSONS.values() if lesson.hour == hour)} minutes)"
        for hour, title in (
            (1, "A first hour: the source article"),
            (2, "A second hour: what the article does not show"),
        )
    ]
    assert any("First: “Dropout: train against validation”." in caption.value for caption in app.caption)


def test_a_lesson_is_opened_from_the_index_and_stays():
    app = press(opened(), "**Dropout with L2**")
    assert app.query_params["lesson"] in ("demo-2", ["demo-2"])
    app.radio(key="lesson_answer_demo-2").set_value(LESSONS["demo-2"].question.choices[0]).run()
    assert app.title[0].value == "Dropout with L2"
    press(app, "All lessons")
    assert app.title[0].value == "Lessons"


def test_an_unknown_lesson_is_said_and_the_index_shown():
    app = opened(lesson="demo-5")
    assert "There is no lesson of that name" in said(app)
    assert len([button for button in app.button if button.label.startswith("**")]) == len(LESSONS)


@pytest.mark.slow
@pytest.mark.parametrize("key", LESSONS)
def test_a_lesson_shows_nothing_before_the_prediction_and_all_after_it(key):
    lesson = LESSONS[key]
    app = opened(lesson=key)
    assert app.title[0].value == lesson.title
    assert app.code[0].value == lesson.code.rstrip()
    assert lesson.question.reading not in said(app)
    assert not [name for name in components(app) if "chart" in name or "picture" in name]
    right = right_choice(key)
    wrong = next(choice for choice in lesson.question.choices if choice != right)

    answer(app, key, wrong)
    assert lesson.hints[0] in said(app)
    assert lesson.question.reading not in said(app)
    assert right not in said(app).replace(lesson.idea, "")

    answer(app, key, right)
    assert f"The runs say: **{right}**." in said(app)
    assert lesson.question.reading in said(app)
    assert [name for name in components(app) if "chart" in name or "picture" in name]
    noted = app.session_state["lessons_progress"][key]
    assert (noted["done"], noted["tries"]) == (True, 2)


@pytest.mark.slow
def test_show_me_counts_as_done_without_points():
    app = opened(lesson="demo-3")
    wrong = next(choice for choice in LESSONS["demo-3"].question.choices if choice != right_choice("demo-3"))
    answer(app, "demo-3", wrong)
    press(app, "Show me")
    assert "The runs say" in said(app)
    assert app.session_state["lessons_progress"]["demo-3"] == {"done": True, "tries": 0}
    press(app, "Ask me again")
    assert "The runs say" not in said(app)


def test_many_seeds_come_with_the_claim_and_the_verdict():
    app = opened(lesson="demo-3")
    answer(app, "demo-3", right_choice("demo-3"))
    assert LESSONS["demo-3"].surprise.text in said(judged(app))


@pytest.mark.slow
def test_one_seed_lies_tells_the_share_of_peeking():
    app = opened(lesson="one-seed-lies")
    answer(app, "one-seed-lies", right_choice("one-seed-lies"))
    assert "**Peeking.**" in said(judged(app))
    before = said(app)
    press(app, "Publish another seed")
    assert "of 2 published" in said(app)
    assert "of 1 published" in before


@pytest.mark.slow
def test_the_record_of_the_contest_counts_only_networks_that_have_learnt_their_points():
    app = opened(lesson="overfit-it")
    answer(app, "overfit-it", right_choice("overfit-it"))
    first = app.session_state["lessons_progress"]["overfit-it"]["best"]
    app.select_slider(key="lesson_set_overfit-it_epochs").set_value(1).run()
    assert "does not count" in said(app)
    assert app.session_state["lessons_progress"]["overfit-it"]["best"] == first
    app.select_slider(key="lesson_set_overfit-it_epochs").set_value(200).run()
    app.slider(key="lesson_set_overfit-it_label_noise").set_value(0.4).run()
    assert app.session_state["lessons_progress"]["overfit-it"]["best"] < first


@pytest.mark.slow
def test_the_collapse_is_named_when_it_is_found():
    app = opened(lesson="too-much")
    answer(app, "too-much", right_choice("too-much"))
    assert "No collapse" in said(app)
    app.select_slider(key="lesson_set_too-much_weight_decay").set_value(0.5).run()
    assert "That is a collapse" in said(app)


@pytest.mark.parametrize("key", LESSONS)
def test_explores_controls_can_show_the_lessons_settings(key):
    config = LESSONS[key].explore
    for name, field in FIELDS.items():
        value = getattr(config, name)
        assert controls.snap(field, value) == value
        assert not field.stops or value in field.stops


@pytest.mark.parametrize("key", LESSONS)
def test_a_worksheet_has_the_question_for_students_and_the_answer_for_the_teacher(key):
    app = opened(lesson=key, worksheet="true")
    (sheet,) = [element.proto.body for element in app.get("html") if '<div class="sheet">' in element.proto.body]
    assert f"{LESSONS[key].minutes} minutes" in sheet
    students, teacher = sheet.split('class="teacher"')
    assert "The answer" not in students
    few = len(runs.of(LESSONS[key])) <= MOST_RUNS
    assert ("&nbsp;" in students) == few, "room to write the numbers down"
    assert f"<b>{escape(right_choice(key))}</b>" in teacher
    assert "&nbsp;" not in teacher
    fresh = [percent(run.summary.fresh_accuracy) for run in runs.of(LESSONS[key]).values()]
    assert all(number in teacher for number in fresh) or not few


def test_a_lesson_in_a_folder_is_on_the_page_and_a_broken_one_is_refused(tmp_path, monkeypatch):
    source = (registry.FOLDER / "demo_3.py").read_text(encoding="utf-8")
    own = source.replace('key="demo-3"', 'key="mine"').replace("No regularization against dropout", "A lesson of mine")
    (tmp_path / "mine.py").write_text(own, encoding="utf-8")
    (tmp_path / "broken.py").write_text(own.replace('key="mine"', 'key="My Own"'), encoding="utf-8")
    monkeypatch.setenv(registry.OWN, str(tmp_path))
    app = opened()
    assert "**A lesson of mine**" in [button.label for button in app.button if button.label.startswith("**")]
    (refused,) = app.warning
    assert refused.value == "broken.py is refused: its key must be small letters, digits and single hyphens."
    assert opened(lesson="mine").title[0].value == "A lesson of mine"


@pytest.mark.parametrize(
    ("right", "said"),
    [
        (lambda runs: runs["nobody"], r"raised KeyError\('nobody'\)"),
        (lambda _: "neither", "found no choice, but 'neither'"),
    ],
    ids=["raises", "strange"],
)
def test_a_lesson_that_cannot_find_its_answer_is_refused_before_it_asks_for_one(right, said, monkeypatch):
    broken = replace(LESSONS["demo-3"], question=replace(LESSONS["demo-3"].question, right=right))
    monkeypatch.setattr(lesson_page.runs, "of", lambda _: {})
    with pytest.raises(RegdashError, match=f"the lesson 'demo-3' is refused: its question's function {said}"):
        lesson_page.show(broken, LESSONS, Ways(explore=print, study=print, ask=print))


@pytest.mark.slow
def test_start_over_forgets_everything():
    app = opened(lesson="demo-3")
    answer(app, "demo-3", right_choice("demo-3"))
    del app.query_params["lesson"]
    app.run()
    assert "**1 of 14 lessons done, 2 stars.**" in said(app)
    press(app, "Start over")
    assert "**0 of 14 lessons done, 0 stars.**" in said(app)


@pytest.mark.parametrize("held", [None, 5, "x", [], {"demo-1": 3}, {3: {}}, {"a" * 99: {"done": True}}])
def test_what_a_browser_holds_may_be_anything(held):
    assert progress.clean(held) == {}


def test_what_a_browser_holds_is_taken_as_far_as_it_is_progress():
    held = {"demo-1": {"done": True, "tries": 1, "best": 0.5, "more": "x"}, "b": {"tries": True, "best": float("nan")}}
    assert progress.clean(held) == {"demo-1": {"done": True, "tries": 1, "best": 0.5}, "b": {"done": False}}


def test_points():
    done = {"a": {"done": True, "tries": 1}, "b": {"done": True, "tries": 3}, "c": {"done": True, "tries": 0}, "d": {}}
    assert progress.score(done) == 3


def test_a_lessons_study_that_cannot_wait_is_said(monkeypatch):
    from regdash.errors import QueueFull

    class Full:
        def submit(self, _spec):
            raise QueueFull("20 studies wait already")

    monkeypatch.setattr(seeds, "queue", Full)
    app = opened(lesson="demo-3")
    answer(app, "demo-3", right_choice("demo-3"))
    assert "20 studies wait already." in said(app)
