"""The sidebar comes after the picture where its settings are known, and is there whatever happens."""

from types import SimpleNamespace

import pytest

from regdash.errors import RegdashError
from regdash.ui.common import cache, controls
from regdash.ui.explore import body
from tests.ui.explore.test_page import opened, picture, settings, shown

SMALL = {"width": "4", "epochs": "5", "n_samples": "40"}


@pytest.fixture
def order(monkeypatch):
    """What the runs of the page have drawn: "picture" and "sidebar", in that order."""
    drawn = []

    def noting(name, draw):
        return lambda *args, **options: (drawn.append(name), draw(*args, **options))[1]

    monkeypatch.setattr(body, "picture", noting("picture", body.picture))
    monkeypatch.setattr(controls, "settings", noting("sidebar", controls.settings))
    return drawn


def test_the_picture_comes_first(order):
    app = opened(**SMALL)
    app.select_slider(key="width").set_value(8).run()
    assert not app.exception
    assert order == ["picture", "sidebar"] * 2


def test_while_something_trains_for_long_the_sidebar_is_drawn(order, monkeypatch):
    app = opened(**SMALL)
    order.clear()
    monkeypatch.setattr(cache, "MOMENT", 0.0)
    app.select_slider(key="width").set_value(16).run()
    assert order == ["sidebar", "picture"]
    app.select_slider(key="width").set_value(4).run()  # which is kept
    assert order == ["sidebar", "picture", "picture", "sidebar"]


def test_in_a_crowd_it_is_drawn_before_others_get_their_turn(order, monkeypatch):
    app = opened(**SMALL)
    order.clear()
    monkeypatch.setattr(cache, "CROWD", -1)
    monkeypatch.setattr(cache.turns, "rest", lambda: order.append("rest"))
    app.select_slider(key="width").set_value(32).run()
    assert order[:3] == ["sidebar", "rest", "picture"]


def test_where_the_browser_went_back_the_controls_are_asked_first(order, monkeypatch):
    back = SimpleNamespace(is_history_navigation=True)
    monkeypatch.setattr(controls, "get_script_run_ctx", lambda **_: back)
    opened(**SMALL)
    assert order == ["sidebar", "picture"]


def test_an_error_does_not_take_the_controls_away(monkeypatch):
    app = opened(**SMALL)

    def fail(*_):
        raise RegdashError("no luck today")

    with monkeypatch.context() as broken:
        broken.setattr(cache, "runs", fail)
        app.select_slider(key="width").set_value(8).run()
        assert [error.value for error in app.error] == ["No luck today."]
        assert app.select_slider(key="width").value == 8
    app.slider(key="dropout").set_value(0.2).run()
    assert not app.error
    assert (shown(app)["width"], shown(app)["dropout"], shown(app)["epochs"]) == (8, 0.2, 5)


def test_where_the_controls_say_something_else_they_are_right(order, monkeypatch):
    known = controls.known

    def wrong():
        found = known()
        return found and found.but(width=256)

    monkeypatch.setattr(controls, "known", wrong)
    app = opened(**SMALL)
    assert not app.exception
    assert order == ["picture", "sidebar", "sidebar", "picture"]
    assert shown(app) == settings("noisy") | {"width": 4, "epochs": 5, "n_samples": 40}
    assert picture(app)["frames"]["epochs"][-1] == 5
