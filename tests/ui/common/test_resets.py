"""Each control alone: back to the scenario's value, a seed back to the one before, and what is said of locked ones."""

import pytest
from streamlit.testing.v1 import AppTest

from regdash.config import FIELDS
from regdash.permalink import Explore, Study, View
from regdash.study import StudySpec
from regdash.teaching.scenarios import NOISY, SCENARIOS
from regdash.ui.common import locks
from tests.ui.common.test_shared import of, opened, settings


def fresh():
    return AppTest.from_file("../../../regdash/ui/script.py", default_timeout=60)


def resets(app):
    return {button.key.removeprefix("reset_"): button for button in app.button if str(button.key).startswith("reset_")}


def test_every_setting_that_differs_has_a_reset_and_no_other():
    others = {"width": "32", "dropout": "0.6", "seed": "8", "n_samples": "100", "depth": "1", "decay": "decoupled"}
    app = fresh()
    for name, text in others.items():
        app.query_params[name] = text
    app.run()
    assert resets(app).keys() == others.keys()
    assert resets(app)["dropout"].label == "Reset dropout to 0.5"


@pytest.mark.parametrize("name", ["width", "seed", "n_samples", "decay"])
def test_one_is_reset_and_the_others_stay(name):
    others = {"width": 32, "seed": 8, "n_samples": 100, "decay": "decoupled"}
    app = fresh()
    for each, value in others.items():
        app.query_params[each] = FIELDS[each].text(value)
    resets(app.run())[name].click().run()
    assert not app.exception
    assert settings(app) == of(NOISY.but(**{each: value for each, value in others.items() if each != name}))
    assert resets(app).keys() == others.keys() - {name}


def test_resets_follow_the_scenario_chosen():
    app = fresh().run()
    assert resets(app) == {}
    app.selectbox(key="scenario").select("Spirals").run()
    assert resets(app) == {}
    app.select_slider(key="width").set_value(64).run()
    assert resets(app)["width"].label == f"Reset width to {SCENARIOS['spirals'].config.width}"


def test_where_no_scenario_is_chosen_nothing_differs_from_one():
    assert resets(opened(View(page=Explore(config=NOISY.but(width=8), scenario=None)))) == {}


def test_on_study_what_is_swept_has_none():
    app = opened(View(page=Study(spec=StudySpec(base=NOISY.but(width=8), sweep={"dropout": [0.0, 0.3]}, seeds=3))))
    app.selectbox(key="scenario").select("Noisy labels").run()
    app.select_slider(key="width").set_value(32).run()
    assert resets(app).keys() == {"width"}


def test_what_is_locked_cannot_be_reset_and_says_who_locked_it():
    page = Explore(config=NOISY.but(width=8, dropout=0.3, seed=5), scenario="noisy")
    app = opened(View(page=page, lock=("width", "seed", "view"), hide=("depth",)))
    assert resets(app).keys() == {"dropout"}
    width = app.select_slider(key="width")
    assert width.label == "Width: locked"
    assert width.help.startswith(locks.REASON)
    assert app.button(key="new_seed").disabled
    assert app.button(key="new_seed").help.startswith(locks.REASON)
    (line,) = [caption.value for caption in app.sidebar.caption if "has locked" in caption.value]
    assert line.endswith("has locked: width, seed, curves.")
    resets(app)["dropout"].click().run()
    assert settings(app) == of(NOISY.but(width=8, seed=5))


def test_where_nothing_is_locked_nothing_is_said_of_it():
    assert not any("locked" in caption.value for caption in fresh().run().caption)


def test_back_to_the_seeds_before_one_by_one():
    app = fresh().run()
    assert "back_seed" not in {button.key for button in app.button}
    app.number_input(key="seed").set_value(11).run()
    app.number_input(key="seed").set_value(12).run()
    assert app.button(key="back_seed").label == "Back to seed 11"
    app.button(key="back_seed").click().run()
    assert app.session_state["seed"] == 11
    app.button(key="back_seed").click().run()
    assert app.session_state["seed"] == NOISY.seed
    assert "back_seed" not in {button.key for button in app.button}
    assert settings(app) == of(NOISY)


def test_back_from_a_seed_that_was_drawn():
    app = fresh().run()
    app.button(key="new_seed").click().run()
    drawn = app.session_state["seed"]
    if drawn != NOISY.seed:  # once in 10,000 it is the same
        app.button(key="back_seed").click().run()
    assert app.session_state["seed"] == NOISY.seed


def test_a_locked_seed_has_no_way_back():
    app = opened(View(page=Explore(config=NOISY.but(seed=5)), lock=("seed",)))
    app.session_state["seed"] = 11  # as a hand-made message would
    app.run()
    assert app.session_state["seed"] == 5
    assert "back_seed" not in {button.key for button in app.button}
