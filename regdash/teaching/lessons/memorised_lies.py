"""Memorised lies: the flipped labels, epoch by epoch."""

import numpy as np
from numpy.typing import NDArray

from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise
from regdash.teaching.scenarios import NOISY
from regdash.teaching.snippets import noisy

FREE = NOISY.but(dropout=0.0)
FIRST, TOGETHER, LAST = "More than nine tenths of them", "Half to nine tenths of them", "Less than half of them"


def _right(runs: Runs) -> str:
    run = runs["No regularization"]
    best = run.summary.best_epoch or run.config.epochs
    share = float(run.flipped[best - 1])
    return LAST if share < 0.5 else TOGETHER if share <= 0.9 else FIRST


def _fewer_lies_with_dropout(result: StudyResult) -> NDArray[np.float64]:
    memorised = result.values("memorised")
    points: NDArray[np.float64] = 100 * (memorised[0] - memorised[1])
    return points


LESSON = Lesson(
    key="memorised-lies",
    title="Memorised lies",
    idea="20 of 100 training points carry a **flipped label**: the wrong class, on purpose. A lie is **memorised** if "
    "the network repeats it. Counting that by **epoch** shows when a network learns the rule, and when it learns the "
    "lies.",
    code=noisy(
        'run("No regularization")',
        'run("Dropout 0.5", dropout=0.5)',
        'run("L2 0.02", decay=0.02)',
    ),
    question=Question(
        text="The free network ends with all its lies memorised. How many has it memorised in the epoch of its lowest "
        "validation loss, where **early stopping** would end?",
        choices=(FIRST, TOGETHER, LAST),
        right=_right,
        reading="Find the star, the lowest validation loss, and read the curve there: the rule comes first, since it "
        "serves most points at once; the lies come one by one, each with an island of its own. Press Play and watch "
        "the islands grow around the crossed points. With **dropout** or **L2** most of them never come. The curves do "
        "not begin at 0: a network that has learnt nothing by heart repeats some lies, too, by mistake, near the "
        "boundary. Count from there.",
    ),
    hints=(
        "Validation points tell the truth. What happens to their loss when the network begins to repeat lies?",
        "What is easier to find with small steps: one bend that serves 80 points, or 20 islands for one point each?",
    ),
    notes="A network that repeats a fifth of the lies has not memorised them: the lies near the boundary are repeated "
    "by mistake. So count from there, not from zero. Students like to conclude that more epochs are bad; ask them to "
    "look at the networks with dropout and L2, which train as long. Lies are a picture for label noise in real data.",
    trains={"No regularization": FREE, "Dropout 0.5": NOISY, "L2 0.02": FREE.but(weight_decay=0.02)},
    shorts={"No regularization": "None", "Dropout 0.5": "Dropout", "L2 0.02": "L2"},
    prints=("train", "fresh", "memorised"),
    kind="lies",
    view="memorised",
    try_it="In Explore, choose the curves *Flipped labels* and find the smallest **dropout** that keeps half of the "
    "lies out.",
    explore=NOISY,
    study=StudySpec(base=FREE, sweep={"dropout": (0.0, 0.5)}, seeds=20),
    surprise=Surprise(
        text="With **dropout** 0.5 far fewer lies are **memorised** than without: by a quarter of all lies at least.",
        measure=_fewer_lies_with_dropout,
        found="With dropout it is {} less of all lies.",
        limit=25.0,
    ),
    needs=("demo-3",),
    minutes=10,
    hour=2,
    place=110,
)
