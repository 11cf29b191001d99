"""State lives once: links, page changes, reloads and the Back button; what is typed; and what stands still."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.browser.explore import Explore, Visit
from tests.browser.study import Study

LINK = "?width=128&dropout=0.2&weight_decay=0.005"
SMALL = "width=8&epochs=20&n_samples=60&seeds=4"
GRID = f"{SMALL}&values=0&values=0.5&sweep2=Weight+decay&values2=0&values2=0.02&values2=0.1"
LAPTOP: Any = {"viewport": {"width": 1280, "height": 720}}


def settings(visitor: Explore) -> tuple[str, ...]:
    return tuple(visitor.value(name) for name in ("width", "dropout", "weight_decay"))


def to_study(visitor: Explore) -> Study:
    visitor.page.get_by_role("link", name="Study").click()
    study = Study(visitor)
    study.button("Run study").wait_for()
    visitor.page.wait_for_url("**/study*")
    return study.idle()


def to_explore(study: Study) -> Explore:
    study.page.get_by_role("link", name="Explore").click()
    study.visitor.wait_for_picture()
    study.page.wait_for_url(lambda url: "/study" not in url)
    return study.visitor


def entries(visitor: Explore) -> int:
    """How many entries the browser's history has."""
    found: int = visitor.page.evaluate("history.length")
    return found


def asked(visitor: Explore) -> dict[str, list[str]]:
    return parse_qs(urlsplit(visitor.page.url).query)


def test_a_links_settings_go_along_to_every_page_and_back(visit: Visit) -> None:
    visitor = visit(LINK + "&view=Loss")
    address, before = visitor.page.url, entries(visitor)
    study = to_study(visitor)
    assert settings(visitor) == ("128", "0.20", "0.005")
    assert asked(visitor).items() >= {"width": ["128"], "dropout": ["0.2"], "weight_decay": ["0.005"]}.items()
    visitor.slider("width").press("ArrowLeft")
    study.idle()
    to_explore(study)
    assert settings(visitor) == ("96", "0.20", "0.005")
    assert asked(visitor)["view"] == ["Loss"]
    assert entries(visitor) == before + 2, "one visit of a page is one entry"
    visitor.page.go_back()
    visitor.page.wait_for_url("**/study*")
    study.idle()
    assert settings(visitor) == ("96", "0.20", "0.005")
    visitor.page.go_back()
    visitor.wait_for_picture()
    visitor.page.wait_for_url(lambda url: "/study" not in url)
    visitor.wait_until_idle()
    assert settings(visitor) == ("128", "0.20", "0.005"), "as the page was left"
    assert parse_qs(urlsplit(address).query) == asked(visitor)


def test_a_scenarios_link_means_its_settings_also_after_reloads_and_on_the_way_back(visit: Visit) -> None:
    visitor = visit("?scenario=" + quote("Too much of it"))
    visitor.page.wait_for_url(lambda url: "dropout=0.8" in url and "weight_decay=0.5" in url)
    study = to_study(visitor)
    assert settings(visitor) == ("64", "0.80", "0.5")
    visitor.page.reload()
    study.button("Run study").wait_for()
    study.idle()
    assert settings(visitor) == ("64", "0.80", "0.5")
    to_explore(study)
    assert settings(visitor) == ("64", "0.80", "0.5")
    visitor.page.go_back()
    visitor.page.wait_for_url("**/study*")
    study.idle()
    assert settings(visitor) == ("64", "0.80", "0.5")


def test_settings_of_a_reloaded_page_go_along(visit: Visit) -> None:
    visitor = visit()
    visitor.press("dropout", "ArrowRight")
    visitor.page.reload()
    visitor.wait_for_picture()
    to_study(visitor)
    assert settings(visitor) == ("64", "0.55", "0")


