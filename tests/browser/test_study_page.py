"""The Study page in a real browser: results as they come, clicks that open a run, links, phones, and what stops it."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import expect

from regdash.study import StudySpec, run_study
from regdash.teaching.scenarios import NOISY
from tests.browser.explore import Explore, Visit
from tests.browser.study import Study

SMALL: dict[str, Any] = {"width": 8, "epochs": 20, "n_samples": 60, "seeds": 4}
GRID = SMALL | {"values": [0, 0.5], "sweep2": "Weight decay", "values2": [0, 0.02, 0.1]}
GRID_SPEC = StudySpec(
    base=NOISY.but(width=8, epochs=20, n_samples=60),
    sweep={"dropout": [0.0, 0.5], "weight_decay": [0.0, 0.02, 0.1]}, seeds=4,
)  # fmt: skip
LONG: dict[str, Any] = {"width": 256, "epochs": 1000, "seeds": 12}  # a minute or more
DRAWN_MEANS = "_fullData.find((trace) => trace.uid === 'means').y"
PLOT = "document.querySelector('.st-key-chart_strength .plot')"
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

# Each chart is as wide as its place, which is no wider than the window.
FITS = """(window) => [...document.querySelectorAll(".regdash-chart")].every((chart) => {
  const { width } = chart.getBoundingClientRect();
  return 250 < width && width <= window && Math.abs(chart.chart.plot._fullLayout.width - chart.clientWidth) < 1;
})"""


@pytest.fixture
def study(visit: Visit) -> Callable[..., Study]:
    """Make a visitor of the Study page; `options` are Playwright's for a new context."""

    def make(query: str = "", *, options: dict[str, Any] | None = None, **settings: Any) -> Study:
        return Study(visit(None, **(options or {}))).open(query, **settings)

    return make


def test_a_link_opens_and_says_what_will_be_seen(study: Callable[..., Study]) -> None:
    page = study(seeds=20, seed=54)  # which no other test runs: nothing is kept
    page.text("Nothing has been run yet").wait_for()
    page.text("One run is luck.").wait_for()
    page.text("80 runs").wait_for()
    assert page.charts == []


def test_it_opens_from_the_menu_with_a_study_on_show(visit: Visit) -> None:
    visitor = visit("?width=8&epochs=20&n_samples=60&seed=53")
    visitor.page.get_by_role("link", name="Study").click()
    study = Study(visitor).finished("Finished: 80 runs")
    assert len(study.charts) == 3


def test_a_small_study_begins_by_itself_and_takes_the_place_of_the_one_before(study: Callable[..., Study]) -> None:
    page = study(**SMALL, values=[0, 0.5], seed=56).run()
    before = page.charts
    means = page.figure("strength", DRAWN_MEANS)
    slider = page.visitor.slider("width")
    with page.watched(3) as seen:
        slider.press("ArrowRight")
        page.page.wait_for_function(f"(old) => String({PLOT}.{DRAWN_MEANS}) !== String(old)", arg=means)
        page.finished("Finished: 8 runs")
    assert seen["frames"] > 5
    assert seen["faults"] == []
    assert page.charts == before
    assert slider.evaluate("(slider) => slider === document.activeElement")
    assert page.button("Run study").is_disabled()

    page.page.get_by_test_id("stMain").get_by_text("Dropout 0, 0.5 · 4 seeds").click()
    box = page.page.get_by_role("combobox", name="Values of dropout")
    box.click()
    box.press_sequentially("0.3")
    with page.watched(3) as seen:
        box.press("Enter")
        page.finished("Finished: 12 runs (3 values × 4 seeds)")
    assert seen["faults"] == []
    assert page.figure("strength", DRAWN_MEANS + ".length") == 3


def test_the_numbers_on_the_screen_are_those_of_the_library(study: Callable[..., Study]) -> None:
    page = study(**GRID).run(charts=4)
    means = run_study(GRID_SPEC).fresh_accuracy.mean(axis=1)
    written = page.chart("heat").locator(".textpoint text").all_text_contents()
    assert written == [f"{100 * mean:.1f}" for mean in means]
    assert page.figure("heat", "_fullData[0].z.length") == 2
    assert len(page.charts) == 4


