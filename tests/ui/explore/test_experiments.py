"""Things to try, on the page: what the menu sets, what is said then, and what a lock leaves of it."""

import pytest
from streamlit.testing.v1 import AppTest

from regdash.config import FIELDS
from regdash.permalink import Explore, View
from regdash.teaching.experiments import EXPERIMENTS
from regdash.teaching.scenarios import NOISY, SCENARIOS
from tests.ui.common.test_shared import of, opened, settings


def fresh():
    return AppTest.from_file("../../../regdash/ui/script.py", default_timeout=60)


def menu(app):
    """The menu's lines; none if it is not there."""
    return [line for each in app.get("menu_button") for line in each.options]


def looks(app):
    return [caption.value for caption in app.caption if "**Look:**" in caption.value]


def choose(app, key):
    (button,) = app.get("menu_button")
    return button.click_index(button.options.index(EXPERIMENTS[key].label)).run()


@pytest.mark.parametrize("key", EXPERIMENTS)
def test_choosing_one_sets_its_controls_and_says_what_to_look_for(key):
    one, app = EXPERIMENTS[key], fresh()
    app.query_params["seed"] = "11"
    choose(app.run(), key)
    assert not app.exception
    assert settings(app) == of(one.config.but(seed=11))
    assert app.selectbox(key="scenario").value == SCENARIOS[one.scenario].label
    assert looks(app) == [f"**Look:** {one.look}"]
    assert app.session_state["view"] == (one.view or "accuracy")


def test_all_are_offered_where_nothing_is_locked():
    app = fresh().run()
    assert menu(app) == [one.label for one in EXPERIMENTS.values()]
    assert looks(app) == []


def test_another_setting_ends_the_look_and_another_seed_does_not():
    app = choose(fresh().run(), "small")
    app.number_input(key="seed").set_value(99).run()
    assert len(looks(app)) == 1
    app.button(key="reset_width").click().run()
    assert looks(app) == []


def test_a_link_to_one_says_what_to_look_for():
    one = EXPERIMENTS["early"]
    assert looks(opened(View(page=Explore(config=one.config, scenario="noisy")))) == [f"**Look:** {one.look}"]


@pytest.mark.parametrize("how", ["lock", "hide"])
@pytest.mark.parametrize(
    ("still", "gone"),
    [
        (("width",), {"small", "wide-spirals"}),
        (("view",), {"smoothing"}),
        (("seed", "data_seed", "pin", "arms"), set()),
        (("dropout", "epochs"), {"decay", "decoupled", "too-much-dropout", "early", "smoothing"}),
    ],
)
def test_what_needs_a_control_that_stands_still_is_not_offered(how, still, gone):
    app = opened(View(page=Explore(config=NOISY, scenario="noisy"), **{how: still}))
    left = [key for key in EXPERIMENTS if key not in gone]
    assert menu(app) == [EXPERIMENTS[key].label for key in left]
    choose(app, left[-1])
    assert not app.exception
    assert settings(app) == of(EXPERIMENTS[left[-1]].config)


def test_where_none_is_left_or_the_scenario_is_hidden_there_is_no_menu():
    everything = tuple(FIELDS)
    assert menu(opened(View(page=Explore(config=NOISY, scenario="noisy"), lock=everything))) == []
    assert menu(opened(View(page=Explore(config=NOISY, scenario="noisy"), hide=("scenario",)))) == []


def test_a_hand_made_message_moves_nothing_that_is_locked():
    app = opened(View(page=Explore(config=NOISY, scenario="noisy"), lock=("width",)))
    app.session_state["width"] = 6
    choose(app, "early")
    assert settings(app) == of(EXPERIMENTS["early"].config)
