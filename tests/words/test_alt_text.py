import math

import numpy as np
import pytest

from regdash.results import HISTORY_COLUMNS
from regdash.study import StudySpec
from regdash.study.comparisons import compare
from regdash.study.stats.narrowing import narrowing
from regdash.study.summaries import cells_table, curve_bands
from regdash.words.alt_text import MOST_LISTED, curves_alt, heat_alt, narrowing_alt, pairs_alt, strength_alt
from regdash.words.runs import NBSP
from regdash.words.terms import cell_text
from tests.study import synthetic


@pytest.fixture
def study():
    """Three dropouts whose numbers are told by eye: 80, 90 and 70 % on fresh data, each ± 1 point."""
    spread = np.linspace(-0.01, 0.01, 5)
    return synthetic.result(synthetic.spec(3, 5), fresh_accuracy=np.array([[0.8], [0.9], [0.7]]) + spread)


def plain(text):
    return text.replace(NBSP, " ")


def test_the_strength_curve_in_words(study):
    assert plain(strength_alt(study.spec, cells_table(study), "fresh_accuracy")) == (
        "Mean accuracy on fresh data by dropout, over 5 seeds. Dropout 0: 80.0 % [79.0 %, 81.0 %]; "
        "dropout 0.02: 90.0 % [89.0 %, 91.0 %]; dropout 0.04: 70.0 % [69.0 %, 71.0 %]."
    )


def test_the_heat_map_in_words(study):
    assert plain(heat_alt(study.spec, cells_table(study), "fresh_accuracy")) == (
        "Heat map of mean accuracy on fresh data by dropout, over 5 seeds. Dropout 0: 80.0 %; dropout 0.02: 90.0 %; "
        "dropout 0.04: 70.0 %."
    )


def test_the_paired_differences_in_words(study):
    text = pairs_alt(study.spec, compare(study))
    assert text.startswith("Differences on fresh data from dropout 0, seed by seed")
    assert "Dropout 0.02: +10.0 points, cannot tell yet" in text
    assert "dropout 0.04: −10.0 points, cannot tell yet" in text
    assert "no other value" in pairs_alt(study.spec, [])


def test_intervals_as_pairs_are_added_in_words(study):
    gains = np.array([0.10, 0.11, 0.12, 0.10, 0.12])
    made = synthetic.result(study.spec, fresh_accuracy=0.7 + np.array([np.zeros(5), gains, np.zeros(5)]))
    text = narrowing_alt(made.spec, [(each, narrowing(each.differences)) for each in compare(made)])
    assert text.startswith(
        "Differences on fresh data from dropout 0, as pairs of runs are added, with the 95 % interval"
    )
    assert "Dropout 0.02: +11.0 points [8.5, 13.5] of 3 pairs, +11.0 points [9.8, 12.2] of 5 pairs, better (" in text
    assert "dropout 0.04: 0.0 points of 3 pairs, 0.0 points of 5 pairs, cannot tell yet." in text
    few = synthetic.result(synthetic.spec(2, 2))
    text = narrowing_alt(few.spec, [(each, narrowing(each.differences)) for each in compare(few)])
    assert "Dropout 0.02: too few pairs so far, cannot tell yet." in text
    assert "no other value" in narrowing_alt(study.spec, [])


@pytest.mark.parametrize("curve", HISTORY_COLUMNS)
def test_the_curves_in_words(study, curve):
    bands = curve_bands(study, curve)
    text = plain(curves_alt(study.spec, curve, dict(enumerate(bands))))
    assert text.startswith("Curves of ")
    assert "_" not in text
    end = bands[2].centre[-1]
    shown = f"{end:.3f}" if "loss" in curve else f"{100 * end:.1f} %"
    assert f"dropout 0.04 ends at {shown} (line: median; band: middle half of 5 seeds)." in text


@pytest.fixture
def grid():
    """Two dropouts × three widths, fresh data 60, 61 … 65 % on average; cells 1 and 4 are those of width 4."""
    spec = StudySpec(base=synthetic.BASE, sweep={"dropout": [0.0, 0.5], "width": [2, 4, 8]}, seeds=5)
    fresh = 0.6 + 0.01 * np.arange(6)[:, None] + 0.01 * np.linspace(-1, 1, 5)
    return synthetic.result(spec, fresh_accuracy=fresh)


def test_of_a_slice_only_its_own_cells_are_told(grid):
    cells, spec = [4, 1], grid.spec
    bands = curve_bands(grid)
    comparisons = [found for found in compare(grid, baseline=1) if found.cell == 4]
    strength = plain(strength_alt(spec, cells_table(grid).loc[cells], "fresh_accuracy"))
    assert strength == (
        "Mean accuracy on fresh data by dropout, over 5 seeds. "
        "Dropout 0.5 with width 4: 64.0 % [63.0 %, 65.0 %]; dropout 0 with width 4: 61.0 % [60.0 %, 62.0 %]."
    )
    curves = curves_alt(spec, "val_accuracy", {cell: bands[cell] for cell in cells})
    assert curves.startswith("Curves of validation accuracy by epoch, one per dropout. Dropout 0.5 with width 4 ends")
    for text in (strength, curves, pairs_alt(spec, comparisons)):
        assert "width 4" in text
        assert "width 2" not in text
        assert "width 8" not in text
    assert "by dropout and width, over" in heat_alt(spec, cells_table(grid), "fresh_accuracy")


def test_seeds_that_are_not_there_are_not_counted(study):
    done = np.ones((3, 5), dtype=bool)
    done[:, 3:] = False
    part = synthetic.result(study.spec, done=done)
    assert ", over 3 seeds. " in strength_alt(part.spec, cells_table(part), "fresh_accuracy")
    done[0, 2] = False
    part = synthetic.result(study.spec, done=done)
    assert ", over the seeds, 2 to 3 by value. " in strength_alt(part.spec, cells_table(part), "fresh_accuracy")
    assert pairs_alt(part.spec, compare(part)).count("not finished") == 2


def test_a_curve_ends_where_its_runs_do():
    swept = StudySpec(base=synthetic.BASE, sweep={"epochs": [3, 6]}, seeds=4)
    bands = curve_bands(synthetic.result(swept))
    text = plain(curves_alt(swept, "val_accuracy", dict(enumerate(bands))))
    assert f"for 3 epochs ends at {100 * bands[0].centre[2]:.1f} %" in text


def test_of_many_cells_the_extremes_are_told():
    sides = [round(0.1 * i, 1) for i in range(5)]
    many = StudySpec(base=synthetic.BASE, sweep={"dropout": sides, "label_smoothing": sides}, seeds=3)
    assert many.n_cells > MOST_LISTED
    fresh = np.full((25, 3), 0.8)
    fresh[7], fresh[11], fresh[3] = 0.9, 0.6, math.nan
    text = heat_alt(many, cells_table(synthetic.result(many, fresh_accuracy=fresh)), "fresh_accuracy")
    assert plain(text).endswith(
        f"25 cells. Highest: {cell_text(many, 7)}: 90.0 %. Lowest: {cell_text(many, 11)}: 60.0 %."
    )


def test_an_empty_study_has_its_words_too(study):
    empty = synthetic.result(study.spec, done=False)
    texts = (
        strength_alt(empty.spec, cells_table(empty), "fresh_accuracy"),
        heat_alt(empty.spec, cells_table(empty), "fresh_accuracy"),
        curves_alt(empty.spec, "val_accuracy", dict(enumerate(curve_bands(empty)))),
    )
    for text in texts:
        assert "not defined" in text
        assert "nan" not in text
