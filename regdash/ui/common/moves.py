"""What each run of a page took: a line in the log and the numbers of `regdash.serving.meter`. Nothing about anybody.

`REGDASH_LOG=json` in the environment turns the lines on. They are bounded: a flood of moves is counted, not written.
"""

import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from streamlit.runtime.scriptrunner import RerunException

from regdash.config import RunConfig
from regdash.serving.meter import Meter
from regdash.serving.once import Once
from regdash.ui.common import turns

LOG = "REGDASH_LOG"  # in the environment: "json" for one line a move on standard error
LINES, BURST = 50.0, 500.0  # a second, and at once after a quiet time


@dataclass
class Move:
    """One run of a page so far: parts in seconds, and what else is known of it."""

    page: str
    began: float = field(default_factory=time.perf_counter)
    parts: dict[str, float] = field(default_factory=dict)
    facts: dict[str, str | int] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Time the body."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.parts[name] = self.parts.get(name, 0.0) + time.perf_counter() - began

    def sent(self, size: int) -> None:
        """Note a picture of so many bytes."""
        self.facts["bytes"] = size
        meter().picture_bytes.inc(size)

    def of(self, config: RunConfig) -> None:
        """Note the settings, as a fingerprint: the same for the same settings, and no more than that."""
        self.facts["settings"] = hashlib.sha256(repr(config).encode()).hexdigest()[:12]


_NOW: ContextVar[Move | None] = ContextVar("regdash_move", default=None)


def now() -> Move:
    """The move under way in this thread; outside of any, one that nobody looks at."""
    return _NOW.get() or Move("none")


@contextmanager
def measured(page: str) -> Iterator[None]:
    """The body is a move: one run of this page."""
    move = Move(page)
    token, end, goes_on = _NOW.set(move), "superseded", False
    try:
        yield
        end = "finished"
    except RerunException:
        goes_on = True  # another run of the same session takes this one's place
        raise
    except Exception:
        end = "failed"
        raise
    finally:
        _NOW.reset(token)
        if not goes_on:
            turns.rest()
        _note(move, end)


@Once
def meter() -> Meter:
    """This process's numbers."""
    return Meter()


@Once
def _log() -> "_Log":
    return _Log(on=os.environ.get(LOG, "") == "json")


def _note(move: Move, end: str) -> None:
    whole = time.perf_counter() - move.began
    numbers = meter()
    numbers.moves.labels(move.page, end).inc()
    numbers.seconds.labels("whole").observe(whole)
    for name, seconds in move.parts.items():
        numbers.seconds.labels(name).observe(seconds)
    milliseconds = {f"{name}_ms": round(1000 * seconds, 1) for name, seconds in move.parts.items()}
    _log().write({"page": move.page, "end": end, "ms": round(1000 * whole, 1), **milliseconds, **move.facts})


class _Log:
    """Lines of JSON on standard error. A reader that has gone costs the lines, and nothing else."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._lock = threading.Lock()
        self._room, self._at = BURST, time.monotonic()

    def write(self, facts: dict[str, str | int | float]) -> None:
        if not self._on:
            return
        with self._lock:
            if not self._has_room():
                meter().lines.labels("left out").inc()
                return
            try:
                print(json.dumps({"time": round(time.time(), 3), **facts}), file=sys.stderr, flush=True)
            except OSError:
                meter().lines.labels("lost").inc()
                return
        meter().lines.labels("written").inc()

    def _has_room(self) -> bool:
        now = time.monotonic()
        self._room, self._at = min(BURST, self._room + LINES * (now - self._at)), now
        self._room -= (there := self._room >= 1)
        return there
