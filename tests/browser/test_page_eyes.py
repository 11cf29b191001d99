"""What eyes need of a real page: words that can be read, on light and dark pages, and names beside the curves."""

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.browser.explore import Explore, Visit
from tests.figures.vision import contrast

# Colour of an element's words and of what lies behind them, both as three bytes: half transparent grounds are mixed.
INK_AND_GROUND = """(element) => {
  const parse = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = (top, under) => [0, 1, 2].map((i) => top[3] * top[i] + (1 - top[3]) * under[i]);
  let opacity = 1;
  const grounds = [];
  for (let node = element; node; node = node.parentElement) {
    const style = getComputedStyle(node);
    opacity *= Number(style.opacity);
    const ground = parse(style.backgroundColor);
    if (ground[3] > 0 && !grounds.some((found) => found[3] === 1)) grounds.push(ground);
  }
  const behind = grounds.reduceRight((under, top) => over(top, under), [255, 255, 255]);
  const ink = parse(getComputedStyle(element).color);
  return [over([ink[0], ink[1], ink[2], ink[3] * opacity], behind), behind];
}"""


def legible(words: Locator) -> float:
    """The least contrast among all elements found, of which there must be some."""
    assert words.count() > 0
    return min(contrast(*words.nth(i).evaluate(INK_AND_GROUND)) for i in range(words.count()))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read(visit: Visit, scheme: Any) -> None:
    explore = visit(color_scheme=scheme)
    main = explore.page.get_by_test_id("stMain")
    assert legible(explore.play_button) >= 4.5
    assert legible(explore.page.locator('[data-testid="stButtonGroup"] [data-selected]')) >= 4.5
    assert legible(explore.page.get_by_test_id("stCaptionContainer").locator("p")) >= 4.5
    assert legible(explore.find(".scores tbody th")) >= 4.5
    assert legible(main.get_by_role("heading", level=1)) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_slider_values_have_the_colour_of_words(visit: Visit, scheme: Any) -> None:
    """They stand above the thumb that they belong to, so what lies behind them is the sidebar."""
    explore = visit(color_scheme=scheme)
    side = explore.page.get_by_test_id("stSidebar").evaluate(INK_AND_GROUND)[1]
    values = explore.page.locator('[data-testid="stSidebar"] [data-testid="stSliderThumbValue"]')
    assert values.count() > 3
    for i in range(values.count()):
        assert contrast(values.nth(i).evaluate(INK_AND_GROUND)[0], side) >= 4.5


def test_names_stand_beside_the_curves_inside_the_picture(looking: Explore) -> None:
    plot = looking.find(".plot").bounding_box()
    panel = looking.panel(0).bounding_box()
    boxes = looking.find(".scatterlayer [class*='tracename-'] .textpoint text").evaluate_all(
        "(texts) => texts.map((text) => ({ words: text.textContent.trim(), box: text.getBoundingClientRect() }))"
    )
    assert plot
    assert panel
    assert sorted(found["words"] for found in boxes) == ["— None", "— train", "■ Yours", "■ train"]
    for found in boxes:
        assert plot["x"] < found["box"]["left"] < found["box"]["right"] < panel["x"]
    ordered = sorted((found["box"]["top"], found["box"]["bottom"]) for found in boxes)
    for (_, bottom), (top, _) in pairwise(ordered):
        assert top >= bottom - 4  # a line of text has some air of its own


def test_a_name_is_hidden_with_its_line(visit: Visit) -> None:
    explore = visit()
    names = explore.find(".scatterlayer .textpoint text")
    before = names.count()
    explore.toggle_trace("curve-yours-val_accuracy")
    explore.page.wait_for_function(
        "(before) => document.querySelectorAll('.regdash-picture .scatterlayer .textpoint text').length === before - 1",
        arg=before,
    )


def test_the_table_has_the_marks_of_the_curves(looking: Explore) -> None:
    drawn = looking.find(".scores tbody th").evaluate_all(
        "(names) => names.map((name) => getComputedStyle(name, '::before').content)"
    )
    assert ["—" in drawn[0], "■" in drawn[1]] == [True, True]
    assert looking.arms == ["No regularization", "Your settings"]
