"""The strength slider: all stops of a control without the server, and the value where the visitor lets go."""

import re

import numpy as np
import pytest

from regdash.figures.explore.strength import shown_epochs
from regdash.serving.pictures import train_for_pictures
from regdash.teaching.scenarios import NOISY
from regdash.ui.common import controls
from tests.browser.explore import Explore, Visit, changed

SMALL = "?width=16&epochs=60"
LINE = ".scatterlayer .tracecurve-yours-val_accuracy path.js-line"
STOP = controls.stops("dropout").index


def line(explore: Explore) -> str:
    return explore.find(LINE).get_attribute("d") or ""


def drag(explore: Explore, stops: list[float]) -> None:
    """Press the thumb where it stands, and pull it along `stops`; it stays pressed."""
    mouse = explore.page.mouse
    mouse.move(*explore.thumb(float(explore.picture("strength.value"))))
    mouse.down()
    for stop in stops:
        mouse.move(*explore.thumb(stop), steps=2)


def stand_still(explore: Explore, stop: int) -> None:
    """Wait until the thumb stands at a stop, and the picture shows it."""
    explore.page.wait_for_function(
        f"() => {{ const {{ strength }} = document.querySelector('.regdash-picture').picture;"
        f" return strength.value === {stop} && !strength.due; }}"
    )


