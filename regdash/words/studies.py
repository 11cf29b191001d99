"""The sentences of a study, from its numbers alone: what is best, how sure that is, and what cannot be told yet.

Differences of accuracies are in points, each with the interval that belongs to it in brackets.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from regdash.config import FIELDS
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC, Metric
from regdash.study.spec import StudySpec
from regdash.study.stats.bands import Band
from regdash.study.stats.intervals import Interval
from regdash.study.stats.paired import MAX_MORE, MIN_PAIRS, Best, Comparison, Verdict, reach
from regdash.study.stats.single_seed import SingleSeed
from regdash.words.runs import NBSP

SAME_POINTS = "All seeds trained on the same points, so this speaks of these data only."
MOST_NAMED = 3  # a sentence names so many cells and counts the others

# How a setting with its value is called where "label value" would not read as one thing ("points 200 beats …").
PHRASES: Mapping[str, str] = MappingProxyType(
    {
        "n_samples": "a set of {} points",
        "label_noise": "a flipped share of {}",
        "depth": "a depth of {}",
        "decay": "{} decay",
        "epochs": "training for {} epochs",
    }
)


def cell_text(spec: StudySpec, cell: int) -> str:
    """What a cell is called: "dropout 0.3", "dropout 0.3 with weight decay 0.02"."""
    return " with ".join(value_text(name, value) for name, value in zip(spec.fields, spec.cells[cell], strict=True))


def value_text(name: str, value: object) -> str:
    """What a setting with its value is called: "dropout 0.3", "a flipped share of 0.2"."""
    return PHRASES.get(name, f"{FIELDS[name].label.lower()} {{}}").format(FIELDS[name].text(value))


def amount(metric: Metric, value: float) -> str:
    """A value of a metric: "86.1 %", a loss as "0.314"; "not defined" for NaN."""
    if math.isnan(value):
        return "not defined"
    return f"{_number(100 * value, 1)}{NBSP}%" if metric.is_share else _number(value, 3)


def difference(metric: Metric, interval: Interval, *, signed: bool = True) -> str:
    """A difference with its interval: "+6.1 points [4.0, 8.2]", "−0.031 [−0.040, −0.022]"; without one, if NaN."""
    scale, digits, unit = (100, 1, " points") if metric.is_share else (1, 3, "")
    mean = _number(scale * interval.mean, digits)
    plus = "+" if signed and mean.strip("0.") and not mean.startswith("−") else ""
    ends = "" if math.isnan(interval.low) else f" {_bracket(metric, interval.low, interval.high)}"
    return f"{plus}{mean}{unit}{ends}"


def _bracket(metric: Metric, low: float, high: float) -> str:
    scale, digits = (100, 1) if metric.is_share else (1, 3)
    return f"[{_number(scale * low, digits)}, {_number(scale * high, digits)}]"


def verdict_sentence(spec: StudySpec, comparison: Comparison) -> str:
    """The verdict on one cell against the baseline, with its uncertainty and, if undecided, what may decide it."""
    metric = COMPARABLE[comparison.metric]
    cell, baseline = cell_text(spec, comparison.cell), cell_text(spec, comparison.baseline)
    shown = Interval(comparison.mean, comparison.low, comparison.high)
    by = size(metric, comparison)
    change, over = difference(metric, shown), f"over {count(comparison.n, 'paired seed')}"
    matters = difference(metric, Interval(metric.matters, math.nan, math.nan), signed=False)
    sentence = {
        Verdict.BETTER: f"{capital(cell)} beats {baseline} {metric.phrase} by {by} {over}.",
        Verdict.WORSE: f"{capital(cell)} loses to {baseline} {metric.phrase} by {by} {over}.",
        Verdict.SAME: f"No difference that matters between {cell} and {baseline} {metric.phrase}: {change} {over}, "
        f"so less than {matters} either way.",
        Verdict.UNDECIDED: f"Cannot tell yet whether {cell} or {baseline} is better {metric.phrase}: "
        + (f"the difference is {change} {over}." if comparison.n else "no pair of runs has a value."),
    }[comparison.verdict]
    return " ".join(filter(None, [sentence, _wider(metric, comparison), _outlook(comparison), _left_out(comparison)]))


def size(metric: Metric, comparison: Comparison) -> str:
    """The difference without its sign, for sentences whose verb says which way it goes."""
    mean, low, high = comparison.mean, comparison.low, comparison.high
    return difference(metric, Interval(mean, low, high) if mean >= 0 else Interval(-mean, -high, -low), signed=False)


def _wider(metric: Metric, comparison: Comparison) -> str:
    """Why the interval shown would do and the verdict's does not; "" unless that is so."""
    c = comparison
    convincing = c.low > 0 or c.high < 0 or (c.low > -metric.matters and c.high < metric.matters)
    if c.verdict != Verdict.UNDECIDED or not c.complete or c.n < MIN_PAIRS or not convincing:
        return ""
    if math.isinf(c.strict.high):
        return "Among so few seeds, luck alone can make all differences equal."
    chances = "looking again after adding seeds gives"
    if c.comparisons > 1:
        chances = f"{c.comparisons} comparisons at once, and looking again after adding seeds, give"
    wide = _bracket(metric, c.strict.low, c.strict.high)
    return f"Verdicts use a wider interval, {wide}, because {chances} luck more chances."


