"""What a class needs of lessons. Pages know each other by `regdash.ui.common.places` alone, which hands this in."""

from collections.abc import Callable
from dataclasses import dataclass

from regdash.teaching.lessons import Lesson


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How to find the right choice of a lesson's question, computed from its runs; how to draw its figures here; how to
    open it.
    """

    right: Callable[[Lesson], str]
    figures: Callable[[Lesson], object]
    lesson: Callable[[str], object]
