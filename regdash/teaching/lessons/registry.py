"""Lessons are found by reading a folder: each file in it defines one, `LESSON`. A broken one is refused, with its rule.

The environment variable REGDASH_LESSONS names a folder with a teacher's own, which are read like those here. Such a
file is a program, and runs: name no folder of which you do not know who writes into it.
"""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from regdash.teaching.lessons.lesson import Lesson
from regdash.teaching.lessons.rules import complaint

FOLDER = Path(__file__).parent
OWN = "REGDASH_LESSONS"  # in the environment
BESIDES = ("__init__", "lesson", "registry", "rules")  # of the files in this folder, those that are no lesson


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """The lessons of a folder in teaching order, by key; and a sentence for each file that was refused."""

    lessons: Mapping[str, Lesson]
    refused: tuple[str, ...] = ()


def load(folder: Path | str, known: Mapping[str, Lesson] = MappingProxyType({})) -> Shelf:
    """The lessons of `folder` together with those `known` already, in teaching order. Raises nothing for a bad file."""
    path, found, refused = Path(folder), dict(known), []
    files = sorted(path.glob("*.py")) if path.is_dir() else []
    if not path.is_dir():
        refused.append(f"The folder of lessons, {path.name}, is not there.")
    for file in files:
        if file.stem in BESIDES or file.stem.startswith("_"):
            continue
        lesson, why = _read(file)
        why = why or (complaint(lesson, found) if lesson else "")
        if lesson and not why:
            found[lesson.key] = lesson
        else:
            refused.append(f"{file.name} is refused: {why}.")
    return Shelf(lessons=MappingProxyType(_in_order(found)), refused=tuple(refused))


def ours() -> Shelf:
    """RegDash's own lessons, read once a process."""
    return _shelf("")


def shelf() -> Shelf:
    """RegDash's own lessons and those of the folder that the environment names, read once a process."""
    return _shelf(os.environ.get(OWN, "").strip())


@lru_cache(maxsize=8)
def _shelf(own: str) -> Shelf:
    if not own:
        return load(FOLDER)
    theirs = load(own, ours().lessons)
    return Shelf(lessons=theirs.lessons, refused=ours().refused + theirs.refused)


def _read(file: Path) -> tuple[Lesson | None, str]:
    """What a file defines as LESSON, or why it cannot be used."""
    spec = importlib.util.spec_from_file_location(f"regdash_lesson_{file.stem}", file)
    if spec is None or spec.loader is None:
        return None, "it cannot be read as Python"
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # somebody's file: whatever it raises, the other lessons still work
        return None, f"it cannot be run: {type(error).__name__}: {error}".rstrip(".")
    lesson = getattr(module, "LESSON", None)
    return (lesson, "") if isinstance(lesson, Lesson) else (None, "it must define LESSON, a Lesson")


def _in_order(lessons: Mapping[str, Lesson]) -> dict[str, Lesson]:
    return {lesson.key: lesson for lesson in sorted(lessons.values(), key=lambda lesson: lesson.place)}
