"""Demo 2 of the article: dropout with L2."""

from regdash.study.spec import StudySpec
from regdash.teaching.article import DEMO
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise, fresh_difference, late
from regdash.teaching.snippets import demos

LIFTS, LEAVES, LOWERS = "It lifts it by more than a point", "It moves it by a point at most", "It lowers it by more"


def _right(runs: Runs) -> str:
    before, after = (late(runs[key], "train_accuracy_dropout_on") for key in ("demo-1", "demo-2"))
    return LIFTS if after - before > 0.01 else LOWERS if after - before < -0.01 else LEAVES


LESSON = Lesson(
    key="demo-2",
    title="Dropout with L2",
    idea="**L2** adds λ·w to the gradient of every weight, so each update also pulls the weights towards zero; in "
    "PyTorch it is one argument, weight_decay. The article adds λ = 0.02 to the dropout of its first demo. Both hold "
    "the network back, each in its own way.",
    code=demos(
        'print("demo-1:", train(network(0.5), 80))',
        'print("demo-2:", train(network(0.5), 80, weight_decay=0.02))',
    ),
    question=Question(
        text="What does weight decay 0.02 do to the training curve, on average over the last ten epochs?",
        choices=(LIFTS, LEAVES, LOWERS),
        right=_right,
        reading="Compare the thin dashed lines, both Train, at the right end of the figure. **Weight decay** makes the "
        "boundary smoother and the network less sure of itself, and on clean points there is nothing to gain from "
        "that: the smooth boundary misses training points near the true one. The picture shows where.",
    ),
    hints=(
        "A network that is pulled towards zero cannot bend its boundary as freely. What does that do on points that "
        "it could have fitted?",
        "Regularization trades train accuracy for something. Is there anything to trade it for here?",
    ),
    notes="Students expect regularization to help, since the article calls it a cure for overfitting. On these clean "
    "points there is little to cure, and the study below shows the cost on fresh data. Say it openly: a regularizer "
    "is a tool, not a virtue. The two demos also start from different random weights (one continuing stream), so the "
    "article's own comparison is not a fair one; the picture below it is.",
    replays=("demo-1", "demo-2"),
    trains={"Dropout": DEMO, "Dropout and L2": DEMO.but(weight_decay=0.02)},
    shorts={"Dropout and L2": "Both"},
    curves=(
        Curve(run="demo-1", column="train_accuracy_dropout_on", name="Train, dropout", dash="dash"),
        Curve(run="demo-1", column="val_accuracy", name="Validation, dropout", dash="dash"),
        Curve(run="demo-2", column="train_accuracy_dropout_on", name="Train, dropout and L2"),
        Curve(run="demo-2", column="val_accuracy", name="Validation, dropout and L2"),
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, look for a **weight decay** at which train accuracy falls by ten points.",
    explore=DEMO.but(weight_decay=0.02),
    study=StudySpec(base=DEMO, sweep={"weight_decay": (0.0, 0.02)}, seeds=20),
    surprise=Surprise(
        text="On the article's clean points, adding **L2** 0.02 to dropout costs accuracy on **fresh data**.",
        measure=fresh_difference(0, 1),
        found="It costs {}.",
    ),
    needs=("demo-1",),
    minutes=7,
    hour=1,
    place=20,
)
