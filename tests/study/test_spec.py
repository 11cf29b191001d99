"""A study says what it trains, in which order; what cannot be trained is refused in words, at once."""

import math
import pickle
import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from regdash import ConfigError, RunConfig, StudyError, StudySpec
from regdash.config import FIELDS, MAX_SEED
from regdash.cost import cost
from regdash.study.spec import DATA_SEEDS, MAX_RUNS, MAX_VALUES, NOT_SWEPT

BASE = RunConfig(seed=3, data_seed=10)
GRID = {"dropout": [0, 0.5], "width": [4, 8, 16]}


def study(**changes) -> StudySpec:
    return StudySpec(**{"base": BASE, "sweep": GRID, "seeds": 4, **changes})


def test_it_is_stored_as_plain_tuples_of_checked_values():
    spec = study(sweep={"dropout": np.array([0, 0.5]), "width": range(4, 6)}, seeds=np.array([5, 2]))
    assert spec.sweep == (("dropout", (0.0, 0.5)), ("width", (4, 5)))
    assert [type(value) for _, values in spec.sweep for value in values] == [float, float, int, int]
    assert spec.seeds == (5, 2)
    assert {type(seed) for seed in spec.seeds} == {int}


def swept(values, field="dropout"):
    return study(sweep={field: values}).sweep[0][1]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@given(low=st.integers(0, 9), step=st.integers(1, 10), digits=st.integers(2, 4), down=st.booleans())
def test_counting_in_steps_gives_the_decimals_that_were_meant(dtype, low, step, digits, down):
    unit = 10**-digits
    meant = [round((low + step * i) * unit, digits) for i in range(9)]
    counted = np.arange(low * unit, (low + step * 8.5) * unit, step * unit, dtype=dtype)
    assert swept(counted[::-1] if down else counted) == tuple(meant[::-1] if down else meant)
    assert swept([low * unit + i * (step * unit) for i in range(9)]) == tuple(meant)


def test_what_is_left_at_zero_and_at_a_limit_is_no_obstacle():
    left = 0.5 - 0.1 - 0.1 - 0.1 - 0.1 - 0.1
    assert left != 0
    assert swept([0.5, 0.25, left, 0.1]) == (0.5, 0.25, 0.0, 0.1)
    assert swept([0.5, -left]) == (0.5, 0.0)
    assert swept(np.arange(0.05, 1, 0.1))[-1] == 0.95  # 0.9500000000000001 is beyond the limit
    with pytest.raises(StudyError, match=r"dropout=0\.9501 cannot be used"):
        swept([0.9501])


def test_numbers_that_are_no_short_decimals_stay_as_they_are():
    assert swept([1 / 3, 2 / 3, 0.1234567890123]) == (1 / 3, 2 / 3, 0.1234567890123)
    assert swept([1e-16, 1.5e-300, 1.0], "weight_decay") == (1e-16, 1.5e-300, 1.0)
    assert swept(np.float32([1 / 3])) == (0.33333334,)
    assert swept(np.logspace(-4, 0, 5), "weight_decay") == (0.0001, 0.001, 0.01, 0.1, 1.0)


def test_equal_studies_are_equal_however_they_were_written():
    one, other = study(seeds=3), study(sweep={"dropout": (0.0, 0.5), "width": [4, 8, 16]}, seeds=[3, 4, 5])
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert study(sweep=dict(reversed(GRID.items()))) != study(), "the order of the axes counts"


def test_names_and_numbers():
    spec = study()
    assert spec.fields == ("dropout", "width")
    assert spec.shape == (2, 3)
    assert (spec.n_cells, spec.n_seeds, spec.n_runs) == (6, 4, 24)
    assert spec.cells == [(0.0, 4), (0.0, 8), (0.0, 16), (0.5, 4), (0.5, 8), (0.5, 16)]
    one_field = study(sweep={"epochs": [5, 90, 7]})
    assert one_field.shape == (3,)
    assert one_field.max_epochs == 90
    assert spec.max_epochs == BASE.epochs


def test_runs_come_cell_by_cell_then_seed_by_seed():
    spec = study()
    expected = [
        BASE.but(dropout=dropout, width=width, seed=3 + i, data_seed=10 + i)
        for dropout in (0.0, 0.5)
        for width in (4, 8, 16)
        for i in range(4)
    ]
    assert list(spec.configs()) == expected
    assert [spec.config(cell, i) for cell in range(6) for i in range(4)] == expected
    assert spec.cell_config(4) == BASE.but(dropout=0.5, width=8)


def test_fixed_data_are_the_same_for_every_seed():
    assert {config.data_seed for config in study(data_seeds="fixed").configs()} == {10}


