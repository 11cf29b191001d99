"""What a study says that sweeps a setting of the data beside another one: what is best for each kind of data."""

import math
from collections.abc import Sequence

from regdash.config import DATA_FIELDS, FIELDS
from regdash.study.by_data import Within, data_field
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC, Metric
from regdash.study.spec import StudySpec
from regdash.study.stats.paired import Comparison, Verdict
from regdash.words.studies import MOST_NAMED, SAME_POINTS
from regdash.words.terms import amount, capital, cell_text, count, difference, seeds_text, value_text
from regdash.words.verdicts import left_out, rests_on, size


def headline(spec: StudySpec, found: list[Within], *, n_done: int, metric: str = DEFAULT_METRIC) -> str:
    """What such a study says at a glance, before `findings` says it for each kind of data."""
    described, field = COMPARABLE[metric], data_field(spec) or ""
    where = f"{count(len(found), 'value')} of {FIELDS[field].label.lower()}"
    if n_done < spec.n_runs:
        return f"So far, there are {n_done:,} of {spec.n_runs:,} runs; part of a study gives no verdict."
    other = _other(spec)
    if len(dict(spec.sweep)[other]) == 1:
        return f"What {_text(spec, found[0].cells[0])} reaches {described.phrase}, for each of {where}."
    beaten = sum(each.best != each.cells[0] and _verdict(each) == Verdict.BETTER for each in found)
    first = capital(_text(spec, found[0].cells[0]))
    sentence = f"{first} is shown to be beaten {described.phrase} at {beaten or 'none'} of {where}."
    return f"{sentence} {SAME_POINTS}" if spec.data_seeds == "fixed" else sentence


def levels(
    spec: StudySpec, centres: Sequence[float], *, n_done: int, counts: Sequence[int], metric: str = DEFAULT_METRIC
) -> str:
    """What a study says that sweeps the data set, and data alone: how far apart they are. `centres` (V,) are
    the cells' means or medians, as the metric is compared, each over its count of seeds in `counts` (V,).

    Which data are the easier ones is a fact about them: no choice is better for it, so none is called the best.
    """
    described, there = COMPARABLE[metric], [cell for cell in range(spec.n_cells) if math.isfinite(centres[cell])]
    if not there:
        return f"No run has a value, of {n_done:,} that are done."
    low, high = (pick(there, key=lambda cell: centres[cell]) for pick in (min, max))
    ends = [f"{amount(described, centres[cell])} ({cell_text(spec, cell)})" for cell in (low, high)]
    reach = f"from {ends[0]} to {ends[1]}" if low != high else ends[0]
    if n_done < spec.n_runs:
        return (
            f"So far, with {n_done:,} of {spec.n_runs:,} runs: {described.label.lower()} {reach}, {described.typical}."
        )
    over = seeds_text(counts)
    only_easier = "No data are better than others, only easier."
    return f"{described.label} goes {reach}, {described.typical}, over {over}. {only_easier}"


def findings(spec: StudySpec, found: list[Within], metric: str = DEFAULT_METRIC) -> list[str]:
    """A sentence for each kind of data: "With a flipped share of 0.2: weight decay 0.02 beats weight decay 0 by …"."""
    field = data_field(spec) or ""
    return [f"With {value_text(field, each.value)}: {_finding(spec, each, COMPARABLE[metric])}" for each in found]


def _finding(spec: StudySpec, each: Within, metric: Metric) -> str:
    if each.best is None:
        return "no run has a value."
    name, level = _text(spec, each.best), amount(metric, each.mean)
    pair = each.against
    if pair is None:
        return f"{name} reaches {level}."
    if not pair.complete:
        return f"{name} is ahead ({level})."
    first, change = _text(spec, pair.baseline), difference(metric, pair.shown)
    others = [_text(spec, cell) for cell in each.rivals]
    also = ", ".join(others) if len(others) <= MOST_NAMED else f"{len(others)} others"
    best, doubt = ("is ahead", f" {capital(also)} may be as good.") if others else ("is best", "")
    doubt = " ".join(filter(None, [doubt, left_out(pair)]))
    doubt = f" {doubt.strip()}" if doubt else ""
    if each.best == pair.baseline:
        rival = _text(spec, pair.cell)
        return {
            Verdict.WORSE: f"{first} {best} ({level}); {rival}, the next, loses to it by {size(metric, pair)}.{doubt}",
            Verdict.SAME: f"no difference that matters between {first} ({level}) and {rival}, the next: {change}.",
            Verdict.ALIKE: f"{first} ({level}) and {rival}, the next, are alike so far: {change}.",
        }.get(pair.verdict, f"cannot tell yet whether {first} ({level}) beats {rival}: {_unsure(pair, change)}")
    return {
        Verdict.BETTER: f"{name} {best} ({level}) and beats {first} by {size(metric, pair)}.{doubt}",
        Verdict.SAME: f"no difference that matters between {name} ({level}) and {first}: {change}.",
        Verdict.ALIKE: f"{name} ({level}) and {first} are alike so far: {change}.",
    }.get(pair.verdict, f"cannot tell yet whether {name} ({level}) beats {first}: {_unsure(pair, change)}")


def _unsure(pair: Comparison, change: str) -> str:
    """The difference, and why it does not do."""
    known = f"the difference is {change}." if pair.n else "no pair of runs has a value."
    return " ".join(filter(None, [known, rests_on(pair), left_out(pair)]))


def _verdict(each: Within) -> Verdict | None:
    return each.against.verdict if each.against else None


def _other(spec: StudySpec) -> str:
    """The swept setting that does not make the data."""
    return next(name for name in spec.fields if name not in DATA_FIELDS)


def _text(spec: StudySpec, cell: int) -> str:
    """What a cell is called where its data are known: its value of the other setting."""
    other = _other(spec)
    return value_text(other, spec.cells[cell][spec.fields.index(other)])
