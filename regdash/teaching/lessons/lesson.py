"""`Lesson`: all that a lesson is, as data; and the rules that every lesson keeps.

A lesson says which *kind* of figure, sentences and activity it uses, by name; what those are is found by that name in
`regdash.figures.lessons`, `regdash.words.lessons` and `regdash.ui.lessons`. So nothing there knows a lesson by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.config import RunConfig
from regdash.results import HISTORY_COLUMNS, Run
from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.study.stats.intervals import Interval

Runs = Mapping[str, Run]
"""The runs of a lesson by name: those of the article that it replays, and its own."""

LATE = 10  # epochs at the end over which curves are averaged where one epoch would be luck

# What a lesson's code prints of a run, and the page beside it: by its name there.
PRINTED: Mapping[str, Callable[[Run], float]] = MappingProxyType(
    {
        "train, dropout on": lambda run: float(run.curves[1, -1]),
        "train": lambda run: float(run.curves[0, -1]),
        "validation": lambda run: float(run.curves[2, -1]),
        "fresh": lambda run: run.test_accuracy,
        "memorised": lambda run: float(run.flipped[-1]),
    }
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that is answered before anything is shown.

    text     the question
    choices  what may be answered, all different
    right    from the lesson's runs to the right one of `choices`: read off the numbers, never written down
    reading  how to read the picture so that it answers the question
    """

    text: str
    choices: tuple[str, ...]
    right: Callable[[Runs], str]
    reading: str


@dataclass(frozen=True, kw_only=True)
class Curve:
    """One line of the article's figure: the run's name, one of HISTORY_COLUMNS, what it is called, and how it looks."""

    run: str
    column: str
    name: str
    dash: str = "solid"


@dataclass(frozen=True, kw_only=True)
class Surprise:
    """What the lesson claims, beyond its own runs: true over many seeds, or the lesson may not say it.

    text     the claim, a sentence
    measure  from a result of the lesson's study to one number a seed, (S,), in points
    limit    the claim holds if their mean is above this, or `below` it, beyond its 95 % interval
    found    a sentence that says what was measured, with {} for mean and interval
    """

    text: str
    measure: Callable[[StudyResult], NDArray[np.float64]]
    found: str
    limit: float = 0.0
    below: bool = False

    def holds(self, found: Interval) -> bool | None:
        """What the mean of `measure` with its interval says of the claim; None if it leaves it open."""
        low, high = found.low - self.limit, found.high - self.limit
        if self.below:
            low, high = -high, -low
        return True if low > 0 else False if high < 0 else None


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson. To add one, copy a file of this folder and change it.

    key, title   as in the address; as in the list
    idea         three sentences at most
    code         plain PyTorch, runnable: prints what the page shows, `printed` lines first
    question     answered before anything is shown
    hints        after a wrong answer, one after the other; none says which answer is right
    notes        for the teacher: what goes wrong in class, what to ask
    replays      keys of `regdash.article.replay()`
    trains       runs of its own, by name: settings; `shorts` has a shorter name for those that are long
    curves       lines of the article's figure
    kind         which figures and sentences it has
    activity     what there is to do besides, if there is
    try_it       one thing to try oneself
    explore      settings with which Explore goes on
    study        what one seed cannot say: the same over 20 paired seeds
    surprise     the claim
    prints       names of PRINTED that its code prints of each run, those in `printed_of` if not all
    more         what the code prints after that, from the runs
    needs        keys of lessons that come first
    minutes      what it takes; hour: of the suggested path
    place        where it stands in the list
    view         which curves the picture shows, one of `regdash.figures.explore.curves.VIEWS`
    with_weights whether its own runs keep their weights (the sub-networks of one need them)
    """

    key: str
    title: str
    idea: str
    code: str
    question: Question
    hints: tuple[str, ...]
    notes: str
    explore: RunConfig
    study: StudySpec
    surprise: Surprise
    kind: str
    try_it: str
    minutes: int
    hour: int
    place: float
    replays: tuple[str, ...] = ()
    trains: Mapping[str, RunConfig] = field(default_factory=lambda: MappingProxyType({}))
    shorts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    curves: tuple[Curve, ...] = ()
    activity: str | None = None
    prints: tuple[str, ...] = ("train", "validation", "fresh")
    printed_of: tuple[str, ...] = ()
    more: Callable[[Runs], list[str]] | None = None
    needs: tuple[str, ...] = ()
    view: str = "accuracy"
    with_weights: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Of the runs that the code prints, in its order."""
        return self.printed_of or self.replays or tuple(self.trains)


def printed(lesson: Lesson, runs: Runs) -> list[str]:
    """The lines that the lesson's code prints of its runs, to the last digit: "demo-1: train 0.9714, fresh 0.9650"."""
    names = lesson.names if lesson.prints else ()
    lines = [
        f"{name}: " + ", ".join(f"{label} {PRINTED[label](runs[name]):.4f}" for label in lesson.prints)
        for name in names
    ]
    return lines + (lesson.more(runs) if lesson.more else [])


def late(run: Run, column: str) -> float:
    """The mean of a curve over the last epochs, so that a jump in the very last one does not decide."""
    return float(run.curves[HISTORY_COLUMNS.index(column), -LATE:].mean())


def late_in_study(result: StudyResult, cell: int, column: str) -> NDArray[np.float64]:
    """(S,) the same for the runs of one cell of a study."""
    curves = result.curves[cell, :, HISTORY_COLUMNS.index(column), -LATE:]
    means: NDArray[np.float64] = curves.mean(axis=-1, dtype=np.float64)
    return means


def fresh_difference(cell: int, baseline: int) -> Callable[[StudyResult], NDArray[np.float64]]:
    """For `Surprise.measure`: accuracy on fresh data, in points, of a cell minus another one, seed by seed."""

    def measure(result: StudyResult) -> NDArray[np.float64]:
        fresh = result.values("fresh_accuracy")
        points: NDArray[np.float64] = 100 * (fresh[cell] - fresh[baseline])
        return points

    return measure