def test_a_study_opened_in_explore_and_left_again_comes_back_as_it_was(visit: Visit) -> None:
    study = Study(visit(None)).open(GRID).run(charts=4)
    address, before, shown = study.page.url, entries(study.visitor), settings(study.visitor)
    study.page.mouse.click(*study.place("heat", 2, 1))
    study.visitor.wait_for_picture()
    study.page.wait_for_url(lambda url: "/study" not in url and "weight_decay=0.1" in url)
    assert settings(study.visitor) == ("8", "0.50", "0.1")
    assert entries(study.visitor) == before + 1
    study.page.go_back()
    study.page.wait_for_url(address)
    study.finished("2 × 3 values × 4 seeds", charts=4)
    assert settings(study.visitor) == shown
    assert study.text("Below is still the study from before").count() == 0


def test_a_change_of_many_settings_is_no_row_of_entries(explore: Explore) -> None:
    before = entries(explore)
    explore.choose_scenario("Spirals")
    explore.page.wait_for_url(lambda url: "dataset=spirals" in url and "n_samples=300" in url)
    assert entries(explore) == before


def test_pins_survive_a_reload(explore: Explore) -> None:
    with explore.redraw():
        explore.button("Pin this run").click()
    explore.press("dropout", "ArrowRight")
    with explore.redraw():
        explore.button("Pin this run").click()
    explore.page.wait_for_url(lambda url: url.count("pin=") == 2)
    study = to_study(explore)
    study.page.wait_for_url(lambda url: url.count("pin=") == 2)
    study.page.reload()
    study.button("Run study").wait_for()
    to_explore(study.idle())
    explore.page.get_by_role("strong").filter(has_text="Pin 2").wait_for()
    places = [explore.button(name).nth(pin).bounding_box() for pin in (0, 1) for name in ("Restore", "Remove")]
    assert all(places)
    tops, lefts = zip(*((box["y"], box["x"]) for box in places if box), strict=True)
    assert tops[0] == tops[1]
    assert tops[2] == tops[3]
    assert lefts[:2] == lefts[2:], "the pins line up"


@pytest.mark.parametrize(
    ("sweep", "typed"), [("Width", ["5", "25"]), ("Epochs", ["30", "7"]), ("Weight decay", ["1"]), ("Points", ["30"])]
)
def test_enter_adds_exactly_what_was_typed(visit: Visit, sweep: str, typed: list[str]) -> None:
    study = Study(visit(None)).open(sweep=sweep)
    box = study.page.get_by_role("combobox", name=f"Values of {sweep.lower()}")
    before = asked(study.visitor)["values"]
    for count, text in enumerate(typed, start=len(before) + 1):
        box.click()
        box.press_sequentially(text)
        study.page.get_by_role("option", name=f"Add: {text}").wait_for()
        assert study.page.get_by_role("option").count() == 1
        box.press("Enter")
        study.text(f"{20 * count} runs").wait_for()  # the page has taken it, and clears the box no more
        study.idle()
    assert asked(study.visitor)["values"] == before + typed


def test_a_value_is_added_from_the_list_too(visit: Visit) -> None:
    study = Study(visit(None)).open(sweep="Dropout", seed=58)  # kept by nobody: its settings are not folded
    study.page.get_by_role("button", name="Add", exact=True).first.click()
    study.page.get_by_role("menuitem", name="0.4", exact=True).click()
    study.page.wait_for_url(lambda url: "0.4" in parse_qs(urlsplit(url).query).get("values", []))
    study.text("100 runs").wait_for()


PLACES = """() => Object.fromEntries(["width", "dropout", "weight_decay", "epochs", "seed"].map((name) => {
  const box = document.querySelector(`.st-key-${name}`).getBoundingClientRect();
  return [name, box.top + document.querySelector('[data-testid="stSidebarContent"]').scrollTop];
}))"""  # a key pressed on one that is half below the screen scrolls it into view
SCENARIO_LINKS = ["", "?scenario=Article:+demos", "?scenario=Article:+exercises", "?scenario=Too+much+of+it"]


