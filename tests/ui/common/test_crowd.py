"""Several visitors at about the same time are noticed, each of them once."""

import pytest

from regdash.serving.batcher import CROWD
from regdash.ui.common import cache, crowd


class Door:
    """A batcher that only notes whether a crowd is expected."""

    expected = 0

    def expect_crowd(self) -> None:
        self.expected += 1


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(crowd, "WITHIN", 60.0)
    monkeypatch.setattr(crowd.time, "monotonic", lambda: now[0])
    return now


def test_visitors_within_a_minute_are_many(clock):
    arrivals = crowd.Arrivals()
    for _ in range(CROWD - 1):
        assert not arrivals.are_many()
        clock[0] += 59 / CROWD
    assert arrivals.are_many()
    clock[0] += 1
    assert arrivals.are_many(), "as long as they keep coming"


def test_visitors_over_hours_are_not(clock):
    arrivals = crowd.Arrivals()
    for _ in range(3 * CROWD):
        assert not arrivals.are_many()
        clock[0] += 61 / (CROWD - 1)


@pytest.mark.usefixtures("clock")
def test_each_visitor_counts_once(monkeypatch):
    door, arrivals = Door(), crowd.Arrivals()
    monkeypatch.setattr(cache, "batcher", lambda: door)
    monkeypatch.setattr(crowd, "_arrivals", lambda: arrivals)
    for visitor in range(CROWD):
        session = {}
        for _ in range(10):
            monkeypatch.setattr(crowd.st, "session_state", session)
            crowd.arrive()
        assert door.expected == (visitor == CROWD - 1)


def test_many_runs_of_pages_are_a_hurry_until_they_stop(clock):
    arrivals = crowd.Arrivals()
    for _ in range(crowd.HURRY):
        assert not arrivals.are_in_a_hurry()
        arrivals.run()
        clock[0] += 9 / crowd.HURRY
    assert arrivals.are_in_a_hurry()
    clock[0] += 2
    assert not arrivals.are_in_a_hurry()
