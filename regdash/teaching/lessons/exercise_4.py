"""Exercise 4 of the article: four dropout rates in the smaller network."""

import numpy as np
from numpy.typing import NDArray

from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.teaching.article import EXERCISE
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise
from regdash.teaching.snippets import exercises

RATES = (0.0, 0.2, 0.5, 0.7)
SHORT = EXERCISE.but(epochs=40)
POINTS = EXERCISE.n_samples - EXERCISE.n_train
FEW, SOME, MANY = "Four at most", "Five to ten", "Eleven or more"


def _right(runs: Runs) -> str:
    ends = [runs[f"exercise-4/{p}"].curves[2, -1] for p in RATES]
    apart = round(POINTS * (max(ends) - min(ends)))
    return FEW if apart <= 4 else SOME if apart <= 10 else MANY


def _apart(result: StudyResult) -> NDArray[np.float64]:
    apart = np.ptp(result.values("val_accuracy"), axis=0)
    points: NDArray[np.float64] = 100 * apart
    return points


LESSON = Lesson(
    key="exercise-4",
    title="Exercise 4: how far apart are four curves?",
    idea="Four **dropout** rates again, in the smaller network. The article's axis is fitted to its curves, so they "
    "fill the figure from top to bottom. How much is that in points of the validation set?",
    code=exercises(
        "train(network(0.4), 60)  # exercises 1 and 2: they move the random stream on",
        "train(network(0.4), 60, weight_decay=0.02)",
        "for p in (0.0, 0.2, 0.5, 0.7):",
        '    print(f"exercise-4/{p}:", train(network(p), 40))',
    ),
    question=Question(
        text="After the last epoch, how many of the 72 validation points lie between the best and the worst of the "
        "four?",
        choices=(FEW, SOME, MANY),
        right=_right,
        reading="Read the numbers on the axis, not the heights: from the best to the worst end is a few hundredths, "
        "and one of 72 points is 0.014. On the second figure, with an axis from 30 % to 100 %, the same four lie "
        "nearly on one line. An axis fitted to the curves makes **winner's luck** look like a result.",
    ),
    hints=(
        "Before you look at heights, ask what one point of 72 is on the axis.",
        "All four networks get more than nine points of ten right.",
    ),
    notes="A lesson in reading axes. Cover the tick labels and let the class judge, then uncover them. The share of "
    "students who change their minds is the lesson. Fitted axes are a default of most plotting libraries, not a lie "
    "of this article.",
    replays=tuple(f"exercise-4/{p}" for p in RATES),
    trains={f"p = {p}": SHORT.but(dropout=p) for p in RATES},
    curves=tuple(
        Curve(run=f"exercise-4/{p}", column="val_accuracy", name=f"p = {p}", dash=dash)
        for p, dash in zip(RATES, ("solid", "dash", "dot", "dashdot"), strict=True)
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, drag a rectangle over the curves to zoom in, until the four look far apart.",
    explore=SHORT.but(dropout=0.5),
    study=StudySpec(base=SHORT, sweep={"dropout": RATES}, seeds=20),
    surprise=Surprise(
        text="Between the best and the worst of the four rates lie fewer than four of the 72 validation points, on "
        "average.",
        measure=_apart,
        found=f"Between best and worst lie {{}} of accuracy, and one validation point is {100 / POINTS:.1f} of them.",
        limit=400 / POINTS,
        below=True,
    ),
    needs=("exercise-1", "demo-4"),
    minutes=7,
    hour=1,
    place=80,
)
