"""Demo 1 of the article: dropout, train against validation."""

import numpy as np
from numpy.typing import NDArray

from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.teaching.article import DEMO
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise, late_in_study
from regdash.teaching.snippets import demos

RARELY, SOMETIMES, MOSTLY = "In less than a tenth of them", "In a tenth to a half of them", "In more than half of them"


def _right(runs: Runs) -> str:
    _, train_on, validation, *_ = runs["demo-1"].curves
    share = float((train_on < validation).mean())
    return RARELY if share < 0.1 else SOMETIMES if share <= 0.5 else MOSTLY


def _off_above_on(result: StudyResult) -> NDArray[np.float64]:
    on, off = (late_in_study(result, 1, name) for name in ("train_accuracy_dropout_on", "train_accuracy"))
    points: NDArray[np.float64] = 100 * (off - on)
    return points


LESSON = Lesson(
    key="demo-1",
    title="Dropout: train against validation",
    idea="**Dropout** switches off a random half of the hidden units in every training step, so that no unit can rely "
    "on another one. When the network is tested, in **eval mode**, all units are on. The article plots two curves: "
    "train accuracy, taken from the training step itself, and **validation accuracy**.",
    code=demos('print("demo-1:", train(network(0.5), 80))'),
    question=Question(
        text="In how many of the 80 epochs does the article's training curve lie below its validation curve?",
        choices=(RARELY, SOMETIMES, MOSTLY),
        right=_right,
        reading="Compare the two lines of the article's figure, then the dotted and the dashed line of the picture "
        "below it. The article's train accuracy is **train accuracy, dropout on**: half of the units are off, and the "
        "update of that epoch has not happened yet. Measured in **eval mode**, the same network does better on its "
        "training points.",
    ),
    hints=(
        "Ask of each curve: are all units at work when it is measured?",
        "One of the two is measured with half of the units missing. Which one, and what does that do to it?",
    ),
    notes="Most students expect train above validation, because they have learnt that the opposite means an error. Let "
    "them say what each curve measures before they look. Two effects meet here: train accuracy is measured with "
    "dropout on, and this validation set of 60 points happens to be an easy one. Over many seeds the first effect is "
    "always there; that train lies below validation is not. Ask: which of the two curves would you report?",
    replays=("demo-1",),
    trains={"No dropout": DEMO.but(dropout=0.0), "Dropout 0.5": DEMO},
    shorts={"No dropout": "None", "Dropout 0.5": "p = 0.5"},
    curves=(
        Curve(run="demo-1", column="train_accuracy_dropout_on", name="Train", dash="dash"),
        Curve(run="demo-1", column="val_accuracy", name="Validation"),
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, show the curve “train, dropout on” of your settings and raise dropout to 0.8. How far do the "
    "two train curves part?",
    explore=DEMO,
    study=StudySpec(base=DEMO.but(dropout=0.0), sweep={"dropout": (0.0, 0.5)}, seeds=20),
    surprise=Surprise(
        text="With dropout 0.5, **train accuracy, dropout on** lies below the same network's **train accuracy**.",
        measure=_off_above_on,
        found="It lies {} below it.",
    ),
    minutes=8,
    hour=1,
    place=10,
)