def _outlook(comparison: Comparison) -> str:
    if comparison.verdict != Verdict.UNDECIDED:
        return ""
    if not comparison.complete:
        return "The study is not finished, and part of it gives no verdict."
    more = reach(comparison)
    if comparison.n < MIN_PAIRS:
        remedy = (
            "Nearly all runs diverged; try a smaller learning rate." if comparison.n_diverged else "There can be none."
        )
        return "Add seeds." if more else remedy
    if more is None:
        return (
            f"Even {MAX_MORE} more seeds would hardly decide it: the difference is small beside the luck of the seeds."
        )
    return f"About {more} more seeds, added at once, may decide it."


def _left_out(comparison: Comparison) -> str:
    n = comparison.n_diverged
    verb = "is" if n == 1 else "are"
    return f"{count(n, 'pair')} {verb} left out, because a run diverged." if n else ""


def headline(
    spec: StudySpec,
    found: Best | None,
    comparisons: Sequence[Comparison],
    *,
    n_done: int,
    metric: str = DEFAULT_METRIC,
) -> str:
    """What the study says: the best cell and how sure that is, then the verdict against the baseline.

    `found` and `comparisons` are `best` and `compare` of the same result and `metric`; there are no comparisons in a
    study of one cell. `n_done` counts the runs that are there.
    """
    described = COMPARABLE[metric]
    if n_done == 0:
        return f"No run is finished yet, of {spec.n_runs:,}."
    if found is None:
        return _nothing(spec, n_done, metric)
    if n_done < spec.n_runs:
        name = cell_text(spec, found.cell)
        return (
            f"So far, with {n_done:,} of {spec.n_runs:,} runs, {name} is ahead {described.phrase} "
            f"({amount(described, found.mean)}); part of a study gives no verdict."
        )
    if spec.n_cells == 1:
        return f"{capital(cell_text(spec, found.cell))} reaches {_level(described, found)} {described.phrase}."
    by_cell = {comparison.cell: comparison for comparison in comparisons}
    against = by_cell.get(found.cell) or by_cell.get(-1 if found.runner_up is None else found.runner_up)
    sentences = [_best_sentence(spec, found, described, against)]
    if against and not (against.cell == found.cell and against.verdict == Verdict.BETTER):
        sentences.append(verdict_sentence(spec, against))
    if spec.data_seeds == "fixed":
        sentences.append(SAME_POINTS)
    return " ".join(sentences)


def _nothing(spec: StudySpec, n_done: int, metric: str) -> str:
    """Why no run has a value."""
    if metric == "memorised" and not any(spec.cell_config(cell).label_noise for cell in range(spec.n_cells)):
        return "No labels are flipped here, so there is nothing to memorise."
    runs = "All runs" if n_done == spec.n_runs else f"All {n_done:,} runs so far"
    return f"{runs} diverged: the loss stopped being a finite number. Try a smaller learning rate."


def _level(metric: Metric, found: Best) -> str:
    ends = "" if math.isnan(found.low) else f" {_bracket(metric, found.low, found.high)}"
    return f"{amount(metric, found.mean)}{ends}"


