"""A small part of `python -m bench truth`: real runs of which none is better, and what is said of them."""

import numpy as np
import pytest

from bench.truth.__main__ import tables
from bench.truth.equal import MOST, careless, exchanged, false_winners, ruled_out
from bench.truth.pools import POOLS, Pool, drawn, looks
from regdash import RunConfig
from regdash.study import StudySpec, run_study
from regdash.study.stats.paired import Verdict, judge
from tests.study import synthetic

pytestmark = pytest.mark.slow
TINY = RunConfig(n_samples=40, width=3, epochs=12, label_noise=0.2, train_fraction=0.5, seed=100_000, data_seed=100_000)
CELLS, STUDIES = 6, 300


@pytest.fixture(scope="module")
def pool():
    """Runs of six widths, whose order `exchanged` shuffles at every seed: so none is better than another."""
    spec = StudySpec(base=TINY, sweep={"width": list(range(3, 3 + CELLS))}, seeds=MOST + 20)
    return run_study(spec).values("fresh_accuracy")


@pytest.mark.parametrize("n_cells", [2, CELLS])
def test_studies_of_equal_cells_rarely_err_over_ten_looks(pool, n_cells):
    """Real accuracies; the allowance is what 300 studies scatter."""
    values = exchanged(pool, np.random.default_rng(n_cells), n_cells, MOST, STUDIES)
    assert false_winners(values).any(axis=0).mean() <= 0.08
    assert ruled_out(values).any(axis=0).mean() <= 0.08


def test_the_plain_interval_errs_far_more_often(pool):
    """The negative control: were these studies unable to err, the test above would say nothing."""
    values = exchanged(pool, np.random.default_rng(1), 2, MOST, STUDIES)
    ten, every = careless(values[:, 1] - values[:, 0])
    assert ten.mean() > 0.12
    assert every.mean() > 0.25


def test_what_is_moved_by_four_tenths_of_its_scatter_is_found(pool):
    values = exchanged(pool, np.random.default_rng(2), 2, MOST, STUDIES)
    differences = values[:, 1] - values[:, 0]
    differences += 0.4 * differences.std()
    verdicts = np.array([judge(differences[:, :n], looks=look, matters=0.0) for look, n in looks(5)])
    assert (verdicts == Verdict.BETTER).any(axis=0).mean() > 0.8
    assert (verdicts == Verdict.WORSE).any(axis=0).mean() < 0.02


def test_seeds_are_drawn_without_replacement():
    seeds = drawn(np.random.default_rng(0), 30, 12, 50)
    assert seeds.shape == (50, 12)
    assert all(len(set(row)) == 12 for row in seeds.tolist())


def test_every_table_is_made_of_small_pools(monkeypatch):
    """All of the benchmark, on pools of random numbers: each table has rows, and no number is missing from it."""
    rng = np.random.default_rng(0)
    pools = {name: Made(spec, rng) for name, spec in POOLS.items()}
    monkeypatch.setattr("bench.truth.real.LONGEST", 4)
    found = list(tables(pools, studies=12))
    assert len(found) == 7
    for lines in found:
        assert lines[0].startswith("### ")
        rows = [line for line in lines if line.startswith("| ")]
        assert len(rows) > 1, lines
        assert len({row.count("|") for row in rows}) == 1, lines


class Made(Pool):
    """A pool of made-up runs, some of them collapsed."""

    def __init__(self, spec, rng):
        few = spec.with_seeds(650)
        fresh = 0.9 + rng.normal(0, 0.01, (few.n_cells, 650))
        collapsed = rng.random(fresh.shape) < (0.02 if spec is POOLS["blobs"] else 0)
        fresh[collapsed] = 0.5
        name = next(key for key, value in POOLS.items() if value is spec)
        super().__init__(name=name, result=synthetic.result(few, fresh_accuracy=fresh, collapsed=collapsed))
