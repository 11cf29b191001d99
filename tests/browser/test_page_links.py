"""Links: what the address says is what is shown, elsewhere too; and no link breaks the page."""

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from tests.browser.explore import Explore, Visit


def everything(explore: Explore) -> dict[str, Any]:
    """All that a picture is made of, and the numbers around it."""
    return {
        "data": explore.picture("data"),
        "surfaces": explore.surfaces(),
        "scores": explore.scores(),
        "sentence": explore.sentence.inner_text(),
        "metrics": explore.page.get_by_test_id("stMetric").all_inner_texts(),
    }


def test_a_link_opens_the_same_picture_elsewhere(visit: Visit) -> None:
    here = visit()
    here.choose_scenario("Spirals")
    here.press("width", "ArrowLeft")
    here.press("weight_decay", "ArrowRight", "ArrowRight")
    here.press("epochs", "ArrowLeft")
    with here.redraw():
        here.page.get_by_role("spinbutton", name="Seed", exact=True).fill("4321")
        here.page.keyboard.press("Enter")
    with here.redraw():
        here.pill("Dropout only").click()
    with here.redraw():
        here.view("Loss").click()
    here.page.wait_for_url(lambda url: "view=" in url)
    asked = parse_qs(urlsplit(here.page.url).query)
    assert {"scenario", "width", "weight_decay", "epochs", "seed", "arms", "view", "dataset"} <= set(asked)

    there = visit(here.page.url)
    assert there.value("width") == here.value("width")
    assert there.value("weight_decay") == here.value("weight_decay")
    assert everything(there) == everything(here)
    assert there.page.get_by_role("combobox", name="Scenario").input_value() == "Spirals"
    assert there.modified.is_visible()
    assert there.page.get_by_text("could not be used").count() == 0


def test_a_link_that_names_only_a_scenario_means_its_settings(visit: Visit) -> None:
    chosen = visit()
    chosen.choose_scenario("Too much of it")
    linked = visit("?scenario=" + quote("Too much of it"))
    assert linked.value("dropout") == "0.80"
    assert everything(linked) == everything(chosen)


def test_choosing_a_scenario_sets_the_controls_and_changing_one_says_modified(explore: Explore) -> None:
    explore.choose_scenario("Article: demos")
    assert (explore.value("width"), explore.value("epochs")) == ("32", "80")
    assert explore.modified.count() == 0
    explore.press("dropout", "ArrowLeft")
    explore.modified.wait_for()
    with explore.redraw():
        explore.modified.click()
    assert explore.value("dropout") == "0.50"
    explore.modified.wait_for(state="detached")
    explore.choose_scenario("Noisy labels")
    assert explore.value("width") == "64"
    assert explore.modified.count() == 0


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        (
            "?width=abc&dropout=NaN&seed=-5&epochs=1e9&foo=<script>alert(1)</script>",
            ("Width", "Dropout", "Seed", "Epochs"),
        ),
        ("?scenario=<img src=x onerror=alert(1)>&arms=nobody&view=none&width=64&width=8", ("Scenario", "Width")),
    ],
)
def test_a_hostile_link_shows_a_note_and_the_default_picture(
    visit: Visit, looking: Explore, query: str, blamed: tuple[str, ...]
) -> None:
    explore = visit(None)
    dialogs: list[str] = []
    explore.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    explore.open(query)
    note = explore.page.get_by_text("Parts of this link could not be used")
    note.wait_for()
    told = explore.page.get_by_test_id("stAlert").inner_text()
    for label in blamed:
        assert f"{label} must be" in told
    assert "alert(1)" not in explore.page.locator("body").inner_text()
    assert dialogs == []
    assert explore.surfaces() == looking.surfaces()
    assert explore.scores() == looking.scores()