def test_dragging_goes_through_every_stop_without_the_server(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_opinion()  # for which the browser asks, too
    explore.wait_for_stops()
    at, free, messages = STOP(0.5), explore.pixels(0), len(explore.sent)
    images, numbers, curves, boundary = set(), set(), set(), explore.pixels(1)
    drag(explore, [])
    for stop in (*range(at + 1, 20), *range(18, -1, -1)):
        explore.page.mouse.move(*explore.thumb(stop), steps=3)
        stand_still(explore, stop)
        images.add(explore.surfaces()[1])
        numbers.add(tuple(explore.scores()[1]))
        curves.add(line(explore))
        assert explore.find(".reached").inner_text() == controls.texts("dropout")[stop]
    assert len(images) == 20
    assert len(curves) == 20
    assert len(numbers) > 10
    assert changed(boundary, explore.pixels(1)) > 0.05
    assert changed(free, explore.pixels(0)) == 0, "the free network stays"
    assert len(explore.sent) == messages, "the server was asked"
    assert explore.surfaces()[1] == explore.surfaces()[0], "at 0 it is the free network"
    assert explore.scores()[1][1:] == explore.scores()[0][1:]
    explore.page.mouse.up()


def test_between_two_stops_there_is_a_blend_and_at_rest_a_real_run(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    at = STOP(0.5)
    with explore.watched() as seen:
        drag(explore, [at + share / 8 for share in range(1, 17)])
        stand_still(explore, at + 2)
    assert seen["blank"] == []
    assert seen["surfaces"][1] > 5, "more pictures than stops"
    assert seen["surfaces"][0] == 1
    explore.page.mouse.up()


def test_letting_go_sets_sidebar_address_and_sentence_without_a_jump(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    sentence = explore.sentence.inner_text()
    drag(explore, [STOP(0.7), STOP(0.3)])
    stand_still(explore, STOP(0.3))
    shown = explore.surfaces(), explore.scores(), explore.find(".reached").inner_text()
    assert explore.ends == [row[-1] for row in explore.scores()]
    with explore.redraw(), explore.watched() as seen:
        explore.page.mouse.up()
        explore.page.wait_for_url(re.compile("dropout=0.3"))
    assert seen["blank"] == []
    assert seen["surfaces"] == [1, 1], "nothing else was shown in between"
    assert (explore.surfaces(), explore.scores(), explore.find(".reached").inner_text()) == shown
    assert not explore.picture("strength.active"), "it is the settings' own run now"
    assert explore.value("dropout") == "0.30"
    assert "dropout 0.3" in explore.sentence.inner_text() != sentence


def assert_marks_point_at_the_ends(explore: Explore) -> list[bool]:
    """At what each network ends with, as its panel's title says it; returns which of the marks are in view."""
    low, high = explore.range("yaxis")
    ends = [float(end.removesuffix(" %")) / 100 for end in explore.ends]
    in_view = [low <= end <= high for end in ends]
    for end, inside, height in zip(ends, in_view, explore.fresh_marks(), strict=True):
        assert height == (pytest.approx(end, abs=0.0006) if inside else None)
    return in_view


def test_the_marks_of_fresh_data_follow_the_slider(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    assert assert_marks_point_at_the_ends(explore) == [True, True]
    free, seen = explore.fresh_marks()[0], set()
    drag(explore, [])
    for stop in (STOP(0.9), STOP(0.1), STOP(0.0)):
        explore.page.mouse.move(*explore.thumb(stop), steps=3)
        stand_still(explore, stop)
        assert_marks_point_at_the_ends(explore)
        assert explore.fresh_marks()[0] == free
        seen.add(explore.fresh_marks()[1])
    assert len(seen) == 3
    assert explore.fresh_marks()[1] == pytest.approx(free), "at 0 it is the free network"
    with explore.redraw():
        explore.page.mouse.up()
    assert_marks_point_at_the_ends(explore)


def test_a_mark_of_fresh_data_is_seen_where_its_height_is_in_view(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    explore.zoom("xy", (0.5, 0.05), (0.995, 0.4))  # the last epochs, from about 70 %
    in_view = {tuple(assert_marks_point_at_the_ends(explore))}
    drag(explore, [])
    for stop in (STOP(0.95), STOP(0.3)):
        explore.page.mouse.move(*explore.thumb(stop), steps=3)
        stand_still(explore, stop)
        in_view.add(tuple(assert_marks_point_at_the_ends(explore)))
    assert in_view == {(True, True), (True, False)}
    with explore.redraw():
        explore.page.mouse.up()
    explore.zoom("xy", (0.1, 0.1), (0.5, 0.9))
    assert explore.fresh_marks() == [None, None], "the last epoch is out of sight"


def test_the_surface_is_the_one_that_is_trained(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    drag(explore, [STOP(0.8)])
    stand_still(explore, STOP(0.8))
    levels = explore.picture("overlay.surface(1).first.join()").split(",")
    assert explore.picture("overlay.surface(1).mix") == 0
    (run,) = train_for_pictures([NOISY.but(width=16, epochs=60, dropout=0.8)])
    np.testing.assert_array_equal(np.array(levels, dtype=int), run.surfaces[-1].ravel())
    assert explore.picture("strength.of('yours').nearest.epochs") == shown_epochs(run)
    explore.page.mouse.up()


def test_keys_step_and_the_value_goes_to_the_settings_when_they_are_let_go(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    explore.strength.focus()
    messages, keyboard = len(explore.sent), explore.page.keyboard
    for key, stop in (("End", 19), ("ArrowLeft", 18), ("PageDown", 13), ("Home", 0), ("ArrowUp", 1), ("ArrowRight", 2)):
        keyboard.down(key)
        assert explore.picture("strength.value") == stop, key
    assert len(explore.sent) == messages, "nothing was let go"
    heard = re.compile(r"0\.1: train \d+\.\d %, validation \d+\.\d %, fresh data \d+\.\d %")
    explore.page.wait_for_function("() => document.querySelector('input.stops').ariaValueText?.startsWith('0.1')")
    assert heard.fullmatch(explore.strength.get_attribute("aria-valuetext") or "")
    with explore.redraw():
        keyboard.up("ArrowRight")
    assert explore.value("dropout") == "0.10"
    assert explore.page.evaluate("document.activeElement.className") == "stops", "the focus stays"


def test_a_screen_readers_step_is_a_stop(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    with explore.redraw():
        explore.strength.fill("10.4")
    assert explore.value("dropout") == "0.55"


def test_a_stop_that_is_not_there_is_said_to_be_and_can_be_chosen_all_the_same(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    explore.root.evaluate("(root) => { root.picture.strength.store.delete(14); root.picture.strength.draw(); }")
    assert explore.find(".ticks i.there").count() == 19
    assert explore.find(".ticks i").nth(14).get_attribute("class") == ""
    drag(explore, [14])
    stand_still(explore, 14)
    assert explore.find(".reached").inner_text() == "0.7: not trained yet"
    assert explore.strength.get_attribute("aria-valuetext") == "0.7: not trained yet"
    assert explore.scores()[1][1:] == ["–"] * 4
    assert explore.ends[1] == "–"
    assert explore.fresh_marks()[1] is None
    assert float(explore.panel(1).evaluate("(image) => image.style.opacity")) < 0.5
    with explore.redraw():
        explore.page.mouse.up()
    assert explore.value("dropout") == "0.70"
    assert explore.panel(1).evaluate("(image) => image.style.opacity") == ""
    assert "–" not in explore.scores()[1][4]


def test_the_other_control_has_its_own_stops(visit: Visit) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    explore.find("select.which").select_option(label="Weight decay")
    explore.wait_for_stops()
    assert explore.strength.get_attribute("max") == "13"
    explore.strength.focus()
    explore.page.keyboard.press("End", delay=30)
    explore.page.wait_for_url(re.compile("weight_decay=1"))
    explore.wait_until_idle()
    assert explore.value("weight_decay") == "1"
    assert explore.find("select.which").input_value() == "weight_decay", "the choice stays"


def test_networks_that_move_along_do(visit: Visit) -> None:
    explore = visit(f"{SMALL}&arms=Dropout+only&arms=Your+settings&weight_decay=0.01")
    explore.wait_for_stops()
    before = explore.surfaces()
    drag(explore, [2])
    stand_still(explore, 2)
    during = explore.surfaces()
    assert all(one != other for one, other in zip(before, during, strict=True))
    with explore.redraw():
        explore.page.mouse.up()
    assert explore.surfaces() == during


def test_play_runs_along_the_strength_and_ends_where_the_settings_are(visit: Visit) -> None:
    explore = visit(f"{SMALL}&dropout=0.8")
    explore.wait_for_stops()
    explore.find(".speed").select_option("2")
    with explore.redraw(), explore.watched() as seen:
        explore.find("button.melt").click()
        assert explore.find("button.melt").get_attribute("aria-label") == "Pause"
        explore.page.wait_for_url(re.compile("dropout=0.95"))
    assert seen["blank"] == []
    assert seen["surfaces"][1] > 5
    assert explore.find("button.melt").get_attribute("aria-label") == "Play along the strength"
    assert explore.value("dropout") == "0.95"


def test_for_those_who_want_less_motion_only_real_runs_are_shown(visit: Visit) -> None:
    explore = visit(SMALL, reduced_motion="reduce")
    explore.wait_for_stops()
    drag(explore, [])
    for share in range(1, 17):
        explore.page.mouse.move(*explore.thumb(STOP(0.5) + share / 8))
        assert float(explore.picture("strength.value")).is_integer()
    explore.page.mouse.up()


def test_a_finger_moves_it(visit: Visit) -> None:
    explore = visit(SMALL, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    explore.wait_for_stops()
    explore.root.evaluate("(root) => root.scrollIntoView()")  # the slider stays above the dock from now on
    with explore.redraw():
        explore.page.touchscreen.tap(*explore.thumb(4))
    assert explore.page.url.endswith("dropout=0.2")


def test_without_a_network_that_it_moves_there_is_no_slider(visit: Visit) -> None:
    explore = visit(f"{SMALL}&arms=No+regularization")
    assert not explore.strength.is_visible()


@pytest.mark.parametrize("epoch", [7, 30])
def test_it_works_at_an_earlier_epoch(visit: Visit, epoch: int) -> None:
    explore = visit(SMALL)
    explore.wait_for_stops()
    explore.seek(explore.epochs.index(epoch))
    drag(explore, [STOP(0.2)])
    stand_still(explore, STOP(0.2))
    reached, shown = explore.epoch, explore.surfaces()
    assert abs(reached - epoch) <= 5
    with explore.redraw():
        explore.page.mouse.up()
    assert explore.epoch == reached
    assert explore.surfaces() == shown
