"""A setting as sliders of our own show it, and what a browser says of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Slider:
    """A setting: `texts` are its stops, `at` is the index of the one that holds, `low` the first and `high` the last
    index. A whole number without stops, such as a seed, has no `texts`; then `at` is the number itself.
    """

    name: str
    label: str
    texts: tuple[str, ...]
    at: int
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Move:
    """A visitor has moved the slider of a setting to `at`; `count` is how many such moves there were."""

    name: str
    at: int
    count: int


def move_in(told: Any, sliders: Sequence[Slider]) -> Move | None:
    """The move of one of `sliders` that a browser tells, in which anything may be; None if it is no such move."""
    if not isinstance(told, dict):
        return None
    name, at, count = told.get("name"), told.get("at"), told.get("count")
    slider = next((each for each in sliders if each.name == name), None)
    if slider and type(at) is int and slider.low <= at <= slider.high:
        return Move(name=slider.name, at=at, count=count if type(count) is int else 0)
    return None
