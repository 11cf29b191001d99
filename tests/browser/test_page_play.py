"""The picture in motion: played, stepped and sought in the browser alone, and a still picture is a real epoch."""

import re
from itertools import pairwise

import pytest

from tests.browser.explore import Explore, Visit, changed

FAR = "() => document.querySelector('.regdash-picture').picture.position > {}"
STOPPED = "() => document.querySelector('.regdash-picture .play').ariaLabel === 'Play'"


def test_play_changes_every_boundary_and_moves_the_cursor(looking: Explore) -> None:
    looking.seek(0)
    before, cursor = [looking.pixels(arm) for arm in (0, 1)], looking.cursor()
    with looking.watched() as seen:
        looking.play_button.click()
        assert looking.play_button.inner_text() == "Pause"
        looking.page.wait_for_function(FAR.format(8))
        looking.play_button.click()
    assert seen["blank"] == []
    assert min(seen["surfaces"]) >= 5, "each boundary goes through many pictures"
    assert looking.cursor() > cursor + 10
    for arm in (0, 1):
        assert changed(before[arm], looking.pixels(arm)) > 0.05, f"arm {arm}"
    assert_stands_on_a_kept_epoch(looking)


def test_play_ends_on_the_last_epoch_and_starts_again_from_the_first(looking: Explore) -> None:
    last = looking.last_frame
    looking.find(".speed").select_option("2")
    looking.seek(last - 3)
    looking.play_button.click()
    looking.page.wait_for_function(STOPPED)
    assert looking.position == last
    assert looking.play_button.inner_text() == "Play"
    looking.play_button.click()  # at the end: from the start
    looking.page.wait_for_function(f"() => document.querySelector('.regdash-picture').picture.position < {last - 1}")
    looking.play_button.click()
    assert_stands_on_a_kept_epoch(looking)


def assert_stands_on_a_kept_epoch(explore: Explore) -> None:
    assert not explore.playing
    assert explore.position == int(explore.position)
    shown = re.fullmatch(r"epoch (\d+) of (\d+)", explore.find(".readout").inner_text())
    assert shown
    assert int(shown[1]) == explore.epochs[int(explore.position)]
    assert explore.surfaces() == still_surfaces(explore)


def still_surfaces(explore: Explore) -> list[str]:
    """What the panels show after stepping away and back: nothing may be left of a blend."""
    here = int(explore.position)
    explore.seek(here - 1 if here else here + 1)
    explore.seek(here)
    return explore.surfaces()


