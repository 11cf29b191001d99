"""Results are plain numbers: every column is checked against the runs that `train` gives, missing is NaN."""

import pickle

import numpy as np
import pandas as pd
import pytest

from regdash import Run, RunConfig, StudyError, StudyResult, StudySpec, train
from regdash.config import FIELDS
from regdash.results import HISTORY_COLUMNS
from regdash.study.result import METRICS, PER_RUN
from tests.study import synthetic

SPEC = StudySpec(
    base=RunConfig(n_samples=60, width=6, label_noise=0.2), sweep={"epochs": [4, 9], "dropout": [0.0, 0.4]}, seeds=3
)


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return [train(config) for config in SPEC.configs()]


@pytest.fixture(scope="module")
def result(runs) -> StudyResult:
    """Filled by hand from single runs, so that nothing of `run_study` takes part."""
    filled = StudyResult.empty(SPEC)
    for index, run in enumerate(runs):
        cell, replicate = divmod(index, SPEC.n_seeds)
        filled.curves[cell, replicate, :, : run.config.epochs] = run.curves
        filled.memorised[cell, replicate] = run.flipped[-1]
        filled.fresh_accuracy[cell, replicate] = run.test_accuracy
        filled.val_60_accuracy[cell, replicate] = 0.25
    filled.done[:] = True
    return filled


def test_nothing_is_done_in_an_empty_result():
    empty = StudyResult.empty(SPEC)
    assert (empty.n_done, empty.n_diverged, empty.complete) == (0, 0, False)
    assert empty.curves.shape == (4, 3, 5, 9)
    assert empty.curves.dtype == np.float32
    assert empty.runs[list(METRICS)].isna().all(axis=None)
    assert not empty.runs["done"].any()
    assert empty.curves_frame().empty
    assert (empty.surfaces == 128).all()
    assert np.isnan(empty.axis).all()


def test_the_frame_has_one_row_a_run_in_the_order_of_the_study(result):
    frame = result.runs
    assert list(frame.columns) == [*FIELDS, *METRICS, "diverged", "collapsed", "done"]
    assert frame.index.name == "run"
    configs = [RunConfig(**row) for row in frame[list(FIELDS)].to_dict("records")]
    assert configs == list(SPEC.configs())
    kinds = {name: str(frame[name].dtype) for name in (*METRICS, "diverged", "collapsed", "done")}
    others = {"best_epoch": "Int64", "diverged": "bool", "collapsed": "bool", "done": "bool"}
    assert kinds == dict.fromkeys(METRICS, "float64") | others


def test_every_number_is_that_of_the_single_run(result, runs):
    for row, run in zip(result.runs.itertuples(), runs, strict=True):
        summary, history = run.summary, run.history
        last, best = history.iloc[-1], history.loc[summary.best_epoch]
        assert (row.train_accuracy, row.val_accuracy) == (summary.train_accuracy, summary.val_accuracy)
        assert (row.train_loss, row.val_loss) == (last.train_loss, last.val_loss)
        assert (row.fresh_accuracy, row.gap, row.memorised) == (run.test_accuracy, summary.gap, summary.memorised)
        assert row.best_epoch == summary.best_epoch
        assert (row.best_val_loss, row.best_val_accuracy) == (best.val_loss, best.val_accuracy)
        assert row.best_train_accuracy == best.train_accuracy
        assert row.val_60_accuracy == 0.25


def test_values_are_cells_by_seeds(result):
    for metric in METRICS:
        values = result.values(metric)
        assert values.shape == (4, 3)
        assert values.dtype == np.float64
        np.testing.assert_array_equal(values.ravel(), result.runs[metric].astype("float64"))
    with pytest.raises(ValueError, match="read-only"):
        result.values("gap")[0, 0] = 1


def test_an_unknown_metric_is_refused_in_words(result):
    with pytest.raises(StudyError, match=r"metric='accuracy' .* use one of train_accuracy, "):
        result.values("accuracy")


def test_the_settings_of_a_run(result):
    assert result.config(3, 2) == SPEC.base.but(epochs=9, dropout=0.4, seed=9, data_seed=9)
    assert result.epochs.tolist() == [4, 4, 9, 9]


