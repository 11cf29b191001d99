"""What a study's charts show, in sentences for readers who cannot see them.

A chart of two swept settings shows a slice of the cells, and its text speaks of those alone: the functions here take
what the chart was given, restricted to its cells.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from regdash.config import FIELDS
from regdash.study.metrics import COMPARABLE, Metric
from regdash.study.spec import StudySpec
from regdash.study.stats.bands import Band
from regdash.study.stats.intervals import Floats, Interval
from regdash.study.stats.narrowing import Narrowing
from regdash.study.stats.paired import Comparison
from regdash.words.studies import band_label
from regdash.words.terms import amount, bracket, capital, cell_text, count, difference, seeds_text
from regdash.words.verdicts import verdict_text

MOST_LISTED = 12  # of more cells than this only the highest and the lowest are told


def curves_alt(spec: StudySpec, curve: str, bands: Mapping[int, Band]) -> str:
    """The curves by epoch: where each cell's line ends. `bands` are `curve_bands` of column `curve`, by cell."""
    metric = Metric(
        label=curve.replace("val_", "validation ").replace("_", " "), phrase="", is_share="accuracy" in curve
    )
    ends = [_last(band.centre) for band in bands.values()]
    lines = [
        f"{cell_text(spec, cell)} ends at {amount(metric, end)} ({band_label(band)})"
        for (cell, band), end in zip(bands.items(), ends, strict=True)
    ]
    return f"Curves of {metric.label} by epoch, one per {_swept(spec, list(bands))}. {_told(lines, ends)}"


def strength_alt(spec: StudySpec, table: pd.DataFrame, metric: str) -> str:
    """The strength curve: each cell's mean (or median) with its 95 % interval. `table` are rows of `cells_table`."""
    described = COMPARABLE[metric]
    what = f"{capital(described.centre)} {described.label.lower()}"
    lines = [
        f"{cell_text(spec, cell)}: {amount(described, mean)}"
        + (f" [{amount(described, low)}, {amount(described, high)}]" if np.isfinite(low) else "")
        for cell, mean, low, high in zip(table.index, table["centre"], table["low"], table["high"], strict=True)
    ]
    intro = f"{what} by {_swept(spec, table.index)}, over {seeds_text(table['n'])}."
    return f"{intro} {_told(lines, table['centre'].tolist())}"


def heat_alt(spec: StudySpec, table: pd.DataFrame, metric: str) -> str:
    """The heat map: the mean (or median) of each cell, from `cells_table`."""
    described, means = COMPARABLE[metric], table["centre"].tolist()
    lines = [
        f"{cell_text(spec, cell)}: {amount(described, mean)}" for cell, mean in zip(table.index, means, strict=True)
    ]
    what = f"Heat map of {described.centre} {described.label.lower()} by {_swept(spec, table.index)}"
    return f"{what}, over {seeds_text(table['n'])}. {_told(lines, means)}"


def pairs_alt(spec: StudySpec, comparisons: Sequence[Comparison]) -> str:
    """The paired differences: mean, interval and verdict of each comparison."""
    if not comparisons:
        return "There is no other value to compare with the baseline."
    metric = COMPARABLE[comparisons[0].metric]
    lines = [
        f"{cell_text(spec, c.cell)}: {difference(metric, c.shown)}, {verdict_text(c)}{_resting(metric, c)}"
        for c in comparisons
    ]
    baseline = cell_text(spec, comparisons[0].baseline)
    intro = (
        f"Differences {metric.phrase} from {baseline}, seed by seed, with the 95 % interval of their {metric.centre}."
    )
    return f"{intro} {_told(lines, [c.mean for c in comparisons])}"


def narrowing_alt(spec: StudySpec, narrowed: Sequence[tuple[Comparison, Narrowing]]) -> str:
    """How the intervals of differences narrow as pairs are added: the first of each, the last, and its verdict."""
    if not narrowed:
        return "There is no other value to compare with the baseline."
    first = narrowed[0][0]
    metric, baseline = COMPARABLE[first.metric], cell_text(spec, first.baseline)
    intro = (
        f"Differences {metric.phrase} from {baseline}, as pairs of runs are added, with the 95 % interval of their "
        f"{metric.centre}."
    )
    lines = [f"{cell_text(spec, found.cell)}: {_narrowed(metric, found, each)}" for found, each in narrowed]
    return f"{intro} {_told(lines, [found.mean for found, _ in narrowed])}"


def _narrowed(metric: Metric, found: Comparison, each: Narrowing) -> str:
    """ "+2.0 points [−8.1, 12.0] of 3 pairs, +6.1 points [4.0, 8.2] of 20 pairs, better"."""
    told = ["too few pairs so far"] if not len(each.pairs) else []
    for i in range(len(each.pairs))[:: max(len(each.pairs) - 1, 1)]:
        interval = Interval(each.centre[i], each.low[i], each.high[i])
        told.append(f"{difference(metric, interval)} of {count(int(each.pairs[i]), 'pair')}")
    return f"{', '.join(told)}, {verdict_text(found)}{_resting(metric, found)}"


def _resting(metric: Metric, comparison: Comparison) -> str:
    """The interval that the verdict rests on, if it has one."""
    ends = comparison.strict.low, comparison.strict.high
    return (
        f" (verdicts' wider interval {bracket(metric, *ends)})"
        if np.isfinite(ends).all() and comparison.complete
        else ""
    )


def _swept(spec: StudySpec, cells: Iterable[int]) -> str:
    """The settings in which the cells differ; of a single cell, all that are swept."""
    values = zip(*(spec.cells[cell] for cell in cells), strict=True)
    differ = [name for name, taken in zip(spec.fields, values, strict=True) if len(set(taken)) > 1]
    return " and ".join(FIELDS[name].label.lower() for name in differ or spec.fields)


def _last(centre: Floats) -> float:
    """The last value that is there: shorter runs than the longest end in NaN."""
    there = centre[np.isfinite(centre)]
    return float(there[-1]) if len(there) else float("nan")


def _told(lines: Sequence[str], values: Sequence[float]) -> str:
    """All `lines`, or of many those with the highest and the lowest of `values` (NaN count for nothing)."""
    if len(lines) > MOST_LISTED and np.isfinite(values).any():
        extremes = ("Highest", lines[int(np.nanargmax(values))]), ("Lowest", lines[int(np.nanargmin(values))])
        return f"{len(lines)} cells. " + " ".join(f"{word}: {line}." for word, line in extremes)
    return "; ".join([lines[0][0].upper() + lines[0][1:], *lines[1:MOST_LISTED]]) + "."
