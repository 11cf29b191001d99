"""What a study's charts show, in sentences for readers who cannot see them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from regdash.config import FIELDS
from regdash.study.bands import Band
from regdash.study.intervals import Floats, Interval
from regdash.study.metrics import COMPARABLE, Metric
from regdash.study.paired import Comparison
from regdash.study.spec import StudySpec
from regdash.study.words import amount, band_label, cell_text, difference

MOST_LISTED = 12  # of more cells than this only the highest and the lowest are told


def curves_alt(spec: StudySpec, curve: str, bands: Sequence[Band]) -> str:
    """The curves by epoch: where each cell's line ends. `bands` (V,) are the `curve_bands` of column `curve`."""
    metric = Metric(
        label=curve.replace("val_", "validation ").replace("_", " "), phrase="", is_share="accuracy" in curve
    )
    ends = [_last(band.centre) for band in bands]
    lines = [
        f"{cell_text(spec, cell)} ends at {amount(metric, end)} ({band_label(band)})"
        for cell, (band, end) in enumerate(zip(bands, ends, strict=True))
    ]
    return f"Curves of {metric.label} by epoch, one per {_swept(spec)}. {_told(lines, ends)}"


def strength_alt(spec: StudySpec, table: pd.DataFrame, metric: str) -> str:
    """The strength curve: median and middle half of each cell, from `cells_table`."""
    described = COMPARABLE[metric]
    columns = (table[name].to_numpy() for name in ("median", "low_quartile", "high_quartile"))
    lines = [
        f"{cell_text(spec, cell)}: median {amount(described, median)}, middle half {amount(described, low)} to "
        f"{amount(described, high)}"
        for cell, (median, low, high) in enumerate(zip(*columns, strict=True))
    ]
    intro = f"{described.label} by {_swept(spec)}, {spec.n_seeds} seeds each."
    return f"{intro} {_told(lines, table['median'].tolist())}"


def heat_alt(spec: StudySpec, table: pd.DataFrame, metric: str) -> str:
    """The heat map: the mean of each cell, from `cells_table`."""
    described, means = COMPARABLE[metric], table["mean"].tolist()
    lines = [f"{cell_text(spec, cell)}: {amount(described, mean)}" for cell, mean in enumerate(means)]
    return f"Heat map of mean {described.label.lower()} by {_swept(spec)}. {_told(lines, means)}"


def pairs_alt(spec: StudySpec, comparisons: Sequence[Comparison]) -> str:
    """The paired differences: mean, interval and verdict of each comparison."""
    if not comparisons:
        return "There is no other value to compare with the baseline."
    metric = COMPARABLE[comparisons[0].metric]
    lines = [
        f"{cell_text(spec, c.cell)}: {difference(metric, Interval(c.mean, c.low, c.high))}, {c.verdict.value}"
        for c in comparisons
    ]
    baseline = cell_text(spec, comparisons[0].baseline)
    intro = f"Differences {metric.phrase} from {baseline}, seed by seed, with the 95 % interval of their mean."
    return f"{intro} {_told(lines, [c.mean for c in comparisons])}"


def _swept(spec: StudySpec) -> str:
    return " and ".join(FIELDS[name].label.lower() for name in spec.fields)


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
