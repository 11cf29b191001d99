"""A move that leaves the sidebar as it is has the page's body drawn alone: less is sent, and nothing is missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.explore import Explore, Visit

SMALL = "?width=32&epochs=20&n_samples=60"  # each of them differs from the scenario


@pytest.fixture
def moved(visit: Visit) -> Explore:
    """A page on which the body has been drawn alone, once."""
    explore = visit(SMALL)
    with alone(explore, is_so=True):
        explore.press("width", "ArrowLeft")
    assert explore.value("width") == "28"
    return explore


@contextmanager
def alone(explore: Explore, *, is_so: bool) -> Iterator[None]:
    """Whether what the body does has the page's body drawn alone. It comes when no part of the page is about to ask for
    something: what is sent in one moment is one message, and then the whole page is drawn, if need be.
    """
    explore.wait_for_stops()
    explore.wait_for_opinion()
    before = explore.n_runs
    yield
    explore.wait_for_server()
    assert (explore.n_runs == before) == is_so


def test_what_is_drawn_is_that_of_the_move(moved: Explore, visit: Visit) -> None:
    there = visit("?width=28&epochs=20&n_samples=60")
    for page in (moved, there):
        page.wait_for_stops()
        page.wait_for_opinion()
    assert moved.scores() == there.scores()
    assert moved.ends == there.ends
    assert moved.surfaces() == there.surfaces()
    assert moved.sentence.inner_text() == there.sentence.inner_text()
    for what in ("stMetric", "stCaptionContainer", "stSidebar"):
        seen = [page.page.get_by_test_id(what).all_inner_texts() for page in (moved, there)]
        assert seen[0] == seen[1] != [], what


def test_the_thumb_keeps_the_focus_and_the_address_says_where_it_is(moved: Explore) -> None:
    expect(moved.slider("width")).to_be_focused()
    assert parse_qs(urlsplit(moved.page.url).query)["width"] == ["28"]
    moved.page.reload()
    moved.wait_for_picture()
    assert moved.value("width") == "28"


def test_less_is_sent(moved: Explore) -> None:
    sent = []
    for key in ("ArrowRight", "ArrowLeft"):  # twice, since what a part asks for meanwhile counts, too
        with alone(moved, is_so=True):
            before = len(moved.received)
            moved.press("width", key)
        sent.append(len(moved.received) - before)
    with alone(moved, is_so=False):
        before = len(moved.received)
        moved.press("dropout", "ArrowLeft")  # which was the scenario's
    assert min(sent) < 0.7 * (len(moved.received) - before)


def test_what_stands_in_the_sidebar_knows_of_the_move(moved: Explore) -> None:
    with moved.redraw():
        moved.button("Pin this run").click()
    pinned = moved.page.get_by_text("Pin 1", exact=False).first
    expect(pinned).to_be_visible()
    assert parse_qs(urlsplit(moved.page.url).query)["pin"] == ["1~n_samples-60~width-28~epochs-20"]
    moved.page.get_by_test_id("stSidebar").get_by_role("button", name="Copy link").click()
    link = moved.page.locator(".regdash-share input")
    link.wait_for()
    assert "width=28" in link.input_value()


def test_with_a_link_on_show_or_a_pin_the_whole_page_is_drawn(moved: Explore) -> None:
    with moved.redraw():
        moved.button("Pin this run").click()
    with alone(moved, is_so=False):
        moved.press("width", "ArrowLeft")
    expect(moved.page.get_by_text("width 28 (now 24)")).to_be_visible()


def test_a_setting_that_begins_to_differ_or_ends_gets_its_button(moved: Explore) -> None:
    with alone(moved, is_so=False):
        moved.press("dropout", "ArrowLeft")
    back = moved.button("Reset dropout")
    expect(back).to_be_visible()
    with alone(moved, is_so=True):
        moved.press("dropout", "ArrowLeft")
    with moved.redraw():
        back.click()
    expect(back).to_have_count(0)
    assert (moved.value("width"), moved.value("dropout")) == ("28", "0.50")


def test_what_is_below_the_picture_acts_on_the_whole_page(moved: Explore) -> None:
    with alone(moved, is_so=False), moved.redraw():
        moved.pill("Dropout only").click()
    assert "Dropout only" in moved.arms
    assert moved.value("width") == "28"
    with moved.page.expect_download() as coming:
        moved.button("Curves (CSV)").click()
    assert "-w28-" in coming.value.suggested_filename
    moved.button("Go on in Study").click()
    moved.page.wait_for_url(lambda url: "/study" in url and "width=28" in url)


def test_the_way_back_leads_to_the_last_move(moved: Explore) -> None:
    moved.page.get_by_role("link", name="Lessons").click()
    moved.page.wait_for_url("**/lessons*")
    moved.wait_for_server()
    moved.page.go_back()
    moved.page.wait_for_url(lambda url: "/lessons" not in url)
    moved.wait_for_picture()
    assert moved.value("width") == "28"
    with alone(moved, is_so=True):
        moved.press("width", "ArrowLeft")
    assert moved.value("width") == "24"
