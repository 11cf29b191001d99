"""Exercise 3 of the article, for which it has no code: with and without dropout and L2, as a fair race."""

from regdash.study.spec import StudySpec
from regdash.teaching.article import EXERCISE
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise, fresh_difference
from regdash.teaching.snippets import exercises

NONE, DROPOUT, DECAY, BOTH = "No regularization", "Dropout 0.4", "L2 0.02", "Both of them"


def _right(runs: Runs) -> str:
    return max((NONE, DROPOUT, DECAY, BOTH), key=lambda name: runs[name].test_accuracy)


LESSON = Lesson(
    key="exercise-3",
    title="Exercise 3: a fair race",
    idea="“Repeat with and without dropout and L2”, says the article, and gives no code. Here is a fair way: four "
    "networks with the same points and the same first weights, each from the same **seed**. So what differs is the "
    "**regularization**, and nothing else.",
    code=exercises(
        'races = {"No regularization": (0.0, 0.0), "Dropout 0.4": (0.4, 0.0), "L2 0.02": (0.0, 0.02),',
        '         "Both of them": (0.4, 0.02)}',
        "for name, (p, weight_decay) in races.items():",
        "    torch.manual_seed(11)  # the same start for each: that is what makes it fair",
        '    print(f"{name}:", train(network(p), 60, weight_decay))',
    ),
    question=Question(
        text="Which of the four does best on fresh data?",
        choices=(NONE, DROPOUT, DECAY, BOTH),
        right=_right,
        reading="The boundaries tell it sooner than the curves: press Play and watch the bend of the true boundary. "
        "**L2** rounds it off, **dropout** hardly does. Judge by **fresh data**: the four validation accuracies are a "
        "few points of 72 apart.",
    ),
    hints=(
        "What did the demos say about regularization on clean points?",
        "Two of the four carry the pull that cost accuracy in exercise 2.",
    ),
    notes="Students who do this by themselves usually run the four one after the other without seeding again, and so "
    "compare first weights as well. Let them find the line that makes it fair. Even then one race is one race: the "
    "study below repeats it over 20 seeds.",
    trains={
        NONE: EXERCISE.but(dropout=0.0),
        DROPOUT: EXERCISE,
        DECAY: EXERCISE.but(dropout=0.0, weight_decay=0.02),
        BOTH: EXERCISE.but(weight_decay=0.02),
    },
    shorts={NONE: "None", DROPOUT: "Dropout", DECAY: "L2", BOTH: "Both"},
    prints=("train, dropout on", "validation"),
    kind="race",
    try_it="Delete the line that seeds again from the code and run it. Does the order of the four change?",
    explore=EXERCISE.but(weight_decay=0.02),
    study=StudySpec(base=EXERCISE, sweep={"dropout": (0.0, 0.4), "weight_decay": (0.0, 0.02)}, seeds=20),
    surprise=Surprise(
        text="On the exercises' clean points, **dropout** with **L2** is worse on **fresh data** than neither.",
        measure=fresh_difference(0, 3),
        found="It is {} less.",
    ),
    needs=("exercise-2",),
    minutes=8,
    hour=1,
    place=70,
)
