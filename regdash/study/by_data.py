"""Studies that sweep a setting of the data beside another one: what is best for each kind of data.

Some data are easier than others, whatever is done about it: the best cell of such a grid says little but that.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from regdash.config import DATA_FIELDS, FIELDS
from regdash.study.intervals import Interval
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC, Metric
from regdash.study.paired import Comparison, Verdict, compare
from regdash.study.spec import StudySpec
from regdash.study.words import SAME_POINTS, amount, capital, count, difference, size, value_text

if TYPE_CHECKING:
    from regdash.study.result import StudyResult


@dataclass(frozen=True, kw_only=True, eq=False)
class Within:
    """What is best where the data setting has one value.

    value    that value
    cells    the study's cells there, in the order of the other setting's values
    best     the cell with the best mean, None if no run there has a value
    mean     its mean
    against  the best cell against the other setting's first value; if that is the best, the runner-up against it; None
             if there is nothing to compare
    """

    value: Any
    cells: tuple[int, ...]
    best: int | None
    mean: float
    against: Comparison | None


def data_field(spec: StudySpec) -> str | None:
    """The swept setting that makes the data, if the study sweeps one beside one that does not."""
    found = [name for name in spec.fields if name in DATA_FIELDS]
    return found[0] if len(found) == 1 and len(spec.fields) == 2 else None


def within(result: "StudyResult", metric: str = DEFAULT_METRIC, *, looks: int = 1) -> list[Within]:
    """For each value of the data setting, in their order, the best of the other one; [] without a `data_field`.

    Verdicts count all cells of the study as compared at once, as `compare` does.
    """
    spec, field = result.spec, data_field(result.spec)
    if field is None:
        return []
    axis = spec.fields.index(field)
    grid = np.moveaxis(np.arange(spec.n_cells).reshape(spec.shape), axis, 0)  # (data values, values of the other)
    return [
        _within(result, metric, looks, value, tuple(row))
        for value, row in zip(dict(spec.sweep)[field], grid.tolist(), strict=True)
    ]


def _within(result: "StudyResult", metric: str, looks: int, value: Any, cells: tuple[int, ...]) -> Within:
    values, sign = result.values(metric), COMPARABLE[metric].sign
    means = {cell: float(np.nanmean(values[cell])) for cell in cells if np.isfinite(values[cell]).any()}
    if not means:
        return Within(value=value, cells=cells, best=None, mean=np.nan, against=None)
    first = cells[0]
    order = sorted(means, key=lambda cell: -sign * means[cell])
    other = next((cell for cell in order if cell != first), None)
    rival = order[0] if order[0] != first else other
    pairs = compare(result, baseline=first, metric=metric, looks=looks)
    against = next((pair for pair in pairs if pair.cell == rival), None)
    return Within(value=value, cells=cells, best=order[0], mean=means[order[0]], against=against)


def headline(spec: StudySpec, found: list[Within], *, n_done: int, metric: str = DEFAULT_METRIC) -> str:
    """What such a study says at a glance, before `findings` says it for each kind of data."""
    described, field = COMPARABLE[metric], data_field(spec) or ""
    where = f"values of {FIELDS[field].label.lower()}"
    if n_done < spec.n_runs:
        return f"So far, there are {n_done:,} of {spec.n_runs:,} runs; part of a study gives no verdict."
    other = _other(spec)
    if len(dict(spec.sweep)[other]) == 1:
        return f"What {_text(spec, found[0].cells[0])} reaches {described.phrase}, for each of {len(found)} {where}."
    beaten = sum(each.best != each.cells[0] and _verdict(each) == Verdict.BETTER for each in found)
    first = capital(_text(spec, found[0].cells[0]))
    sentence = f"{first} is shown to be beaten {described.phrase} at {beaten or 'none'} of {len(found)} {where}."
    return f"{sentence} {SAME_POINTS}" if spec.data_seeds == "fixed" else sentence


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
    first, change = _text(spec, pair.baseline), difference(metric, Interval(pair.mean, pair.low, pair.high))
    if each.best == pair.baseline:
        rival = _text(spec, pair.cell)
        return {
            Verdict.WORSE: f"{first} is best ({level}); {rival}, the next, loses to it by {size(metric, pair)}.",
            Verdict.SAME: f"no difference that matters between {first} ({level}) and {rival}, the next: {change}.",
        }.get(pair.verdict, f"cannot tell yet whether {first} ({level}) beats {rival}: {_unsure(pair, change)}.")
    return {
        Verdict.BETTER: f"{name} does best ({level}) and beats {first} by {size(metric, pair)}.",
        Verdict.SAME: f"no difference that matters between {name} ({level}) and {first}: {change}.",
    }.get(pair.verdict, f"cannot tell yet whether {name} ({level}) beats {first}: {_unsure(pair, change)}.")


def _unsure(pair: Comparison, change: str) -> str:
    left_out = f", {count(pair.n_diverged, 'pair')} left out" if pair.n_diverged else ""
    return f"the difference is {change}{left_out}" if pair.n else "no pair of runs has a value"


def _verdict(each: Within) -> Verdict | None:
    return each.against.verdict if each.against else None


def _other(spec: StudySpec) -> str:
    """The swept setting that does not make the data."""
    return next(name for name in spec.fields if name not in DATA_FIELDS)


def _text(spec: StudySpec, cell: int) -> str:
    """What a cell is called where its data are known: its value of the other setting."""
    other = _other(spec)
    return value_text(other, spec.cells[cell][spec.fields.index(other)])