def test_a_click_on_a_cell_opens_that_run_in_explore_and_back_nothing_is_lost(study: Callable[..., Study]) -> None:
    page = study(**GRID).run(charts=4)
    address = page.page.url
    page.page.mouse.click(*page.place("heat", 2, 1))
    explore = page.visitor
    explore.wait_for_picture()
    assert {name: explore.value(name) for name in ("width", "dropout", "weight_decay", "epochs")} == {
        "width": "8", "dropout": "0.50", "weight_decay": "0.1", "epochs": "20",
    }  # fmt: skip
    explore.page.wait_for_url(lambda url: "/study" not in url and "weight_decay=0.1" in url and "width=8" in url)
    assert "values" not in explore.page.url
    explore.press("width", "ArrowRight")
    explore.press("width", "ArrowLeft")

    explore.page.get_by_role("link", name="Study").click()
    page.finished(charts=4)
    assert len(page.charts) == 4
    for part in ("sweep2=Weight", "values2=0.02", "seeds=4", "epochs=20"):
        assert part in page.page.url
    assert address.split("?")[0] == page.page.url.split("?")[0]


def test_the_browsers_back_button_brings_the_study_back(study: Callable[..., Study]) -> None:
    page = study(**GRID, metric="Validation accuracy").run(charts=4)
    address, charts = page.page.url, page.charts
    page.page.mouse.click(*page.place("heat", 2, 1))
    page.visitor.wait_for_picture()
    page.page.wait_for_url(lambda url: "/study" not in url and "weight_decay=0.1" in url)
    for _ in range(8):  # Streamlit may have put each setting of Explore's address into the history by itself
        page.idle()
        page.page.go_back()
        if "/study" in page.page.url:
            break
    page.finished("2 × 3 values × 4 seeds", charts=4)
    page.text("Weight decay: swept in this study").wait_for()
    assert page.text("Below is still the study from before").count() == 0
    assert page.charts == charts
    page.page.wait_for_url(lambda url: parameters(url) == parameters(address))


def parameters(address: str) -> dict[str, list[str]]:
    """What a link says, but for the sidebar's values of settings that `GRID` sweeps: they mean nothing."""
    said = parse_qs(urlsplit(address).query)
    swept = {"dropout", "weight_decay"}
    return {name: values for name, values in said.items() if name not in swept}


def test_a_tap_on_a_boundary_opens_that_run_on_a_phone(study: Callable[..., Study]) -> None:
    page = study(**SMALL, values=[0, 0.3, 0.5], options=PHONE).run()
    page.page.touchscreen.tap(*page.place("strength", 1, 0, "yaxis2"))
    page.visitor.wait_for_picture()
    page.page.wait_for_url(lambda url: "dropout=0.3" in url)


def test_a_tap_on_a_cell_opens_that_run_on_a_phone(study: Callable[..., Study]) -> None:
    page = study(**GRID, options=PHONE).run(charts=4)
    page.page.touchscreen.tap(*page.place("heat", 1, 0))
    page.visitor.wait_for_picture()
    page.page.wait_for_url(lambda url: "weight_decay=0.02" in url)


def test_without_a_pointer_a_run_opens_too(study: Callable[..., Study]) -> None:
    page = study(**SMALL, values=[0, 0.3]).run()
    box = page.page.get_by_role("combobox", name="A run to look at")
    box.focus()
    box.press("ArrowDown")
    page.page.get_by_role("option", name="dropout 0.3").click()
    page.idle()
    page.button("Open in Explore").focus()
    page.page.keyboard.press("Enter")
    page.visitor.wait_for_picture()
    assert page.visitor.value("dropout") == "0.30"


def test_a_link_opens_the_same_study_elsewhere_with_its_results(study: Callable[..., Study]) -> None:
    here = study()
    here.page.get_by_role("radio", name="Article: Demo 4, honestly").click()
    here.page.wait_for_url(lambda url: "epochs=60" in url)
    here.run()
    there = study(here.page.url).finished()  # kept: nobody has to press Run again
    assert there.charts == here.charts
    for name in ("strength", "curves", "differences"):
        assert there.figure(name, "parentElement.chart.data.version") == here.figure(
            name, "parentElement.chart.data.version"
        )
    assert there.text("could not be used").count() == 0


def test_boxes_show_what_is_chosen_in_another_study_too(study: Callable[..., Study]) -> None:
    """A browser keeps the text of a box that it knows, unless the page sets it."""
    page = study(**GRID).run(charts=4)
    for name in ("Charts along", "Compared with", "A run to look at"):
        assert "ropout" in page.page.get_by_role("combobox", name=name).input_value()
    page.page.get_by_role("radio", name="Where does weight decay help?").click()
    page.text("500 runs").wait_for()
    if page.button("Run study").is_enabled():
        page.button("Run study").click()
    page.finished("Finished: 500 runs", charts=4)
    for name, value in {
        "Charts along": "Weight decay, at flipped labels 0", "Compared with": "Weight decay 0",
        "A run to look at": "weight decay 0 with a flipped share of 0",
    }.items():  # fmt: skip
        expect(page.page.get_by_role("combobox", name=name)).to_have_value(value, timeout=10_000)


