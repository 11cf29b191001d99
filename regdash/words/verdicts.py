"""The sentence of one verdict: what two settings differ by, what that rests on, and what may decide what is open."""

import math

from regdash.study.metrics import COMPARABLE, Metric
from regdash.study.spec import StudySpec
from regdash.study.stats.intervals import Centre, Interval
from regdash.study.stats.paired import Comparison, Verdict
from regdash.study.stats.reach import MAX_MORE, chance, reach, seeds_to_prove
from regdash.study.stats.sameness import unseen
from regdash.study.stats.spending import MIN_PAIRS
from regdash.words.terms import bracket, capital, cell_text, count, difference

MEDIAN_ALONE = " in the typical run; what happens in fewer than half of the seeds a median does not see"
AGAIN = "looking again after adding seeds"
UNLIKELY = 0.2  # a chance below this is called small


def verdict_sentence(spec: StudySpec, comparison: Comparison) -> str:
    """The verdict on one cell against the baseline, with its uncertainty and, if undecided, what may decide it."""
    metric = COMPARABLE[comparison.metric]
    cell, baseline = cell_text(spec, comparison.cell), cell_text(spec, comparison.baseline)
    by, change, over = size(metric, comparison), difference(metric, comparison.shown), over_pairs(metric, comparison)
    sentence = {
        Verdict.BETTER: f"{capital(cell)} beats {baseline} {metric.phrase} by {by} {over}.",
        Verdict.WORSE: f"{capital(cell)} loses to {baseline} {metric.phrase} by {by} {over}.",
        Verdict.SAME: f"No difference that matters between {cell} and {baseline} {metric.phrase}: {change} {over}, "
        f"so less than {_matters(metric)} either way{MEDIAN_ALONE if metric.centre == Centre.MEDIAN else ''}.",
        Verdict.ALIKE: f"{capital(cell)} and {baseline} are alike so far {metric.phrase}: {change} {over}.",
        Verdict.UNDECIDED: f"Cannot tell yet whether {cell} or {baseline} is better {metric.phrase}: "
        + (f"the difference is {change} {over}." if comparison.n else "no pair of runs has a value."),
    }[comparison.verdict]
    return " ".join(
        filter(None, [sentence, rests_on(comparison), _outlook(comparison), apart(comparison), left_out(comparison)])
    )


def verdict_text(comparison: Comparison) -> str:
    """The verdict in a few words; of a part of a study none is given."""
    return comparison.verdict.value if comparison.complete else "not finished"


def size(metric: Metric, comparison: Comparison) -> str:
    """The difference without its sign, for sentences whose verb says which way it goes."""
    mean, low, high = comparison.shown
    return difference(metric, Interval(mean, low, high) if mean >= 0 else Interval(-mean, -high, -low), signed=False)


def over_pairs(metric: Metric, comparison: Comparison) -> str:
    """Over how many pairs a difference is, and what of them: "over 20 paired seeds"."""
    pairs = count(comparison.n, "paired seed")
    return f"over {pairs}" if metric.centre == Centre.MEAN else f"in the median of {pairs}"


def rests_on(comparison: Comparison, again: str = AGAIN) -> str:
    """Which interval the verdict rests on, and why; "" where the one shown leaves it open anyway.

    `again` is what gives luck another chance.
    """
    c, metric = comparison, COMPARABLE[comparison.metric]
    equal = c.n >= MIN_PAIRS and math.isnan(c.low)
    convincing = equal or c.low > 0 or c.high < 0 or (c.low > -c.measure.matters and c.high < c.measure.matters)
    if not c.complete or c.n < MIN_PAIRS or (c.verdict == Verdict.UNDECIDED and not convincing):
        return ""
    if math.isinf(c.strict.high):
        return "Among so few seeds, this may be luck alone."
    if c.strict.low == c.strict.high:
        return "All pairs differ by the same amount." if c.mean else "No pair differs at all."
    if c.verdict == Verdict.UNDECIDED and (c.strict.low > 0 or c.strict.high < 0):
        side = "above" if c.strict.low > 0 else "below"
        return f"It is {side} 0, but whether by {_matters(metric)}, as much as matters, is open."
    chances = f"{c.comparisons} comparisons at once and {again}" if c.comparisons > 1 else again
    strict = bracket(metric, *((-c.strict.high, -c.strict.low) if _turned(c) else c.strict[1:]))
    if c.verdict == Verdict.UNDECIDED:
        give = "give" if c.comparisons > 1 else "gives"
        return f"Verdicts rest on a wider interval, {strict}, because {chances} {give} luck more chances."
    return f"The verdict rests on a wider interval, {strict}, which allows for {chances}."


