"""New runs are on the screen before Plotly has drawn them, and what it then draws is the same."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from regdash.teaching.arms import ARMS
from tests.browser.explore import Explore, Pixels, Visit, changed, pixels

ALL = "".join(f"&arms={arm.label.replace(' ', '+')}" for arm in ARMS.values())
SHADES = 0.004  # of the pixels: Plotly leaves out points of a line that make no difference, but to its edges and dashes
SMALL = "?width=16&epochs=60&n_samples=60"

# Plotly is kept waiting: `regdashRelease` lets it go on.
HOLD = """() => {
  const { picture } = document.querySelector(".regdash-picture");
  const react = picture.react.bind(picture);
  picture.react = () => new Promise((resolve) => (window.regdashRelease = () => resolve(react())));
}"""
HELD = "() => Boolean(window.regdashRelease)"
RELEASE = "() => { window.regdashRelease(); window.regdashRelease = null; }"


def n_ahead(explore: Explore) -> int:
    return int(explore.root.get_attribute("data-ahead") or 0)


def seen(explore: Explore) -> Pixels:
    explore.find(".plot").scroll_into_view_if_needed()
    box = explore.find(".plot").bounding_box()
    assert box
    # Whole pixels: where text above the picture has changed its height, its own place has changed by parts of one.
    inner: Any = {"x": round(box["x"]), "y": round(box["y"]), "width": int(box["width"]), "height": int(box["height"])}
    return pixels(explore.page.screenshot(clip=inner, animations="disabled"))


def told(explore: Explore) -> list[object]:
    """What is written in the picture and below it."""
    titles = explore.find(".plot svg text").all_text_contents()
    return [titles, explore.scores(), explore.ends, explore.find(".reached").inner_text()]


def look_ahead(explore: Explore, move: Callable[[], object]) -> float:
    """Make a move: what is seen before Plotly draws must be what it draws. Returns the share of pixels that changed."""
    before, count, drawn = seen(explore), n_ahead(explore), explore.drawn
    explore.page.evaluate(HOLD)
    move()
    explore.page.wait_for_function(HELD)
    assert n_ahead(explore) == count + 1
    explore.wait_for_server()  # so that nothing else on the page moves
    first, words = seen(explore), told(explore)
    explore.page.evaluate(RELEASE)
    explore.wait_for_picture(after=drawn)
    assert told(explore) == words
    assert changed(first, seen(explore)) < SHADES
    explore.page.evaluate("() => { delete document.querySelector('.regdash-picture').picture.react; }")
    return changed(before, first)


def settled(visit: Visit, query: str, width: int, height: int) -> Explore:
    explore = visit(query)
    explore.page.set_viewport_size({"width": width, "height": height})
    # A second opinion that comes between two looks moves the picture on a phone, by parts of a pixel, too.
    explore.page.add_style_tag(content=".st-key-headline { height: 10rem; overflow: hidden; }")
    explore.wait_for_server()
    explore.wait_until_idle()
    return explore


@pytest.mark.parametrize(
    ("query", "width", "height", "names"),
    [
        (SMALL, 1280, 900, ["dropout", "width"]),
        (f"{SMALL}&view=Loss", 1280, 900, ["dropout"]),
        (f"{SMALL}&label_noise=0.2&view=Flipped+labels", 1280, 900, ["dropout", "width"]),
        (f"{SMALL}&weight_decay=0.01{ALL}", 1920, 1080, ["dropout", "width"]),
    ],
    ids=["accuracy", "loss", "flipped", "four networks"],
)
def test_what_is_seen_first_is_what_plotly_draws(
    visit: Visit, query: str, width: int, height: int, names: list[str]
) -> None:
    explore = settled(visit, query, width, height)
    for name in names:
        key = "ArrowLeft" if name == "dropout" else "ArrowRight"
        assert look_ahead(explore, partial(explore.slider(name).press, key)) > 2 * SHADES


def test_on_a_phone_too(visit: Visit) -> None:
    explore = settled(visit, SMALL, 390, 844)
    dropout = explore.page.locator(".regdash-dock").get_by_role("slider", name="Dropout")
    assert look_ahead(explore, partial(dropout.press, "ArrowLeft")) > 2 * SHADES


def test_zoomed_in_at_an_earlier_epoch_and_with_a_pin(visit: Visit) -> None:
    explore = settled(visit, SMALL, 1280, 900)
    with explore.redraw():
        explore.button("Pin this run").click()
    explore.zoom("x2y2", (0.1, 0.1), (0.6, 0.6))
    explore.page.mouse.move(2, 2)  # a label at the pointer says what was there when it came
    explore.seek(explore.last_frame // 3)
    place = explore.position
    assert look_ahead(explore, partial(explore.slider("dropout").press, "ArrowLeft")) > 2 * SHADES
    assert explore.position == place


def test_where_the_strength_slider_was_let_go_nothing_changes(visit: Visit) -> None:
    explore = settled(visit, SMALL, 1280, 900)
    explore.wait_for_stops()
    explore.strength.focus()
    explore.page.keyboard.down("ArrowLeft")
    explore.page.wait_for_function("() => !document.querySelector('.regdash-picture').picture.strength.due")
    assert look_ahead(explore, partial(explore.page.keyboard.up, "ArrowLeft")) < SHADES


@pytest.mark.parametrize("name", ["New data seed", "New seed"])
def test_other_points_wait_for_plotly(visit: Visit, name: str) -> None:
    explore = settled(visit, SMALL, 1280, 900)
    explore.page.get_by_text("Data", exact=True).first.click()
    count = n_ahead(explore)
    with explore.redraw():
        explore.button(name).click()
    assert n_ahead(explore) == count + (name == "New seed")
