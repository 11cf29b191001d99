"""The Class page's wiring, through Streamlit's own test runner: door, teacher, students, and what may go wrong."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from regdash.classes.codes import new_voter
from regdash.classes.room import State
from regdash.classes.store import Store
from regdash.errors import ClassStoreError, RegdashError
from regdash.teaching.lessons import LESSONS
from regdash.ui.classes import browser, kept
from regdash.words import classes as words

SCRIPT = """
import streamlit as st
from regdash.ui.common import places
pages = [places.explore(), places.study(), places.lessons(), places.classes()]
st.navigation(pages)
places.draw(pages[3])
"""
DEMO = LESSONS["demo-3"]
CHOICES = DEMO.question.choices


@pytest.fixture(autouse=True)
def store(tmp_path, monkeypatch):
    made = Store(tmp_path)
    monkeypatch.setattr(kept, "store", lambda: made)
    monkeypatch.setattr(kept, "looks", lambda: Fresh(made))
    yield made
    made.close()


class Fresh:
    """Looks that are never old: tests are faster than classes."""

    def __init__(self, store):
        self.room = store.room


@pytest.fixture
def who(monkeypatch):
    """What a browser would tell of itself."""
    voter = new_voter()
    monkeypatch.setattr(browser, "voter", lambda: voter)
    return voter


def opened(**query):
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return fine(app.run())


def fine(app):
    assert not app.exception, app.exception
    return app


def press(app, label):
    (found,) = [button for button in app.button if button.label == label]
    return fine(found.click().run())


def labels(app):
    return [button.label for button in app.button]


def said(app):
    kinds = (app.title, app.header, app.subheader, app.markdown, app.info, app.success, app.warning, app.caption)
    return "\n".join(element.value for kind in kinds for element in kind)


def board(app):
    return "\n".join(element.proto.body.rpartition("</style>")[2] for element in app.get("html"))


def browser_keys(app):
    return app.session_state["class_keys"]


def started():
    app = press(opened(lesson="demo-3"), "Start a class")
    return app, *next(iter(browser_keys(app).items()))


def choice(place):
    return words.lettered(place, CHOICES[place])


def test_the_door_is_for_students_and_for_teachers():
    app = opened()
    assert app.title[0].value == "Class"
    assert [each.value for each in app.subheader] == ["For students", "For teachers"]
    assert {"Join", "Start a class"} <= {*labels(app)}
    assert app.selectbox[0].options == [lesson.title for lesson in LESSONS.values()]


def test_a_class_begins_with_the_lesson_from_which_one_came(store):
    app, code, key = started()
    assert app.query_params["teach"] in (code, [code])
    assert store.room(code).lesson == "demo-3"
    assert store.is_teacher(code, key)
    assert DEMO.question.text in said(app)
    assert code in board(app)
    assert "data:image/svg+xml" in board(app), "a QR code"
    assert key not in said(app) + board(app)
    assert not app.get("code"), "the key is not on the projector"


def test_a_teacher_goes_through_a_question_and_on_to_the_next(store):
    app, code, key = started()
    votes = [new_voter() for _ in range(4)]
    press(app, "Open voting")
    for place, voter in enumerate(votes):
        store.vote(code, voter, 1, min(place, 1))
    press(app, "Close voting")
    assert "\N{NO-BREAK SPACE}%" not in board(app), "no tally yet"
    press(app, "Show what the class says")
    assert "1 (25\N{NO-BREAK SPACE}%)" in board(app)
    assert "✓ right" not in board(app)
    press(app, "Show what the runs say")
    right = CHOICES.index(DEMO.question.right(runs_of_demo()))
    assert store.room(code).right == right
    assert board(app).count("✓ right") == 1
    assert DEMO.question.reading in said(app)
    assert [name for name in components(app) if "chart" in name or "picture" in name], "the lesson's figures"
    press(app, f"Next: {LESSONS['demo-4'].title}")
    assert store.room(code).lesson == "demo-4"
    assert LESSONS["demo-4"].question.text in said(app)
    assert store.counts(code, key)[0].votes == (1, 3, 0)


def runs_of_demo():
    from regdash.ui.lessons import runs

    return runs.of(DEMO)


def components(app):
    return [element.proto.component_name for element in app.get("bidi_component")]


def test_votes_again_resets_and_closes(store):
    app, code, _ = started()
    press(app, "Open voting")
    store.vote(code, new_voter(), 1, 2)
    press(app, "Close voting")
    press(app, "Open voting again")
    assert store.room(code).state == State.OPEN
    assert store.room(code).answered == 1
    press(app, "Reset this question now")
    assert (store.room(code).state, store.room(code).answered) == (State.WAITING, 0)
    press(app, "Close the class now")
    assert store.room(code).ended
    assert words.OVER_TEACHER in said(app)
    assert "Open voting" not in labels(app)


def test_another_question_may_be_asked_but_not_while_voting_is_open(store):
    app, code, _ = started()
    app.selectbox(key="class_another_1").set_value("too-much").run()
    press(app, "Open voting")
    (ask,) = [button for button in app.button if button.label == "Ask this one"]
    assert ask.disabled
    press(app, "Close voting")
    app.selectbox(key="class_another_1").set_value("too-much").run()
    press(app, "Ask this one")
    assert (store.room(code).lesson, store.room(code).number) == ("too-much", 2)


def test_a_second_device_needs_the_key_and_then_can_do_the_same(store, monkeypatch):
    app, code, key = started()
    monkeypatch.setattr(browser, "has_told", lambda: True)
    other = opened(teach=code)
    assert DEMO.question.text not in said(other)
    other.text_input(key="class_typed_key").input("wrong")
    press(other, "Teach this class")
    assert f"not the key of class {code}" in said(other)
    other.text_input(key="class_typed_key").input(f" {key} ")
    press(other, "Teach this class")
    press(other, "Open voting")
    assert store.room(code).state == State.OPEN
    press(app, "Open voting")  # the first device has not looked since: it is so already
    press(app, "Close voting")
    press(other, "Close voting")
    assert store.room(code).state == State.CLOSED
    press(app, "Open voting again")
    press(other, "Show what the class says")
    assert "The class has gone on meanwhile." in said(other)
    assert store.room(code).state == State.OPEN


def test_the_key_is_shown_on_demand_only():
    app, _, key = started()
    app.toggle(key="class_show_key").set_value(True).run()
    assert [each.value for each in app.code] == [key]


def test_a_student_joins_by_typing_votes_changes_the_answer_and_sees_what_comes_of_it(store, who):
    code, key = store.start("demo-3", 3)
    app = opened()
    app.text_input(key="class_code").input(f" {code.lower()} ")
    press(app, "Join")
    assert app.query_params["join"] in (code, [code])
    assert words.STUDENTS[State.WAITING] in said(app)
    assert store.room(code).joined == 1
    store.step(code, key, 1, State.OPEN)
    app.run()
    assert words.STUDENTS[State.OPEN] in said(app)
    press(app, choice(0))
    press(app, choice(2))
    assert words.IN in said(app)
    assert store.answer(code, who, 1) == 2
    assert store.room(code).answered == 1
    again = opened(join=code)  # a reload
    assert words.IN in said(again)
    assert store.room(code).joined == 1
    store.step(code, key, 1, State.CLOSED)
    press(app, choice(1))
    assert "Voting is closed." in said(app)
    assert store.answer(code, who, 1) == 2
    assert "your answer" in board(app)
    assert "\N{NO-BREAK SPACE}%" not in board(app)
    store.step(code, key, 1, State.TALLY)
    app.run()
    assert "1 (100\N{NO-BREAK SPACE}%)" in board(app)
    store.step(code, key, 1, State.ANSWER, right=0)
    app.run()
    assert board(app).count("✓ right") == 1
    assert DEMO.question.reading in said(app)
    store.reset(code, key, 1)
    store.step(code, key, 1, State.OPEN)
    app.run()
    assert words.STUDENTS[State.OPEN] in said(app), "the answer of before has been forgotten"
    store.end(code, key)
    app.run()
    assert words.OVER in said(app)


def test_who_did_not_answer_is_told_so(store, who):
    assert who
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    store.step(code, key, 1, State.CLOSED)
    assert words.NONE in said(opened(join=code))


@pytest.mark.parametrize("code", ["ZXWV", "x", "<script>alert(1)</script>", "B" * 5000])
def test_a_code_that_no_class_has_is_said_and_can_be_typed_again(who, code):
    assert who
    app = opened(join=code)
    assert "class" in app.warning[0].value.lower()
    assert "script" not in app.warning[0].value
    assert "Join" in labels(app)


def test_a_student_whose_browser_has_not_told_who_it_is_waits():
    app = opened(join="ZXWV")
    assert "One moment" in said(app)


def test_a_question_that_this_server_does_not_know_is_said(store, who):
    assert who
    code, key = store.start("a-teachers-own", 3)
    store.step(code, key, 1, State.OPEN)
    assert "not known here" in said(opened(join=code))


@pytest.mark.parametrize("view", [{}, {"join": "BDGH"}, {"teach": "BDGH"}])
def test_a_store_that_cannot_be_used_is_said_and_the_page_stands(who, view, monkeypatch):
    assert who

    breaks(monkeypatch, "classes.sqlite3, which holds the classes, is damaged")
    monkeypatch.setattr(browser, "has_told", lambda: True)
    app = opened(**view)
    if not view:
        press(app, "Start a class")
    assert "Classes.sqlite3, which holds the classes, is damaged." in [each.value for each in app.warning]
    assert app.title[0].value == "Class"


def breaks(monkeypatch, what="the disk is full"):
    def broken(*_):
        raise ClassStoreError(what)

    class Broken:
        start = join = room = answer = is_teacher = step = vote = broken

    monkeypatch.setattr(kept, "store", Broken)
    monkeypatch.setattr(kept, "looks", Broken)


def watched(app):
    """What the browser is told to watch."""
    (watch,) = [each.proto for each in app.get("bidi_component") if "watch" in each.proto.component_name]
    return json.loads(watch.json or watch.mixed.json)


def test_a_store_that_breaks_in_the_middle_is_said_and_looked_at_again(store, who, monkeypatch):
    assert who
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    app = opened(join=code)
    with monkeypatch.context() as patch:
        breaks(patch)
        press(app, choice(1))
        assert "The disk is full." in said(app)
        assert watched(app)["drawn"]["version"] == -1, "any version is another one: drawn again when there is one"
    fine(app.run())
    assert words.STUDENTS[State.OPEN] in said(app)
    assert watched(app)["drawn"]["version"] == 2


def test_a_teacher_is_told_what_a_lesson_of_ones_own_does_wrong(store, monkeypatch):
    app, code, _ = started()

    def refused(_):
        raise RegdashError("the lesson 'demo-3' is refused: its question's function found no choice, but 'x'")

    monkeypatch.setattr("regdash.ui.lessons.lesson.right", refused)
    press(app, "Open voting")
    assert "The lesson 'demo-3' is refused" in said(app)
    press(app, "Close voting")
    press(app, "Show what the class says")
    press(app, "Show what the runs say")
    assert store.room(code).state == State.TALLY


def test_a_browser_that_teaches_a_class_of_a_store_that_is_broken_is_told_so(monkeypatch):
    app, _, _ = started()
    breaks(monkeypatch)
    app.query_params.clear()
    fine(app.run())
    assert [each.value for each in app.warning] == ["The disk is full."]
    assert "Start a class" in labels(app)


def test_a_browser_that_teaches_goes_on_from_the_door(store):
    app, code, _ = started()
    app.query_params.clear()
    fine(app.run())
    press(app, f"Go on with class {code}")
    assert DEMO.question.text in said(app)
    other, _ = store.start("demo-3", 3)
    app.session_state["class_keys"] = {"ZXWV": "gone", other: "x"}
    app.query_params.clear()
    fine(app.run())
    assert f"Go on with class {other}" in labels(app)
    assert "ZXWV" not in browser_keys(app)


def test_the_counts_are_a_table(store):
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    for place in (0, 0, 0, 2):
        store.vote(code, new_voter(), 1, place)
    store.step(code, key, 1, State.CLOSED)
    store.step(code, key, 1, State.TALLY)
    store.step(code, key, 1, State.ANSWER, right=0)
    store.ask(code, key, 1, "unknown", 2)
    lines = words.table(store.counts(code, key), LESSONS).splitlines()
    assert lines[0] == "question,lesson,text,state,choice,votes,share,right"
    text = DEMO.question.text
    assert lines[1] == f'1,demo-3,"{text}",answer,{CHOICES[0]},3,0.7500,yes'
    assert lines[3] == f'1,demo-3,"{text}",answer,{CHOICES[2]},1,0.2500,no'
    assert lines[4:] == ["2,unknown,,waiting,choice 1,0,,", "2,unknown,,waiting,choice 2,0,,"]


@pytest.mark.parametrize(
    "held", [None, 5, {}, "x", [1], [["BDGH"]], [["AAAA", "k"]], [["BDGH", 7]], [["BDGH", "k" * 101]]]
)
def test_what_a_browser_holds_may_be_anything(held):
    assert browser.clean(held) == {}


def test_what_a_browser_holds_is_taken_as_far_as_it_is_keys():
    assert browser.clean([["BDGH", "a"], ["x"], ["ZXWV", "b"]]) == {"BDGH": "a", "ZXWV": "b"}
    assert len(browser.clean([[code, "k"] for code in ("BDGH", "BDGJ", "BDGK", "BDGL", "BDGM", "BDGN", "BDGP", "BDGR",
                                                        "BDGT", "BDGV")])) <= browser.MOST_KEYS  # fmt: skip


def test_the_page_watches_its_class(store, who):
    assert who
    code, _ = store.start("demo-3", 3)
    app = opened(join=code)
    data = watched(app)
    assert data["path"] == f"app/class/{code}"
    assert data["drawn"] == {"version": 1, "joined": 1, "answered": 0}
    assert (data["counts"], data["every"]) == ("", 0.0)