def test_curves_are_one_row_a_run_and_epoch(result, runs):
    frame = result.curves_frame()
    assert list(frame.columns) == ["run", "epochs", "dropout", "seed", "data_seed", "epoch", *HISTORY_COLUMNS]
    assert len(frame) == 6 * 4 + 6 * 9
    for index, run in enumerate(runs):
        part = frame[frame["run"] == index]
        assert part["epoch"].tolist() == list(range(1, run.config.epochs + 1))
        assert set(part["dropout"]) == {run.config.dropout}
        assert set(part["seed"]) == {run.config.seed}
        np.testing.assert_array_equal(part[list(HISTORY_COLUMNS)], run.history)


def test_missing_is_nan_and_what_diverged_is_counted():
    spec = synthetic.spec(2, 4)
    diverged, done = np.zeros((2, 4), bool), np.ones((2, 4), bool)
    diverged[0, 1], done[1, 3] = True, False
    result = synthetic.result(spec, diverged=diverged, done=done)
    assert (result.n_done, result.n_diverged, result.complete) == (7, 1, False)
    assert result.runs.loc[1, "train_accuracy":"val_loss"].isna().all()
    assert result.runs.loc[1, "best_epoch"] in (1, 2), "the two epochs before it diverged"
    assert result.runs.loc[7, list(METRICS)].isna().all()
    assert pd.isna(result.runs.loc[7, "best_epoch"])
    assert np.isfinite(result.values("fresh_accuracy")).sum() == 6
    curves = result.curves_frame()
    assert set(curves["run"]) == set(range(7)), "the run that is not done has no rows"
    assert curves[curves["run"] == 1]["val_loss"].isna().sum() == spec.base.epochs - 2


def test_a_run_that_diverged_at_once_has_no_best_epoch():
    result = synthetic.result(synthetic.spec(1, 2), curves=np.nan, diverged=True)
    assert result.runs["best_epoch"].isna().all()
    assert result.runs["best_val_accuracy"].isna().all()


def test_the_best_epoch_is_the_first_of_equals():
    result = synthetic.result(synthetic.spec(1, 1))
    result.curves[0, 0, 4] = [0.5, 0.3, 0.4, 0.3, np.nan, np.nan]
    assert result.values("best_epoch").tolist() == [[2.0]]


def test_a_copy_shares_nothing():
    result = synthetic.result(synthetic.spec(2, 2))
    copied = result.copy()
    result.curves[:] = 0
    result.done[:] = False
    assert copied.complete
    assert (copied.curves > 0).all()
    assert copied.spec is result.spec


def test_it_travels():
    result = synthetic.result(synthetic.spec(2, 2))
    again = pickle.loads(pickle.dumps(result))
    assert again.spec == result.spec
    pd.testing.assert_frame_equal(again.runs, result.runs)


def test_a_run_costs_its_curves_and_little_more():
    spec = synthetic.spec(10, 100, base=RunConfig(epochs=80))
    result = StudyResult.empty(spec)
    assert sum(getattr(result, name).nbytes for name in PER_RUN) == spec.n_runs * (5 * 80 * 4 + 3 * 4 + 3)
    assert (result.surfaces.nbytes + result.axis.nbytes) / spec.n_cells < 4000


def test_a_cut_is_the_study_over_the_first_seeds_without_memory_of_its_own():
    whole = synthetic.result(synthetic.spec(3, 8))
    spec = whole.spec.with_seeds(5)
    part = whole.cut(spec)
    assert part.spec == spec
    assert part.complete
    for name in PER_RUN:
        assert np.array_equal(getattr(part, name), getattr(whole, name)[:, :5])
        assert np.shares_memory(getattr(part, name), getattr(whole, name))
    assert part.surfaces is whole.surfaces
    assert len(part.runs) == 15


@pytest.mark.parametrize("change", [{"data_seeds": "fixed"}, {"seeds": [3, 4]}, {"seeds": 9}])
def test_another_study_cannot_be_cut_out_of_it(change):
    whole = synthetic.result(synthetic.spec(3, 8))
    with pytest.raises(StudyError, match="cannot be cut"):
        whole.cut(whole.spec.but(**change))