def test_a_hostile_link_is_answered_with_a_note(study: Callable[..., Study]) -> None:
    page = study("sweep=<script>alert(1)</script>&values=abc&seeds=1e999&metric=&values2=%00&sweep2=Seed")
    page.text("Parts of this link could not be used").wait_for()
    page.text("80 runs").wait_for()


def test_charts_stay_and_keep_zoom_and_hidden_lines_while_seeds_are_added(study: Callable[..., Study]) -> None:
    page = study(**SMALL).run()
    page.drag("curves", "xy", (40, 20), (240, 120))
    page.page.wait_for_function(
        "() => document.querySelector('.st-key-chart_curves .plot')._fullLayout.xaxis.range[0] > 0"
    )
    page.chart("curves").locator(".legendtoggle").nth(1).click()
    page.page.wait_for_function(
        "() => document.querySelector('.st-key-chart_curves .plot')._fullData.some((t) => t.visible === 'legendonly')"
    )
    state = "_fullData.map((trace) => [trace.uid, trace.visible])"
    zoom, visible = page.figure("curves", "_fullLayout.xaxis.range"), page.figure("curves", state)
    with page.watched(3) as seen:
        page.button("Add 20 seeds").click()
        page.finished("4 values × 24 seeds")
    assert seen["frames"] > 5
    assert seen["faults"] == []
    assert page.figure("curves", "_fullLayout.xaxis.range") == zoom
    assert page.figure("curves", state) == visible
    page.page.wait_for_url(lambda url: "seeds=24" in url)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desktop", "phone"])
def test_intervals_narrow_in_the_place_of_the_differences(study: Callable[..., Study], options: dict[str, Any]) -> None:
    page = study(**SMALL | {"seeds": 6}, options=options).run()
    page.chart("differences").wait_for()
    page.choose("Differences", "As pairs are added")
    page.chart("narrowing").wait_for()
    page.finished()
    assert page.chart("differences").count() == 0
    assert page.charts[-1].endswith("as pairs are added")
    pairs = page.figure("narrowing", "_fullData.filter((t) => t.uid.startsWith('line')).map((t) => [...t.x])")
    assert pairs == [[3, 4, 5, 6]] * 3
    drawn = page.chart("narrowing").get_by_role("img").get_attribute("aria-label")
    assert drawn
    assert "as pairs of runs are added" in drawn
    main = page.page.get_by_test_id("stMain")
    assert main.evaluate("(main) => main.scrollWidth - main.clientWidth") <= 0
    words = page.chart("narrowing").locator(".annotation").all()
    assert len(words) == 3
    boxes = [box for box in (each.bounding_box() for each in words) if box]
    for box in boxes:
        others = [other for other in boxes if other != box and abs(other["y"] - box["y"]) < 1]
        assert all(box["x"] + box["width"] <= other["x"] or other["x"] < box["x"] for other in others)


def test_panels_are_zoomed_together_and_keep_it_when_something_else_is_chosen(study: Callable[..., Study]) -> None:
    page = study(**SMALL | {"seeds": 6}).run()
    page.choose("Differences", "As pairs are added")
    page.chart("narrowing").wait_for()
    page.finished()
    page.drag("narrowing", "x2y2", (30, 40), (120, 140))
    page.page.wait_for_function(
        "() => document.querySelector('.st-key-chart_narrowing .plot')._fullLayout.xaxis2.range[0] > 0.5"
    )
    ranges = "['xaxis', 'xaxis2', 'xaxis3'].map((name) => _fullLayout[name].range)".replace("_full", "plot._full")
    zoom = page.chart("narrowing").locator(".plot").evaluate(f"(plot) => {ranges}")
    assert zoom[0] == zoom[1] == zoom[2]
    vertical = page.figure("narrowing", "_fullLayout.yaxis.range")
    page.choose("Curves of", "Train accuracy").finished()
    assert page.chart("narrowing").locator(".plot").evaluate(f"(plot) => {ranges}") == zoom
    assert page.figure("narrowing", "_fullLayout.yaxis.range") == vertical


def close_the_tab(running: Study) -> None:
    running.page.close()


