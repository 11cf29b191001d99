"""Demo 4 of the article: four dropout rates."""

from regdash.study.spec import StudySpec
from regdash.teaching.article import DEMO
from regdash.teaching.lessons.lesson import Curve, Lesson, Question, Runs, Surprise, fresh_difference, late
from regdash.teaching.snippets import demos

RATES = (0.0, 0.3, 0.5, 0.7)
SHORT = DEMO.but(epochs=60)


def _right(runs: Runs) -> str:
    best = max(RATES, key=lambda p: late(runs[f"demo-4/{p}"], "val_accuracy"))
    return f"p = {best}"


LESSON = Lesson(
    key="demo-4",
    title="Four dropout rates",
    idea="**Dropout** has a strength: p, the share of units that is switched off. The article trains the same network "
    "with four values of it, each from other first weights, and plots **validation accuracy** only. Then one curve "
    "looks best.",
    code=demos(
        "train(network(0.5), 80)  # demos 1 to 3: they move the random stream on",
        "train(network(0.5), 80, weight_decay=0.02)",
        "train(network(0.0), 80)",
        "for p in (0.0, 0.3, 0.5, 0.7):",
        '    print(f"demo-4/{p}:", train(network(p), 60))',
    ),
    question=Question(
        text="Which dropout rate has the highest validation accuracy, on average over the last ten epochs?",
        choices=tuple(f"p = {p}" for p in RATES),
        right=_right,
        reading="The article's axis begins where the lowest curve does, so small differences look large: one step is "
        "one of 60 points. Compare the curves at the right end, where they have settled, and then look at the same "
        "four from the same first weights, on an axis that starts at 30 %. The best of several is lucky, too: that is "
        "**winner's luck**.",
    ),
    hints=(
        "Think of the lesson before: what did dropout gain there?",
        "The points are clean. With more units off, what is gained, and what is lost?",
    ),
    notes="Students like to pick a middle value, since “not too little, not too much” sounds wise. Here less is more, "
    "and only many seeds show how small the differences are. Let them estimate from the figure how far the curves are "
    "apart, in validation points, before the numbers are shown. A class that finds another answer on another machine "
    "has found the point of the lesson: dropout masks differ between processors, and so does the winner.",
    replays=tuple(f"demo-4/{p}" for p in RATES),
    trains={f"p = {p}": SHORT.but(dropout=p) for p in RATES},
    curves=tuple(
        Curve(run=f"demo-4/{p}", column="val_accuracy", name=f"p = {p}", dash=dash)
        for p, dash in zip(RATES, ("solid", "dash", "dot", "dashdot"), strict=True)
    ),
    prints=("train, dropout on", "validation"),
    kind="article",
    try_it="In Explore, go on from p = 0.7 and narrow the network to 8 units. What is left of it?",
    explore=SHORT.but(dropout=0.3),
    study=StudySpec(base=SHORT, sweep={"dropout": RATES}, seeds=20),
    surprise=Surprise(
        text="On the article's clean points, p = 0.7 is worse on **fresh data** than no **dropout** at all.",
        measure=fresh_difference(0, 3),
        found="It is {} less.",
    ),
    needs=("demo-3",),
    minutes=8,
    hour=1,
    place=40,
)
