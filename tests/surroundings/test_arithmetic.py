"""Statistics of numbers that vanish or lie far apart, where numpy was told to raise."""

from collections.abc import Callable

import numpy as np
import pytest

from regdash import RunConfig, StudySpec, study
from regdash.study import by_data
from regdash.study.stats import paired, reach, sameness, single_seed, spending
from regdash.study.stats.bands import median_band
from regdash.study.stats.intervals import Centre, centres, half_width, median_interval, quantile
from tests.study import synthetic

MANY = 1200  # seeds: 0.5 to that power is no number any more
SPEC = StudySpec(
    base=RunConfig(width=1, epochs=1, n_samples=20),
    sweep={"dropout": [0.0, 0.5], "label_noise": [0.0, 0.2]},
    seeds=MANY,
)
STUDY = synthetic.result(SPEC)
SMALL = np.random.default_rng(0).normal(size=(3, MANY)) * 10.0 ** -np.arange(0, 300, 0.25)
FLAT = np.zeros((2, MANY))
CASES: dict[str, Callable[[], object]] = {
    "compare": lambda: study.compare(STUDY),
    "compare losses": lambda: study.compare(STUDY, metric="val_loss", looks=70),
    "best": lambda: study.best(STUDY),
    "within": lambda: by_data.within(STUDY),
    "one seed": lambda: study.publish_one_seed(STUDY, 1),
    "cells_table": lambda: study.cells_table(STUDY, "val_loss").to_dict(),
    "curve_bands": lambda: study.curve_bands(STUDY),
    "reach": lambda: [(reach.reach(c), reach.chance(c), reach.seeds_to_prove(c)) for c in study.compare(STUDY)],
    "judge small ones": lambda: paired.judge(SMALL, looks=3, comparisons=9),
    "judge equal ones": lambda: paired.judge(FLAT),
    "strict": lambda: paired.strict_interval(SMALL),
    "shown": lambda: [paired.shown_interval(values, centre) for values in (SMALL, FLAT) for centre in Centre],
    "paired_interval": lambda: study.paired_interval(SMALL[0]),
    "median_interval": lambda: median_interval(SMALL),
    "centres": lambda: [centres(SMALL, centre) for centre in Centre],
    "half_width": lambda: half_width(MANY, 1e-200, 1e-300),
    "quantile": lambda: quantile(SMALL, 0.3),
    "band": lambda: median_band(SMALL),
    "singly": lambda: single_seed.judge_singly(SMALL[0], SMALL[1]),
    "proven": lambda: sameness.proven(SMALL, matters=0.1, widest=0.6, comparisons=3),
    "pairs_needed": lambda: sameness.pairs_needed(matters=0.005, widest=0.6),
    "unseen": lambda: sameness.unseen(MANY),
    "share_interval": lambda: sameness.share_interval([0, 5, MANY], [MANY] * 3),
    "error_share": lambda: spending.error_share(70, 49, np.arange(3, MANY)),
}


@pytest.mark.parametrize("case", CASES)
def test_statistics_do_not_mind_what_numpy_was_told(case: str) -> None:
    spending.levels.cache_clear()
    expected = repr(CASES[case]())
    spending.levels.cache_clear()
    with np.errstate(all="raise"):
        assert repr(CASES[case]()) == expected