def test_seeds_go_on_from_zero_after_the_largest():
    spec = study(base=BASE.but(seed=MAX_SEED - 1, data_seed=MAX_SEED), seeds=3)
    assert spec.seeds == (MAX_SEED - 1, MAX_SEED, 0)
    assert [spec.data_seed(i) for i in range(3)] == [MAX_SEED, 0, 1]


@pytest.mark.parametrize(
    ("seeds", "count", "expected"),
    [
        (4, 2, (3, 4)), (4, 4, (3, 4, 5, 6)), (4, 6, (3, 4, 5, 6, 7, 8)),
        ([9, 4, 5], 2, (9, 4)), ([9, 4, 3], 5, (9, 4, 3, 5, 6)), ([MAX_SEED], 3, (MAX_SEED, 0, 1)),
    ],
)  # fmt: skip
def test_seeds_are_taken_away_and_added_at_the_end(seeds, count, expected):
    assert study(seeds=seeds).with_seeds(count).seeds == expected


def test_more_seeds_keep_the_runs_there_were():
    spec = study(seeds=3)
    assert spec.with_seeds(8) == study(seeds=8)
    assert set(spec.configs()) < set(spec.with_seeds(8).configs())


def test_a_copy_with_changes_is_checked_again():
    assert study().but(data_seeds="fixed") == study(data_seeds="fixed")
    with pytest.raises(StudyError, match="at least 1 seed"):
        study().but(seeds=0)
    with pytest.raises(StudyError, match="at least 1 seed"):
        study().with_seeds(0)


def test_the_cost_is_that_of_all_runs():
    spec = study()
    each = [cost(config, snapshots=0, together=spec.n_seeds) for config in spec.configs()]
    assert spec.cost == pytest.approx(sum(each))
    assert study(seeds=8).cost > 1.5 * spec.cost


