"""Copy link, on every page: what is copied opens the same elsewhere, in a browser that has never been here."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser.explore import Explore, Visit
from tests.browser.lessons import Student
from tests.browser.study import Study


def copied(visitor: Explore, holds: str = "v=1") -> str:
    """Press Copy link; what is in the clipboard then."""
    page = visitor.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_test_id("stSidebar").get_by_role("button", name="Copy link").click()
    page.locator(".regdash-share svg").first.wait_for()
    # The picture's epoch comes a moment later, and with it another link.
    page.wait_for_function("(part) => document.querySelector('.regdash-share input').value.includes(part)", arg=holds)
    page.locator(".regdash-share .copy").click()
    page.locator(".regdash-share").get_by_text("Copied").wait_for()
    link: str = page.evaluate("navigator.clipboard.readText()")
    assert link == page.locator(".regdash-share input").input_value()
    page.keyboard.press("Escape")
    return link


def seen(explore: Explore) -> dict[str, Any]:
    return {
        "data": explore.picture("data"), "surfaces": explore.surfaces(), "scores": explore.scores(),
        "sentence": explore.sentence.inner_text(),
        "width": explore.value("width"), "weight_decay": explore.value("weight_decay"),
        "scenario": explore.page.get_by_role("combobox", name="Scenario").input_value(),
    }  # fmt: skip


def test_a_link_copied_from_explore_opens_the_same_picture(visit: Visit) -> None:
    here = visit(viewport={"width": 1280, "height": 900})
    here.choose_scenario("Spirals")
    here.press("width", "ArrowLeft")
    here.press("weight_decay", "ArrowRight", "ArrowRight")
    with here.redraw():
        here.pill("Dropout only").click()
    with here.redraw():
        here.view("Loss").click()
    here.seek(10)
    link = copied(here, holds=f"epoch={here.epochs[10]}")
    asked = parse_qs(urlsplit(link).query)
    assert asked["v"] == ["1"]
    assert asked["epoch"] == [str(here.epochs[10])]
    assert asked["arms"] == ["none~dropout~yours"]
    there = visit(link, viewport={"width": 1280, "height": 900})
    there.page.wait_for_function(
        "(epoch) => Math.round(document.querySelector('.regdash-picture').picture.epoch) === epoch", arg=here.epochs[10]
    )
    assert seen(there) == seen(here)
    there.page.get_by_text("Identical to the shared run").wait_for()
    assert there.page.get_by_text("could not be used").count() == 0
    there.press("dropout", "ArrowLeft")
    there.page.get_by_text("because settings differ (dropout 0.45 instead of 0.5)").wait_for()


def test_a_link_copied_from_a_study_opens_the_same_study(visit: Visit) -> None:
    here = Study(visit(None, viewport={"width": 1280, "height": 900})).open(
        sweep="Dropout", values=["0", "0.6"], seeds=3, epochs=20, width=8, metric="Validation accuracy"
    )
    here.button("Run study").click()
    here.page.get_by_test_id("stMain").get_by_text("Finished: 6 runs").last.wait_for()
    headline = here.page.locator(".st-key-study_headline h2")
    headline.wait_for()
    here.choose("Differences", "As pairs are added")
    link = copied(here.visitor)
    there = Study(visit(None, viewport={"width": 1280, "height": 900})).open(link)
    there.page.locator(".st-key-study_headline h2").wait_for()
    assert there.page.locator(".st-key-study_headline h2").inner_text() == headline.inner_text()
    there.page.get_by_text("Identical to the shared run").wait_for()
    assert there.page.get_by_role("combobox", name="Judged by").input_value() == "Validation accuracy"
    assert there.page.get_by_role("combobox", name="Differences").input_value() == "As pairs are added"
    there.chart("narrowing").wait_for()


def test_a_link_copied_from_a_lesson_asks_first(visit: Visit) -> None:
    here = visit(None, viewport={"width": 1280, "height": 900})
    Student(here).open("?lesson=demo-3")
    here.page.get_by_role("heading", name="Predict first").wait_for()
    link = copied(here)
    assert parse_qs(urlsplit(link).query) == {"v": ["1"], "page": ["lesson"], "lesson": ["demo-3"]}
    there = visit(None, viewport={"width": 1280, "height": 900})
    Student(there)
    there.go(link)
    there.page.get_by_role("heading", name="Predict first").wait_for()
    there.page.get_by_role("heading", level=1, name="No regularization against dropout").wait_for()


def test_the_large_code_fills_the_screen_in_black_on_white_also_on_dark_pages(visit: Visit) -> None:
    here = visit(viewport={"width": 1920, "height": 1080}, color_scheme="dark")
    here.page.get_by_test_id("stSidebar").get_by_role("button", name="Copy link").click()
    here.page.locator(".regdash-share .enlarge").click()
    code = here.page.locator(".regdash-share dialog svg")
    box = code.bounding_box()
    assert box
    assert (box["width"], box["height"]) == (1080, 1080)
    corner = here.page.evaluate(
        "() => getComputedStyle(document.querySelector('.regdash-share dialog')).backgroundColor"
    )
    assert corner == "rgb(255, 255, 255)"
    here.page.keyboard.press("Escape")
    code.wait_for(state="hidden")
