"""Presenter mode on a projector: everything fits without scrolling, is large, and a clicker leads through it."""

import itertools
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.axe import violations
from tests.browser.explore import Visit
from tests.browser.presenter import PROJECTORS, SMALLEST, Teacher, focus

ALL_ARMS = "arms=No+regularization&arms=Dropout+only&arms=Weight+decay+only&arms=Your+settings&weight_decay=0.01"
PINS = "pin=1~width-8&pin=2~dropout-0&pin=3~weight_decay-0.1"
EXPLORE = {"two": "", "four, pins": f"&{ALL_ARMS}&{PINS}", "loss": "&view=Loss", "flipped": "&view=Flipped+labels"}
STUDY = "study?present=true&values=0&values=0.5&sweep2=Weight+decay&values2=0&values2=0.01&seeds=4&epochs=20&width=8"
SCREENS = pytest.mark.parametrize("screen", PROJECTORS)


def check(teacher: Teacher, screen: str, figures: int = 1) -> None:
    """Nothing scrolls or sticks out, words are large enough, and a figure has half of the screen."""
    found = teacher.measured()
    assert max(found["scrolls"]) <= 0, found["scrolls"]
    assert found["outside"] == []
    assert found["figures"] == figures
    assert found["words"] >= 0.8 * SMALLEST[screen]
    if figures:
        assert found["smallest"] >= SMALLEST[screen]
        assert found["share"] >= 0.5


def assert_apart(titles: Locator, count: int) -> None:
    """So many words stand on the picture, and none runs into others."""
    boxes = [box for box in (each.bounding_box() for each in titles.all()) if box]
    assert len(boxes) == count
    for one, other in itertools.combinations(boxes, 2):
        beside = any(a["x"] + a["width"] <= b["x"] for a, b in ((one, other), (other, one)))
        assert beside or any(a["y"] + a["height"] <= b["y"] for a, b in ((one, other), (other, one)))


@SCREENS
def test_the_race_fills_the_screen(visit: Visit, screen: str) -> None:
    for state, query in EXPLORE.items():
        teacher = Teacher(visit(None, **PROJECTORS[screen])).open(f"?present=true{query}")
        check(teacher, screen)
        assert teacher.page.get_by_test_id("stSidebar").is_hidden()
        assert teacher.page.locator(".regdash-dock .control").count() == 3
        assert_apart(teacher.page.locator(".regdash-picture .annotation"), 4 if state == "four, pins" else 2)
        if state == "four, pins":
            assert violations(teacher.page) == []
            colours = teacher.page.evaluate(
                "document.querySelector('.regdash-picture').picture.data.scores.map((s) => s.colour)"
            )
            assert colours[0] == "#000000"


@SCREENS
def test_a_study_shows_one_chart_after_the_other(visit: Visit, screen: str) -> None:
    visitor = visit(None, **PROJECTORS[screen])
    teacher = Teacher(visitor)
    seed = {"1920x1080": 43, "1024x768": 44}[screen]  # what is kept from another test has no Run button
    visitor.go(f"{STUDY}&seed={seed}")
    run = teacher.page.get_by_role("button", name="Run study", exact=True)
    teacher.page.wait_for_selector("body.regdash-presenting", state="attached")
    run.click()  # with nothing to show yet, the page is as it always is
    expect(teacher.root.locator(".where")).to_have_text("1 of 4")
    titles = []
    for _ in range(4):
        teacher.settle()
        check(teacher, screen)
        titles.append(teacher.page.locator(".regdash-chart .title:visible").inner_text())
        teacher.key("PageDown")
    assert len(set(titles)) == 4
    assert teacher.where == "4 of 4"
    assert violations(teacher.page) == []


@SCREENS
def test_a_clicker_leads_through_a_lesson(visit: Visit, screen: str) -> None:
    """Idea, code, question, answer, race, numbers, seeds, what to try: with Page Down, Page Up, B and Esc alone."""
    teacher = Teacher(visit(None, **PROJECTORS[screen], color_scheme="dark")).open("lessons?present=true&lesson=demo-3")
    expect(teacher.root.locator(".where")).to_have_text(re.compile(r"1 of \d"))
    teacher.page.wait_for_selector(".st-key-scene_try", state="attached")
    steps = []
    for _ in range(teacher.steps):
        teacher.settle()
        steps.append(teacher.on_screen())
        check(teacher, screen, figures=teacher.measured()["figures"])
        teacher.key("PageDown")
    told = ["learn by heart|would do well", "import torch", "optimizer", "What do you predict", "The runs say",
            "A fair race", "What the numbers say", "What one seed cannot say", "Try it yourself"]  # fmt: skip
    assert len(steps) == len(told)
    for words, step in zip(told, steps, strict=True):
        assert re.search(words, step), words
    assert not any("The runs say" in step for step in steps[:4]), "the answer comes after the question"
    assert violations(teacher.page) == []

    teacher.key("PageUp").key("b")
    blank = teacher.root.locator("dialog.blank")
    assert blank.is_visible()
    assert blank.bounding_box() == {"x": 0, "y": 0, **PROJECTORS[screen]["viewport"]}
    assert blank.get_by_text("Press B").evaluate("(p) => p.getBoundingClientRect().width") <= 1
    teacher.key("b")
    assert blank.is_hidden()
    assert teacher.where == "8 of 9"
    teacher.key("F5")  # a clicker's start: no reload, the first step
    assert teacher.where == "1 of 9"
    teacher.key("Escape")
    teacher.page.wait_for_url(lambda url: "present" not in url)
    teacher.settle()
    assert not teacher.presents
    expect(teacher.page.get_by_role("heading", name="Predict first")).to_be_visible()
    assert teacher.page.get_by_text("The runs say").count() == 0, "nobody has answered here"


