"""How old things are, whatever the clock on the wall does, and how fast they may come.

A wall clock can be set: a laptop that wakes up finds it hours behind, and a school's server years ahead. The steady
clock runs evenly, the same for all processes of a machine, and begins again when that is started. Time is counted by
the steady clock, and what passed while the machine was off by the wall clock, but never more than `LEAP` at once.
"""

import math
import time
from dataclasses import dataclass

LEAP = 43_200.0  # seconds: the most that one look at the wall clock adds


@dataclass(frozen=True, kw_only=True)
class Instant:
    """What a machine's clocks say: seconds since it was started, and since 1970."""

    steady: float
    wall: float


def now() -> Instant:
    """By this machine's clocks."""
    return Instant(steady=time.monotonic(), wall=time.time())


def elapsed(before: Instant, after: Instant) -> float:
    """Seconds from `before` to `after`, 0 or more."""
    started_again = after.steady < before.steady
    steady = after.steady if started_again else after.steady - before.steady
    return max(steady, min(after.wall - before.wall, LEAP))


def claim(room: float, before: float, after: float, *, rate: float, burst: float) -> float | None:
    """Take one of what comes back at `rate` a second, `burst` at most; `room` were left at `before`, in steady seconds.

    Returns what is left at `after`, or None if there was none to take.
    """
    room = burst if after < before else min(burst, room + rate * (after - before))
    return room - 1 if room >= 1 and math.isfinite(room) else None
