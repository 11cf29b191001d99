"""Small studies begin by themselves: when, when not, and what is on show meanwhile."""

import json
import threading

import numpy as np
import pytest

from regdash.serving.spent import Spent
from regdash.serving.studies import StudyQueue
from regdash.study import StudySpec
from regdash.ui.study import job, page, unasked
from tests.serving.studies.stub import until
from tests.ui.study.visits import PATIENCE, SMALL, SMALL_BASE, Held, charts, finished, opened, press, text

PAIR = SMALL | {"values": ["0", "0.5"]}
SETTINGS = {name: text for name, text in SMALL.items() if name != "seeds"}  # Explore has them, too


@pytest.fixture
def held(monkeypatch):
    """A runner that waits at the end of each study, but for those that `go`; its queue is this test's own."""
    runner = Held()
    forget(monkeypatch)
    with StudyQueue(runner=runner) as runner.queue:
        monkeypatch.setattr(job, "queue", lambda: runner.queue)
        yield runner
        runner.go.set()


def forget(monkeypatch):
    """What studies took that began by themselves: nothing, from now on."""
    spent = Spent()
    monkeypatch.setattr(unasked, "_spent", lambda: spent)


def current(app):
    return app.session_state[job.CURRENT] if job.CURRENT in app.session_state else None  # noqa: SIM401 (it has no get)


def on_show(held):
    """A page with a finished study on show; those that come next wait for the test."""
    held.go.set()
    app = finished(press(opened(**PAIR), "Run study"))
    held.go, held.stopped = threading.Event(), threading.Event()
    return app


def move(app, width):
    return app.select_slider(key="width").set_value(width).run()


def run_button(app):
    return next(button for button in app.button if button.label == "Run study")


def more(app):
    return next(button for button in app.button if button.label == "Add 20 seeds")


def nothing_runs(held):
    """Wait until what was left has ended: at its next report, or in the line if it had not begun."""
    until(lambda: held.queue.n_wanted == 0)


def signs(app):
    """What may stand above the results, or stands below them all the time."""
    return len(app.get("progress")), [sign.value for sign in (*app.warning, *app.info, *app.error)]


def test_from_another_page_it_opens_with_a_study(held):
    app = opened(**SETTINGS)
    assert not app.exception
    assert current(app).unasked
    assert "Nothing has been run yet" not in text(app)
    assert "**80 runs**" in text(app)
    assert run_button(app).disabled
    held.go.set()
    finished(app)
    assert "Finished: 80 runs (4 values × 20 seeds)." in text(app)
    assert len(charts(app)) == 3


def test_a_link_waits_for_the_button_and_a_changed_setting_does_not(held):
    app = opened(**PAIR)
    assert current(app) is None
    assert "Nothing has been run yet" in text(app)
    assert "Below 2\N{NO-BREAK SPACE}s, a study starts by itself." in text(app)
    assert not run_button(app).disabled
    app.selectbox(key="metric").select("Train accuracy").run()  # no setting of the study
    assert current(app) is None
    held.go.set()
    finished(move(app, 16))
    assert not app.exception
    expected = StudySpec(base=SMALL_BASE.but(width=16, dropout=0.0), sweep={"dropout": [0.0, 0.5]}, seeds=3)
    assert current(app).spec == expected
    assert len(charts(app)) == 3
    finished(move(app, 8))
    assert current(app).spec == expected.but(base=expected.base.but(width=8)), "once moved, it is as any other"


def test_what_was_on_show_stays_as_it_was_until_the_new_one_is_done(held, monkeypatch):
    monkeypatch.setattr(unasked, "SMALL", 1000.0)  # however slow this machine is, nothing is said before that
    app = on_show(held)
    before, headline, beside = charts(app), text(app).split("\n## ")[1].split("\n")[0], signs(app)
    move(app, 16)
    for _ in range(2):  # as it begins, and when a part of it is there
        assert current(app).unasked
        assert current(app).active
        assert charts(app) == before
        assert headline in text(app)
        assert "Training **6 runs** … :small[Below is still the study from before.]" in text(app)
        assert signs(app) == beside
        assert more(app).disabled
        while current(app).result is None:
            assert not held.stopped.wait(0.01)
        app.run()
    held.go.set()
    finished(app)
    assert charts(app) != before
    assert "Below is still" not in text(app)
    assert not more(app).disabled


def test_more_seeds_leave_the_verdict_of_the_fewer_alone_until_they_are_there(held):
    app = on_show(held)
    before = json.dumps(charts(app))
    app.number_input(key="seeds").set_value(23).run()
    assert current(app).look.number == 2
    assert json.dumps(charts(app)) == before
    held.go.set()
    finished(app)
    assert current(app).result.complete
    assert "Finished: 46 runs" in text(app)


