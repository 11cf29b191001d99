"""What a visitor takes home of a study: downloads, and the tables behind the charts."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from regdash.study import StudyResult, export
from regdash.ui.common import excel
from regdash.ui.common.downloads import once
from regdash.ui.study.workbook import fits, workbook

CURVES_CSV, EXCEL = "Curves (CSV)", "Excel"
MOST_ROWS = 20_000  # of the table on the page; the browser gets them all


def downloads(result: StudyResult) -> None:
    """Runs, curves and the script that repeats the study."""
    spec, stem = result.spec, export.file_stem(result.spec)
    files: tuple[tuple[str, Callable[[], str | bytes], str, str, str], ...] = (
        ("Runs (CSV)", lambda: export.runs_csv(result), "-runs.csv", "text/csv",
         "One row a run: settings and results."),
        ("Runs (Parquet)", lambda: export.runs_parquet(result), "-runs.parquet", "application/vnd.apache.parquet",
         "The same for pandas, R or DuckDB."),
        (EXCEL, lambda: workbook(result), ".xlsx", excel.MIME,
         "Runs and curves for Excel and other spreadsheets, whether you write 0.5 or 0,5."
         if fits(result, with_curves=True) else "Runs only: these curves are too long for Excel."),
        (CURVES_CSV, lambda: export.curves_csv(result), "-curves.csv", "text/csv", "One row a run and epoch."),
        ("Curves (Parquet)", lambda: export.curves_parquet(result), "-curves.parquet", "application/vnd.apache.parquet",
         "The same, a tenth of the size."),
        ("Python script", lambda: export.script(spec), ".py", "text/x-python",
         "Repeats this study, to the last bit on like machines. It needs RegDash's folder, and says how."),
    )  # fmt: skip
    rows = export.curve_rows(result)
    too_long = {
        CURVES_CSV: f"Too long for CSV: {rows:,} rows, and the limit is {export.MAX_CSV_ROWS:,}. Take Parquet."
        if rows > export.MAX_CSV_ROWS else "",
        EXCEL: "" if fits(result) else "Too many runs for Excel. Take CSV or Parquet.",
    }  # fmt: skip
    with st.container(horizontal=True):
        for label, make, ending, mime, note in files:
            reason = too_long.get(label, "")
            st.download_button(
                label, once(f"study{ending}", result, make), f"{stem}{ending}", mime, icon=":material/download:",
                on_click="ignore", disabled=bool(reason), key=f"study_download{ending}", help=reason or note,
            )  # fmt: skip


def tables(result: StudyResult, table: pd.DataFrame, label: str) -> None:
    """The numbers behind the charts: what each cell's seeds say (`table`, of the metric `label`), and every run."""
    expander = st.expander("Tables behind the charts", icon=":material/table:", on_change="rerun", key="study_table")
    if expander.open:  # a table that nobody sees would cost every partial result
        expander.caption(f"{label}, per cell")
        expander.dataframe(table, height=260)
        runs = result.runs
        all_of_them = f"The first {MOST_ROWS:,} of {len(runs):,} runs; the downloads have them all"
        expander.caption(all_of_them if len(runs) > MOST_ROWS else "Every run")
        expander.dataframe(runs.head(MOST_ROWS), height=320)
