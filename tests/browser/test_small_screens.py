"""Screens from a small phone to a projector, fingers and mice: everything fits, and a finger scrolls."""

from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.browser.explore import Explore, Visit
from tests.browser.study import Study

PHONE = {"has_touch": True, "is_mobile": True}
SCREENS: dict[str, dict[str, Any]] = {
    "320": PHONE | {"viewport": {"width": 320, "height": 568}},
    "360": PHONE | {"viewport": {"width": 360, "height": 740}},
    "390": PHONE | {"viewport": {"width": 390, "height": 844}},
    "1180x820 touch": PHONE | {"viewport": {"width": 1180, "height": 820}},
    "1280x720": {"viewport": {"width": 1280, "height": 720}},
    "1920x1080": {"viewport": {"width": 1920, "height": 1080}},
}
STUDY = "study?values=0&values=0.5&sweep2=Weight+decay&values2=0&values2=0.01&seeds=4&epochs=20&width=8"

# Words of a figure that lie over others. Letters fill two thirds of their line's height.
OVERPRINTED = """(svgs) => {
  const texts = svgs.flatMap((svg) => [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()));
  const boxes = texts.map((text) => text.getBoundingClientRect());
  const found = [];
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach((other, k) => {
    const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const lie = wide > 1 && high > Math.min(one.height, other.height) / 3;
    if (lie) found.push(`${texts[i].textContent} | ${texts[i + 1 + k].textContent}`);
  }));
  return found;
}"""


# Words of a figure that do not lie in it as a whole.
CUT = """(plot) => {
  const { left, right, top, bottom } = plot.querySelector(".main-svg").getBoundingClientRect();
  const texts = [...plot.querySelectorAll("text")].filter((text) => text.textContent.trim());
  const inside = (box) => box.left > left - 1 && box.right < right + 1 && box.top > top - 1 && box.bottom < bottom + 1;
  return texts.filter((text) => !inside(text.getBoundingClientRect())).map((text) => text.textContent);
}"""


def sideways(explore: Explore) -> int:
    """By how many pixels the page can be scrolled sideways."""
    widest: int = explore.page.get_by_test_id("stMain").evaluate(
        "(main) => Math.max(main.scrollWidth - main.clientWidth, document.documentElement.scrollWidth - innerWidth)"
    )
    return widest


def overprinted(figure: Locator) -> list[str]:
    found: list[str] = figure.locator(".main-svg").evaluate_all(OVERPRINTED)
    return found


def box(locator: Locator) -> dict[str, float]:
    found = locator.bounding_box()
    assert found, "not on the screen"
    return {**found, "right": found["x"] + found["width"], "bottom": found["y"] + found["height"]}


@pytest.mark.parametrize("screen", SCREENS)
def test_explore_fits_the_screen_and_titles_stand_apart(visit: Visit, screen: str) -> None:
    explore = visit(**SCREENS[screen])
    width = SCREENS[screen]["viewport"]["width"]
    assert sideways(explore) <= 0
    assert overprinted(explore.root) == []
    assert explore.find(".plot").evaluate(CUT) == []
    for cell in explore.find(".scores :is(th, td):not([hidden])").all():
        assert 0 <= box(cell)["x"] < box(cell)["right"] <= width, cell.inner_text()
    if width < 640:
        panels = [box(explore.panel(arm)) for arm in (0, 1)]
        assert panels[0]["x"] < 24
        assert panels[1]["right"] > width - 24
        assert all(panel["width"] > 0.42 * width for panel in panels), "the panels use the width"


