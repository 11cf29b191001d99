"""Controls and picture: a change shows at once, in place; nothing blanks, and what the visitor chose stays."""

import itertools
import random
import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.explore import Explore, Visit


def test_dropout_changes_your_settings_and_not_the_free_network(explore: Explore) -> None:
    free, yours = explore.surfaces()
    scores = explore.scores()
    explore.press("dropout", "ArrowRight")
    assert explore.value("dropout") == "0.55"
    assert explore.surfaces()[0] == free
    assert explore.surfaces()[1] != yours
    assert explore.scores()[0] == scores[0]
    explore.press("dropout", "ArrowLeft")
    assert explore.surfaces() == [free, yours], "the same settings give the same picture"
    assert explore.scores() == scores


def test_what_all_networks_share_changes_all_of_them(explore: Explore) -> None:
    for name, key in (("width", "ArrowLeft"), ("epochs", "ArrowRight")):
        before = explore.surfaces()
        explore.press(name, key)
        assert all(new != old for new, old in zip(explore.surfaces(), before, strict=True)), name


def test_no_frame_is_blank_while_a_slider_moves(explore: Explore) -> None:
    explore.seek(20)
    with explore.watched() as seen:
        explore.press("dropout", "ArrowRight", "ArrowRight")
        explore.press("width", "ArrowLeft")
        explore.press("epochs", "ArrowRight")
        before = explore.drawn
        for _ in range(5):  # faster than the pictures come
            explore.slider("weight_decay").press("ArrowRight")
        explore.wait_for_picture(after=before)
    assert seen["frames"] > 10
    assert seen["blank"] == []
    assert min(seen["surfaces"]) > 1


def test_no_frame_is_blank_while_a_long_training_shows_its_progress(visit: Visit) -> None:
    explore = visit("?width=128&epochs=700")
    with explore.watched() as seen:
        explore.press("epochs", "End")
    assert seen["blank"] == []
    assert explore.epochs[-1] == 1000


def test_the_latest_of_many_quick_moves_wins(visit: Visit) -> None:
    explore = visit()
    for _ in range(6):
        explore.slider("dropout").press("ArrowLeft")
    explore.page.wait_for_url(lambda url: "dropout=0.2" in url)
    explore.page.wait_for_function(
        "() => document.querySelector('.regdash-picture').picture.data.stem.includes('-p0.2-')"
    )
    explore.wait_until_idle()
    quick = shown(explore)
    explore.press("dropout", "ArrowLeft", "ArrowRight")
    assert explore.value("dropout") == "0.20"
    assert shown(explore) == quick


def test_no_move_is_undone_by_what_arrives_late(explore: Explore) -> None:
    """Moves while a picture, or a second opinion, is on its way: what the server says then is already old."""
    chance = random.Random(1)
    for _ in range(12):
        explore.page.wait_for_timeout(1000 * chance.uniform(0, 1))
        name, key = chance.choice(["dropout", "weight_decay"]), chance.choice(["ArrowLeft", "ArrowRight"])
        for _ in range(chance.choice([2, 3, 4])):
            explore.slider(name).press(key)
        wanted = explore.value(name)
        explore.wait_until_idle()
        explore.page.wait_for_function(
            "(part) => document.querySelector('.regdash-picture').picture.data.stem.includes(part)",
            arg="-p" + f"{float(explore.value('dropout')):g}-" if float(explore.value("dropout")) else "regdash-",
        )
        assert explore.value(name) == wanted


def at_once_with_a_part(explore: Explore, action: str) -> None:
    """Do this in the very moment in which a part of the page asks for something: Streamlit's front end sends both as
    one message, which asks for that part alone.
    """
    explore.page.evaluate(
        f"""async () => {{
          const call = Object.assign(document.createElement("span"), {{ className: "regdash-again" }});
          Object.assign(call.dataset, {{ for: "pairs", call: String(Math.random()) }});
          document.body.prepend(call);
          await Promise.resolve(); // it has been heard
          call.remove();
          {action};
        }}"""
    )


