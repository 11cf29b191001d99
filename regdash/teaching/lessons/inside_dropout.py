"""Inside dropout: thinned networks, their average, and eval mode."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from regdash.data import make
from regdash.results import Run
from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.teaching.lessons.lesson import Lesson, Question, Runs, Surprise, late_in_study
from regdash.teaching.scenarios import NOISY
from regdash.teaching.snippets import noisy
from regdash.teaching.subnetworks import draw_masks, share_right, thinned

NAME = "Dropout 0.5"
COUNT = 50
FEW, SOME, MOST = "Fewer than 5 of them", "5 to 25 of them", "More than 25 of them"


def measured(runs: Runs) -> tuple[NDArray[np.float64], float, float]:
    """Accuracy on fresh data of each of COUNT sub-networks, of their average, and in eval mode."""
    return _measured(runs[NAME])


@lru_cache(maxsize=4)  # runs are few, and compared by identity
def _measured(run: Run) -> tuple[NDArray[np.float64], float, float]:
    data = make(run.config)
    x, labels = data.x_fresh.numpy(), data.y_fresh.numpy()
    each = thinned(run, draw_masks(run, COUNT, seed=1), x)
    return share_right(each, labels), float(share_right(each.mean(axis=0), labels)), run.test_accuracy


def _right(runs: Runs) -> str:
    each, _, whole = measured(runs)
    better = int((each > whole).sum())
    return FEW if better < 5 else SOME if better <= 25 else MOST


def _printed(runs: Runs) -> list[str]:
    each, average, _ = measured(runs)
    return [f"a typical sub-network: fresh {np.median(each):.2f}", f"the average of {COUNT}: fresh {average:.2f}"]


def _whole_beats_parts(result: StudyResult) -> NDArray[np.float64]:
    on, off = (late_in_study(result, 1, name) for name in ("train_accuracy_dropout_on", "train_accuracy"))
    points: NDArray[np.float64] = 100 * (off - on)
    return points


LESSON = Lesson(
    key="inside-dropout",
    title="Inside dropout",
    idea="In every training step **dropout** leaves another **sub-network** of the units: a random half of each layer. "
    "So it trains very many networks at once, and all share their weights. In **eval mode** all units are on, which is "
    "nearly the average of them all.",
    code=noisy(
        "import numpy as np",
        "",
        'model = run("Dropout 0.5", dropout=0.5)',
        "first, _, _, second, _, _, last = model",
        "random = np.random.default_rng(1)",
        "masks = [torch.from_numpy(random.random((50, 64)) >= 0.5) for _ in range(2)]  # which units are on",
        "votes = []",
        "with torch.no_grad():",
        "    for on_1, on_2 in zip(*masks):",
        "        hidden = first(X_fresh).relu() * on_1 * 2  # those on count twice, as in training",
        "        votes.append(last(second(hidden).relu() * on_2 * 2).softmax(1))",
        "right = [accuracy(vote, rule(X_fresh)) for vote in votes]",
        'print(f"a typical sub-network: fresh {np.median(right):.2f}")',
        'print(f"the average of 50: fresh {accuracy(torch.stack(votes).mean(0), rule(X_fresh)):.2f}")',
    ),
    question=Question(
        text="Draw 50 random sub-networks of the trained network and test each alone on fresh data. How many of them "
        "beat the whole network?",
        choices=(FEW, SOME, MOST),
        right=_right,
        reading="Each thin line is the boundary of one **sub-network**: each is wrong in another place. Where they "
        "disagree, the average of their probabilities goes through the middle, and the thick line of **eval mode** "
        "nearly follows it. Errors that differ cancel out, so together they beat most "
        "single ones; a few of those are lucky.",
    ),
    hints=(
        "Each of them has half of the units, and none was trained to work alone for long.",
        "If 50 people guess the weight of an ox, how many of them are nearer than the mean of all?",
    ),
    notes="“Eval mode is the average of all sub-networks” is an approximation, and exact only for a single linear "
    "layer; the figure shows how good it is here. Students often think that the units which are off are the bad ones. "
    "Draw twice: another set of lines, the same average. Formula for the board: p(1 − p) is the variance of one "
    "mask; 1 / (1 − p) keeps the mean.",
    trains={NAME: NOISY},
    prints=("train", "fresh", "memorised"),
    more=_printed,
    kind="subnetworks",
    activity="masks",
    with_weights=True,
    try_it="Draw other masks below, several times. Which parts of the boundary always move, and where are the training "
    "points there?",
    explore=NOISY,
    study=StudySpec(base=NOISY.but(dropout=0.0), sweep={"dropout": (0.0, 0.5)}, seeds=20),
    surprise=Surprise(
        text="The **sub-networks** of a trained network do worse on its training points than the whole network does.",
        measure=_whole_beats_parts,
        found="They do {} worse.",
    ),
    needs=("demo-1", "memorised-lies"),
    minutes=12,
    hour=2,
    place=120,
)
