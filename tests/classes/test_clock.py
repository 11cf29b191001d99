"""Time goes on whatever the wall clock says, and what comes back comes back at its rate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.classes.clock import LEAP, Instant, claim, elapsed, now

SECONDS = st.floats(0, 1e10)


@given(SECONDS, SECONDS, SECONDS, SECONDS)
def test_time_never_runs_backwards_never_slower_than_the_steady_clock_and_leaps_at_most_half_a_day(a, b, c, d):
    passed = elapsed(Instant(steady=a, wall=b), Instant(steady=c, wall=d))
    steady = c - a if c >= a else c
    assert 0 <= steady <= passed <= max(steady, LEAP)


def test_where_both_clocks_agree_it_is_what_they_say():
    assert elapsed(Instant(steady=5, wall=100), Instant(steady=9, wall=104)) == 4
    assert elapsed(Instant(steady=500, wall=100), Instant(steady=9, wall=3700)) == 3600, "the machine was off"


def test_this_machines_steady_clock_goes_on():
    before = now()
    assert now().steady >= before.steady


@given(st.lists(st.floats(0, 5), min_size=1, max_size=100))
def test_no_more_is_taken_than_a_burst_and_what_comes_back(gaps):
    room, at, taken = 4.0, 0.0, 0
    for gap in gaps:
        left = claim(room, at, at + gap, rate=2.0, burst=4.0)
        if left is not None:
            room, at, taken = left, at + gap, taken + 1
        else:
            assert room + 2 * gap < 1
    assert taken <= 4 + 2 * sum(gaps) + 1e-6


@pytest.mark.parametrize("room", [0.0, -5.0])
def test_a_machine_that_was_started_again_has_forgotten_the_flood(room):
    assert claim(room, 1e6, 3.0, rate=1.0, burst=5.0) == 4.0
