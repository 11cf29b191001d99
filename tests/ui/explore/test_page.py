"""Wiring, through Streamlit's own test runner: what a visitor does, and what the page then says."""

import json
import random
import string

import pytest
from streamlit.testing.v1 import AppTest

from regdash.config import FIELDS
from regdash.figures.explore.curves import VIEWS
from regdash.teaching.scenarios import SCENARIOS


def opened(**query):
    app = AppTest.from_file("../../../regdash/ui/script.py", default_timeout=60)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def shown(app):
    """The settings in the controls."""
    return {name: app.session_state[name] for name in FIELDS}


def settings(key):
    return {name: getattr(SCENARIOS[key].config, name) for name in FIELDS}


def picture(app):
    (element,) = [each for each in app.get("bidi_component") if "regdash_picture" in each.proto.component_name]
    sent = element.proto.bytes  # see `message` in the component
    return json.loads(sent[4 : 4 + int.from_bytes(sent[:4], "little")])


@pytest.fixture(scope="module")
def fresh():
    return opened()


def test_the_page_opens_with_a_finished_picture(fresh):
    assert not fresh.exception
    assert "Without regularization the network memorises" in fresh.markdown[0].value
    data = picture(fresh)
    assert [score["label"] for score in data["scores"]] == ["No regularization", "Your settings"]
    assert data["frames"]["epochs"][-1] == 200
    assert shown(fresh) == settings("noisy")
    assert len(fresh.metric) == 6


def test_choosing_a_scenario_sets_the_controls():
    app = opened()
    app.selectbox(key="scenario").select("Spirals").run()
    assert not app.exception
    assert shown(app) == settings("spirals")
    assert app.selectbox(key="scenario").value == "Spirals"


def test_changing_a_control_shows_modified():
    app = opened()
    assert not any("Modified" in button.label for button in app.button)
    app.select_slider(key="width").set_value(8).run()
    assert any(caption.value == "Changed: width." for caption in app.sidebar.caption)
    reset = next(button for button in app.button if "Modified" in button.label)
    reset.click().run()
    assert shown(app) == settings("noisy")
    assert not app.exception


def test_back_at_a_scenarios_settings_the_page_names_it():
    app = opened(**{name: FIELDS[name].text(value) for name, value in settings("article").items()})
    assert app.selectbox(key="scenario").value == "Article: demos"


def test_a_link_that_names_only_a_scenario_means_its_settings():
    app = opened(scenario="Article: exercises")
    assert shown(app) == settings("exercises")
    assert not app.info


def test_a_link_restores_every_control():
    config = SCENARIOS["too-much"].config.but(width=16, seed=123, dataset="moons", label_noise=0.3, depth=3)
    asked = {name: field.text(getattr(config, name)) for name, field in FIELDS.items()}
    app = opened(**asked)
    assert not app.exception
    assert shown(app) == {name: getattr(config, name) for name in FIELDS}


@pytest.mark.parametrize("text", ["abc", "nan", "1e999", "-7", ""])
def test_a_hostile_link_shows_a_note_and_the_defaults(text):
    app = opened(**dict.fromkeys(FIELDS, text))
    assert not app.exception
    (note,) = app.info
    for name, field in FIELDS.items():
        assert field.label in note.value
        assert app.session_state[name] == getattr(SCENARIOS["noisy"].config, name)


@pytest.mark.parametrize("name", ["seed", "data_seed"])
def test_a_link_that_streamlit_itself_trips_over(name):
    assert not opened(**{name: "1e999"}).exception


@pytest.mark.parametrize(
    ("query", "label", "arms", "view"),
    [
        ({"arms": ["nonsense"], "view": ["Loss"]}, "Networks in the race", ["none", "yours"], "loss"),
        ({"arms": ["Dropout only"], "view": ["<b>no</b>"]}, "Curves", ["dropout"], "accuracy"),
    ],
)
def test_a_link_with_a_choice_that_does_not_exist_says_so(query, label, arms, view):
    app = opened(**query)
    assert not app.exception
    (note,) = app.info
    assert f"**{label}** must be among" in note.value
    assert "nonsense" not in note.value
    assert "<b>" not in note.value
    assert (app.session_state["arms"], app.session_state["view"]) == (arms, view)


@pytest.mark.slow
def test_two_hundred_junk_links_open_without_an_exception():
    rng = random.Random(7)
    names = [*FIELDS, "scenario", "arms", "view", "foo", "embed"]
    letters = string.printable + "äλ∞\u202e\x00"
    for _ in range(200):
        junk = {
            rng.choice(names): "".join(rng.choices(letters, k=rng.randrange(12))) for _ in range(rng.randrange(1, 6))
        }
        app = opened(**junk)
        assert not app.exception, junk
        assert len(app.metric) >= 5, junk


def test_off_grid_values_of_a_link_are_refused_and_others_are_snapped_before_they_are_trained():
    """The controls could not show them; and each would be a cache entry of its own."""
    app = opened(dropout="0.333333", n_samples="33")
    assert not app.exception
    assert "**Dropout** must be a number from 0 to 0.95, in steps of 0.05." in app.info[0].value
    assert "in steps of 20" in app.info[0].value
    assert shown(app) == settings("noisy")
    app.slider(key="dropout").set_value(0.333333).run()  # as a browser could send it
    assert "dropout 0.35" in app.markdown[0].value


def test_no_network_chosen_means_the_default_race():
    app = opened()
    app.button_group(key="arms").set_value([]).run()
    assert len(picture(app)["scores"]) == 2


def test_the_last_network_stays_where_no_other_is_chosen():
    app = opened()
    app.button_group(key="arms").set_value(["decay"]).run()
    app.button_group(key="arms").set_value([]).run()
    assert app.session_state["arms"] == ["decay"], "the pills show what the picture shows"
    assert [score["label"] for score in picture(app)["scores"]] == ["Weight decay only"]


def test_curves_of_flipped_labels_where_none_is_flipped_are_replaced_and_it_is_said():
    app = opened(view="Flipped labels", label_noise="0", epochs="5")
    assert any("No training label is flipped here" in caption.value for caption in app.caption)
    assert any(trace["uid"] == "curve-yours-val_accuracy" for trace in picture(app)["data"])
    app.slider(key="label_noise").set_value(0.2).run()
    assert not any("No training label is flipped" in caption.value for caption in app.caption)
    assert any(trace["uid"] == "curve-yours-flipped" for trace in picture(app)["data"])


def test_a_single_epoch_is_a_point_on_its_curve():
    curves = [trace for trace in picture(opened(epochs="1"))["data"] if trace["uid"].startswith("curve-")]
    assert {trace["mode"] for trace in curves} == {"lines+markers"}


def test_a_new_seed_changes_only_the_seed():
    app = opened()
    app.button(key="new_seed").click().run()
    changed = {name for name, value in shown(app).items() if value != settings("noisy")[name]}
    assert changed <= {"seed"}


def test_pin_restore_and_remove():
    app = opened()
    pin = next(button for button in app.button if button.label == "Pin this run")
    pin.click().run()
    app.select_slider(key="width").set_value(8).run()
    assert any("width 64 (now 8)" in text.value for text in app.markdown)
    assert any(trace["uid"].startswith("curve-pin-") for trace in picture(app)["data"])
    app.button(key="restore_1").click().run()
    assert shown(app) == settings("noisy")
    app.button(key="remove_1").click().run()
    assert not any(trace["uid"].startswith("curve-pin-") for trace in picture(app)["data"])
    assert not app.exception


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_the_curves_opens(view):
    assert not opened(view=VIEWS[view].label).exception
