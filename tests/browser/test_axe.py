"""axe, a checker of web pages for people with disabilities, finds nothing: on either page, light or dark."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.explore import Visit
from tests.browser.lessons import Student
from tests.browser.study import Study

# What is Streamlit's alone, as (rule, a part of the element's HTML).
EXEMPT = (
    # Labels of controls that are switched off: no contrast is asked of them, but axe cannot know what they belong to.
    ("color-contrast", ": swept in this study</p>"),
    ("color-contrast", "<p>Values</p>"),
    ("region", "stFloatingOverlayPortal"),  # its tooltips stand outside of all landmarks
)
TALL = {"viewport": {"width": 1280, "height": 4000}}  # axe judges contrast only in what is in view


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, one line for each element."""
    page.mouse.move(2, 2)  # what is under the pointer may have Streamlit's own colours
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for rule in found
        for node in rule["nodes"]
        if not any(rule["id"] == known and part in node["html"] for known, part in EXEMPT)
    ]


def open_all(page: Page) -> None:
    """Every fold of page and sidebar."""
    for fold in page.get_by_test_id("stExpander").locator("summary").all():
        fold.click()


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_explore(visit: Visit, mode: str) -> None:
    explore = visit(color_scheme=mode, **TALL)
    with explore.redraw():
        explore.button("Pin this run").click()
    assert violations(explore.page) == []
    open_all(explore.page)
    explore.page.get_by_text("import torch").first.wait_for()
    explore.wait_until_idle()
    assert violations(explore.page) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_study(visit: Visit, mode: str) -> None:
    study = Study(visit(None, color_scheme=mode, **TALL))
    seed = {"light": 41, "dark": 42}[mode]  # what is kept from another test has no Run button
    study.open(values=[0, 0.5], sweep2="Weight decay", values2=[0, 0.01], seeds=4, epochs=20, width=8, seed=seed)
    assert violations(study.page) == []
    study.run(charts=4)
    assert violations(study.page) == []
    open_all(study.page)
    study.idle()
    assert violations(study.page) == []


def test_a_phone(visit: Visit) -> None:
    explore = visit(viewport={"width": 390, "height": 3000}, has_touch=True, is_mobile=True)
    assert violations(explore.page) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_lessons(visit: Visit, mode: str) -> None:
    student = Student(visit(None, color_scheme=mode, **TALL)).open()
    assert violations(student.page) == []
    student.open("?lesson=memorised-lies")
    open_all(student.page)
    student.idle()
    assert violations(student.page) == []
