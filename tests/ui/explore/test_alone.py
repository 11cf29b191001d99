"""When a move has the body drawn alone. How that looks is seen in a browser: tests/browser/test_page_alone.py."""

import pytest

from regdash.errors import RegdashError
from regdash.ui.common import cache
from regdash.ui.explore import alone
from tests.ui.explore.test_page import opened, picture, shown

SMALL = {"width": "8", "epochs": "5", "n_samples": "40"}  # each of them differs from the scenario


@pytest.fixture(autouse=True)
def _keeps(monkeypatch):
    """As in a browser, which keeps what it is not sent again: Streamlit's test runner knows the last run only."""
    monkeypatch.setattr(alone, "_keeps", lambda: True)


def moved(app, name="width", value=12):
    """Whether a move has the body drawn alone, and no more."""
    (app.select_slider if name in ("width", "epochs") else app.slider)(key=name).set_value(value).run()
    assert not app.exception
    assert shown(app)[name] == value
    return not app.sidebar.children


def test_a_move_further_on_has_the_body_drawn_alone():
    app = opened(**SMALL)
    assert moved(app)
    assert len(app.metric) == 6
    assert picture(app)["frames"]["epochs"][-1] == 5
    assert "-w12-" in picture(app)["stem"]


def test_the_runner_that_keeps_nothing_gets_the_whole_page(monkeypatch):
    monkeypatch.undo()
    app = opened(**SMALL)
    assert not moved(app)
    assert app.select_slider(key="width").value == 12


@pytest.mark.parametrize(("name", "value"), [("width", 64), ("dropout", 0.2)])
def test_what_ends_or_begins_to_differ_from_the_scenario_is_said_beside_it(name, value):
    assert not moved(opened(**SMALL), name, value)


def test_pins_are_compared_with_the_present_settings():
    app = opened(**SMALL)
    app.button[[each.label for each in app.button].index("Pin this run")].click().run()
    assert not moved(app)


def test_what_a_link_holds_still_is_put_back():
    app = opened(v="1", width="8", epochs="5", n_samples="40", lock="dropout")
    assert not moved(app)


def test_settings_that_no_control_can_say_are_told_on_the_whole_page(monkeypatch):
    app = opened(**SMALL)

    def fail():
        raise RegdashError("no such settings")

    monkeypatch.setattr(alone.controls, "current", fail)
    app.select_slider(key="width").set_value(12).run()
    assert not app.exception
    assert app.error


def test_an_error_is_said_and_the_next_run_is_drawn(monkeypatch):
    app = opened(**SMALL)

    def fail(*_):
        raise RegdashError("no luck today")

    with monkeypatch.context() as broken:
        broken.setattr(cache, "runs", fail)
        assert moved(app)
        assert [error.value for error in app.error] == ["No luck today."]
    app.run()
    assert not app.error
    assert len(app.metric) == 6


def test_while_the_page_is_being_drawn_nothing_is_alone():
    """A run that a move has ended has perhaps not come to the body, nor to what stands beside the controls."""
    app = opened(**SMALL)
    app.session_state[alone._SAID] = None
    assert not moved(app)
