"""Demo 3 of the article: no regularization against dropout."""

from regdash.study.spec import StudySpec
from regdash.teaching.article import DEMO
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise, fresh_difference, late
from regdash.teaching.snippets import demos

FREE, DROPPED, EQUAL = "The one without regularization", "The one with dropout", "Less than one validation point apart"
POINT = 1 / 60


def _right(runs: Runs) -> str:
    free, dropped = (late(runs[key], "val_accuracy") for key in ("demo-3", "demo-1"))
    return EQUAL if abs(free - dropped) < POINT else FREE if free > dropped else DROPPED


LESSON = Lesson(
    key="demo-3",
    title="No regularization against dropout",
    idea="Now the same network without **dropout**, beside the one with it. If the free network were **overfitting**, "
    "it would do well on its training points and worse on new ones. The article's points are clean: no label is wrong.",
    code=demos(
        "demo_1 = train(network(0.5), 80)",
        "train(network(0.5), 80, weight_decay=0.02)  # demo 2: it moves the random stream on",
        'print("demo-3:", train(network(0.0), 80))',
        'print("demo-1:", demo_1)',
    ),
    question=Question(
        text="Which network has the higher validation accuracy, on average over the last ten epochs?",
        choices=(FREE, DROPPED, EQUAL),
        right=_right,
        reading="Look at the two Validation lines at the right end, and then at the numbers for **fresh data**: 60 "
        "validation points move in steps of 1.7 points, 4,000 fresh ones hardly at all. The free network reaches "
        "100 % on its training points and does not pay for it, because no lie is among them.",
    ),
    hints=(
        "Overfitting means learning what is wrong or accidental in the training points. How much of that is there?",
        "140 clean points, a simple curve between them: what could a network learn by heart that would harm it?",
    ),
    notes="This is the demo that surprises most: the article introduces dropout as a cure, and its own data do not "
    "need one. Students who saw it call dropout useless; the lesson on memorised lies is the answer. Ask: what would "
    "have to be different in the data for dropout to win? (Wrong labels, fewer points.)",
    replays=("demo-3", "demo-1"),
    trains={"No regularization": DEMO.but(dropout=0.0), "Dropout 0.5": DEMO},
    shorts={"No regularization": "None", "Dropout 0.5": "p = 0.5"},
    curves=(
        Curve(run="demo-3", column="train_accuracy_dropout_on", name="Train, no regularization"),
        Curve(run="demo-3", column="val_accuracy", name="Validation, no regularization"),
        Curve(run="demo-1", column="train_accuracy_dropout_on", name="Train, dropout", dash="dash"),
        Curve(run="demo-1", column="val_accuracy", name="Validation, dropout", dash="dash"),
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, open *Data* and raise the share of flipped labels until dropout wins. Where does it turn?",
    explore=DEMO,
    study=StudySpec(base=DEMO.but(dropout=0.0), sweep={"dropout": (0.0, 0.5)}, seeds=20),
    surprise=Surprise(
        text="On the article's clean points, no **regularization** is better on **fresh data** than **dropout** 0.5.",
        measure=fresh_difference(0, 1),
        found="Without regularization it is {} more.",
    ),
    needs=("demo-1",),
    minutes=7,
    hour=1,
    place=30,
)
