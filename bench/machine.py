"""Waiting for a moment in which nobody else computes, on a machine that is shared."""

import time
from pathlib import Path

IDLE_ENOUGH = 0.9  # share of the processors' time
LOOK = 0.5  # seconds


def quiet_moment(patience: float) -> bool:
    """Wait until the machine has been idle for half a second, at most `patience` seconds; returns whether it was.

    Without /proc (not Linux) it returns at once.
    """
    deadline = time.monotonic() + patience
    while (before := _ticks()) is not None and time.monotonic() < deadline:
        time.sleep(LOOK)
        after = _ticks() or before
        if after[0] - before[0] >= IDLE_ENOUGH * (after[1] - before[1]):
            return True
    return False


def _ticks() -> tuple[int, int] | None:
    """(idle, all) processor time since the machine started."""
    try:
        first = Path("/proc/stat").read_text(encoding="utf-8").splitlines()[0]
    except OSError:
        return None
    numbers = [int(word) for word in first.split()[1:9]]
    return numbers[3] + numbers[4], sum(numbers)
