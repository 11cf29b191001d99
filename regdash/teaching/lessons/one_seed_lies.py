"""One seed lies: a single pair of runs names the wrong winner, and so does peeking after every seed."""

import numpy as np
from numpy.typing import NDArray

from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.study.stats.single_seed import SingleSeed, judge_singly
from regdash.teaching.article import DEMO
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise
from regdash.teaching.snippets import demos

SEEDS = range(1, 21)
POINTS = DEMO.n_samples - DEMO.n_train
MANY, SOME, FEW = "In 16 or more of the 20", "In 11 to 15 of the 20", "In 10 or fewer of the 20"


def pairs(runs: Runs) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dropout minus no regularization, pair by pair: on the 60 validation points, and on fresh data, (20,) each."""
    both = [(runs[f"Dropout, seed {seed}"], runs[f"None, seed {seed}"]) for seed in SEEDS]
    few = np.array([float(a.curves[2, -1] - b.curves[2, -1]) for a, b in both])
    fresh = np.array([a.test_accuracy - b.test_accuracy for a, b in both])
    return few, fresh


def judged(runs: Runs) -> SingleSeed:
    """How each pair alone would have been judged."""
    return judge_singly(*pairs(runs), POINTS)


def _right(runs: Runs) -> str:
    right = judged(runs).right
    return MANY if right >= 16 else SOME if right >= 11 else FEW


def _printed(runs: Runs) -> list[str]:
    found = judged(runs)
    return [f"right {found.right}, a tie {found.tied}, wrong {found.wrong}"]


def _names_the_right_one(result: StudyResult) -> NDArray[np.float64]:
    few, fresh = (result.values(name)[1] - result.values(name)[0] for name in ("val_60_accuracy", "fresh_accuracy"))
    right: NDArray[np.float64] = np.sign(np.nanmean(fresh)) * few > 1e-6
    return 100.0 * right


LESSON = Lesson(
    key="one-seed-lies",
    title="One seed lies",
    idea="The article trains each network once and judges it on 60 points. Repeat that with another **seed**, other "
    "points and other first weights, and another network may win. What does one pair of runs say of which "
    "network is better?",
    code=demos(
        "def pair(seed):",
        '    """Dropout 0.5 minus no regularization: on 60 validation points, and on 4,000 fresh ones."""',
        "    global X_train, y_train, X_val, y_val",
        "    torch.manual_seed(seed + 2**31)",
        "    fresh = torch.randn(4000, 2)",
        "    torch.manual_seed(seed)",
        "    points = torch.randn(200, 2)",
        "    rule = lambda X: (X[:, 0] ** 2 + 0.8 * X[:, 1] > 0.5).long()",
        "    X_train, X_val, y_train, y_val = points[:140], points[140:], rule(points[:140]), rule(points[140:])",
        "    ends = []",
        "    for p in (0.5, 0.0):",
        "        torch.manual_seed(seed)",
        "        model = network(p)",
        "        train(model, 80)",
        "        with torch.no_grad():",
        "            ends.append([accuracy(model(X_val), y_val), accuracy(model(fresh), rule(fresh))])",
        "    return torch.tensor(ends[0], dtype=torch.float64) - torch.tensor(ends[1], dtype=torch.float64)",
        "",
        "",
        "few, fresh = torch.stack([pair(seed) for seed in range(1, 21)]).T",
        "agrees = few * fresh.mean().sign()  # above 0: this pair alone names the winner of all 20",
        'print(f"right {(agrees > 1e-6).sum()}, a tie {(agrees.abs() <= 1e-6).sum()}, wrong {(agrees < -1e-6).sum()}")',
    ),
    question=Question(
        text="20 **paired seeds**, no regularization against dropout 0.5 on the article's clean points. In how many "
        "pairs does the 60-point judgement name the network that is better on average? (A tie names neither.)",
        choices=(MANY, SOME, FEW),
        right=_right,
        reading="Each dot is a pair of runs. Left or right says which network was better in that pair, on **fresh "
        "data**; up or down says what its 60 validation points claim. Count the dots that lie on the winner's side of "
        "the horizontal line: those on the line are ties, those beyond it name the wrong network. The difference is "
        "smaller than the **standard error** of 60 points.",
    ),
    hints=(
        "One validation point of 60 is 1.7 points of accuracy. The difference between the two networks is smaller.",
        "Three things can happen in a pair: the right winner, the wrong one, or a tie.",
    ),
    notes="Let every student draw one pair and report a winner; write a tally on the board before anybody sees the "
    "mean. Then **peeking**: students propose to add seeds until it is clear. Looking after every seed with a plain "
    "interval names a winner in far more than 5 % of cases although nothing differs; the share is measured on this "
    "lesson's own pairs. RegDash's Study counts looks for that reason.",
    trains={
        f"{name}, seed {seed}": DEMO.but(dropout=p, seed=seed, data_seed=seed)
        for seed in SEEDS
        for name, p in (("None", 0.0), ("Dropout", 0.5))
    },
    prints=(),
    more=_printed,
    kind="one-seed",
    activity="publish",
    try_it="Publish one seed below, then another one. How many do you need until you would bet on the winner?",
    explore=DEMO,
    study=StudySpec(base=DEMO.but(dropout=0.0, seed=1, data_seed=1), sweep={"dropout": (0.0, 0.5)}, seeds=20),
    surprise=Surprise(
        text="A single pair of runs, judged on 60 points, names the right winner in fewer than 55 of 100 cases.",
        measure=_names_the_right_one,
        found="It names the right one in {} of 100 cases.",
        limit=55.0,
        below=True,
    ),
    needs=("demo-3", "exercise-1"),
    minutes=12,
    hour=2,
    place=140,
)
