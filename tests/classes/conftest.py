"""A store in a folder of its own, and a clock that tests turn."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from regdash.classes.clock import Instant
from regdash.classes.store import Store


class Clock:
    """Both clocks of a machine."""

    def __init__(self) -> None:
        self.steady, self.wall = 1000.0, 1.8e9

    def __call__(self) -> Instant:
        return Instant(steady=self.steady, wall=self.wall)

    def go_on(self, seconds: float) -> None:
        self.steady += seconds
        self.wall += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    made = Store(tmp_path / "data", now=clock)
    yield made
    made.close()