# The share of the window that the drawn figure has without scrolling; the words of it that are not seen in full, and
# whether panels are; the size of the page's text in pixels.
SHOWN = """(root) => {
  const svg = root.querySelector(".plot .main-svg").getBoundingClientRect();
  const seen = ({ top, bottom }) => top >= 0 && bottom <= innerHeight;
  const wide = Math.min(svg.right, innerWidth) - Math.max(svg.left, 0);
  const words = [...root.querySelectorAll(".plot text")].filter((text) => text.textContent.trim());
  return {
    share: (wide * (Math.min(svg.bottom, innerHeight) - Math.max(svg.top, 0))) / (innerWidth * innerHeight),
    cut: words.filter((text) => !seen(text.getBoundingClientRect())).map((text) => text.textContent),
    panels: [...root.querySelectorAll(".heatmaplayer image")].every((image) => seen(image.getBoundingClientRect())),
    size: parseFloat(getComputedStyle(root).fontSize),
  };
}"""


@pytest.mark.parametrize(
    ("size", "share", "text"), [((1280, 720), 0.36, 18), ((1920, 1080), 0.45, 18), ((2560, 1440), 0.45, 23)]
)
def test_the_picture_has_the_screen_and_in_it_the_numbers_that_matter(
    visit: Visit, size: tuple[int, int], share: float, text: float
) -> None:
    explore = visit(viewport={"width": size[0], "height": size[1]})
    shown = explore.root.evaluate(SHOWN)
    assert shown["share"] >= share
    assert shown["panels"]
    assert shown["cut"] == []
    assert explore.ends == [row[-1] for row in explore.scores()]
    assert shown["size"] >= text
    assert sideways(explore) <= 0
    explore.marks("legend").click()  # for those who want it, it stands below, and panels stay as they are
    before = explore.panel_sizes()
    explore.find(".legend .traces").first.wait_for()
    assert explore.panel_sizes() == pytest.approx(before, abs=2)


def test_the_picture_follows_the_height_of_the_window(visit: Visit) -> None:
    explore = visit(viewport={"width": 2400, "height": 1000})
    before = explore.panel_sizes()[0]
    explore.page.set_viewport_size({"width": 2400, "height": 700})
    explore.page.wait_for_function(
        "(before) => document.querySelector('.heatmaplayer image').getBoundingClientRect().height < before - 50",
        arg=before,
    )
    assert explore.root.evaluate(SHOWN)["share"] > 0.3
    assert overprinted(explore.root) == []


def test_four_networks_fit_a_small_phone(visit: Visit) -> None:
    """Two of them repeat another one, which their titles say."""
    explore = visit("?arms=No+regularization&arms=Dropout+only&dropout=0", **SCREENS["320"])
    assert overprinted(explore.root) == []
    assert explore.find(".plot").evaluate(CUT) == []
    assert sideways(explore) <= 0


@pytest.mark.parametrize("screen", SCREENS)
def test_a_study_fits_the_screen(visit: Visit, screen: str) -> None:
    study = Study(visit(None, **SCREENS[screen])).open(STUDY.removeprefix("study?")).run(charts=4)
    assert sideways(study.visitor) <= 0
    for chart in study.page.locator(".regdash-chart").all():
        assert overprinted(chart) == [], chart.locator(".title").inner_text()
        assert box(chart)["right"] <= SCREENS[screen]["viewport"]["width"]


def test_the_sidebar_gives_way_to_a_page_just_opened(visit: Visit) -> None:
    explore = visit(**SCREENS["390"])
    explore.page.get_by_test_id("stExpandSidebarButton").tap()
    Study(explore)
    explore.page.get_by_test_id("stSidebar").get_by_role("link", name="Study").tap()
    explore.page.wait_for_selector('[data-testid="stSidebar"][data-collapsed="true"]', state="attached")
    assert "/study" in explore.page.url


def test_on_a_laptop_the_sidebar_stays(explore: Explore) -> None:
    study = Study(explore)
    explore.page.get_by_test_id("stSidebar").get_by_role("link", name="Study").click()
    study.button("Run study").wait_for()
    study.idle()
    assert explore.page.get_by_test_id("stSidebar").get_attribute("data-collapsed") == "false"


