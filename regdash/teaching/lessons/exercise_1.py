"""Exercise 1 of the article: a smaller network, train against validation."""

import numpy as np
from numpy.typing import NDArray

from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.teaching.article import EXERCISE
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise
from regdash.teaching.snippets import exercises

FEW, SOME, MANY = "None or one", "Two to five", "Six or more"
POINTS = EXERCISE.n_samples - EXERCISE.n_train


def _right(runs: Runs) -> str:
    wrong = round(POINTS * (1 - runs["exercise-1"].curves[2, -1]))
    return FEW if wrong <= 1 else SOME if wrong <= 5 else MANY


def _misses_by(result: StudyResult) -> NDArray[np.float64]:
    apart = abs(result.values("val_accuracy")[1] - result.values("fresh_accuracy")[1])
    points: NDArray[np.float64] = 100 * apart
    return points


LESSON = Lesson(
    key="exercise-1",
    title="Exercise 1: how much do 72 points know?",
    idea="The exercises use other points and a smaller network: one hidden layer of 28 units, **dropout** 0.4. 72 "
    "points are kept for validation. So **validation accuracy** moves in steps of 1.4 points, and all that is read "
    "off it does, too.",
    code=exercises('print("exercise-1:", train(network(0.4), 60))'),
    question=Question(
        text="How many of the 72 validation points does the network get wrong after the last epoch?",
        choices=(FEW, SOME, MANY),
        right=_right,
        reading="Read the last value of Validation, take it from 100 %, and multiply by 72. Then compare it with the "
        "accuracy on **fresh data**, which 4,000 points tell. The **standard error** of an accuracy of 96 % on 72 "
        "points is 2.3 points: a difference of one or two points in this curve means nothing.",
    ),
    hints=(
        "The network reaches about 96 % on points that it has not seen.",
        "One point of 72 is 1.4 %. How many of those fit between the curve's end and 100 %?",
    ),
    notes="The numbers here are counts in disguise. Let students translate every value of the curve into points right "
    "and wrong; then ask how sure they would be of a coin that fell 69 times out of 72. Many want to report the best "
    "epoch: it is picked on a noisy curve, and flatters.",
    replays=("exercise-1",),
    trains={"No dropout": EXERCISE.but(dropout=0.0), "Dropout 0.4": EXERCISE},
    shorts={"No dropout": "None", "Dropout 0.4": "p = 0.4"},
    curves=(
        Curve(run="exercise-1", column="train_accuracy_dropout_on", name="Train", dash="dash"),
        Curve(run="exercise-1", column="val_accuracy", name="Validation"),
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, press *New data seed* ten times and write down validation and fresh-data accuracy. How far "
    "apart are they, and in which direction?",
    explore=EXERCISE,
    study=StudySpec(base=EXERCISE.but(dropout=0.0), sweep={"dropout": (0.0, 0.4)}, seeds=20),
    surprise=Surprise(
        text="Accuracy on 72 validation points misses accuracy on **fresh data** by more than a point on average.",
        measure=_misses_by,
        found="It misses by {}.",
        limit=1.0,
    ),
    needs=("demo-1",),
    minutes=7,
    hour=1,
    place=50,
)
