"""axe, a checker of web pages for people with disabilities, for the browser tests."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# What is Streamlit's alone, as (rule, a part of the element's HTML).
EXEMPT = (
    # Labels of controls that are switched off: no contrast is asked of them, but axe cannot know what they belong to.
    ("color-contrast", ": swept in this study</p>"),
    ("color-contrast", "<p>Values</p>"),
    ("region", "stFloatingOverlayPortal"),  # its tooltips stand outside of all landmarks
)
OPTIONS = {"resultTypes": ["violations"]}  # to list what is right, too, takes as long again
TALL: Any = {"viewport": {"width": 1280, "height": 4000}}  # axe judges contrast only in what is in view


def violations(page: Page) -> list[str]:
    """What axe finds on the page once it has come to rest, one line for each element: what goes by itself is none."""
    for _ in range(5):
        found = _violations(page)
        if not found:
            break
        page.wait_for_timeout(1000)
    return found


def _violations(page: Page) -> list[str]:
    page.mouse.move(2, 2)  # what is under the pointer may have Streamlit's own colours
    found: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
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
