"""Sentences computed from the numbers: caption, text for screen readers and what exports say about themselves."""

import math
from collections.abc import Sequence

from regdash.config import FIELDS, RunConfig
from regdash.results import Summary
from regdash.teaching.arms import Arm

NBSP = "\N{NO-BREAK SPACE}"
REGULARIZERS = ("dropout", "weight_decay", "label_smoothing")
CLEAR_POINTS = 3  # below this many points of fresh-data accuracy one pair of runs is not worth a verb


def percent(share: float) -> str:
    """ "76 %", or "not defined" for NaN."""
    return "not defined" if math.isnan(share) else f"{100 * share:.0f}{NBSP}%"


def regularizers(config: RunConfig) -> str:
    """What is switched on, in words: "Dropout 0.5 with weight decay 0.02", or "no regularization"."""
    values = {name: getattr(config, name) for name in REGULARIZERS}
    parts = [f"{FIELDS[name].label.lower()} {FIELDS[name].text(value)}" for name, value in values.items() if value]
    return " with ".join([parts[0], " and ".join(parts[1:])]) if len(parts) > 1 else (parts or ["no regularization"])[0]


def headline(none: Arm, yours: Arm) -> str:
    """What the free network does, and what the visitor's regularizers change; one pair of runs, and it says so."""
    if none.run.diverged or yours.run.diverged:
        which = "Both networks" if none.run.diverged and yours.run.diverged else "One of the networks"
        return f"{which} diverged: the loss stopped being a finite number. Try a smaller learning rate."
    free, tamed = none.run.summary, yours.run.summary
    opening = _opening(free)
    if regularizers(yours.run.config) == "no regularization":
        return f"{opening} Raise dropout or weight decay to race against it."
    return f"{opening} {_change(free, tamed, yours.run.config)}"


def _opening(free: Summary) -> str:
    numbers = f"(train {percent(free.train_accuracy)}, fresh data {percent(free.fresh_accuracy)})"
    if free.train_accuracy >= 0.95 and free.gap >= 0.1:
        return f"Without regularization the network memorises its training set {numbers}."
    if free.gap >= 0.1:
        return f"Without regularization the network overfits {numbers}."
    if free.gap >= 0.05:
        return f"Without regularization the network overfits a little {numbers}."
    if free.fresh_accuracy < 0.85:
        return f"Even without regularization the network learns little here {numbers}."
    return f"Without regularization the network already does well {numbers}."


def _change(free: Summary, tamed: Summary, config: RunConfig) -> str:
    train = _points(tamed.train_accuracy - free.train_accuracy)
    fresh = _points(tamed.fresh_accuracy - free.fresh_accuracy)
    subject = regularizers(config)
    subject = subject[0].upper() + subject[1:]
    train_words = (
        "leaves train accuracy as it is" if train == 0
        else f"gives up {_count(-train)} of train accuracy" if train < 0
        else f"gains {_count(train)} of train accuracy"
    )  # fmt: skip
    if abs(fresh) < CLEAR_POINTS:
        sign = "less than a point" if fresh == 0 else f"{'+' if fresh > 0 else '−'}{_count(abs(fresh))}"
        return (
            f"{subject} {train_words}; on fresh data the difference ({sign}) is too small for one pair of runs to tell."
        )
    if train > 0 and fresh > 0:
        return f"{subject} {train_words} and {fresh} on fresh data."
    verb = "gains" if fresh > 0 else "loses"
    joint = "and" if train < 0 and fresh < 0 else "but"
    return f"{subject} {train_words} {joint} {verb} {abs(fresh)} on fresh data."


def _points(difference: float) -> int:
    return round(100 * difference)


def _count(points: int) -> str:
    return f"{points} point" if points == 1 else f"{points} points"


def alternative_text(sentence: str, arms: Sequence[Arm]) -> str:
    """What the picture shows, for readers who cannot see it."""
    lines = [
        f"{arm.label}: train accuracy {percent(s.train_accuracy)}, validation {percent(s.val_accuracy)}, "
        f"fresh data {percent(s.fresh_accuracy)}."
        for arm, s in ((arm, arm.run.summary) for arm in arms)
    ]
    epochs = arms[0].run.config.epochs
    intro = f"Training curves over {epochs} epochs and the decision boundary of each network."
    return " ".join([sentence, intro, *lines])