def test_a_choice_made_while_a_part_of_the_page_asks_is_drawn(explore: Explore) -> None:
    explore.wait_for_opinion()
    for n_arms in (3, 2):
        at_once_with_a_part(explore, "document.querySelectorAll('.st-key-arms button')[2].click()")
        explore.page.wait_for_function(
            f"() => document.querySelectorAll('.regdash-picture .scores tbody th').length === {n_arms}", timeout=10_000
        )


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("document.querySelector('.regdash-dock').dock.nudge(0, 1)", "0.60"),
        ("document.querySelector('.st-key-reset_dropout button').click()", "0.50"),
        ("document.querySelector('.st-key-scenario_says button').click()", "0.50"),
    ],
    ids=["dock", "reset", "scenario"],
)
def test_what_a_click_sets_while_a_part_of_the_page_asks_stays(visit: Visit, action: str, value: str) -> None:
    """The browser has not heard of it when that part has the whole page drawn: what it says then is old."""
    explore = visit("?dropout=0.55")
    explore.wait_for_opinion()
    with explore.redraw():
        at_once_with_a_part(explore, action)
    explore.wait_for_opinion()
    expect(explore.slider("dropout")).to_have_attribute("aria-valuetext", value)
    assert f"-p{float(value):g}-" in explore.picture("data.stem")
    assert ("dropout=" in explore.page.url) == (value != "0.50")
    with explore.redraw():  # back to what the browser said before it heard: now it is a move
        explore.slider("dropout").press("ArrowRight" if value == "0.50" else "ArrowLeft")
    assert explore.value("dropout") == "0.55"
    assert "-p0.55-" in explore.picture("data.stem")


def test_a_new_seed_drawn_while_a_part_of_the_page_asks_stays(explore: Explore) -> None:
    explore.wait_for_opinion()
    with explore.redraw():
        at_once_with_a_part(explore, "document.querySelector('.st-key-new_seed button').click()")
    explore.wait_for_opinion()
    seed = explore.page.locator(".st-key-seed input").input_value()
    assert seed != "7"
    assert explore.picture("data.stem").endswith(f"-seed{seed}")


# Both would be one message without a moment between them.
AT_ONCE = """async (first) => {
  first.click();
  await new Promise((go) => setTimeout(go, 30));
  document.querySelectorAll(".st-key-arms button")[2].click();
}"""


def test_a_click_is_not_undone_by_another_that_follows_at_once(visit: Visit) -> None:
    """The browser says the old dropout with the second, since it has not heard of the new one."""
    explore = visit("?dropout=0.55")
    explore.wait_for_opinion()
    explore.page.locator(".st-key-reset_dropout button").first.evaluate(AT_ONCE)
    expect(explore.find(".scores tbody th")).to_have_count(3, timeout=30_000)
    explore.wait_for_opinion()
    assert explore.value("dropout") == "0.50"
    assert "-p0.5-" in explore.picture("data.stem")
    assert "dropout=" not in explore.page.url


def test_nor_is_another_scenario(explore: Explore) -> None:
    """The browser says the old one with the second click, and that is not a choice of it."""
    explore.wait_for_opinion()
    explore.button("Things to try").click()
    explore.page.get_by_role("menuitem", name="on spirals").evaluate(AT_ONCE)
    expect(explore.find(".scores tbody th")).to_have_count(3, timeout=30_000)
    explore.wait_until_idle()
    assert explore.page.get_by_role("combobox", name="Scenario").input_value() == "Spirals"
    assert "spirals" in explore.picture("data.stem")


def shown(explore: Explore) -> tuple[Any, ...]:
    return explore.surfaces(), explore.scores(), explore.sentence.inner_text()


def test_epoch_zoom_and_hidden_traces_survive_a_change_of_settings(explore: Explore) -> None:
    explore.seek(12)
    epoch = explore.epoch
    explore.zoom("xy", (0.2, 0.1), (0.6, 0.6))
    zoom = explore.range("xaxis"), explore.range("yaxis")
    explore.toggle_trace("curve-none-train_accuracy")
    for kind in ("truth", "train"):
        explore.marks(kind).click()
    explore.page.wait_for_function(
        "() => document.querySelector('.regdash-picture .plot')._fullData.some("
        "(trace) => trace.uid === 'truth-yours' && trace.visible === true)"
    )
    surfaces = explore.surfaces()

    explore.press("dropout", "ArrowRight")
    explore.press("width", "ArrowLeft")
    assert explore.epoch == epoch
    assert (explore.range("xaxis"), explore.range("yaxis")) == zoom
    visible = explore.traces()
    assert visible["curve-none-train_accuracy"] == "legendonly"
    assert visible["curve-none-val_accuracy"] is True
    for arm in ("none", "yours"):
        assert visible[f"truth-{arm}"] is True
        assert visible[f"train-{arm}"] is False
        assert visible[f"val-{arm}"] is True
    assert all(new != old for new, old in zip(explore.surfaces(), surfaces, strict=True))
    # With the zoom the cursor still stands at its epoch.
    x = explore.find(".plot").evaluate(
        "(plot, epoch) => plot.getBoundingClientRect().left + plot._fullLayout.xaxis._offset"
        " + plot._fullLayout.xaxis.d2p(epoch)",
        epoch,
    )
    assert explore.cursor() == pytest.approx(x, abs=1)