def test_the_largest_study_is_quick_to_describe():
    spec = StudySpec(base=RunConfig(), sweep={"dropout": np.linspace(0, 0.9, 50)}, seeds=MAX_RUNS // 50)
    assert spec.n_runs == MAX_RUNS
    assert spec.config(49, 19_999).dropout == 0.9


REFUSED = [
    ({"seeds": 0}, "seeds=0 cannot be used", "at least 1 seed"),
    ({"seeds": -3}, "seeds=-3 ", "at least 1 seed"),
    ({"seeds": []}, "seeds=0 ", "at least 1 seed"),
    ({"seeds": 10**9}, "seeds=1000000000 ", "at most 166,666 seeds"),
    ({"seeds": 10**5000}, "seeds=<int> ", "at most 166,666 seeds"),
    ({"seeds": range(10**9)}, "seeds=1000000000 ", "at most 166,666 seeds"),
    ({"seeds": range(10**30)}, "seeds=", "at most 166,666 seeds"),
    ({"seeds": True}, "seeds=True ", "a list of whole numbers"),
    ({"seeds": 2.0}, "seeds=2.0 ", "a list of whole numbers"),
    ({"seeds": "7"}, "seeds='7' ", "a list of whole numbers"),
    ({"seeds": {1, 2}}, "seeds={1, 2} ", "a list of whole numbers"),
    ({"seeds": [1, True]}, "seed=True ", "a whole number from 0"),
    ({"seeds": [1, -1]}, "seed=-1 ", "a whole number from 0"),
    ({"seeds": [4, 5, 4]}, "seeds=4 ", "no seed may occur twice"),
    ({"data_seeds": "both"}, "data_seeds='both' ", "'varied' or 'fixed'"),
    ({"data_seeds": None}, "data_seeds=None ", "'varied' or 'fixed'"),
    ({"base": {"width": 3}}, "base={'width': 3} ", "must be a RunConfig"),
    ({"sweep": {}}, "sweep={} ", "one or two settings are swept, not 0"),
    ({"sweep": {"width": [1], "depth": [1], "dropout": [0]}}, "sweep={", "one or two settings are swept, not 3"),
    ({"sweep": None}, "sweep=None ", "must map each swept setting"),
    ({"sweep": "dropout"}, "sweep='dropout' ", "must map each swept setting"),
    ({"sweep": [("dropout", [0.1])]}, "sweep=[", "must map each swept setting"),
    ({"sweep": ("dropout",)}, "sweep=('dropout',) ", "must map each swept setting"),
    ({"sweep": (("dropout", (0.1,)), ("dropout", (0.2,)))}, "sweep=((", "must differ"),
    ({"sweep": {"drop": [0.1]}}, "sweep='drop' ", "no such setting; it must be one of dataset, "),
    ({"sweep": {3: [0.1]}}, "sweep=3 ", "no such setting"),
    ({"sweep": {"n_train": [3]}}, "sweep='n_train' ", "no such setting"),
    ({"sweep": {"seed": [1, 2]}}, "sweep='seed' ", "use seeds=20"),
    ({"sweep": {"data_seed": [1, 2]}}, "sweep='data_seed' ", "use data_seeds='varied'"),
    ({"sweep": {"dropout": []}}, "sweep of dropout=[] ", "1 to 50 values, not 0"),
    ({"sweep": {"seed": []}}, "sweep='seed' ", "every cell gets the same ones"),
    ({"sweep": {"width": range(1, 52)}}, "sweep of width=range(1, 52) ", "1 to 50 values, not 51"),
    ({"sweep": {"width": range(10**9)}}, "sweep of width=range(0, 1000000000) ", "1 to 50 values, not 1,000,000,000"),
    ({"sweep": {"width": range(10**30)}}, "sweep of width=", "1 to 50 values, not "),
    ({"sweep": {"dropout": 0.5}}, "sweep of dropout=0.5 ", "must be a list"),
    ({"sweep": {"dataset": "moons"}}, "sweep of dataset='moons' ", "must be a list"),
    ({"sweep": {"width": (w for w in (1, 2))}}, "sweep of width=<generator", "must be a list"),
    ({"sweep": {"dropout": [0.2, 0.96]}}, "sweep of dropout: dropout=0.96 ", "a number from 0 to 0.95"),
    ({"sweep": {"dropout": [float("nan")]}}, "dropout=nan ", "a number from 0 to 0.95"),
    ({"sweep": {"width": [4, True]}}, "width=True ", "a whole number from 1 to 256"),
    ({"sweep": {"decay": ["l3"]}}, "decay='l3' ", "one of 'l2', 'decoupled'"),
    ({"sweep": {"dropout": [0, 0.5, 0.0]}}, "sweep of dropout=0.0 ", "no value may occur twice"),
    ({"sweep": {"dropout": [0.1, 0.10000000000001]}}, "sweep of dropout=0.10000000000001 ", "no value may occur twice"),
    ({"base": RunConfig(epochs=1000), "seeds": 50_000}, "300,000 runs of up to 1000 epochs ", "4 GiB is the limit"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "what", "rule"), REFUSED, ids=[what + rule for _, what, rule in REFUSED])
def test_what_cannot_be_trained_is_refused_in_words(changes, what, rule):
    with pytest.raises(StudyError) as caught:
        study(**changes)
    message = str(caught.value)
    assert message.startswith((what, "sweep of ", "seeds: "))
    assert what in message
    assert rule in message
    assert len(message) < 400
    assert isinstance(caught.value, ConfigError)


@pytest.mark.parametrize("seeds", [10**9, range(10**9), 10**5000], ids=["count", "range", "beyond printing"])
def test_a_huge_study_is_refused_without_being_built(seeds):
    tracemalloc.start()
    with pytest.raises(StudyError):
        study(seeds=seeds)
    with pytest.raises(StudyError):
        study(sweep={"width": range(10**9)})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.integers(-2, 60) | st.floats() | st.text(max_size=5)
    | st.sampled_from([*FIELDS, *DATA_SEEDS, 10**9, 2**31, 2**64])
)  # fmt: skip
LISTS = st.lists(SCALARS, max_size=5) | st.tuples(SCALARS, SCALARS) | st.builds(range, st.integers(-5, 10**12))
JUNK = SCALARS | LISTS | st.dictionaries(SCALARS, SCALARS | LISTS, max_size=3) | st.just(math) | st.just(RunConfig)
SWEEPS = st.dictionaries(st.sampled_from([*FIELDS]), LISTS, max_size=3)


@settings(max_examples=500)
@given(
    base=JUNK | st.just(BASE), sweep=SWEEPS | JUNK, seeds=JUNK | st.integers(1, 9), data_seeds=JUNK | st.just("fixed")
)
@example(base=BASE, sweep={"dropout": [0.5]}, seeds=2, data_seeds="fixed")
def test_any_junk_is_either_a_sound_study_or_a_study_error(base, sweep, seeds, data_seeds):
    try:
        spec = StudySpec(base=base, sweep=sweep, seeds=seeds, data_seeds=data_seeds)
    except StudyError:
        return
    assert 1 <= spec.n_runs <= MAX_RUNS
    assert all(1 <= len(values) <= MAX_VALUES for _, values in spec.sweep)
    assert len(set(spec.seeds)) == spec.n_seeds
    assert not set(spec.fields) & set(NOT_SWEPT)
    assert isinstance(spec.config(spec.n_cells - 1, spec.n_seeds - 1), RunConfig)
    assert spec.but() == spec


def test_every_setting_but_the_seeds_can_be_swept():
    for name, field in FIELDS.items():
        if name not in NOT_SWEPT:
            value = field.choices[0] if field.choices else field.kind(field.high)
            assert study(sweep={name: [value]}).cells == [(value,)]
