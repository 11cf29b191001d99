"""Settings live once: what a link or a visitor says on one page is there on every other one, however many there are."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from regdash.config import FIELDS
from regdash.serving.studies import StudyQueue
from regdash.teaching.scenarios import NOISY, SCENARIOS
from regdash.teaching.studies import STUDIES
from regdash.ui.common import controls, pinned
from regdash.ui.study import job, keys, settings

# A third page that has no controls at all, as others will come.
SCRIPT = """
import streamlit as st
from regdash.ui.common import links, places
pages = {"explore": places.explore(), "study": places.study()}
st.navigation(list(pages.values()))
if st.session_state["page"] in pages:
    places.draw(pages[st.session_state["page"]])
else:
    links.arrive()
    links.settle()
"""
PAGES = ("explore", "study", "third")
LINK = {"width": "128", "dropout": "0.2", "weight_decay": "0.005", "seed": "11", "dataset": "moons"}
LINKED = NOISY.but(width=128, dropout=0.2, weight_decay=0.005, seed=11, dataset="moons")


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    with StudyQueue() as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        yield


def opened(page, **query):
    app = AppTest.from_string(SCRIPT, default_timeout=60)
    app.session_state["page"] = page
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def go(app, page):
    app.session_state["page"] = page
    return app.run()


def held(app):
    """The settings in the session; what no control has put there yet is at its default."""
    return {name: app.session_state[name] if name in app.session_state else getattr(NOISY, name) for name in FIELDS}


def missing(app):
    """What the page tells the browser to put into the address."""
    (history,) = (found.proto for found in app.get("bidi_component") if "history" in found.proto.component_name)
    return json.loads(history.json or history.mixed.json)["missing"]


def values(config):
    return {name: getattr(config, name) for name in FIELDS}


def said(app):
    return "\n".join(caption.value for caption in app.sidebar.caption)


def labels(app):
    return [button.label for button in app.button]


@pytest.mark.parametrize("first", PAGES)
@pytest.mark.parametrize("second", PAGES)
def test_what_a_link_says_is_there_on_every_page_at_once(first, second):
    app = go(opened(first, **LINK), second)
    assert not app.exception
    assert held(app) == values(LINKED)
    if second != "third":
        assert app.select_slider(key="width").value == 128


@pytest.mark.parametrize("page", PAGES)
def test_a_scenarios_link_means_its_settings_on_every_page(page):
    app = opened(page, scenario="Spirals")
    for other in PAGES:
        assert held(go(app, other)) == values(SCENARIOS["spirals"].config)
    assert not app.exception


def test_a_setting_changed_after_a_scenarios_link_leaves_the_others_in_the_address():
    """The link named none of them; a reload would find the defaults."""
    app = opened("explore", scenario="Spirals")
    for name, texts in missing(app).items():  # as the browser does, and the width as well
        app.query_params[name] = texts
    app.query_params["width"] = "48"
    app.select_slider(key="width").set_value(48).run()
    again = opened("explore", **dict(app.query_params))
    assert held(again) == values(SCENARIOS["spirals"].config.but(width=48))


def test_the_page_tells_the_browser_what_the_address_lacks():
    app = opened("explore", scenario="Too much of it")
    assert missing(app)["dropout"] == ["0.8"]


def test_a_study_is_as_it_was_when_its_visitor_comes_back():
    app = opened("study", sweep="Width", values=["2", "5"], seeds="3", metric="Validation accuracy")
    go(go(app, "explore"), "study")
    assert app.selectbox(key=keys.SWEEP).value == "Width"
    assert app.multiselect(key=keys.VALUES).value == ["2", "5"]
    assert app.number_input(key=keys.SEEDS).value == 3
    assert app.selectbox(key=keys.METRIC).value == "Validation accuracy"


def test_the_sidebar_says_what_a_linked_study_sweeps_in_its_first_run():
    app = opened("study", sweep="Width", values=["2", "5"])
    assert "swept in this study" in app.select_slider(key="width").label
    assert app.slider(key="dropout").label == "Dropout"


@pytest.mark.parametrize("key", STUDIES)
def test_the_sidebar_tells_the_truth_about_a_ready_made_study(key):
    app = opened("study")
    app.button_group(key=settings.READY).set_value(STUDIES[key].label).run()
    spec = STUDIES[key].spec
    named = app.selectbox(key="scenario").value
    if named != controls.NEITHER:
        other = next(scenario.config for scenario in SCENARIOS.values() if scenario.label == named)
        assert {name for name in FIELDS if getattr(other, name) != getattr(spec.base, name)} <= set(spec.fields)
    assert STUDIES[key].label in said(app)
    assert "Modified: reset" not in labels(app)
    go(app, "explore")
    assert app.selectbox(key="scenario").value in (controls.NEITHER, named)
    assert "started from" not in said(app)


def test_a_link_to_a_ready_made_study_names_it_too():
    app = opened("study", width="32", epochs="60", train_fraction="0.7", label_noise="0", learning_rate="0.08")
    assert STUDIES["demo-4"].label in said(app)
    assert app.selectbox(key="scenario").value == controls.NEITHER
    assert "Modified: reset" not in labels(app)


def test_swept_settings_are_no_modification_of_a_scenario():
    app = opened("study", dropout="0.2", values=["0", "0.5"])
    assert app.selectbox(key="scenario").value == "Noisy labels"
    assert SCENARIOS["noisy"].lesson in said(app)
    assert "Modified: reset" not in labels(app)


def test_pins_survive_a_reload_and_a_new_server_on_every_page():
    app = opened("explore", width="8", epochs="5")
    next(button for button in app.button if button.label == "Pin this run").click().run()
    app.slider(key="dropout").set_value(0.2).run()
    next(button for button in app.button if button.label == "Pin this run").click().run()
    app.button(key="remove_1").click().run()
    go(app, "study")
    again = go(opened("study", **app.query_params), "explore")
    assert not again.exception
    assert again.session_state["pins"] == {2: NOISY.but(width=8, epochs=5, dropout=0.2)}
    assert any("**Pin 2**" in text.value for text in again.markdown)
    again.slider(key="dropout").set_value(0.3).run()
    next(button for button in again.button if button.label == "Pin this run").click().run()
    assert list(again.session_state["pins"]) == [2, 3]
    for number in (2, 3):
        again.button(key=f"remove_{number}").click().run()
    assert pinned.PARAMETER not in again.query_params


@pytest.mark.parametrize(
    "pins",
    ["", "x", "0", "-1", "1~width", "1~width-5", "1~width-abc", "1~nothing-5", "1~width-8~width-16", "١", "12345",
     ["1", "1"], [str(n) for n in range(1, 8)], "<script>alert(1)</script>"],
)  # fmt: skip
def test_pins_that_no_page_has_written_are_refused_with_a_note(pins):
    app = opened("explore", pin=pins)
    assert not app.exception
    assert "**Pinned runs**" in app.info[0].value
    assert "script" not in app.info[0].value
    assert "pins" not in app.session_state


def test_every_pin_can_be_written_and_read():
    config = NOISY.but(dataset="spirals", weight_decay=0.0001, decay="decoupled", label_noise=0.0, seed=123, depth=3)
    (again,) = (pinned._read(pinned._text(7, each)) for each in [config])
    assert again == (7, config)
    assert pinned.can_read([pinned._text(1, NOISY), pinned._text(2, config)])