def test_the_epoch_slider_moves_everything_without_the_server(looking: Explore) -> None:
    last, epochs = looking.last_frame, looking.epochs
    looking.wait_for_opinion()  # the browser has asked for it
    looking.wait_until_idle()
    messages = len(looking.sent)
    seen = []
    for frame in (last, last // 2, 0):
        looking.seek(frame)
        assert looking.find(".readout").inner_text() == f"epoch {epochs[frame]} of {epochs[-1]}"
        assert looking.find("input.epoch").get_attribute("aria-valuetext") == f"epoch {epochs[frame]} of {epochs[-1]}"
        assert looking.find("input.epoch").input_value() == str(epochs[frame])
        seen.append((looking.cursor(), looking.surfaces(), looking.scores(), rings(looking)))
    cursors, surfaces, scores, marks = zip(*seen, strict=True)
    assert cursors[0] > cursors[1] > cursors[2]
    share = (epochs[last // 2] - epochs[0]) / (epochs[last] - epochs[0])
    assert cursors[1] - cursors[2] == pytest.approx(share * (cursors[0] - cursors[2]), rel=0.1)
    for arm in (0, 1):
        assert len({images[arm] for images in surfaces}) == 3
        assert len({tuple(rows[arm]) for rows in scores}) == 3
    assert len(set(marks)) == 3
    assert len(looking.sent) == messages, "the server was asked"


def rings(explore: Explore) -> tuple[str, ...]:
    """The opacity of each ring around a misclassified point."""
    selector = ".scatterlayer [class*=tracewrong-] path.point"
    shown: list[str] = explore.find(selector).evaluate_all("(rings) => rings.map((ring) => ring.style.opacity)")
    return tuple(shown)


def test_the_scores_are_those_of_the_curves(looking: Explore) -> None:
    looking.seek(looking.last_frame // 3)
    epoch = looking.epoch
    curve = looking.find(".plot").evaluate(
        "(plot, epoch) => plot._fullData.find((trace) => trace.uid === 'curve-yours-val_accuracy').y[epoch - 1]", epoch
    )
    assert looking.scores()[1][2] == f"{100 * curve:.1f} %"


def test_play_answers_the_keyboard(looking: Explore) -> None:
    looking.play_button.focus()
    looking.page.keyboard.press("Space")
    looking.page.wait_for_function(FAR.format(2))
    assert looking.playing
    assert looking.play_button.get_attribute("aria-label") == "Pause"
    looking.page.keyboard.press("Enter")
    assert_stands_on_a_kept_epoch(looking)

    # Where not every epoch is kept, an arrow goes on to the next that is.
    place = next(i for i, (one, other) in enumerate(pairwise(looking.epochs)) if other - one > 1)
    looking.seek(place)
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        looking.find("input.epoch").press(key)
    assert looking.position == place + 1
    looking.find("button.back").press("Enter")
    assert looking.position == place
    looking.find("button.forward").press("Space")
    assert looking.position == place + 1
    looking.find("input.epoch").press("End")
    assert looking.position == looking.last_frame
    looking.find("input.epoch").press("ArrowRight")
    assert looking.position == looking.last_frame
    looking.find("input.epoch").press("PageDown")
    assert 0 < looking.position < looking.last_frame
    looking.find("input.epoch").press("Home")
    assert looking.position == 0


def test_dragging_the_epoch_slider_goes_one_way(looking: Explore) -> None:
    slider, mouse = looking.find("input.epoch"), looking.page.mouse
    looking.seek(looking.last_frame)
    box = slider.bounding_box()
    assert box
    x, y = box["x"] + box["width"] - 8, box["y"] + box["height"] / 2
    mouse.move(x, y)
    mouse.down()
    shown = []
    for pixels in range(80):
        mouse.move(x - pixels, y)
        shown.append(looking.epoch)
    assert shown == sorted(shown, reverse=True)
    assert len(set(shown)) > 3
    mouse.up()
    assert slider.input_value() == str(int(shown[-1]))
    slider.press("ArrowRight")
    assert looking.position == looking.epochs.index(int(shown[-1])) + 1


def test_a_key_always_moves_the_epoch_slider(visit: Visit) -> None:
    explore = visit("?width=256&epochs=20&n_samples=40")  # of a wide network few epochs are kept
    slider = explore.find("input.epoch")
    for key in ("PageDown", "ArrowLeft"):
        explore.seek(explore.last_frame)
        for before in (explore.last_frame, explore.last_frame - 1):
            slider.press(key)
            assert explore.position == before - 1, key
    for key in ("PageUp", "ArrowRight"):
        before = explore.position
        slider.press(key)
        assert explore.position == before + 1, key


def test_for_those_who_want_less_motion_play_steps_through_kept_epochs(visit: Visit) -> None:
    explore = visit(reduced_motion="reduce")
    with explore.watched() as seen:
        explore.play_button.click()
        explore.page.wait_for_function(FAR.format(4))
        explore.play_button.click()
    assert all(position == int(position) for position in seen["positions"])
    assert len(set(seen["positions"])) > 2


def test_hovering_a_boundary_tells_the_probability_of_the_present_epoch(looking: Explore) -> None:
    for frame in (looking.last_frame, 0):
        looking.seek(frame)
        box = looking.panel(1).bounding_box()
        assert box
        # The lower right corner, where no point hides the surface.
        looking.page.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.5 * box["height"])
        looking.page.mouse.move(box["x"] + 0.97 * box["width"], box["y"] + 0.96 * box["height"], steps=4)
        label = looking.find(".hoverlayer .hovertext").filter(has_text="probability of class 1")
        label.wait_for()
        text = (label.text_content() or "").replace("\u2212", "-")
        shown = re.search(r"\((-?[\d.]+), (-?[\d.]+)\).*?(\d+)%", text)
        assert shown, text
        expected = looking.root.evaluate(
            """(root, [x, y]) => {
              const { half, side, surface, epochs } = root.picture.frames;
              const at = (value) => Math.round(((value + half) / (2 * half)) * (side - 1));
              const cell = (epochs.length + root.picture.position) * side * side + at(y) * side + at(x);
              return root.picture.frames.probability[surface[cell]];
            }""",
            [float(shown[1]), float(shown[2])],
        )
        assert int(shown[3]) == pytest.approx(100 * expected, abs=1)
        looking.page.mouse.move(5, 5)
        label.wait_for(state="detached")
