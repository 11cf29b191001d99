import numpy as np
import pytest

from regdash.study.comparisons import best, compare
from regdash.study.stats.intervals import Centre
from regdash.study.stats.paired import Measure
from regdash.study.stats.rivals import Best, best_of
from tests.study.stats.studies import result_of


def test_the_best_cell_and_its_rivals():
    rng = np.random.default_rng(9)
    luck = rng.normal(0.8, 0.05, 20)
    means = [0.0, 0.07, 0.068, -0.03]
    found = best(result_of([luck + mean + rng.normal(0, 0.01, 20) for mean in means]))
    assert found.cell in (1, 2)
    assert set(found.rivals) == {1, 2} - {found.cell}
    assert not found.clear
    assert found.runner_up == found.rivals[0]
    assert found.lead.low <= 0.005
    assert found.low < found.mean < found.high


def test_a_clear_best_cell():
    rng = np.random.default_rng(9)
    found = best(result_of(rng.normal([[0.6], [0.8], [0.7]], 0.01, (3, 20))))
    assert (found.cell, found.rivals, found.runner_up, found.clear) == (1, (), 2, True)
    assert found.lead.low > 0.08


def test_part_of_a_study_rules_nothing_out():
    fresh = np.random.default_rng(9).normal([[0.6], [0.8], [0.7]], 0.01, (3, 20))
    done = np.ones((3, 20), dtype=bool)
    done[1, 19] = False
    whole, part = best(result_of(fresh)), best(result_of(fresh, done=done))
    assert (whole.complete, whole.rivals, whole.clear) == (True, (), True)
    assert (part.complete, part.cell, part.rivals, part.clear) == (False, 1, (2, 0), False)


def test_a_lead_in_loss_is_positive_too():
    values = np.random.default_rng(1).normal([[0.6], [0.3]], 0.01, (2, 20))
    found = best_of(values, measure=Measure(sign=-1))
    assert found.cell == 1
    assert found.lead.mean == pytest.approx(0.3, abs=0.02)
    assert found.lead.low < found.lead.mean < found.lead.high


def test_cells_without_a_value_are_no_rivals():
    values = np.full((3, 10), np.nan)
    assert best_of(values) is None
    values[1] = np.linspace(0.7, 0.8, 10)
    alone = best_of(values)
    assert isinstance(alone, Best)
    assert (alone.cell, alone.rivals, alone.runner_up, alone.lead) == (1, (), None, None)
    values[2, :2] = 0.1
    assert best_of(values).rivals == (2,), "two pairs rule nothing out"


def test_a_study_of_one_cell_compares_nothing():
    result = result_of(np.full((1, 5), 0.8))
    assert compare(result) == []
    assert best(result).clear


def test_the_best_by_median_is_not_the_best_by_mean():
    values = np.full((2, 21), 0.3)
    values[1] = 0.2
    values[1, :2] = 50.0
    assert best_of(values, measure=Measure(sign=-1)).cell == 0
    by_median = best_of(values, measure=Measure(sign=-1, centre=Centre.MEDIAN))
    assert (by_median.cell, by_median.mean, by_median.rivals) == (1, 0.2, ())


def test_a_part_of_a_grid_is_judged_as_the_grid_is():
    """Whoever looks through all slices of a grid has compared all pairs of its cells."""
    values = np.random.default_rng(0).normal([[0.82], [0.8]], 0.02, (2, 20))
    assert best_of(values).clear
    assert not best_of(values, n_cells=25).clear
