"""What of a study's grid a chart shows: all cells of one swept setting, a second one standing still at one value."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from regdash.config import FIELDS, RunConfig
from regdash.study import StudySpec
from regdash.words.runs import REGULARIZERS


@dataclass(frozen=True, kw_only=True)
class Slice:
    """The cells along one swept setting, sorted by its values; `at` is the other setting and its value, if any."""

    field: str
    values: tuple[Any, ...]
    cells: tuple[int, ...]
    at: tuple[str, Any] | None = None

    @property
    def title(self) -> str:
        """What runs along the axis: "Weight decay, at dropout 0.5"."""
        if self.at is None:
            return FIELDS[self.field].label
        other = FIELDS[self.at[0]]
        return f"{FIELDS[self.field].label}, at {other.label.lower()} {other.text(self.at[1])}"

    @property
    def names(self) -> list[str]:
        """The values with their setting's name: "Dropout 0.5"."""
        return [f"{FIELDS[self.field].label} {label}" for label in self.labels]

    @property
    def labels(self) -> list[str]:
        """The values as an axis writes them."""
        return [FIELDS[self.field].text(value) for value in self.values]


def usual_baseline(piece: Slice, around: RunConfig) -> int:
    """The position, in a slice's cells, of what the others are compared with at first: no regularization, or the value
    that the settings `around` the study have; where the slice has neither, its first.
    """
    if piece.field in REGULARIZERS and 0 in piece.values:
        return piece.values.index(0)
    own = getattr(around, piece.field)
    return piece.values.index(own) if own in piece.values else 0


def slices(spec: StudySpec) -> list[Slice]:
    """All slices of a study: one for one swept setting; for two, along the first at each value of the second, then
    along the second at each value of the first.
    """
    grid = np.arange(spec.n_cells).reshape(spec.shape)
    if len(spec.fields) == 1:
        return [_slice(spec, 0, grid.tolist(), None)]
    (first, first_values), (second, second_values) = spec.sweep
    along_first = [_slice(spec, 0, grid[:, j].tolist(), (second, value)) for j, value in enumerate(second_values)]
    along_second = [_slice(spec, 1, grid[i].tolist(), (first, value)) for i, value in enumerate(first_values)]
    return along_first + along_second


def _slice(spec: StudySpec, axis: int, cells: list[int], at: tuple[str, Any] | None) -> Slice:
    name, values = spec.sweep[axis]
    order = sorted(range(len(values)), key=lambda i: values[i]) if not FIELDS[name].choices else range(len(values))
    return Slice(
        field=name, values=tuple(values[i] for i in order), cells=tuple(cells[i] for i in order), at=at
    )  # fmt: skip
