"""What a visitor meets on opening the page: a finished picture, a sentence, numbers; on any screen, in any light."""

import contextlib
import re

import pytest
from playwright.sync_api import Route
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.explore import Explore, Visit, colours, hues

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def assert_painted(explore: Explore) -> None:
    """Every boundary panel shows both classes' regions, to the eye and not only to the document."""
    labels = explore.arms
    assert len(explore.surfaces()) == len(labels) >= 2
    for arm, label in enumerate(labels):
        image = explore.pixels(arm)
        shares = hues(image)
        assert min(shares.values()) > 0.03, f"{label}: {shares}"
        assert colours(image) > 100, label


def test_it_opens_with_a_finished_picture(looking: Explore) -> None:
    assert_painted(looking)
    epochs = looking.epochs
    assert looking.position == len(epochs) - 1
    assert looking.find(".readout").inner_text() == f"epoch {epochs[-1]} of {epochs[-1]}"
    assert looking.surfaces()[0] != looking.surfaces()[1]
    visible = looking.traces()
    for uid in ("curve-none-val_accuracy", "curve-none-train_accuracy", "curve-yours-val_accuracy"):
        assert visible[uid] is True


def test_it_says_in_words_and_numbers_what_it_shows(looking: Explore) -> None:
    sentence = looking.sentence
    assert re.search(r"train \d+ %, fresh data \d+ %", sentence.inner_text().replace("\N{NO-BREAK SPACE}", " "))
    assert looking.root.get_by_role("img", name=sentence.inner_text()).is_visible()
    metrics = looking.page.get_by_test_id("stMetric")
    for name in ("Train accuracy", "Validation accuracy", "Fresh-data accuracy", "Gap", "Best epoch"):
        assert re.search(r"\d", metrics.filter(has_text=name).get_by_test_id("stMetricValue").inner_text())
    for row in looking.scores():
        assert all(re.fullmatch(r"\d+\.\d %", cell) for cell in row[1:])
    # The score table and the metrics are made by different hands: they must agree.
    shown = metrics.filter(has_text="Train accuracy").get_by_test_id("stMetricValue").inner_text()
    assert looking.scores()[1][1] == shown.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("path", ["", "class"])
def test_what_is_fetched_with_the_page_is_fetched_once_and_used(path: str, visit: Visit) -> None:
    visitor = visit(None, first_visit=True)
    visitor.forgive("/class/_stcore/")  # Streamlit looks for its server beside the page first
    warnings: list[str] = []
    visitor.page.on("console", lambda message: warnings.append(message.text))
    answer = visitor.page.goto(f"{visitor.url}/{path}")
    assert answer
    addresses = re.findall(r"<\.(.+?)>", answer.header_value("link") or "")
    assert len(addresses) > 10
    visitor.page.wait_for_timeout(4_000)  # the browser says so three seconds after the page has loaded
    fetched = visitor.page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)"
    )
    assert [fetched.count(address) for address in addresses] == [1] * len(addresses)
    assert not [text for text in warnings if "preload" in text]


def test_four_networks_can_race_at_once(explore: Explore) -> None:
    for name in ("Dropout only", "Weight decay only"):
        with explore.redraw():
            explore.pill(name).click()
    assert explore.arms == ["No regularization", "Dropout only", "Weight decay only", "Your settings"]
    assert_painted(explore)
    with explore.redraw():
        explore.pill("Dropout only").click()
    assert explore.arms == ["No regularization", "Weight decay only", "Your settings"]
    assert_painted(explore)


def test_it_follows_the_window_from_projector_to_phone(explore: Explore) -> None:
    panels = explore.panel_sizes()
    for width in (1920, 1000, 768, 390, 1280):
        explore.page.set_viewport_size({"width": width, "height": 900})
        explore.page.wait_for_function(
            "() => { const root = document.querySelector('.regdash-picture');"
            " return Math.abs(root.picture.plot._fullLayout.width - root.clientWidth) < 1; }"
        )
        assert_nothing_sticks_out(explore)
    with contextlib.suppress(PlaywrightTimeout):  # the sidebar comes back slowly
        explore.page.wait_for_function(
            "(width) => [...document.querySelectorAll('.regdash-picture .heatmaplayer image')]"
            ".every((panel) => Math.abs(panel.getBoundingClientRect().width - width) < 1)",
            arg=panels[0],
            timeout=10_000,
        )
    assert explore.panel_sizes() == pytest.approx(panels, abs=1), "back at the first width, all is as it was"
    assert_painted(explore)


STICKING_OUT = """() => {
  const scrolling = [document.documentElement, document.querySelector('[data-testid="stMain"]')];
  const parts = ".regdash-picture, .regdash-picture .main-svg, .regdash-picture .controls > *, .regdash-picture table";
  return [
    ...scrolling.filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.tagName),
    ...[...document.querySelectorAll(parts)]
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
      .map((node) => node.className.baseVal ?? node.className),
  ];
}"""


def assert_nothing_sticks_out(explore: Explore) -> None:
    """Nothing to scroll sideways and the picture inside its page, once the page has come to rest: for 20 frames."""
    explore.page.evaluate("() => { window.regdashCalm = 0; }")
    calm = f"() => (window.regdashCalm = ({STICKING_OUT})().length ? 0 : window.regdashCalm + 1) > 20"
    try:
        explore.page.wait_for_function(calm, timeout=10_000)
    except PlaywrightTimeout:
        pytest.fail(f"at {explore.page.viewport_size}: {explore.page.evaluate(STICKING_OUT)}")


