"""Surfaces in motion are drawn on canvases behind the plot; to the eye they are the images that stand there at rest."""

from typing import Any

import numpy as np
import pytest

from tests.browser.explore import Explore, Visit, changed, pixels

STANDS = """(root) => [...root.querySelectorAll(".heatmaplayer image")].map((image, arm) => {
  const canvas = root.querySelector(`.film[data-arm="${arm}"] canvas`);
  return [image.style.visibility !== "hidden", Boolean(canvas) && !canvas.hidden];
})"""
IMAGE, CANVAS = [[True, False], [True, False]], [[False, True], [False, True]]
HELD = "(root) => { root.picture.film.settle = () => {}; }"  # as if the thumb never rested
TAKEN = "(root) => { root.picture.slider.dragged = true; root.picture.paint(); }"
RELEASED = "(root) => { root.picture.slider.release(); root.picture.paint(); }"

MOVING = f"""(root) => {{
  window.stood = [];
  const {{ film }} = root.picture;
  const {{ canvas }} = film;
  film.canvas = (...from) => {{
    const found = canvas.apply(film, from);
    window.stood.push(({STANDS})(root));
    return found;
  }};
}}"""  # notes how images and canvases stand each time that a canvas is painted


def stands(explore: Explore) -> Any:
    """For each panel: whether its image is seen, and whether a canvas is."""
    return explore.root.evaluate(STANDS)


def at_rest(explore: Explore) -> None:
    explore.page.wait_for_function(
        f"(wanted) => JSON.stringify(({STANDS})(document.querySelector('.regdash-picture'))) === wanted",
        arg="[[true,false],[true,false]]",
    )


@pytest.mark.parametrize("zoomed", [False, True])
def test_what_moves_looks_like_what_rests(zoomed: bool, explore: Explore) -> None:
    if zoomed:
        explore.zoom("x2y2", (0.13, 0.21), (0.62, 0.7))
    explore.seek(explore.last_frame // 3)
    rest = [explore.pixels(arm) for arm in (0, 1)]
    explore.root.evaluate(HELD)
    explore.root.evaluate(TAKEN)
    assert stands(explore) == CANVAS
    for arm in (0, 1):
        moving = explore.pixels(arm)
        assert changed(rest[arm], moving) < 0.005, "the boundary's edge is smoothed by other hands"
        assert np.abs(rest[arm].astype(int) - moving.astype(int)).mean() < 1
    explore.root.evaluate(RELEASED)
    at_rest(explore)
    assert [changed(rest[arm], explore.pixels(arm)) for arm in (0, 1)] == [0, 0]


def test_a_canvas_hides_nothing_outside_its_panel(explore: Explore) -> None:
    explore.zoom("x2y2", (0.3, 0.3), (0.6, 0.6))  # the surface is larger than its panel now
    whole = explore.root.bounding_box()
    before = explore.page.screenshot(clip=whole)
    explore.root.evaluate(HELD)
    explore.root.evaluate(TAKEN)
    assert stands(explore) == CANVAS
    after = explore.page.screenshot(clip=whole)
    assert changed(pixels(before), pixels(after)) < 0.002


def test_play_moves_canvases_and_leaves_images(explore: Explore) -> None:
    explore.seek(0)
    with explore.watched() as seen:
        explore.play_button.click()
        explore.page.wait_for_function("() => document.querySelector('.regdash-picture').picture.position > 3")
        assert stands(explore) == CANVAS
        explore.play_button.click()
        at_rest(explore)
    assert seen["blank"] == []
    here = explore.surfaces()
    explore.seek(0)
    assert explore.surfaces() != here


def test_a_thumb_that_is_held_still_shows_images_again(explore: Explore) -> None:
    box = explore.find("input.epoch").bounding_box()
    assert box
    mouse, y = explore.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] - 8, y)
    mouse.down()
    explore.root.evaluate(MOVING)
    mouse.move(box["x"] + box["width"] / 2, y, steps=5)
    explore.page.wait_for_function(
        "(wanted) => window.stood.some((it) => JSON.stringify(it) === wanted)", arg="[[false,true],[false,true]]"
    )
    at_rest(explore)
    held = explore.surfaces()
    mouse.up()
    explore.page.wait_for_timeout(200)
    assert stands(explore) == IMAGE
    assert explore.surfaces() == held
    # There and back to where it was: the image is the same, and the browser does not read it again.
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2 + 20, y)
    mouse.move(box["x"] + box["width"] / 2, y)
    at_rest(explore)
    assert explore.surfaces() == held
    mouse.up()


def test_new_runs_in_the_middle_of_a_play_leave_nothing_behind(explore: Explore) -> None:
    explore.find(".speed").select_option("0.25")
    explore.seek(0)
    explore.play_button.click()
    with explore.redraw(), explore.watched() as seen:
        explore.button("New seed").click()
    assert seen["blank"] == []
    assert explore.playing
    assert explore.find(".film").count() == 2
    explore.play_button.click()
    at_rest(explore)


def test_to_pause_and_play_at_once_plays_once(explore: Explore) -> None:
    """Two plays in one would go twice as fast."""
    drawn = explore.root.evaluate(
        """async (root) => {
          const { picture } = root;
          const frame = () => new Promise(requestAnimationFrame);
          picture.seek(0);
          for (let i = 0; i < 5; i += 1) { picture.play(); picture.pause(); }
          picture.play();
          await frame();
          const before = picture.pictures;
          for (let i = 0; i < 10; i += 1) await frame();
          const { pictures } = picture;
          picture.pause();
          return pictures - before;
        }"""
    )
    assert 8 <= drawn <= 11


def test_a_stop_that_is_not_there_is_faint_in_motion_too(visit: Visit) -> None:
    explore = visit()
    explore.root.evaluate(HELD)
    faint = explore.root.evaluate(
        """(root) => {
          const { picture } = root;
          picture.strength.stores.clear();
          picture.strength.held = true;
          picture.strength.value = picture.strength.value ? 0 : 1;
          picture.scrub();
          return [...root.querySelectorAll(".film canvas")].map((canvas) => canvas.style.opacity);
        }"""
    )
    assert faint == ["0.25"], "only the network that the slider moves is on a canvas"


def test_it_is_put_back_at_rest_on_a_phone(visit: Visit) -> None:
    explore = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    explore.play_button.tap()
    explore.page.wait_for_function("() => document.querySelector('.regdash-picture').picture.position > 1")
    assert stands(explore) == CANVAS
    explore.play_button.tap()
    at_rest(explore)
