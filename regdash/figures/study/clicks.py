"""What a click on a chart of a study means. What a browser sends is checked like everything from outside."""

from collections.abc import Mapping
from typing import Any

from regdash.figures.study.heat import cell_at
from regdash.figures.study.strength import FILM
from regdash.study import StudyResult


def clicked_cell(result: StudyResult, clicked: Any) -> int | None:
    """The study's cell whose mark was clicked; None if `clicked` names no mark of a cell.

    clicked  {"trace": uid of the trace, "point": index, or [row, column] of a heat map}
    """
    if not isinstance(clicked, Mapping):
        return None
    trace, point = clicked.get("trace"), clicked.get("point")
    if trace == "heat" and len(result.spec.shape) == 2:
        return _heat_cell(result, point)
    names = {f"{FILM}{cell}": cell for cell in range(result.spec.n_cells)}
    return names.get(trace) if isinstance(trace, str) else None


def _heat_cell(result: StudyResult, point: Any) -> int | None:
    if not isinstance(point, list) or len(point) != 2 or not all(type(index) is int for index in point):
        return None
    inside = all(0 <= index < size for index, size in zip(point, result.spec.shape, strict=True))
    return cell_at(result, *point) if inside else None