def test_a_phone_has_sliders_and_the_picture_on_one_screen(visit: Visit) -> None:
    explore = visit(**SCREENS["390"])
    explore.root.evaluate("(root) => root.scrollIntoView()")
    explore.page.get_by_test_id("stMain").evaluate("(main) => { main.scrollTop -= 68; }")  # Streamlit's header
    dropout = explore.page.locator(".regdash-dock").get_by_role("slider", name="Dropout")
    place, below = box(dropout), box(explore.page.locator(".regdash-dock"))
    assert below["bottom"] <= 844
    assert box(explore.panel(0))["bottom"] < below["y"]
    assert box(explore.find(".subplot.xy .scatterlayer"))["y"] > box(explore.find(".controls"))["bottom"]

    free, yours = explore.surfaces()
    with explore.redraw(), explore.watched() as seen:
        explore.page.touchscreen.tap(place["x"] + 0.9 * place["width"], place["y"] + place["height"] / 2)
        explore.page.wait_for_function("(before) => document.querySelectorAll('.heatmaplayer image')[1]"
                                       ".getAttribute('xlink:href') !== before", arg=yours)  # fmt: skip
    assert seen["blank"] == []
    assert explore.surfaces()[0] == free
    # One state: sidebar and address have it, too, and the sidebar's own changes come back.
    chosen = dropout.get_attribute("aria-valuetext")
    assert float(chosen or 0) == float(explore.value("dropout")) != 0.5
    explore.page.wait_for_url(lambda url: f"dropout={float(chosen or 0):g}" in url)
    explore.press("dropout", "Home")
    assert dropout.get_attribute("aria-valuetext") == "0"


@pytest.mark.parametrize("screen", ["360", "390"])
def test_on_a_phone_the_strength_slider_takes_one_row_and_the_picture_is_seen_at_once(
    visit: Visit, screen: str
) -> None:
    explore = visit(**SCREENS[screen])
    row, value = box(explore.find(".strength")), box(explore.find(".reached"))
    assert row["height"] < 60
    assert row["y"] < value["y"] < value["bottom"] < row["bottom"]
    assert box(explore.strength)["right"] <= value["x"]
    assert value["right"] <= int(screen)
    assert box(explore.panel(1))["y"] < row["y"], "under what stands above, before anything is scrolled"


def test_wider_screens_have_the_sidebar_instead(looking: Explore) -> None:
    assert looking.page.locator(".regdash-dock").is_hidden()


def swipe(explore: Explore, x: float, y: float) -> None:
    """A finger that moves up by 200 pixels."""
    session = explore.page.context.new_cdp_session(explore.page)
    touches = [("touchStart", y), *(("touchMove", y - 20 * step) for step in range(1, 11)), ("touchEnd", None)]
    for kind, height in touches:
        points = [] if height is None else [{"x": x, "y": height}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.mark.parametrize("page", ["", STUDY])
def test_a_finger_scrolls_a_tablet_and_zooms_nothing(visit: Visit, page: str) -> None:
    explore = visit(None, **SCREENS["1180x820 touch"])
    if page:
        Study(explore).open(page.removeprefix("study?")).run(charts=4)
        plot = explore.page.locator(".st-key-chart_strength .plot")
    else:
        plot = explore.open(page).find(".plot")
    ranges = (
        "(plot) => ['xaxis', 'yaxis', 'xaxis2', 'yaxis2'].map((axis) => [...(plot._fullLayout[axis]?.range ?? [])])"
    )
    before = plot.evaluate(ranges)
    plot.scroll_into_view_if_needed()
    place = box(plot)
    main = explore.page.get_by_test_id("stMain")
    top = main.evaluate("(main) => main.scrollTop")
    swipe(explore, place["x"] + 0.6 * place["width"], min(place["y"] + 0.4 * place["height"], 700))
    explore.page.wait_for_function(
        "(top) => document.querySelector('[data-testid=stMain]').scrollTop > top + 50", arg=top
    )
    assert plot.evaluate(ranges) == before


def test_a_mouse_zooms_where_the_window_is_narrow(visit: Visit) -> None:
    explore = visit(viewport={"width": 560, "height": 900})
    explore.zoom("x2y2", (0.2, 0.2), (0.7, 0.7))
    low, high = explore.range("xaxis2")
    assert high - low < 6
