"""Overfit it: make accuracy on fresh data as bad as you can."""

import numpy as np
from numpy.typing import NDArray

from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise
from regdash.teaching.scenarios import NOISY
from regdash.teaching.snippets import noisy

FREE = NOISY.but(dropout=0.0, width=32)
WIDER, LONGER, LIES = "Four times as wide", "Three times as long", "Twice as many lies"


def _right(runs: Runs) -> str:
    return min((WIDER, LONGER, LIES), key=lambda name: runs[name].test_accuracy)


def _lies_hurt_more_than_width(result: StudyResult) -> NDArray[np.float64]:
    fresh = result.values("fresh_accuracy")  # cells: lies 0.2 and 0.4, for each width 32 and 128
    points: NDArray[np.float64] = 100 * ((fresh[0] - fresh[2]) - (fresh[0] - fresh[1]))
    return points


LESSON = Lesson(
    key="overfit-it",
    title="Overfit it",
    idea="**Overfitting** is usually avoided; here it is the aim. Make accuracy on **fresh data** as bad as you can, "
    "but keep train accuracy at 95 % or more, so that the network has learnt its points and not nothing. Whoever can "
    "break it knows what it is made of.",
    code=noisy(
        'run("As it is", width=32)',
        'run("Four times as wide", width=128)',
        'run("Three times as long", width=32, epochs=600)',
        'run("Twice as many lies", width=32, lies=40)',
    ),
    question=Question(
        text="A free network learns 100 points, 20 of them with a **flipped label**. Which change hurts most on fresh "
        "data?",
        choices=(WIDER, LONGER, LIES),
        right=_right,
        reading="Compare the bars for **fresh data**. The first network already learns nearly all its points by heart, "
        "so more **capacity** and more time change little: what matters is what there is to learn by heart. Each "
        "**flipped label** becomes an island of the wrong class around its point, and more islands cover more of the "
        "plane.",
    ),
    hints=(
        "The network as it is already knows nearly all its training points. What can more of the same add?",
        "Learning by heart harms only where what is learnt is wrong.",
    ),
    notes="Run it as a contest: the board keeps the worst fresh-data accuracy of each student's own browser. The rule "
    "about 95 % train accuracy matters; without it, the winner is a network that learns nothing. Records near 50 % "
    "come from half of the labels flipped: then the labels say nothing about the rule, and a network that learns them "
    "all is a coin toss on fresh points. Below 50 % is luck of the seed. Ask: does the record overfit more than the "
    "network as it is, or does it just have worse teachers?",
    trains={
        "As it is": FREE,
        WIDER: FREE.but(width=128),
        LONGER: FREE.but(epochs=600),
        LIES: FREE.but(label_noise=0.4),
    },
    prints=("train", "fresh", "memorised"),
    kind="ladder",
    activity="overfit",
    try_it="Beat the record below. Then say in one sentence what made it.",
    explore=FREE.but(label_noise=0.4),
    study=StudySpec(base=FREE, sweep={"label_noise": (0.2, 0.4), "width": (32, 128)}, seeds=20),
    surprise=Surprise(
        text="Twice as many lies cost more accuracy on **fresh data** than four times the width.",
        measure=_lies_hurt_more_than_width,
        found="They cost {} more.",
    ),
    needs=("demo-3",),
    minutes=12,
    hour=2,
    place=90,
)
