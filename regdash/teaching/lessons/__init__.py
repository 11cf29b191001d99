"""Lessons, one file each. `LESSONS` has RegDash's own in teaching order; `shelf()` also those of a teacher's folder."""

from collections.abc import Mapping

from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise, printed
from regdash.teaching.lessons.registry import Shelf, load, ours, shelf

LESSONS: Mapping[str, Lesson] = ours().lessons

__all__ = ["LESSONS", "Curve", "Lesson", "Question", "Runs", "Shelf", "Surprise", "load", "printed", "shelf"]