def _turned(comparison: Comparison) -> bool:
    """Whether the sentence gives the size of a difference that is below 0: "loses by 6.1 points"."""
    return comparison.mean < 0 and comparison.verdict in (Verdict.BETTER, Verdict.WORSE)


def _outlook(comparison: Comparison) -> str:
    """What may decide what is open, or why nothing can."""
    if not comparison.complete:
        return "The study is not finished, and part of it gives no verdict."
    if comparison.verdict == Verdict.ALIKE:
        return _proof(comparison)
    if comparison.verdict != Verdict.UNDECIDED:
        return ""
    more = reach(comparison)
    if comparison.n < MIN_PAIRS:
        remedy = (
            "Nearly all runs diverged; try a smaller learning rate." if comparison.n_diverged else "There can be none."
        )
        return "Add seeds." if more else remedy
    if more is not None:
        return f"About {more} more seeds, added at once, may decide it."
    if chance(comparison) < UNLIKELY:
        return (
            f"Even {MAX_MORE} more seeds would hardly decide it: the difference is small beside the luck of the seeds."
        )
    return f"Even {MAX_MORE} more seeds may not decide it."


def _proof(comparison: Comparison) -> str:
    """What keeps pairs that are alike from being called the same, and how many seeds may prove it."""
    metric, measure = COMPARABLE[comparison.metric], comparison.measure
    if comparison.n_apart:
        return "Too few seeds have shown how often runs collapse to say that no difference matters."
    most = difference(metric, Interval(measure.widest, math.nan, math.nan), signed=False).replace(".0 ", " ")
    seldom = max(2, math.floor(1 / unseen(comparison.n)))
    return (
        f"But a failure in fewer than one seed in {seldom} need not have shown itself, and may cost up to {most}: "
        f"to prove that no difference matters takes {seeds_to_prove(comparison):,} seeds as alike as these, at least."
    )


def apart(comparison: Comparison, *, cell: str = "of the first setting", baseline: str = "of the second") -> str:
    """How many runs collapsed, and what the other pairs differ by; "" if none did.

    `cell` and `baseline` say whose runs: "3 of the first setting".
    """
    c, metric = comparison, COMPARABLE[comparison.metric]
    if not c.n_apart:
        return ""
    others = c.n - c.n_apart
    of_cell, of_baseline = c.n_collapsed
    which = f"a run gave one answer everywhere ({of_cell} {cell}, {of_baseline} {baseline})"
    if not others:
        return f"In every pair {which}."
    pairs = "In 1 pair" if c.n_apart == 1 else f"In {c.n_apart} pairs"
    rest = "the other pair differs" if others == 1 else f"the other {others} differ"
    return f"{pairs} {which}; {rest} by {difference(metric, c.rest)}."


def left_out(comparison: Comparison) -> str:
    """How many pairs diverged; "" if none did."""
    n = comparison.n_diverged
    verb = "is" if n == 1 else "are"
    return f"{count(n, 'pair')} {verb} left out, because a run diverged." if n else ""


def _matters(metric: Metric) -> str:
    return difference(metric, Interval(metric.matters, math.nan, math.nan), signed=False)