def press_cancel(running: Study) -> None:
    running.button("Cancel").click()
    running.finished("What is below is incomplete.")
    assert len(running.charts) == 3


def change_a_setting(running: Study) -> None:
    running.visitor.slider("epochs").press("ArrowLeft")
    running.text("a setting was changed").wait_for()


def go_to_explore(running: Study) -> None:
    running.page.get_by_role("link", name="Explore").click()


@pytest.mark.parametrize(
    ("seed", "stop"), list(enumerate([close_the_tab, press_cancel, change_a_setting, go_to_explore], start=100))
)
def test_a_study_that_nobody_wants_makes_room_for_the_next(
    study: Callable[..., Study], seed: int, stop: Callable[[Study], None]
) -> None:
    """One study trains at a time, if none is far shorter: the second begins only when the first has stopped."""
    first = study(**LONG, seed=seed)
    first.button("Run study").click()
    first.text("So far, with").wait_for()
    second = study(**LONG, seed=seed + 50)
    second.button("Run study").click()
    second.text("The next one to start").wait_for()
    stop(first)
    second.text("So far, with").wait_for()


def test_a_short_study_does_not_wait_for_a_long_one(study: Callable[..., Study]) -> None:
    long = study(**LONG, seed=200)
    long.button("Run study").click()
    long.text("So far, with").wait_for()
    short = study(**SMALL, dropout=0.2, seed=200)
    short.button("Run study").click()
    short.finished()
    assert long.button("Cancel").is_visible(), "the long one goes on"


def test_downloads_hold_the_runs(study: Callable[..., Study]) -> None:
    page = study(**GRID).run(charts=4)
    with page.page.expect_download() as download:
        page.button("Runs (CSV)").click()
    runs = pd.read_csv(download.value.path())
    expected = run_study(GRID_SPEC).runs
    np.testing.assert_array_equal(runs["fresh_accuracy"], expected["fresh_accuracy"])
    with page.page.expect_download() as download:
        page.button("Curves (Parquet)").click()
    curves = pd.read_parquet(io.BytesIO(download.value.path().read_bytes()))
    assert len(curves) == 24 * 20
    with page.page.expect_download() as download:
        page.button("Python script").click()
    assert "regdash.run_study" in download.value.path().read_text(encoding="utf-8")


def test_everything_fits_the_window(study: Callable[..., Study]) -> None:
    page = study(**GRID, options={"viewport": {"width": 1920, "height": 900}}).run(charts=4)
    main = page.page.get_by_test_id("stMain")
    for width in (1920, 1280, 390):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.page.wait_for_function(FITS, arg=width)
        assert main.evaluate("(main) => main.scrollWidth - main.clientWidth") <= 0
        assert page.page.locator(".regdash-chart").count() >= 4
        for chart in page.page.locator(".regdash-chart").all():
            assert chart.get_by_role("img").get_attribute("aria-label")


def test_without_the_chart_library_the_page_says_so_and_tries_again(visit: Visit) -> None:
    visitor = visit(None)
    visitor.forgive("plotly-cartesian", "ERR_FAILED")
    visitor.page.route("**/plotly-cartesian*", lambda route: route.abort())
    page = Study(visitor).open(**SMALL, seed=77)  # which no other test runs: nothing is kept
    page.button("Run study").click()
    page.text("The chart is not available").first.wait_for()
    page.text("4 values × 4 seeds").wait_for()
    page.page.unroute("**/plotly-cartesian*")
    box = page.page.get_by_role("combobox", name="Judged by")
    box.focus()
    box.press("ArrowDown")
    page.page.get_by_role("option", name="Train accuracy").click()  # which changes nothing in the curves
    page.finished()
    assert page.page.get_by_text("The chart is not available").filter(visible=True).count() == 0


def test_explore_is_still_what_opens_first(visit: Visit) -> None:
    visitor: Explore = visit()
    assert visitor.page.url.rstrip("/").endswith(str(visitor.url).rsplit(":", 1)[-1])
    assert visitor.sentence.is_visible()


def test_explore_goes_on_in_study_with_its_settings_and_back(visit: Visit) -> None:
    explore = visit("?width=8&epochs=20&dropout=0.3&seed=5")
    explore.button("Go on in Study").click()
    study = Study(explore)
    study.button("Run study").wait_for()
    explore.page.wait_for_url(lambda url: "/study" in url and "width=8" in url and "epochs=20" in url)
    study.text("40 runs").wait_for()
    explore.page.go_back()
    explore.wait_for_picture()
    assert explore.value("dropout") == "0.30"
    assert explore.value("width") == "8"