def _best_sentence(spec: StudySpec, found: Best, metric: Metric, against: Comparison | None) -> str:
    """Which cell is best, which may be as good, and, if it beats the baseline, by how much."""
    name, level = capital(cell_text(spec, found.cell)), amount(metric, found.mean)
    *first, last = [cell_text(spec, cell) for cell in found.rivals] or [""]
    named = f"{', '.join(first)} or {last}" if first else last
    also = named if len(found.rivals) <= MOST_NAMED else f"{len(found.rivals)} others"
    if against and against.cell == found.cell and against.verdict == Verdict.BETTER:
        beats = f"beats {cell_text(spec, against.baseline)} by {size(metric, against)}"
        rest = " ".join(filter(None, [f"over {count(against.n, 'paired seed')}.", _left_out(against)]))
        if found.clear:
            return f"{name} is best {metric.phrase} ({level} on average): it {beats} {rest}"
        return (
            f"{name} does best {metric.phrase} ({level} on average) and {beats} {rest} {capital(also)} may be as good."
        )
    if found.clear:
        others = " All others do worse." if spec.n_cells > 2 else ""
        return f"{name} is best {metric.phrase} ({level} on average).{others}"
    return f"{name} has the best average {metric.phrase} ({level}), but {also} may be as good."


def diverged_sentence(spec: StudySpec, n_diverged: Sequence[int]) -> str:
    """How many runs diverged and where, from the count of each cell (V,); "" if none did."""
    total = int(sum(n_diverged))
    if not total:
        return ""
    worst = sorted((cell for cell in range(len(n_diverged)) if n_diverged[cell]), key=lambda cell: -n_diverged[cell])
    named = [f"{n_diverged[cell]} at {cell_text(spec, cell)}" for cell in worst[:MOST_NAMED]]
    rest = sum(n_diverged[cell] for cell in worst[MOST_NAMED:])
    where = ", ".join([*named, f"{rest} elsewhere"] if rest else named)
    pronoun = "Its loss" if total == 1 else "Their loss"
    return (
        f"{total:,} of {spec.n_runs:,} runs diverged ({where}). {pronoun} stopped being a finite number, "
        "so there is no accuracy to average: the numbers here are those of the other runs."
    )


def band_label(band: Band) -> str:
    """The band's name, and how many replicates it leaves out."""
    return f"{band.name}; {band.n_left_out} left out" if band.n and band.n_left_out else band.name


def verdict_text(comparison: Comparison) -> str:
    """The verdict in a few words; of a part of a study none is given."""
    return comparison.verdict.value if comparison.complete else "not finished"


def seeds_text(counts: Iterable[int]) -> str:
    """Over how many seeds numbers are, from the count of each cell: "20 seeds", "the seeds, 12 to 20 by value"."""
    found = sorted({int(n) for n in counts})
    return count(found[0], "seed") if len(found) == 1 else f"the seeds, {found[0]:,} to {found[-1]:,} by value"


def one_seed_sentence(single: SingleSeed, verdict: Verdict, *, cell: str, baseline: str) -> str:
    """What publishing one seed would have said; `verdict` is that of all pairs together. "" if there is no pair.

    `cell` and `baseline` name the two settings that `single` compares.
    """
    if not single.n:
        return ""
    judged = f"judged on {single.n_points} validation points"
    ties = f"; {single.tied} more would have been {'a tie' if single.tied == 1 else 'ties'}" if single.tied else ""
    if verdict in (Verdict.BETTER, Verdict.WORSE):
        wrong = f"{single.wrong} of {count(single.n, 'single run')}"
        return f"In {wrong}, {judged}, the wrong setting would have won{ties}."
    same = verdict == Verdict.SAME
    known = "Neither setting is better by anything that matters" if same else "Which setting is better is not known"
    wins = (
        [(single.right, cell), (single.wrong, baseline)]
        if single.truth > 0
        else [(single.wrong, cell), (single.right, baseline)]
    )
    (more, first), (fewer, second) = sorted(wins, key=lambda won: -won[0])
    split = f"{more} of {count(single.n, 'single run')} would have named {first} the winner, {fewer} {second}"
    return f"{known}. {capital(judged)}, {split}{ties}."


def _number(value: float, digits: int) -> str:
    """A number with a true minus sign, and without "−0.0"."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def count(n: int, noun: str) -> str:
    """As "1 seed", "20 seeds"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[0].upper() + text[1:]
