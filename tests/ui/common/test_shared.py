"""Permanent links on the pages, through Streamlit's own test runner: what they open, and what stands still then."""

from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from regdash import StudySpec, train
from regdash.config import FIELDS
from regdash.permalink import Explore, Lesson, Lessons, Study, View, encode, mark
from regdash.permalink import vocabulary as say
from regdash.teaching.arms import ARMS
from regdash.teaching.scenarios import NOISY, SCENARIOS

OTHERS = {
    "width": 128, "dropout": 0.1, "weight_decay": 0.1, "epochs": 80, "seed": 99, "data_seed": 99, "dataset": "xor",
    "n_samples": 400, "train_fraction": 0.3, "label_noise": 0.4, "depth": 1, "decay": "decoupled",
    "label_smoothing": 0.3, "learning_rate": 0.1,
}  # fmt: skip
MOONS = NOISY.but(dataset="moons", width=8, epochs=20, seed=3)
GRID = StudySpec(base=MOONS, sweep={"dropout": [0.0, 0.3, 0.5], "weight_decay": [0.0, 0.01]}, seeds=3)


def asked(app, query):
    app.query_params.clear()
    for name, texts in parse_qs(query, keep_blank_values=True).items():
        app.query_params[name] = texts
    return app.run()


def opened(view):
    return asked(AppTest.from_file("../../../regdash/ui/script.py", default_timeout=60), encode(view))


def settings(app):
    return {name: app.session_state[name] for name in FIELDS}


def of(config):
    return {name: getattr(config, name) for name in FIELDS}


def notes(app):
    return [info.value for info in app.info if "could not be used" in info.value]


@pytest.mark.parametrize("key", SCENARIOS)
def test_a_link_to_a_scenario_opens_it(key):
    app = opened(View(page=Explore(config=SCENARIOS[key].config, scenario=key)))
    assert not app.exception
    assert notes(app) == []
    assert settings(app) == of(SCENARIOS[key].config)
    assert app.selectbox(key="scenario").value == SCENARIOS[key].label


def test_a_link_to_explore_opens_all_of_it():
    page = Explore(
        config=MOONS, scenario="spirals", arms=("dropout", "yours"), view="loss", pins=((2, NOISY), (9, MOONS))
    )
    app = opened(View(page=page))
    assert not app.exception
    assert notes(app) == []
    assert settings(app) == of(MOONS)
    assert (app.session_state["arms"], app.session_state["view"]) == (["dropout", "yours"], "loss")
    assert app.session_state["pins"] == dict(page.pins)
    assert app.selectbox(key="scenario").value == "Spirals"


def test_a_link_to_a_study_opens_all_of_it_on_its_page():
    page = Study(
        spec=GRID, metric="gap", along="weight_decay", at=1, baseline=2, curves="train", differences="as_added"
    )  # fmt: skip
    app = opened(View(page=page))  # at the first page's address
    assert not app.exception
    assert notes(app) == []
    held = app.session_state
    assert (held["sweep"], held["values"], held["sweep2"], held["values2"]) == (
        "Dropout", ["0", "0.3", "0.5"], "Weight decay", ["0", "0.01"],
    )  # fmt: skip
    assert (held["seeds"], held["metric"], held["data_seeds"]) == (3, "Generalization gap", "New data for every seed")
    assert held["study_slice"] == "Weight decay, at dropout 0.3"
    assert held["study_baseline"] == "Weight decay 0"
    assert held["study_curve"] == "Train accuracy"
    assert held["study_differences"] == "As pairs are added"
    assert held["width"] == 8


def test_links_to_lessons():
    assert [title.value for title in opened(View(page=Lessons())).title] == ["Lessons"]
    app = opened(View(page=Lesson(key="demo-1")))
    assert app.query_params["lesson"] == "demo-1"
    assert "What the numbers say" not in [header.value for header in app.header]
    app = opened(View(page=Lesson(key="demo-1", answer=True)))
    assert "What the numbers say" in [header.value for header in app.header]


def test_presenter_mode_stays_in_the_address():
    assert opened(View(page=Explore(config=MOONS), present=True)).query_params["present"] == "true"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "1e999", "NaN", "٣", "\u202e8", "8" * 5000])
def test_a_hostile_link_gives_defaults_and_a_note(text):
    app = AppTest.from_file("../../../regdash/ui/script.py", default_timeout=60)
    for name, texts in parse_qs(encode(View())).items():
        app.query_params[name] = texts
    app.query_params["width"] = text
    app.query_params["seed"] = text
    app.run()
    assert not app.exception
    (note,) = notes(app)
    assert "Width was ignored" in note or "longer than any" in note
    assert text not in note
    assert settings(app) == of(NOISY)


def test_a_value_that_no_control_has_gives_the_default_and_a_note():
    app = opened(View(page=Explore(config=MOONS.but(width=5))))
    assert not app.exception
    (note,) = notes(app)
    assert "Width was ignored: here it must be one of 1, 2, 3" in note
    assert settings(app) == of(MOONS.but(width=64))