def test_a_picture_on_its_way_out_is_not_drawn(explore: Explore) -> None:
    """What is left of it stands for a moment in a place for what nobody sees; Plotly would complain of its width."""
    width = "root.querySelector('.plot')._fullLayout.width"
    drawn = "root.picture.show(root.picture.data); await root.picture.drawn;"
    before = explore.root.evaluate(f"(root) => {width}")
    squeezed = explore.root.evaluate(
        f"async (root) => {{ root.style.width = '18px'; {drawn} root.style.width = '80%'; return {width}; }}"
    )
    assert squeezed == before
    explore.page.wait_for_function(
        f"(before) => {{ const root = document.querySelector('.regdash-picture'); return {width} < 0.9 * before; }}",
        arg=before,
    )


def test_a_phone_shows_boundaries_above_curves_and_can_be_played_by_touch(visit: Visit) -> None:
    explore = visit(**PHONE)
    assert_nothing_sticks_out(explore)
    assert_painted(explore)
    curves = explore.find(".subplot.xy .scatterlayer").bounding_box()
    panels = [explore.panel(arm).bounding_box() for arm in (0, 1)]
    assert curves
    for panel in panels:
        assert panel
        assert panel["y"] + panel["height"] <= curves["y"]
        assert panel["width"] > 120

    before = explore.surfaces()
    with explore.watched() as seen:
        explore.play_button.tap()
        explore.page.wait_for_function("() => document.querySelector('.regdash-picture').picture.position > 5")
        explore.play_button.tap()
    assert seen["blank"] == []
    assert explore.surfaces() != before
    slider = explore.find("input.epoch").bounding_box()
    assert slider
    explore.page.touchscreen.tap(slider["x"] + slider["width"] / 2, slider["y"] + slider["height"] / 2)
    assert 0.3 < explore.epoch / explore.epochs[-1] < 0.7


def test_a_phone_can_change_the_settings(visit: Visit) -> None:
    explore = visit(**PHONE)
    sentence = explore.sentence.inner_text()
    explore.page.get_by_test_id("stExpandSidebarButton").tap()
    track = explore.page.locator(".st-key-dropout").get_by_role("group")
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box
    with explore.redraw():
        explore.page.touchscreen.tap(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
    assert float(explore.value("dropout")) > 0.7
    assert explore.sentence.inner_text() != sentence


def test_a_dark_page_has_a_dark_picture(visit: Visit) -> None:
    explore = visit(color_scheme="dark")
    assert_painted(explore)
    for arm in (0, 1):
        assert explore.pixels(arm).mean() < 110
    ink = explore.find(".plot .xtick text").first.evaluate("(text) => getComputedStyle(text).fill")
    assert min(int(part) for part in re.findall(r"\d+", ink)[:3]) > 180, ink


def test_the_picture_follows_when_the_light_goes_out(explore: Explore) -> None:
    """By itself, and without losing the epoch."""
    explore.seek(3)
    light, pen = explore.pixels(0).mean(), "document.querySelector('.regdash-picture').picture.data.data[0].line.color"
    before = explore.page.evaluate(pen)
    explore.page.emulate_media(color_scheme="dark")
    explore.page.wait_for_function(f"(before) => {pen} !== before", arg=before)
    explore.wait_until_idle()
    assert explore.pixels(0).mean() < 0.6 * light
    assert explore.position == 3
    assert_painted(explore)


def test_without_the_chart_library_the_numbers_stand_and_the_next_change_tries_again(visit: Visit) -> None:
    explore = visit(None)
    explore.forgive("plotly-cartesian", "ERR_FAILED")
    explore.page.route("**/plotly-cartesian*", lambda route: route.abort())
    explore.go()
    message = explore.find(".message")
    message.wait_for(state="visible")
    assert "could not be loaded" in message.inner_text()
    assert explore.find(".plot").is_hidden()
    assert explore.arms == ["No regularization", "Your settings"]
    assert all(re.fullmatch(r"\d+\.\d %", cell) for row in explore.scores() for cell in row[1:])
    assert explore.page.get_by_test_id("stMetric").first.is_visible()

    explore.page.unroute("**/plotly-cartesian*")
    explore.wait_until_idle()
    explore.press("dropout", "ArrowRight")
    assert message.is_hidden()
    assert_painted(explore)


def test_a_script_that_is_lost_on_its_way_is_fetched_again(visit: Visit) -> None:
    explore = visit(None)
    explore.forgive("scripts/", "ERR_FAILED")
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.request.url)
        route.abort()

    explore.page.route(re.compile(r"/scripts/\w+-\w+\.js$"), lose)
    explore.go()
    explore.wait_for_picture()
    assert_painted(explore)
    assert any("/scripts/picture-" in url for url in lost)


def test_a_page_that_an_error_has_left_empty_is_loaded_anew_with_its_settings(visit: Visit) -> None:
    """As React leaves it where Streamlit's front end cannot draw what it is sent."""
    explore = visit("?width=16&epochs=20")
    explore.forgive("lost")
    with explore.page.expect_navigation(), explore.answer():
        explore.page.evaluate(
            """() => {
              document.getElementById("root").replaceChildren();
              setTimeout(() => { throw new Error("lost"); });
            }"""
        )
    explore.wait_for_picture()
    assert explore.value("width") == "16"
