"""Studies that sweep a setting of the data beside another one: what is best for each kind of data.

Some data are easier than others, whatever is done about it: the best cell of such a grid says little but that.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.config import DATA_FIELDS
from regdash.study.comparisons import compare_among
from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC
from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.study.stats.intervals import centres
from regdash.study.stats.paired import Comparison
from regdash.study.stats.rivals import best_of


@dataclass(frozen=True, kw_only=True, eq=False)
class Within:
    """What is best where the data setting has one value.

    value    that value
    cells    the study's cells there, in the order of the other setting's values
    best     the cell with the best mean, None if no run there has a value
    mean     its mean, or median, as the metric is compared
    rivals   the cells there, best first, that may be as good, by the count of all cells of the study
    against  the best cell against the other setting's first value; if that is the best, the runner-up against it; None
             if there is nothing to compare
    """

    value: Any
    cells: tuple[int, ...]
    best: int | None
    mean: float
    against: Comparison | None
    rivals: tuple[int, ...] = ()


def data_field(spec: StudySpec) -> str | None:
    """The swept setting that makes the data, if the study sweeps one beside one that does not."""
    found = [name for name in spec.fields if name in DATA_FIELDS]
    return found[0] if len(found) == 1 and len(spec.fields) == 2 else None


def is_between_data_sets(spec: StudySpec) -> bool:
    """Whether a study sweeps the data set, and nothing but data: then no cell is the best, only the easiest."""
    return "dataset" in spec.fields and all(name in DATA_FIELDS for name in spec.fields)


def within(
    result: StudyResult, metric: str = DEFAULT_METRIC, *, looks: int = 1, comparisons: int | None = None
) -> list[Within]:
    """For each value of the data setting, in their order, the best of the other one; [] without a `data_field`.

    Verdicts count all cells of the study as compared at once, as `compare` does.
    """
    spec, field = result.spec, data_field(result.spec)
    if field is None:
        return []
    axis = spec.fields.index(field)
    grid = np.moveaxis(np.arange(spec.n_cells).reshape(spec.shape), axis, 0)  # (data values, values of the other)
    return [
        _within(result, metric, looks, comparisons, value, tuple(row))
        for value, row in zip(dict(spec.sweep)[field], grid.tolist(), strict=True)
    ]


def _within(
    result: StudyResult, metric: str, looks: int, comparisons: int | None, value: Any, cells: tuple[int, ...]
) -> Within:
    sign, levels = COMPARABLE[metric].sign, centres(result.values(metric), COMPARABLE[metric].centre)
    means = {cell: float(levels[cell]) for cell in cells if np.isfinite(levels[cell])}
    if not means:
        return Within(value=value, cells=cells, best=None, mean=np.nan, against=None)
    first = cells[0]
    order = sorted(means, key=lambda cell: -sign * means[cell])
    other = next((cell for cell in order if cell != first), None)
    rival = order[0] if order[0] != first else other
    pairs = compare_among(result, comparisons, baseline=first, metric=metric, looks=looks)
    against = next((pair for pair in pairs if pair.cell == rival), None)
    measure, n_cells = COMPARABLE[metric].measure, max(result.spec.n_cells, (comparisons or 0) + 1)
    found = best_of(
        result.values(metric)[list(cells)], looks=looks, measure=measure, complete=result.complete, n_cells=n_cells
    )
    rivals = tuple(cells[index] for index in found.rivals) if found else ()
    return Within(value=value, cells=cells, best=order[0], mean=means[order[0]], against=against, rivals=rivals)
