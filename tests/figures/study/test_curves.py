import base64

import numpy as np
import pytest

from regdash.figures import theme
from regdash.figures.study.curves import CURVE_VIEWS, MAX_LINES, band_words, curves, spread
from regdash.figures.study.slices import slices
from regdash.results import HISTORY_COLUMNS
from regdash.study import StudyResult, StudySpec
from regdash.study.stats.bands import median_band
from regdash.study.summaries import curve_bands
from regdash.teaching.scenarios import NOISY


def numbers(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"])


def drawn(result, view="validation", piece=0):
    curve = CURVE_VIEWS[view]
    return curves(result, slices(result.spec)[piece], curve, curve_bands(result, curve.column), theme.LIGHT)


@pytest.mark.parametrize("view", CURVE_VIEWS)
def test_line_and_band_are_median_and_middle_half_of_the_seeds(one_field, view):
    row = HISTORY_COLUMNS.index(CURVE_VIEWS[view].column)
    traces = {trace["uid"]: trace for trace in drawn(one_field, view)["data"]}
    for cell in range(3):
        low, middle, high = np.quantile(one_field.curves[cell, :, row], [0.25, 0.5, 0.75], axis=0)
        np.testing.assert_allclose(numbers(traces[f"low-{cell}"]["y"]), low, rtol=1e-6)
        np.testing.assert_allclose(numbers(traces[f"line-{cell}"]["y"]), middle, rtol=1e-6)
        np.testing.assert_allclose(numbers(traces[f"high-{cell}"]["y"]), high, rtol=1e-6)
        assert traces[f"high-{cell}"]["fill"] == "tonexty"


def test_lines_come_in_the_order_of_the_values_and_are_told_apart_without_colour(one_field):
    lines = [trace for trace in drawn(one_field)["data"] if trace["uid"].startswith("line-")]
    assert [line["name"] for line in lines] == ["Dropout 0", "Dropout 0.3", "Dropout 0.5"]
    assert len({line["line"]["dash"] for line in lines}) == 3
    assert len({line["line"]["color"] for line in lines}) == 3


def test_the_caption_names_the_band(one_field):
    assert drawn(one_field)["caption"] == "Line: median; band: middle half of 6 seeds."


def test_cells_with_other_numbers_of_seeds_are_said(in_part, partly_diverged):
    assert "0 to 1 by value" in drawn(in_part)["caption"]
    assert "0 to 6 by value" in drawn(partly_diverged)["caption"]
    assert band_words([median_band([[0.1], [0.2]], axis=0)]) == "Line: median; band: middle half of 2 seeds."


def test_along_a_slice_only_its_own_cells_are_drawn(two_fields):
    spec = two_fields.spec
    for index, piece in enumerate(slices(spec)):
        lines = {t["uid"] for t in drawn(two_fields, piece=index)["data"] if t["uid"].startswith("line-")}
        assert lines == {f"line-{cell}" for cell in piece.cells}


def test_of_many_values_some_are_shown_and_that_is_said():
    spec = StudySpec(base=NOISY.but(epochs=2), sweep={"epochs": list(range(1, 21))}, seeds=1)
    chart = drawn(StudyResult.empty(spec))
    assert sum(trace["uid"].startswith("line-") for trace in chart["data"]) == MAX_LINES
    assert "8 of 20 values are shown" in chart["caption"]
    assert (spread(20, 8)[0], spread(20, 8)[-1], len(spread(20, 8))) == (0, 19, 8)
    assert spread(3, 8) == [0, 1, 2]


def test_axes_are_those_of_the_explore_page(one_field):
    layout = drawn(one_field)["wide"]["layout"]
    assert layout["yaxis"]["range"] == [0.3, 1.03]
    assert layout["xaxis"]["range"] == [0, 9]
