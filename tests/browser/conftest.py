"""The running app and the browser, shared by all browser tests; each test gets visitors with pages of their own."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.server import Server, serve
from tests.browser.driver import NoBrowser, in_ci, launch
from tests.browser.evidence import Evidence
from tests.browser.explore import Explore, Visit
from tests.browser.profiles import LAPTOP, Profiles

HERE = Path(__file__).parent
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


# Playwright runs an event loop in the thread of the tests, where others may want their own: "package", not "session".
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except NoBrowser as error:
            if in_ci():
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def laptop(browser: Browser) -> Iterator[BrowserContext]:
    """What visitors without wishes of their own share: a browser profile, and so its cache of Streamlit's scripts."""
    with browser.new_context(viewport=LAPTOP) as context:
        context.tracing.start()
        yield context


@pytest.fixture(scope="package")
def profiles(browser: Browser) -> Iterator[Profiles]:
    profiles = Profiles(browser)
    yield profiles
    profiles.close()


@pytest.fixture(scope="package")
def app(laptop: BrowserContext) -> Iterator[Server]:
    assert laptop  # no browser, no app
    with serve() as app:
        yield app


@pytest.fixture
def evidence(laptop: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Evidence]:
    evidence = Evidence(request.node.nodeid)
    evidence.record(laptop)
    yield evidence
    evidence.end(keep=request.node.stash[FAILED])


@pytest.fixture
def visit(
    app: Server, profiles: Profiles, laptop: BrowserContext, evidence: Evidence, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """Make a visitor: `visit()` opens the page; with keywords (viewport, has_touch, …), Playwright's for a new context,
    in a browser profile of its own.

    Whatever a visitor's page must not do (errors in the console, requests that fail or leave for another host) fails
    the test, and so does a traceback in the app's log.
    """
    visitors: list[Explore] = []
    logged = app.log.stat().st_size

    def own_page(options: dict[str, Any]) -> Page:
        page = profiles.page(options)
        evidence.record(page.context)
        return page

    def make(query: str | None = "", **options: Any) -> Explore:
        visitor = Explore(own_page(options) if options else laptop.new_page(), app.url)
        visitors.append(visitor)
        return visitor if query is None else visitor.open(query)

    yield make
    wrong = any(visitor.problems for visitor in visitors) or app.complaints(since=logged) != ""
    evidence.end(keep=wrong or request.node.stash[FAILED])
    for visitor in visitors:
        if visitor.page.context is laptop:
            visitor.page.close()
        else:
            profiles.take_back(visitor.page.context)
    assert [problem for visitor in visitors for problem in visitor.problems] == []
    assert app.complaints(since=logged) == ""


@pytest.fixture
def explore(visit: Visit) -> Explore:
    """A visitor at a laptop who has just opened the page, and may change everything."""
    return visit()


@pytest.fixture(scope="package")
def opened(app: Server, laptop: BrowserContext) -> Explore:
    return Explore(laptop.new_page(), app.url).open()


@pytest.fixture
def looking(opened: Explore, evidence: Evidence, request: pytest.FixtureRequest) -> Iterator[Explore]:
    """A visitor who leaves the settings alone: plays, looks, downloads. The page is shared, since opening one is slow.

    It stands at the last epoch, at rest.
    """
    opened.rest()
    yield opened
    problems, opened.problems[:] = [*opened.problems], []
    evidence.end(keep=problems != [] or request.node.stash[FAILED])
    assert problems == []