def locked(**view):
    return opened(View(page=Explore(config=MOONS, scenario=None), **view))


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("how", ["lock", "hide"])
def test_what_stands_still_cannot_be_moved(name, how):
    app = locked(**{how: (name,)})
    drawn = {each.key: each for each in [*app.slider, *app.select_slider, *app.selectbox, *app.number_input]}
    assert (name in drawn) == (how == "lock")
    assert how == "hide" or drawn[name].disabled
    assert not drawn["dropout" if name != "dropout" else "width"].disabled
    app.session_state[name] = OTHERS[name]  # as a hand-made message would
    app.run()
    assert not app.exception
    assert settings(app) == of(MOONS)


def test_other_ways_to_move_it_fail_too():
    app = locked(lock=("seed", "width"))
    assert next(button for button in app.button if button.key == "new_seed").disabled
    app.selectbox(key="scenario").select("Spirals").run()
    assert settings(app) == of(SCENARIOS["spirals"].config.but(seed=3, width=8))
    app.slider(key="dropout").set_value(0.1).run()
    assert app.session_state["dropout"] == 0.1
    assert not app.exception


def test_arms_curves_scenario_and_pins_stand_still():
    app = locked(lock=("arms", "view", "scenario", "pin"))
    for name, value in {"arms": ["decay"], "view": "loss", "scenario": "Spirals"}.items():
        app.session_state[name] = value
    app.run()
    assert (app.session_state["arms"], app.session_state["view"]) == (["none", "yours"], "accuracy")
    assert settings(app) == of(MOONS)
    assert next(button for button in app.button if button.label == "Pin this run").disabled


def test_a_later_link_does_not_set_free():
    app = locked(lock=("width",))
    asked(app, encode(View(page=Explore(config=NOISY))))
    assert app.session_state["width"] == 8
    app.session_state["width"] = 64
    assert app.run().session_state["width"] == 8


def test_a_reload_knows_what_stands_still():
    first = locked(lock=("width",), hide=("seed",))
    again = AppTest.from_file("../../../regdash/ui/script.py", default_timeout=60)
    for name, texts in first.query_params.items():
        again.query_params[name] = texts
    again.query_params["width"] = "64"
    again.run()
    assert not again.exception
    assert again.session_state["width"] == 8
    assert again.select_slider(key="width").disabled


@pytest.mark.parametrize("how", ["lock", "hide"])
def test_a_studys_controls_stand_still(how):
    page = Study(spec=GRID, metric="gap")
    app = opened(View(page=page, **{how: say.CONTROLS}))
    assert not app.exception
    others = {
        "sweep": "Width", "values": ["0.9"], "sweep2": "Nothing else", "values2": [], "seeds": 500,
        "metric": "Train loss",
        "data_seeds": "The same data for all seeds",
    }  # fmt: skip
    before = {name: app.session_state[name] for name in others}
    for name, value in (others | OTHERS).items():
        app.session_state[name] = value
    app.run()
    assert not app.exception
    assert {name: app.session_state[name] for name in others} == before
    assert {**settings(app), "dropout": 0.0} == of(MOONS.but(dropout=0.0))
    drawn = [
        each.key for each in [*app.slider, *app.select_slider, *app.selectbox, *app.number_input, *app.multiselect]
    ]
    assert (set(drawn) & {*others, *FIELDS} == set()) == (how == "hide")


def captions(app):
    return [caption.value for caption in app.caption if "shared run" in caption.value]


def test_the_page_says_whether_the_run_is_the_shared_one():
    found = mark.of_runs([train(ARMS["none"].config(MOONS)), train(MOONS)])
    app = opened(View(page=Explore(config=MOONS, scenario=None), mark=found.text))
    assert captions(app) == [
        "**Identical to the shared run**: the same settings, and the same numbers to the last bit."
    ]
    app.slider(key="dropout").set_value(0.1).run()
    (said,) = captions(app)
    assert said == "**Differs from the shared run**, because settings differ (dropout 0.1 instead of 0.5)."
    elsewhere = mark.Mark(settings=found.settings, numbers="0" * 12, torch="2.99.0", machine=found.machine)
    (said,) = captions(opened(View(page=Explore(config=MOONS, scenario=None), mark=elsewhere.text)))
    assert "in its numbers, not in its settings: it was trained with PyTorch 2.99.0" in said
    assert captions(opened(View(page=Explore(config=MOONS)))) == []


def test_a_link_presents_with_the_controls_that_it_names():
    app = opened(View(page=Explore(config=MOONS), present=True, controls=("seed", "width")))
    assert app.session_state["presenting"] is True
    assert app.session_state["presented_controls"] == ("seed", "width")
    assert app.query_params["controls"] in ("seed,width", ["seed,width"])
