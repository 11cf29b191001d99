"""A component's object lives as long as its place on the page, whichever of Streamlit's calls comes when."""

import time

import pytest
from playwright.sync_api import Browser, Route

from regdash.ui.components.script import PLACES
from tests.browser.explore import Visit

STORY = """([text, order]) => {
  const Places = new Function(`${text}; return Places`)();
  const places = new Places();
  const place = {};
  const closed = [];
  let made = 0;
  const calls = [];
  for (const step of order) {
    if (step === "call") {
      const [object, leave] = places.at(place, () => ({ id: made++, close() { closed.push(this.id); } }));
      calls.push([object.id, leave]);
    } else calls[step][1]();
  }
  return { had: calls.map(([id]) => id), closed };
}"""


@pytest.mark.parametrize(
    ("order", "had", "closed"),
    [
        (["call", 0], [0], [0]),
        (["call", "call", 1], [0, 0], [0]),
        (["call", "call", 0], [0, 0], []),  # of the calls that overtook each other, the first is told to go at once
        (["call", "call", "call", 0, 1, 2], [0, 0, 0], [0]),
        (["call", 0, "call", 0, 1], [0, 1], [0, 1]),  # a place that is there again
        (["call", 0, 0], [0], [0]),
    ],
)
def test_only_the_latest_call_ends_it(browser: Browser, order: list[object], had: list[int], closed: list[int]) -> None:
    with browser.new_context() as context:
        assert context.new_page().evaluate(STORY, [PLACES, order]) == {"had": had, "closed": closed}


def test_what_comes_while_scripts_are_on_their_way_does_not_take_the_picture_away(visit: Visit) -> None:
    """A phone asks for the page anew as soon as it knows itself dark."""
    visitor = visit(None, viewport={"width": 390, "height": 844}, color_scheme="dark")

    def late(route: Route) -> None:
        time.sleep(1.5)
        route.continue_()

    visitor.page.route("**/app/static/scripts/*", late)
    visitor.go("?present=true")
    visitor.wait_for_picture()
    assert visitor.root.evaluate("(root) => Boolean(root.picture.closed)") is False
