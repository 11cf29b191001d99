"""Exercise 2 of the article: the smaller network with L2."""

from regdash.study.spec import StudySpec
from regdash.teaching.article import EXERCISE
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise, fresh_difference, late
from regdash.teaching.snippets import exercises

RAISES = "It raises it by more than one point of 72"
LEAVES = "It moves it by one of the 72 at most"
LOWERS = "It lowers it by more"
POINT = 1 / (EXERCISE.n_samples - EXERCISE.n_train)


def _right(runs: Runs) -> str:
    before, after = (late(runs[key], "val_accuracy") for key in ("exercise-1", "exercise-2"))
    return RAISES if after - before > POINT else LOWERS if before - after > POINT else LEAVES


LESSON = Lesson(
    key="exercise-2",
    title="Exercise 2: the same with L2",
    idea="**L2** with λ = 0.02 is added to exercise 1. In **Adam** a small λ can be a strong pull: the penalty's "
    "gradient is scaled up like any other. This network has few weights to spare.",
    code=exercises(
        'print("exercise-1:", train(network(0.4), 60))',
        'print("exercise-2:", train(network(0.4), 60, weight_decay=0.02))',
    ),
    question=Question(
        text="What does L2 do to validation accuracy here, on average over the last ten epochs?",
        choices=(RAISES, LEAVES, LOWERS),
        right=_right,
        reading="Compare the right ends of the two Validation lines, then the boundaries in the picture: with **L2** "
        "the line between the classes is smoother than the true one, and cuts its tip off. That is a bias, and more "
        "training does not remove it.",
    ),
    hints=(
        "Is 0.02 small? Look at what it did in demo 2, to a network four times as large in weights per layer.",
        "A smooth boundary is right where the true one is smooth. This one has a bend.",
    ),
    notes="The effect is larger than in demo 2, and students ask why, the λ being the same. A narrower network with "
    "one hidden layer has less to give away. It is also the place to say that λ = 0.02 in one optimizer is not λ = "
    "0.02 in another: see the lesson on two decays.",
    replays=("exercise-1", "exercise-2"),
    trains={"Dropout": EXERCISE, "Dropout and L2": EXERCISE.but(weight_decay=0.02)},
    shorts={"Dropout and L2": "Both"},
    curves=(
        Curve(run="exercise-1", column="val_accuracy", name="Validation, dropout", dash="dash"),
        Curve(run="exercise-2", column="val_accuracy", name="Validation, dropout and L2"),
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, find the largest **weight decay** that costs nothing here.",
    explore=EXERCISE.but(weight_decay=0.02),
    study=StudySpec(base=EXERCISE, sweep={"weight_decay": (0.0, 0.02)}, seeds=20),
    surprise=Surprise(
        text="On the exercises' clean points, adding **L2** 0.02 costs accuracy on **fresh data**.",
        measure=fresh_difference(0, 1),
        found="It costs {}.",
    ),
    needs=("exercise-1",),
    minutes=7,
    hour=1,
    place=60,
)
