"""What many seeds say of the comparison that Explore shows for one: the judging that one pair of runs cannot do."""

import math

import numpy as np

from regdash.config import RunConfig
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.stats.intervals import Interval
from regdash.study.stats.paired import MATTERS, Comparison, Verdict
from regdash.words.runs import regularizers
from regdash.words.terms import capital, count, difference
from regdash.words.verdicts import apart, rests_on, size

NOTHING = "There is no regularization to judge. Raise dropout or weight decay, and 20 more pairs of runs judge it."
WAITING = "One pair of runs is luck: when you rest, 20 more with other seeds judge."
WORKING = "Training 20 more pairs, each with a seed and data of its own …"
BUSY = "Many visitors are training at this moment, so 20 more pairs are not trained for each. The page asks again."
TOO_LARGE = "These networks are too large to train 20 more pairs here at once. Study trains as many as you wait for."
ALLOWS = "looking again with more seeds"
FAILED = "The judging by 20 more pairs stopped. Move a control to ask again."


def judgement(found: Comparison, config: RunConfig) -> str:
    """The verdict on the visitor's regularizers over the pairs of a second opinion, with its interval."""
    metric, name = COMPARABLE[DEFAULT_METRIC], regularizers(config)
    over = f"Over {count(found.n, 'pair')}, each with a seed and data of its own,"
    change = difference(metric, found.shown)
    if not found.n:
        return "In all further pairs a run diverged: there is nothing to compare. Try a smaller learning rate."
    sentence = {
        Verdict.BETTER: f"{over} {name} is better on fresh data, by {size(metric, found)} on average.",
        Verdict.WORSE: f"{over} {name} is worse on fresh data, by {size(metric, found)} on average.",
        Verdict.SAME: f"{over} {name} makes no difference that matters on fresh data: {change} on average.",
        Verdict.ALIKE: f"{over} networks with {name} and without are alike so far on fresh data: {change} on average. "
        "What happens more rarely need not have shown itself.",
        Verdict.UNDECIDED: f"{over} it cannot be told yet whether {name} makes a difference that matters on fresh "
        f"data: {change} on average.",
    }[found.verdict]
    n = found.n_diverged
    left_out = f"{capital(count(n, 'pair'))} left out, because a run diverged: this is of the others." if n else ""
    fallen = apart(found, cell="yours", baseline="without regularization")
    # Whiskers and help tell of the wider interval; here, only where it leaves open what the one shown would decide.
    wider = rests_on(found, ALLOWS) if found.verdict == Verdict.UNDECIDED else ""
    return " ".join(filter(None, [sentence, wider, fallen, left_out]))


def standing(found: Comparison, own: float, *, among: bool = False) -> str:
    """Where this pair's difference `own` (a share; NaN if there is none) lies among the others, or `among` them."""
    if math.isnan(own) or not found.n:
        return ""
    below = int(np.sum(found.differences < own - 1e-9))
    above = int(np.sum(found.differences > own + 1e-9))
    level = found.n - below - above - among  # besides itself
    change = difference(COMPARABLE[DEFAULT_METRIC], Interval(own, math.nan, math.nan))
    place = (
        f"all {found.n} have less" if below == found.n
        else f"all {found.n} have more" if above == found.n
        else f"{below} of {found.n} have less, {above} more, {level} equal" if level
        else f"{below} of {found.n} have less, {above} more"
    )  # fmt: skip
    return f"In this pair{', which is one of them,' if among else ''} it is {change}: {place}."


def strip_title(n: int) -> str:
    """The heading of the strip of dots."""
    return f"{n} more pairs of runs"


def strip_caption() -> str:
    """What its marks are."""
    return (
        "Each dot is a pair of runs with the same seed and data; click one to open it. Mark and bar: their mean and "
        "its 95 % interval; thin whiskers: the wider one that the verdict rests on. The diamond is the pair on show. "
        f"Within the grey strip, ±{100 * MATTERS:g} points, a difference does not matter."
    )
