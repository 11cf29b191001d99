"""What settings, cells and numbers of a study are called in its sentences.

Differences of accuracies are in points, each with the interval that belongs to it in brackets.
"""

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from regdash.config import FIELDS
from regdash.study.metrics import Metric
from regdash.study.spec import StudySpec
from regdash.study.stats.intervals import Interval
from regdash.words.runs import NBSP

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
    if name == "epochs" and value == 1:
        return "training for 1 epoch"
    return PHRASES.get(name, f"{FIELDS[name].label.lower()} {{}}").format(FIELDS[name].text(value))


def amount(metric: Metric, value: float) -> str:
    """A value of a metric: "86.1 %", a gap "12.3 points", a loss "0.314"; "not defined" for NaN."""
    if math.isnan(value):
        return "not defined"
    if metric.in_points:
        return f"{number(100 * value, 1)} points"
    return f"{number(100 * value, 1)}{NBSP}%" if metric.is_share else number(value, 3)


def difference(metric: Metric, interval: Interval, *, signed: bool = True) -> str:
    """A difference with its interval: "+6.1 points [4.0, 8.2]", "−0.031 [−0.040, −0.022]"; without one, if NaN."""
    scale, digits, unit = (100, 1, " points") if metric.is_share else (1, 3, "")
    mean = number(scale * interval.mean, digits)
    plus = "+" if signed and mean.strip("0.") and not mean.startswith("−") else ""
    ends = "" if math.isnan(interval.low) else f" {bracket(metric, interval.low, interval.high)}"
    return f"{plus}{mean}{unit}{ends}"


def bracket(metric: Metric, low: float, high: float) -> str:
    """The ends of an interval in brackets: "[4.0, 8.2]"."""
    scale, digits = (100, 1) if metric.is_share else (1, 3)
    if any(end and not round(scale * end, digits) for end in (low, high)) and (low > 0 or high < 0):
        digits += 1  # an interval without 0 should not look as if it had it
    return f"[{number(scale * low, digits)}, {number(scale * high, digits)}]"


def seeds_text(counts: Iterable[int]) -> str:
    """Over how many seeds numbers are, from the count of each cell: "20 seeds", "the seeds, 12 to 20 by value"."""
    found = sorted({int(n) for n in counts})
    return count(found[0], "seed") if len(found) == 1 else f"the seeds, {found[0]:,} to {found[-1]:,} by value"


def number(value: float, digits: int) -> str:
    """A number with a true minus sign, and without "−0.0"."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def count(n: int, noun: str) -> str:
    """As "1 seed", "20 seeds"."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def capital(text: str) -> str:
    """The text with a capital letter first."""
    return text[0].upper() + text[1:]