def boundaries(explore: Explore) -> set[tuple[float, ...]]:
    """The different sections of the plane that panels show."""
    return {
        tuple(round(end, 6) for letter in "xy" for end in explore.range(f"{letter}axis{arm + 2}"))
        for arm in range(len(explore.arms))
    }


def test_all_boundaries_are_zoomed_together_and_reset_by_a_double_click(explore: Explore) -> None:
    (whole,), curves = boundaries(explore), explore.range("xaxis")
    explore.zoom("x3y3", (0.1, 0.2), (0.5, 0.5))
    (near,) = boundaries(explore)
    assert near[1] - near[0] == pytest.approx(near[3] - near[2]), "one unit is as long up as along"
    assert near[1] - near[0] < 0.6 * (whole[1] - whole[0])
    assert explore.range("xaxis") == curves, "the curves have a zoom of their own"
    explore.press("dropout", "ArrowRight")
    assert boundaries(explore) == {near}
    for pill in ("Dropout only", "No regularization"):  # a third panel, then the first one without its network
        with explore.redraw():
            explore.pill(pill).click()
        assert boundaries(explore) == {near}, pill
    assert len(explore.arms) == 2
    zoomed = explore.range("xaxis3")
    explore.page.mouse.dblclick(*explore.spot("x2y2", 0.2, 0.2))
    explore.wait_for_range("xaxis3", but=zoomed)
    assert boundaries(explore) == {whole}


def test_other_data_are_seen_whole_in_every_panel(explore: Explore) -> None:
    """A zoom belongs to the plane that it was drawn on."""
    (whole,) = boundaries(explore)
    explore.zoom("x2y2", (0.1, 0.2), (0.5, 0.5))
    explore.choose_scenario("Spirals")
    (other,) = boundaries(explore)
    assert other != whole
    assert -other[0] == other[1] == -other[2] == other[3]


def test_a_nearby_epoch_is_kept_when_the_number_of_epochs_changes(explore: Explore) -> None:
    explore.seek(10)
    epoch = explore.epoch
    explore.press("epochs", "ArrowRight")
    epochs = explore.epochs
    assert epochs[-1] > 200
    assert abs(explore.epoch - epoch) <= max(b - a for a, b in itertools.pairwise(epochs))


def test_a_change_while_playing_goes_on_playing(explore: Explore) -> None:
    explore.find(".speed").select_option("0.25")
    explore.seek(0)
    explore.play_button.click()
    explore.press("dropout", "ArrowRight")
    assert explore.playing
    at = explore.position
    explore.page.wait_for_function(f"() => document.querySelector('.regdash-picture').picture.position > {at}")
    explore.play_button.click()


def test_other_curves_can_be_shown(explore: Explore) -> None:
    surfaces = explore.surfaces()
    assert explore.find(".key .fresh").is_visible()
    assert len(explore.fresh_marks()) == 2
    for name, uid in (
        ("Loss", "curve-yours-val_loss"),
        (re.compile("memorised|flipped", re.IGNORECASE), "curve-yours-flipped"),
    ):
        with explore.redraw():
            explore.view(name).click()
        assert explore.traces()[uid] is True
        assert explore.find(".key .fresh").is_hidden()
        assert explore.fresh_marks() == []
    assert explore.surfaces() == surfaces
    assert explore.range("yaxis")[0] < 0


def test_pins_stay_in_picture_and_table_and_can_be_restored_and_removed(explore: Explore) -> None:
    before = shown(explore)
    with explore.redraw():
        explore.button("Pin this run").click()
    assert explore.page.get_by_role("heading", name="Pinned runs").is_visible()
    assert [shown for uid, shown in explore.traces().items() if uid.startswith("curve-pin-")] == [True]
    explore.show_legend()
    assert explore.find(".legend").get_by_text("Pin 1").count() == 1
    assert explore.button("Pin this run").is_disabled()

    explore.press("dropout", "ArrowRight", "ArrowRight")
    explore.press("width", "ArrowLeft")
    assert explore.page.get_by_text("dropout 0.5 (now 0.6)").is_visible()
    assert shown(explore) != before
    with explore.redraw():
        explore.button("Restore").click()
    assert (explore.value("dropout"), explore.value("width")) == ("0.50", "64")
    assert shown(explore) == before

    with explore.redraw():
        explore.button("Remove").click()
    assert explore.page.get_by_role("heading", name="Pinned runs").count() == 0
    assert not any(uid.startswith("curve-pin") for uid in explore.traces())
    assert shown(explore) == before


def test_a_new_seed_gives_another_picture(explore: Explore) -> None:
    before = explore.surfaces()
    with explore.redraw():
        explore.button("New seed").click()
    explore.page.wait_for_url(lambda url: "seed=" in url)
    assert all(new != old for new, old in zip(explore.surfaces(), before, strict=True))