def test_keys_are_not_taken_from_a_control_nor_with_others(visit: Visit) -> None:
    teacher = Teacher(visit(**PROJECTORS["1024x768"]))
    explore, page = teacher.visitor, teacher.page
    explore.press("dropout", "ArrowRight")
    for press in ("p", "?"):
        page.keyboard.press(press)
    for selector in (".st-key-scenario input", ".st-key-seed input", ".regdash-picture .speed", "input.epoch"):
        focus(page, selector)
        page.keyboard.press("p")
        page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    for press in ("Alt+p", "Shift+P", "b", "n", "PageDown"):
        page.keyboard.press(press)
    assert not teacher.presents
    assert page.get_by_role("dialog").count() == 0
    with explore.redraw():
        page.keyboard.press("p")
    teacher.settle()
    position = explore.position
    focus(page, ".regdash-picture .play")
    page.keyboard.press("Space")
    assert explore.playing, "the button itself takes it, once"
    page.keyboard.press("Space")
    explore.seek(explore.last_frame)
    focus(page, ".regdash-dock input")
    with explore.redraw():
        for press in ("ArrowLeft", "b", "1"):
            page.keyboard.press(press)
    teacher.settle()
    assert explore.position == position
    assert teacher.root.locator("dialog.blank").is_hidden()
    place = explore.find("input.epoch").bounding_box()
    assert place
    page.mouse.click(place["x"] + 30, place["y"] + place["height"] / 2)
    page.wait_for_function(
        "() => document.activeElement === document.body"
    )  # what a pointer has moved gives the keys back


def test_keys_of_the_race(visit: Visit) -> None:
    teacher = Teacher(visit("?present=true&controls=dropout,seed,width", **PROJECTORS["1024x768"])).settle()
    explore, page = teacher.visitor, teacher.page
    shown = page.locator(".regdash-dock .control b")
    assert shown.all_inner_texts() == ["0.5", "7", "64"]
    for press, place, value in (("1", 0, "0.55"), ("Shift+Digit1", 0, "0.5"), ("2", 1, "8"), ("Shift+Digit3", 2, None)):
        with explore.redraw():
            page.keyboard.press(press)
        expect(shown.nth(place)).to_have_text(value or explore.value("width"))
    with explore.redraw():
        page.keyboard.press("n")
    page.wait_for_function("() => document.querySelectorAll('.regdash-dock b')[1].textContent !== '8'")
    last = explore.position
    page.keyboard.press("ArrowLeft")
    assert explore.position == last - 1
    page.keyboard.press("ArrowRight")
    assert explore.position == last
    page.keyboard.press("Space")
    assert explore.playing
    page.keyboard.press(".")  # what some clickers send for B
    assert not explore.playing
    assert teacher.root.locator("dialog.blank").is_visible()
    page.keyboard.press("PageDown")  # any of its keys brings the screen back
    assert teacher.root.locator("dialog.blank").is_hidden()


def test_the_help_sheet_and_what_a_reload_keeps(visit: Visit) -> None:
    teacher = Teacher(visit("?present=true&controls=dropout,seed,width&dropout=0.2", **PROJECTORS["1024x768"])).settle()
    page, shown = teacher.page, teacher.page.locator(".regdash-dock .control b")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Presenter mode: keys")
    expect(sheet).to_be_visible()
    assert sheet.evaluate("(sheet) => sheet.contains(document.activeElement)")
    assert sheet.evaluate("(sheet) => sheet.scrollHeight <= sheet.clientHeight")
    assert violations(page) == []
    assert sheet.get_by_label("Epochs").is_disabled(), "three at most"
    sheet.get_by_label("Width").uncheck()
    expect(shown).to_have_count(2)
    page.keyboard.press("Escape")
    assert sheet.is_hidden()
    assert teacher.presents, "Esc has closed the sheet, not the mode"
    page.wait_for_url(lambda url: "width" not in url.partition("controls=")[2])
    teacher.settle()
    page.reload()
    page.wait_for_selector("body.regdash-staged", state="attached")
    expect(shown).to_have_count(2)
    assert shown.nth(0).inner_text() == "0.2"
    teacher.visitor.wait_for_picture()
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "present" not in url)
    teacher.settle()
    assert float(teacher.visitor.value("dropout")) == 0.2
    assert page.get_by_test_id("stSidebar").is_visible()
    assert teacher.root.get_by_role("button", name="Present", exact=True).is_visible()


def test_a_phone_shows_the_page_as_it_is(visit: Visit) -> None:
    """Students open what the teacher's address bar says."""
    explore = visit("?present=true", viewport={"width": 390, "height": 844}, color_scheme="dark")
    explore.page.wait_for_url(lambda url: "present" not in url)
    teacher = Teacher(explore).settle()
    assert not teacher.presents
    assert explore.page.locator(".regdash-presenter .enter").is_hidden()