def test_another_move_leaves_it_and_twenty_are_no_more_than_one(held):
    app = on_show(held)
    before = charts(app)
    first = current(app)
    widths = [16, 32, 4, 64, 2] * 4
    for width in widths:
        move(app, width)
        assert charts(app) == before
        assert held.queue.n_waiting <= 1
        assert current(app).before is first
    assert held.stopped.wait(PATIENCE)
    assert current(app).spec.base.width == widths[-1]
    held.go.set()
    finished(app)
    assert held.queue.n_wanted == 0
    others = [first.spec.but(base=first.spec.base.but(width=width)) for width in widths[:-1] if width != widths[-1]]
    assert not any(map(held.queue.is_kept, others))


def test_back_at_the_settings_of_what_is_on_show_it_is_as_if_nothing_had_begun(held):
    app = on_show(held)
    first, before = current(app), (text(app), signs(app))
    move(app, 16)
    move(app, 8)
    assert current(app) is first
    nothing_runs(held)
    assert (text(app), signs(app)) == before


def test_a_larger_one_keeps_the_button(held):
    app = on_show(held)
    app.number_input(key="seeds").set_value(1000).run()
    move(app, 256)
    large = current(app).spec.with_seeds(1000)
    assert held.queue.estimate(large.but(base=large.base.but(width=256))) >= 2
    assert current(app).spec.n_seeds == 3
    assert not run_button(app).disabled
    assert "**2,000 runs**" in text(app)
    press(app, "Run study")
    assert current(app).spec.n_runs == 2000
    assert not current(app).unasked


def test_who_has_stopped_a_study_of_their_own_may_go_on_with_it(held):
    app = press(opened(**PAIR), "Run study")
    press(app, "Cancel")
    nothing_runs(held)
    for width in (16, 32):
        move(app, width)
        assert current(app).stopped == job.CANCELLED
        assert not run_button(app).disabled
        assert held.queue.n_wanted == 0


@pytest.fixture
def hurry(monkeypatch):
    monkeypatch.setattr(unasked.crowd, "is_in_a_hurry", lambda: True)
    return lambda: monkeypatch.setattr(unasked.crowd, "is_in_a_hurry", lambda: False)


@pytest.fixture
def crowd(monkeypatch):
    """Many visitors, whose studies have begun by themselves for six of the last twenty seconds."""
    monkeypatch.setattr(unasked.crowd, "is_there", lambda: True)
    unasked._spent().note(6.0)
    return lambda: forget(monkeypatch)


@pytest.fixture
def line(held):
    """One study runs and another one waits."""
    watches = []
    for seed in (1, 2):
        spec = StudySpec(base=SMALL_BASE.but(seed=seed), sweep={"dropout": [0, 0.5]}, seeds=3)
        watches.append(held.queue.submit(spec).watch(PATIENCE))
    return watches[1].leave


@pytest.mark.parametrize("others", ["hurry", "crowd", "line"])
def test_where_others_would_notice_the_button_is_there_and_nothing_is_said(held, others, request):
    app = on_show(held)
    first, before = current(app), signs(app)
    make_room = request.getfixturevalue(others)
    move(app, 16)
    assert current(app) is first
    assert not run_button(app).disabled
    (bars, said), told = signs(app), [page.EARLIER]
    assert (bars, sorted(said)) == (0, sorted(before[1] + told))
    make_room()
    app.run()
    assert current(app).unasked


def test_in_a_crowd_they_take_a_share_of_the_time(held, monkeypatch):
    app = on_show(held)
    monkeypatch.setattr(unasked.crowd, "is_there", lambda: True)
    move(app, 16)
    estimate = held.queue.estimate(current(app).spec)
    assert current(app).unasked
    np.testing.assert_allclose(20 * unasked._spent().share, estimate)


def test_one_that_takes_longer_can_be_stopped_and_stays_so(held):
    app = on_show(held)
    move(app, 16)
    current(app).job.asked -= unasked.SMALL
    app.run()
    assert app.get("progress")
    press(app, "Cancel")
    nothing_runs(held)
    assert "Cancelled." in text(app)
    app.run()
    assert current(app).stopped == job.CANCELLED
    held.go.set()
    finished(move(app, 32))
    assert current(app).unasked


def test_who_comes_back_to_the_page_finds_it_begun_again(held):
    app = opened(**SETTINGS)
    current(app).leave(job.LEFT_PAGE)
    nothing_runs(held)
    app.run()
    assert current(app).active
    assert "you left the page" not in text(app)
    held.go.set()
    finished(app)


def test_what_fails_is_said_and_not_tried_again_without_end(held):
    held.error = ZeroDivisionError("secret detail")
    app = on_show_but(held)
    assert "Something went wrong" in text(app)
    app.run()
    assert held.queue.n_wanted == 0
    held.error = None
    finished(press(app, "Try again"))


def on_show_but(held):
    """A page whose next study has failed."""
    error, held.error = held.error, None
    app = on_show(held)
    held.error = error
    held.go.set()
    return finished(move(app, 16), "failed")
