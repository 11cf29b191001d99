"""A study's result as the visitor looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from regdash.figures.study.curves import spread
from regdash.figures.study.narrowing import MOST_PANELS
from regdash.figures.study.slices import Slice
from regdash.study import StudyResult, by_data
from regdash.study.comparisons import best, compare_among
from regdash.study.metrics import COMPARABLE
from regdash.study.stats.narrowing import Narrowing, narrowing
from regdash.study.stats.paired import Comparison
from regdash.study.stats.rivals import Best, best_of
from regdash.study.summaries import cells_table, has_values
from regdash.ui.study.looks import Look


@dataclass(frozen=True, kw_only=True)
class View:
    """A result as the visitor looks at it, and what follows from it, each computed once.

    Intervals are cut where no value can be: few seeds near 100 % have one that goes beyond. One without an end stays.
    """

    result: StudyResult
    metric: str
    look: Look
    piece: Slice
    baseline: int
    curve: str
    differences: str
    mode: str

    @cached_property
    def best(self) -> Best | None:
        """The best cell of the whole study, if cells can be better than others."""
        if by_data.is_between_data_sets(self.result.spec):
            return None
        return self._possible(best(self.result, self.metric, looks=self.look.number, n_cells=self.look.cells))

    @cached_property
    def best_of_slice(self) -> Best | None:
        """The best value of the slice shown, by its position there; of data sets none is."""
        return None if self.piece.field == "dataset" else self._best_among(self.piece.cells)

    def _best_among(self, cells: Sequence[int]) -> Best | None:
        values = self.result.values(self.metric)[list(cells)]
        found = best_of(
            values, looks=self.look.number, measure=COMPARABLE[self.metric].measure, complete=self.result.complete,
            n_cells=self.look.cells,
        )  # fmt: skip
        return self._possible(found)

    def _possible(self, found: Best | None) -> Best | None:
        metric = COMPARABLE[self.metric]
        if found is None or not np.isfinite([found.low, found.high]).all():
            return found
        return replace(found, low=max(found.low, metric.lowest), high=min(found.high, metric.highest))

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Every cell against the baseline."""
        return compare_among(
            self.result, self.look.comparisons(self.result.spec.n_cells), baseline=self.baseline, metric=self.metric,
            looks=self.look.number,
        )  # fmt: skip

    @property
    def pairs(self) -> list[Comparison]:
        """Those of the slice's cells against the baseline, in its order; between data sets none."""
        by_cell = {comparison.cell: comparison for comparison in self.comparisons}
        return [by_cell[cell] for cell in self.piece.cells if cell in by_cell and self.piece.field != "dataset"]

    @cached_property
    def narrowed(self) -> list[tuple[Comparison, Narrowing]]:
        """Some of them, evenly, and how the interval of each narrowed as pairs were added."""
        pairs = self.pairs
        shown = [pairs[place] for place in spread(len(pairs), MOST_PANELS)]
        return [(found, narrowing(found.differences, found.measure.centre)) for found in shown]

    @cached_property
    def table(self) -> pd.DataFrame:
        """What each cell's seeds say of the metric."""
        table, metric = cells_table(self.result, self.metric), COMPARABLE[self.metric]
        ends = table[["low", "high"]]
        table[["low", "high"]] = ends.where(np.isinf(ends), ends.clip(metric.lowest, metric.highest))
        return table

    @cached_property
    def kinds(self) -> list[by_data.Within]:
        """The best for each kind of data, if one of two swept settings makes the data."""
        n_compared = self.look.comparisons(self.result.spec.n_cells)
        return by_data.within(self.result, self.metric, looks=self.look.number, comparisons=n_compared)

    @property
    def framed(self) -> list[int]:
        """The cells that the heat map frames as the best."""
        if self.kinds:
            return [each.best for each in self.kinds if each.best is not None]
        return [self.best.cell] if self.best else []

    @property
    def rivals(self) -> list[int]:
        """The cells that may be as good as those framed; none of a part of a study, where all may."""
        if not self.result.complete or not self.framed:
            return []
        parts = [each.cells for each in self.kinds] or [tuple(range(self.result.spec.n_cells))]
        found = [(cells, self._best_among(cells)) for cells in parts]
        return [cells[place] for cells, best in found if best is not None for place in best.rivals]

    @property
    def defined(self) -> bool:
        """Whether the metric has a value anywhere: the share of memorised labels has none where no label is flipped."""
        return has_values(self.result, self.metric, range(self.result.spec.n_cells))

    @property
    def defined_here(self) -> bool:
        """Whether it has one in the part of the study that the charts show."""
        return has_values(self.result, self.metric, self.piece.cells)