@pytest.mark.parametrize("query", [*SCENARIO_LINKS, "?scenario=Too+small+to+overfit", "?scenario=Spirals"])
def test_no_control_moves_when_a_setting_changes(visit: Visit, query: str) -> None:
    explore = visit(query)
    before = explore.page.evaluate(PLACES)
    explore.press("dropout", "ArrowLeft")
    explore.modified.wait_for()
    assert explore.page.evaluate(PLACES) == before
    explore.press("weight_decay", "ArrowRight")
    explore.press("epochs", "ArrowLeft")
    explore.press("width", "ArrowLeft")
    assert explore.page.evaluate(PLACES) == before
    with explore.redraw():
        explore.modified.click()
    explore.modified.wait_for(state="detached")
    assert explore.page.evaluate(PLACES) == before


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_the_picture_stays_where_it_is_whatever_is_said_above_it(visit: Visit, size: tuple[int, int]) -> None:
    explore = visit(viewport={"width": size[0], "height": size[1]})
    seen = set()

    def look() -> tuple[float, float]:
        heading, root = explore.sentence.bounding_box(), explore.root.bounding_box()
        assert heading
        assert root
        seen.add(round(heading["height"]))
        return root["x"], root["y"]

    before = look()
    explore.press("dropout", "Home")
    assert look() == before
    explore.press("weight_decay", *["ArrowRight"] * 9)
    assert look() == before
    explore.press("dropout", *["ArrowRight"] * 6)
    assert look() == before
    assert len(seen) > 1, "the sentences differ in length"
    with explore.redraw():  # a thing to try says what to look for
        explore.page.get_by_role("button", name="Things to try").click()
        explore.page.get_by_role("menuitem").filter(has_text="too small to memorise").click()
    explore.page.locator(".st-key-headline").get_by_text("fewer islands").wait_for()
    assert look() == before


def test_after_a_run_a_chart_is_on_the_first_screen_of_a_small_laptop(visit: Visit) -> None:
    study = Study(visit(None, **LAPTOP)).open(SMALL)
    study.run()
    box, main = study.chart("strength").bounding_box(), study.page.get_by_test_id("stMain").bounding_box()
    assert box
    assert main
    assert box["y"] < 0.72 * (main["y"] + main["height"])
    fold = study.page.locator(".st-key-study_settings summary")
    shown = fold.bounding_box()
    assert shown
    assert shown["height"] < 60, "one line"
    fold.click()
    study.page.get_by_role("combobox", name="Vary", exact=True).wait_for()


def test_buttons_are_read_in_full(explore: Explore) -> None:
    explore.page.get_by_text("Data", exact=True).click()
    for name in ("New seed", "New data seed"):
        label = explore.button(name).locator("p")
        label.wait_for()
        assert label.evaluate("(text) => text.scrollWidth <= text.clientWidth"), name


@pytest.mark.parametrize("width", [1024, 1280, 1920])
def test_cards_are_as_large_as_each_other(visit: Visit, width: int) -> None:
    explore = visit(viewport={"width": width, "height": 900})
    boxes = [card.bounding_box() for card in explore.page.get_by_test_id("stMetric").all()]
    assert len(boxes) == 6
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box}
    assert len(sizes) == 1, sizes


def test_a_single_epoch_has_a_point_and_no_play(visit: Visit) -> None:
    explore = visit("?epochs=1")
    assert explore.play_button.is_disabled()
    drawn = explore.find(".plot").evaluate(
        "(plot) => [...plot.querySelectorAll('.subplot.xy .scatterlayer .points path')].length"
    )
    assert drawn >= 4
    explore.press("epochs", "ArrowRight")
    assert explore.play_button.is_enabled()


def test_the_last_network_cannot_be_switched_off(explore: Explore) -> None:
    with explore.redraw():
        explore.pill("No regularization").click()
    with explore.answer():
        explore.pill("Your settings").click()
    assert explore.arms == ["Your settings"]
    assert explore.pill("Your settings").get_attribute("aria-pressed") == "true"
