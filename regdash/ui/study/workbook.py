"""A study as an Excel file."""

from regdash.config import FIELDS
from regdash.errors import StudyTooLarge
from regdash.results import HISTORY_COLUMNS
from regdash.study import StudyResult
from regdash.study.export import curve_rows
from regdash.study.result import FLAGS, METRICS
from regdash.ui.common import excel


def workbook(result: StudyResult) -> bytes:
    """`result.runs` and, if there is room for it, `result.curves_frame()`. `StudyTooLarge` if the runs have none."""
    if not fits(result):
        raise StudyTooLarge(f"{result.spec.n_runs:,} runs are too many for an Excel file; take CSV or Parquet")
    sheets = {"runs": result.runs}
    if fits(result, with_curves=True):
        sheets["curves"] = result.curves_frame()
    return excel.excel_file(sheets)


def fits(result: StudyResult, *, with_curves: bool = False) -> bool:
    """Whether the runs, or runs and curves, are few enough."""
    cells = result.spec.n_runs * (1 + len(FIELDS) + len(METRICS) + len(FLAGS))
    if with_curves:
        cells += curve_rows(result) * (1 + len(result.spec.fields) + 3 + len(HISTORY_COLUMNS))
    return excel.fits(cells)
