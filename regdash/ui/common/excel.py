"""Tables as an Excel file: the format that asks nobody whether numbers have points or commas.

CSV has the question: where a decimal is written with a comma, Excel wants semicolons between the columns, too, and
shows other files as one column of text. An Excel file holds numbers, and each program writes them in its own way.

Written by XlsxWriter, which is imported only when it is used. Its numbers have 16 digits.
"""

import io
import math
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELLS = 500_000  # of a file: some 2 s of work and 10 MB
MADE = datetime(2000, 1, 1)  # so that the same tables always give the same file


def fits(cells: int) -> bool:
    """Whether so many cells may be in a file."""
    return cells <= MAX_CELLS


def excel_file(sheets: Mapping[str, pd.DataFrame]) -> bytes:
    """An .xlsx file with a sheet for each named table: its index, if that has a name, then its columns.

    What is missing is an empty cell. Raises `ValueError` for more than `MAX_CELLS` cells in all.
    """
    from xlsxwriter import Workbook

    tables = {name: frame.reset_index() if any(frame.index.names) else frame for name, frame in sheets.items()}
    cells = sum(frame.size for frame in tables.values())
    if not fits(cells):
        raise ValueError(f"tables of {cells:,} cells cannot be an Excel file: {MAX_CELLS:,} is the limit; take CSV")
    buffer = io.BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        head = book.add_format({"bold": True})
        for name, frame in tables.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, list(frame.columns), head)
            sheet.autofilter(0, 0, len(frame), frame.shape[1] - 1)
            for position, column in enumerate(frame):
                _write_column(sheet, position, frame[column])
    return buffer.getvalue()


def _write_column(sheet: "Worksheet", position: int, values: "pd.Series[Any]") -> None:
    """Text stays text, whatever it begins with."""
    if pd.api.types.is_bool_dtype(values.dtype):
        write = sheet.write_boolean
    elif pd.api.types.is_numeric_dtype(values.dtype):
        write = sheet.write_number
    else:
        write = sheet.write_string
    for row, value in enumerate(values.astype(object), start=1):
        if value is not pd.NA and not (isinstance(value, float) and math.isnan(value)):
            write(row, position, value)
