"""Things to try, resets of single controls, and the seed before: by keyboard and finger, and without a jump."""

import pytest

from tests.browser.axe import violations
from tests.browser.explore import Explore, Visit
from tests.browser.test_page_state import PLACES

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LEAST = 24  # pixels of what a finger or a pointer aims at
TOLD = 1000  # milliseconds after which a button that has help shows it
IS_ON_TOP = """(button) => {
  const { x, y, width, height } = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
}"""


def place(explore: Explore) -> dict[str, float]:
    found: dict[str, float] = explore.page.evaluate(PLACES)
    return found


def test_by_keyboard_one_is_tried_reset_and_the_focus_stays(visit: Visit) -> None:
    explore = visit(viewport={"width": 1280, "height": 720}, color_scheme="dark")
    before = place(explore)
    menu = explore.button("Things to try")
    menu.focus()
    menu.press("Enter")
    with explore.redraw():
        explore.page.get_by_role("menuitem", name="Weight decay instead of dropout").press("Enter")
    explore.page.get_by_text("islands go with weight decay").wait_for()
    explore.button("Reset weight decay to 0").wait_for()
    assert place(explore) == before
    assert (explore.value("dropout"), explore.value("weight_decay")) == ("0.00", "0.02")
    with explore.redraw():
        explore.button("Reset weight decay to 0").press("Enter")
    explore.button("Reset weight decay to 0").wait_for(state="detached")
    explore.page.wait_for_function("() => document.activeElement.closest('.st-key-control_weight_decay')")
    assert (explore.value("dropout"), explore.value("weight_decay")) == ("0.00", "0")
    assert place(explore) == before
    assert violations(explore.page) == []


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 1280, "height": 720}}], ids=["phone", "laptop"])
def test_all_of_them_are_large_enough_and_beside_each_other(visit: Visit, options: dict[str, object]) -> None:
    explore = visit("?width=32&seed=11", **options)
    if options is PHONE:
        explore.page.get_by_test_id("stExpandSidebarButton").tap()
    with explore.redraw():
        explore.button("New seed").click()
    names = ("Things to try", "Reset width to 64", "Reset seed to 7", "Back to seed 11")
    boxes = [explore.button(name).bounding_box() for name in names]
    assert all(box and min(box["width"], box["height"]) >= LEAST for box in boxes)
    reset, back = boxes[2:]
    assert reset
    assert back
    assert reset["x"] + reset["width"] <= back["x"] + 0.5
    explore.page.wait_for_timeout(TOLD)  # the pointer is still where it drew a seed: no help lies over the way back
    assert explore.button(names[-1]).evaluate(IS_ON_TOP)
    with explore.redraw():
        explore.button(names[-1]).click()
    explore.page.wait_for_url(lambda url: "seed=11" in url)
