import numpy as np
import pytest
from scipy import stats

from regdash.results import HISTORY_COLUMNS
from regdash.study import StudySpec
from regdash.study.metrics import COMPARABLE
from regdash.study.stats.bands import median_band
from regdash.study.stats.intervals import Centre, median_interval, paired_interval
from regdash.study.summaries import cells_table, curve_bands
from tests.study import synthetic


def test_a_band_is_the_median_and_the_middle_half():
    band = median_band([[1.0, 2.0, 3.0, 4.0, 5.0], [10.0, 10.0, 10.0, 10.0, 20.0]])
    np.testing.assert_array_equal(band.centre, [3, 10])
    np.testing.assert_array_equal(band.low, [2, 10])
    np.testing.assert_array_equal(band.high, [4, 10])
    assert band.name == "line: median; band: middle half of 5 seeds"
    assert (band.n, band.n_left_out) == (5, 0)


def test_the_replicates_may_lie_along_any_axis():
    values = np.random.default_rng(0).normal(size=(7, 4))
    along_first, along_last = median_band(values, axis=0), median_band(values.T)
    np.testing.assert_array_equal(along_first.centre, along_last.centre)
    np.testing.assert_array_equal(along_first.centre, np.median(values, axis=0))
    assert along_first.n == along_last.n == 7


@pytest.mark.parametrize(
    ("replicates", "name"), [([np.nan, np.nan], "no finished run"), ([0.5, np.nan], "line: the only seed")]
)
def test_no_band_is_promised_where_there_is_none(replicates, name):
    band = median_band([replicates])
    assert band.name == name
    assert band.n == np.isfinite(replicates).sum()
    assert band.n_left_out == 2 - band.n


def test_missing_values_are_left_out_place_by_place():
    band = median_band([[1.0, np.nan, 3.0, np.nan], [np.nan, np.nan, 7.0, np.nan]])
    np.testing.assert_array_equal(band.centre, [2, 7])
    assert (band.n, band.n_left_out) == (2, 2)


def test_each_cell_has_a_band_by_epoch():
    result = synthetic.result(synthetic.spec(2, 9))
    bands = curve_bands(result, "train_loss")
    row = HISTORY_COLUMNS.index("train_loss")
    assert len(bands) == 2
    for cell, band in enumerate(bands):
        expected = np.quantile(result.curves[cell, :, row].astype(np.float64), [0.25, 0.5, 0.75], axis=0)
        np.testing.assert_allclose([band.low, band.centre, band.high], expected, rtol=1e-12)


def test_a_diverged_run_is_in_no_epoch_of_the_band():
    """Else the median would jump where the run diverges (here after epoch 2) without any network having changed."""
    diverged, done = np.zeros((2, 6), dtype=bool), np.ones((2, 6), dtype=bool)
    diverged[0, 1], done[0, 2] = True, False
    result = synthetic.result(synthetic.spec(2, 6), diverged=diverged, done=done)
    first, second = curve_bands(result)
    others = result.curves[0, [0, 3, 4, 5], HISTORY_COLUMNS.index("val_accuracy")].astype(np.float64)
    np.testing.assert_allclose(first.centre, np.median(others, axis=0))
    assert (first.n, first.n_left_out) == (4, 2)
    assert first.name == "line: median; band: middle half of 4 seeds"
    assert (second.n, second.n_left_out) == (6, 0)


def test_a_band_ends_where_the_runs_do():
    swept = StudySpec(base=synthetic.BASE, sweep={"epochs": [3, 6]}, seeds=4)
    short, long = curve_bands(synthetic.result(swept))
    np.testing.assert_array_equal(np.isfinite(short.centre), [True] * 3 + [False] * 3)
    assert np.isfinite(long.centre).all()


def test_an_unknown_curve_is_refused():
    with pytest.raises(ValueError, match="val_accuracy"):
        curve_bands(synthetic.result(synthetic.spec()), "accuracy")


@pytest.mark.parametrize("metric", COMPARABLE)
def test_the_table_has_a_row_a_cell(metric):
    swept = StudySpec(base=synthetic.BASE, sweep={"dropout": [0.0, 0.5], "weight_decay": [0.0, 0.01, 0.1]}, seeds=8)
    diverged, done = np.zeros((6, 8), dtype=bool), np.ones((6, 8), dtype=bool)
    diverged[4, :2], done[4, 7] = True, False
    result = synthetic.result(swept, diverged=diverged, done=done)
    table = cells_table(result, metric)
    assert list(zip(table["dropout"], table["weight_decay"], strict=True)) == swept.cells
    assert list(table["n"]) == [8, 8, 8, 8, 5, 8]
    assert list(table["n_diverged"]) == [0, 0, 0, 0, 2, 0]
    assert list(table["n_missing"]) == [0, 0, 0, 0, 1, 0]
    for cell, row in table.iterrows():
        there = result.values(metric)[cell][np.isfinite(result.values(metric)[cell])]
        if COMPARABLE[metric].centre == Centre.MEAN:
            assert tuple(row[["mean", "low", "high"]]) == pytest.approx(paired_interval(there))
            assert row["centre"] == row["mean"]
        else:
            assert row["centre"] == row["median"]
            ends = map(float, median_interval(there, smooth=True)[1:]) if len(there) > 5 else (np.nan, np.nan)
            assert (row["low"], row["high"]) == pytest.approx(tuple(ends), nan_ok=True)
        quartiles = row[["low_quartile", "median", "high_quartile"]]
        assert tuple(quartiles) == pytest.approx(np.quantile(there, [0.25, 0.5, 0.75]))
        assert row["sd"] == pytest.approx(there.std(ddof=1))


def test_an_empty_study_has_a_table_too():
    result = synthetic.result(synthetic.spec(3, 4), done=False)
    table = cells_table(result)
    assert table[["mean", "low", "high", "median", "centre", "sd"]].isna().all(axis=None)
    assert list(table["n_missing"]) == [4, 4, 4]


def test_the_table_counts_collapsed_runs_and_says_how_often_that_happens():
    fresh = np.tile(np.linspace(0.8, 0.9, 10), (2, 1))
    collapsed = np.zeros((2, 10), dtype=bool)
    collapsed[1, :4] = True
    fresh[collapsed] = 0.5
    table = cells_table(synthetic.result(synthetic.spec(2, 10), fresh_accuracy=fresh, collapsed=collapsed))
    assert list(table["n_collapsed"]) == [0, 4]
    exact = stats.binomtest(4, 10).proportion_ci(method="exact")
    assert tuple(table.loc[1, ["collapse_low", "collapse_high"]]) == pytest.approx((exact.low, exact.high))
    assert table.loc[1, "without_collapsed"] == pytest.approx(fresh[1, 4:].mean())
    assert table.loc[1, "centre"] == pytest.approx(fresh[1].mean()), "they count in the mean"
