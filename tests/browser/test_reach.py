"""By keyboard and by ear: nothing needs a mouse, the focus is never lost, and what ends is said."""

from collections.abc import Callable

import pytest

from tests.browser.explore import Explore, Visit
from tests.browser.study import Study

LOST = "() => document.activeElement === document.body || !document.activeElement"

# Everything that a screen reader would read out by itself while the body runs.
LISTEN = """() => {
  window.heard = [];
  const regions = "[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], output:not([aria-live=off])";
  const live = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest(regions);
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = live(target);
      if (region) window.heard.push(region.textContent.trim());
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


@pytest.fixture
def study(visit: Visit) -> Callable[..., Study]:
    return lambda **settings: Study(visit(None)).open(**settings)


def heard(explore: Explore) -> list[str]:
    found: list[str] = explore.page.evaluate("() => window.heard")
    return found


def test_a_step_to_the_end_keeps_the_focus_on_its_button(looking: Explore) -> None:
    for button, near in (("back", 1), ("forward", looking.last_frame - 1)):
        looking.seek(near)
        step = looking.find(f"button.{button}")
        step.press("Enter")
        step.press("Enter")  # there is no further
        assert looking.position in (0, looking.last_frame)
        assert step.evaluate("(button) => document.activeElement === button"), button
        assert step.get_attribute("aria-disabled") == "true"


def test_pinning_and_removing_keep_the_focus_in_the_page(explore: Explore) -> None:
    with explore.redraw():
        explore.button("Pin this run").press("Enter")
    explore.page.wait_for_function(f"() => !({LOST})()")
    assert explore.page.evaluate("() => document.activeElement.textContent").startswith("keepPin this run")
    with explore.redraw():
        explore.button("Remove").press("Enter")
    explore.button("Remove").wait_for(state="detached")
    explore.page.wait_for_function(f"() => !({LOST})()")
    assert explore.page.evaluate("() => Boolean(document.activeElement.closest('[data-testid=stMain]'))")


def test_running_a_study_and_adding_seeds_keep_the_focus_and_the_end_is_said(study: Callable[..., Study]) -> None:
    page = study(values=[0, 0.5], seeds=4, epochs=20, width=8, seed=31)
    explore = page.visitor
    explore.page.evaluate(LISTEN)
    page.button("Run study").press("Enter")
    page.finished()
    explore.page.wait_for_function(f"() => !({LOST})()")
    assert explore.page.evaluate("() => document.activeElement.textContent").endswith("Run study")
    assert any(text.startswith("Finished: 8 runs") for text in heard(explore))

    page.button("Add 20 seeds").press("Enter")
    page.finished("Finished: 48 runs")
    explore.page.wait_for_function(f"() => !({LOST})()")
    assert any(text.startswith("Finished: 48 runs") for text in heard(explore))


# Each moves to settings of which nobody else has asked for an opinion: it would be said at once, too.
@pytest.mark.parametrize(
    ("judged", "dropout"), [(False, 0.15), (True, 0.65)], ids=["at once", "when many seeds have judged"]
)
def test_a_moved_slider_says_the_new_sentence(visit: Visit, judged: bool, dropout: float) -> None:
    explore = visit(f"?width=16&epochs=60&label_smoothing=0.1&dropout={dropout}")
    if judged:
        explore.page.locator(".st-key-opinion_strip").wait_for()
    before = explore.sentence.inner_text()  # what many seeds say of it may come before the move
    explore.page.evaluate(LISTEN)
    explore.press("dropout", "ArrowRight")
    sentence = explore.sentence.inner_text()
    explore.page.wait_for_function("(before) => window.heard.some((said) => !said.startsWith(before))", arg=before)
    said = [text for text in heard(explore) if not text.startswith(before)]
    assert said[0] == sentence
    assert len(set(said)) == len(said), "once, and again only with what other seeds say"
    assert all(text.startswith(sentence) for text in said)


def test_play_is_silent_until_it_stops(looking: Explore) -> None:
    looking.seek(0)
    looking.page.evaluate(LISTEN)
    looking.play_button.click()
    looking.page.wait_for_function("() => document.querySelector('.regdash-picture').picture.position > 8")
    assert heard(looking) == []
    looking.play_button.click()
    said = looking.find(".readout").inner_text()
    looking.page.wait_for_function("() => window.heard.length > 0")
    assert set(heard(looking)) == {said}
    looking.find("button.forward").press("Enter")
    assert heard(looking)[-1] == looking.find(".readout").inner_text() != said


def test_curves_are_hidden_and_shown_by_keyboard(looking: Explore) -> None:
    uid = "curve-yours-train_accuracy_dropout_on"
    looking.show_legend()
    entry = looking.root.get_by_role("button", name="Your settings: train, dropout on")
    for key, pressed in (("Enter", True), (" ", False)):
        assert entry.get_attribute("aria-pressed") == str(not pressed).lower()
        entry.press(key)
        looking.page.wait_for_function(
            "([uid, shown]) => (document.querySelector('.regdash-picture .plot')._fullData"
            ".find((trace) => trace.uid === uid).visible === true) === shown",
            arg=[uid, pressed],
        )
        assert entry.evaluate("(entry) => document.activeElement === entry")
    assert entry.get_attribute("aria-pressed") == "false"
    looking.marks("legend").click()
    entry.wait_for(state="detached")


def test_zoom_by_keyboard_is_kept_like_any_other(explore: Explore) -> None:
    whole = explore.range("xaxis2")
    explore.root.get_by_role("button", name="Zoom in").press("Enter")
    nearer = explore.range("xaxis2")
    assert nearer[1] - nearer[0] < 0.9 * (whole[1] - whole[0])
    explore.root.get_by_role("button", name="Zoom in").press("ArrowRight")
    explore.page.wait_for_function(
        "(from) => document.querySelector('.regdash-picture .plot')._fullLayout.xaxis2.range[0] > from + 0.1",
        arg=nearer[0],
    )
    moved = explore.range("xaxis2")
    explore.press("dropout", "End")
    assert explore.range("xaxis2") == pytest.approx(moved)
    explore.root.get_by_role("button", name="Reset axes").press("Enter")
    assert explore.range("xaxis2") == pytest.approx(whole)


def levels(explore: Explore) -> list[int]:
    """The levels of all headings, from the top of the page."""
    found: list[int] = explore.page.locator("h1, h2, h3, h4, h5, h6, [role=heading]").evaluate_all(
        "(headings) => headings.filter((heading) => !heading.hidden && !heading.closest('dialog:not([open])'))"
        ".map((heading) => Number(heading.ariaLevel ?? heading.tagName[1]))"
    )
    return found


def test_headings_start_at_the_first_level_and_skip_none(explore: Explore, study: Callable[..., Study]) -> None:
    with explore.redraw():
        explore.button("Pin this run").click()
    assert set(levels(explore)) == {1, 2}
    assert levels(explore)[0] == 1
    page = study(values=[0, 0.5], seeds=4, epochs=20, width=8, seed=33)
    assert levels(page.visitor) == [1]
    page.run()
    assert levels(page.visitor) == [1, 2, 3, 3, 3]


def test_every_chart_names_its_own_download(study: Callable[..., Study]) -> None:
    page = study(values=[0, 0.5], seeds=4, epochs=20, width=8, seed=32).run()
    names = page.page.locator(".regdash-chart .download").evaluate_all(
        "(buttons) => buttons.map((button) => button.ariaLabel)"
    )
    assert names == [f"Download “{title}” as PNG" for title in page.charts]
    assert len(set(names)) == 3


def test_the_pairs_come_with_their_judgement_and_one_opens_by_keyboard(visit: Visit) -> None:
    explore = visit("?width=24&epochs=40&dropout=0.35")
    explore.page.locator("strong").filter(has_text="Over 20 pairs").wait_for()
    explore.wait_for_opinion()
    button = explore.button("Open this pair")
    button.focus()
    with explore.redraw():
        button.press("Enter")
    explore.page.wait_for_url(lambda url: "data_seed=200" in url)
    explore.page.get_by_text("In this pair, which is one of them, it is").wait_for()
