import io
import math

import openpyxl
import pandas as pd
import pytest

from regdash.ui.explore import numbers


def test_the_csv_holds_every_arms_history(arms):
    table = pd.read_csv(io.StringIO(numbers.curves_csv(arms)), index_col=["arm", "epoch"])
    for arm in arms:
        pd.testing.assert_frame_equal(table.loc[arm.key], arm.run.history, check_index_type=False)


def test_the_standard_error_is_the_binomial_one(arms):
    p = arms[0].run.test_accuracy
    assert float(numbers._error(arms[0], 60)) == pytest.approx(100 * math.sqrt(p * (1 - p) / 60), abs=0.05)


def test_the_script_fixes_the_number_of_threads(arms):
    assert "torch.set_num_threads(1)" in numbers.script(arms[3])


def test_the_curves_as_an_excel_file_are_those_of_the_csv(arms):
    book = openpyxl.load_workbook(io.BytesIO(numbers.curves_excel(arms)))
    head, *rows = book["curves"].iter_rows(values_only=True)
    written = pd.DataFrame(rows, columns=head)
    pd.testing.assert_frame_equal(written, pd.read_csv(io.StringIO(numbers.curves_csv(arms))), rtol=1e-15)
