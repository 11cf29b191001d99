"""Sentences computed from the numbers: caption, text for screen readers and what exports say about themselves."""

import math
from collections.abc import Sequence

from regdash.config import FIELDS, RunConfig
from regdash.results import Summary
from regdash.teaching.arms import ARMS, Arm

NBSP = "\N{NO-BREAK SPACE}"
REGULARIZERS = ("dropout", "weight_decay", "label_smoothing")
MANY_LIES = 0.3  # share of the flipped labels repeated from which a network is said to overfit,
BY_HEART = 0.15  # if that is so much more than it would repeat by mistake
EQUAL = 1e-3  # points: accuracies are counts of points, and differ by more or not at all
JUMP = 0.05  # of train accuracy in the last epochs, worth a word
# What often makes a network fail. None of it is sure, so words say "often" and what to try.
POOR = 0.7  # train accuracy
LARGE_STEP = 0.2  # learning rate
STRONG_DECAY = 0.1  # l2
STRONG_DROPOUT = 0.8
FEW_STEPS = 0.2  # learning rate times epochs: about how far Adam can carry a weight
NARROW = 2  # units a layer


def percent(share: float) -> str:
    """ "76 %", or "not defined" for NaN."""
    return "not defined" if math.isnan(share) else f"{100 * share:.0f}{NBSP}%"


def regularizers(config: RunConfig) -> str:
    """What is switched on, in words: "dropout 0.5, weight decay 0.02 and label smoothing 0.1"."""
    values = {name: getattr(config, name) for name in REGULARIZERS}
    parts = [f"{FIELDS[name].label.lower()} {FIELDS[name].text(value)}" for name, value in values.items() if value]
    *first, last = parts or ["no regularization"]
    return f"{', '.join(first)} and {last}" if first else last


def headline(none: Arm, yours: Arm) -> str:
    """What the free network does, and how the visitor's ends beside it: one pair of runs, described and not judged."""
    if none.run.diverged or yours.run.diverged:
        which = "Both networks" if none.run.diverged and yours.run.diverged else "One of the networks"
        return f"{which} diverged: the loss stopped being a finite number. Try a smaller learning rate."
    return described(none.run.summary, yours.run.summary, yours.run.config)


def described(free: Summary, tamed: Summary, config: RunConfig) -> str:
    """The same, of what two runs end with; `config` are the visitor's settings."""
    alone = ARMS["none"].config(config)
    words = opening(free, alone)
    if alone == config:
        return f"{words} {_hint(free, alone) or 'Raise dropout or weight decay to race against it.'}"
    parts = [words, _beside(free, tamed, config), _hint(tamed if tamed.one_answer else free, config)]
    return " ".join(filter(None, parts))


def overfitting(free: Summary, config: RunConfig) -> float:
    """Train accuracy beyond that of a network as good on fresh data that has learnt nothing by heart, as a share.

    With a share f of the training labels flipped, such a network gets F on clean and 1 - F on flipped labels right,
    where F is its accuracy on fresh data: F - f (2 F - 1) in all. On clean labels this is the gap.
    """
    flipped = round(config.label_noise * config.n_train) / config.n_train
    return free.gap + flipped * (2 * free.fresh_accuracy - 1)


def opening(free: Summary, config: RunConfig) -> str:
    """What the free network does, by its numbers and by how much it has learnt by heart."""
    numbers = f"(train {percent(free.train_accuracy)}, fresh data {percent(free.fresh_accuracy)})"
    excess, lies = overfitting(free, config), 0.0 if math.isnan(free.memorised) else free.memorised
    by_heart = lies - (1 - free.fresh_accuracy) >= BY_HEART  # more lies repeated than by mistake
    if free.one_answer:
        return f"Even without regularization the network gives the same answer everywhere {numbers}."
    if free.train_accuracy >= 0.95 and (lies >= 0.9 or excess >= 0.15):
        return f"Without regularization the network memorises its training set {numbers}."
    if lies >= MANY_LIES and by_heart:
        lies_words = f"it repeats {percent(lies)} of the flipped labels"
        return f"Without regularization the network overfits: {lies_words} {numbers}."
    if excess >= 0.1:
        return f"Without regularization the network overfits {numbers}."
    if excess >= 0.05:
        return f"Without regularization the network overfits a little {numbers}."
    if free.fresh_accuracy < 0.75:
        return f"Even without regularization the network learns little here {numbers}."
    if free.fresh_accuracy < 0.9:
        return f"Without regularization the network learns part of the rule, and little by heart {numbers}."
    return f"Without regularization the network already does well {numbers}."


def _beside(free: Summary, tamed: Summary, config: RunConfig) -> str:
    """How the two end, as numbers and not as cause and effect: with another seed it may be the other way round."""
    yours = f"In this pair of runs, yours, with {regularizers(config)},"
    if tamed.one_answer and not free.one_answer:
        return f"{yours} gives the same answer everywhere."
    train, fresh = tamed.train_accuracy - free.train_accuracy, tamed.fresh_accuracy - free.fresh_accuracy
    ends = f"{_against(train)} on its training points and {_against(fresh)} on fresh data"
    sentence = f"{yours} ends {ends}."
    jumps = [summary.jump for summary in (free, tamed) if abs(summary.jump) >= JUMP]
    return f"{sentence} Mind the last epochs: accuracy jumps there." if jumps else sentence


def _against(difference: float) -> str:
    """As "12 points higher": in whole points, as the percentages beside it; what is less is said to be."""
    points = abs(100 * difference)
    if points < EQUAL:
        return "as high"
    whole = round(points)
    size = "less than a point" if points < 1 else f"{whole}{NBSP}{'point' if whole == 1 else 'points'}"
    return f"{size} {'higher' if difference > 0 else 'lower'}"


def _hint(summary: Summary, config: RunConfig) -> str:
    """What often makes a network fail that fails here, and what to try; "" where none of it applies."""
    if not (summary.one_answer or summary.train_accuracy < POOR):
        return ""
    if config.learning_rate >= LARGE_STEP:
        return f"A learning rate of {config.learning_rate:g} is often too large: try 0.02."
    if summary.one_answer and config.weight_decay >= STRONG_DECAY and config.decay == "l2":
        return f"Weight decay {config.weight_decay:g} is often so strong that nothing else counts: try 0.02."
    if summary.one_answer and config.dropout >= STRONG_DROPOUT:
        return f"Dropout {config.dropout:g} often leaves too few units to learn with: try 0.5."
    if config.learning_rate * config.epochs < FEW_STEPS:
        return "So few and small steps often end before anything is learnt: try more epochs or a larger learning rate."
    if config.width <= NARROW:
        return f"{_units(config.width)} a layer is often too few: try a wider network."
    return ""


def _units(width: int) -> str:
    return "One unit" if width == 1 else f"{width} units"


def alternative_text(sentence: str, arms: Sequence[Arm]) -> str:
    """What the picture shows, for readers who cannot see it."""
    lines = [
        f"{arm.label}: train accuracy {percent(s.train_accuracy)}, validation {percent(s.val_accuracy)}, "
        f"fresh data {percent(s.fresh_accuracy)}."
        for arm, s in ((arm, arm.run.summary) for arm in arms)
    ]
    epochs = arms[0].run.config.epochs
    unit = "epoch" if epochs == 1 else "epochs"
    intro = f"Training curves over {epochs} {unit} and the decision boundary of each network."
    return " ".join([sentence, intro, *lines])
