"""Excel files are read back by another library, with numbers as numbers and text as text."""

import io

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash import RunConfig, StudySpec, StudyTooLarge, run_study
from regdash.ui.common import excel
from regdash.ui.study.workbook import fits, workbook
from tests.study import synthetic


def read(file: bytes) -> dict[str, list[tuple[object, ...]]]:
    """The cells of each sheet, row by row."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_each_kind_of_cell_keeps_its_kind():
    frame = pd.DataFrame(
        {
            "share": [0.25, np.nan, 1e-12], "count": pd.array([3, None, 5], dtype="Int64"),
            "done": [True, False, True], "text": ["moons", "=1+1", "0.5"],
        },
        index=pd.RangeIndex(3, name="run"),
    )  # fmt: skip
    assert read(excel.excel_file({"runs": frame, "bare": frame[["share"]].reset_index(drop=True)})) == {
        "runs": [
            ("run", "share", "count", "done", "text"), (0, 0.25, 3, True, "moons"), (1, None, None, False, "=1+1"),
            (2, 1e-12, 5, True, "0.5"),
        ],
        "bare": [("share",), (0.25,), (None,), (1e-12,)],
    }  # fmt: skip


def test_a_formula_is_text_and_not_computed():
    book = openpyxl.load_workbook(io.BytesIO(excel.excel_file({"a": pd.DataFrame({"text": ["=1+1"]})})))
    assert book["a"]["A2"].data_type == "s"


@settings(max_examples=20)
@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=20))
def test_numbers_keep_sixteen_digits(values):
    (rows,) = read(excel.excel_file({"a": pd.DataFrame({"value": values})})).values()
    assert [row[0] for row in rows[1:]] == pytest.approx(values, rel=1e-15, abs=0)


def test_the_same_tables_give_the_same_file():
    frame = pd.DataFrame({"a": [1.0]})
    assert excel.excel_file({"a": frame}) == excel.excel_file({"a": frame.copy()})


def test_what_would_take_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(excel, "MAX_CELLS", 5)
    assert excel.excel_file({"a": pd.DataFrame({"a": range(5)})})
    with pytest.raises(ValueError, match="6 cells cannot be an Excel file: 5 is the limit"):
        excel.excel_file({"a": pd.DataFrame({"a": range(3), "b": range(3)})})


SPEC = StudySpec(base=RunConfig(width=4, epochs=5, n_samples=40), sweep={"dataset": ["moons", "xor"]}, seeds=2)


def test_a_study_as_an_excel_file_has_its_runs_and_curves():
    result = run_study(SPEC)
    sheets = read(workbook(result))
    assert list(sheets) == ["runs", "curves"]
    for name, frame in (("runs", result.runs.reset_index()), ("curves", result.curves_frame())):
        head, *rows = sheets[name]
        assert list(head) == list(frame.columns)
        written = pd.DataFrame(rows, columns=head).astype(frame.dtypes.to_dict())
        pd.testing.assert_frame_equal(written, frame, rtol=1e-15)


def test_curves_that_are_too_long_are_left_out_and_too_many_runs_refused(monkeypatch):
    result = synthetic.result(SPEC)
    runs, curves = result.runs.reset_index().size, result.curves_frame().size
    assert fits(result, with_curves=True)
    monkeypatch.setattr(excel, "MAX_CELLS", runs + curves)
    assert list(read(workbook(result))) == ["runs", "curves"]
    monkeypatch.setattr(excel, "MAX_CELLS", runs + curves - 1)
    assert list(read(workbook(result))) == ["runs"]
    monkeypatch.setattr(excel, "MAX_CELLS", runs - 1)
    with pytest.raises(StudyTooLarge, match="4 runs are too many for an Excel file"):
        workbook(result)
