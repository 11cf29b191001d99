import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.study import StudySpec
from regdash.study.stats.paired import STEP, error_share
from regdash.teaching.scenarios import NOISY
from regdash.ui.study import looks as study_looks

SPEC = StudySpec(base=NOISY, sweep={"dropout": [0.0, 0.5]}, seeds=20)


@pytest.mark.parametrize(
    ("n_seeds", "look"), [(1, 1), (8, 1), (20, 1), (21, 2), (28, 2), (40, 2), (41, 3), (100, 5), (1000, 50)]
)
def test_whoever_comes_late_may_have_looked_before(n_seeds, look):
    assert study_looks.from_seeds(n_seeds) == look


@given(first=st.integers(1, STEP), presses=st.integers(0, 10))
def test_a_reload_after_adding_seeds_finds_the_same_look(first, presses):
    """The count goes through a session press by press; a new session has nothing but the number of seeds."""
    seen, looks = {}, []
    for press in range(presses + 1):
        spec = SPEC.with_seeds(first + press * STEP)
        looks.append(study_looks.count(seen, spec))
        study_looks.remember(seen, spec, looks[-1])
    assert looks == list(range(1, presses + 2))
    assert study_looks.count({}, spec) == looks[-1]


@given(st.lists(st.integers(1, 200), min_size=1, max_size=30))
def test_whatever_numbers_of_seeds_are_tried_errors_stay_below_one_in_twenty(tried):
    seen, spent = {}, {}
    for n_seeds in tried:
        spec = SPEC.with_seeds(n_seeds)
        look = study_looks.count(seen, spec)
        assert spent.setdefault(n_seeds, look) == look, "the same result keeps its verdict"
        study_looks.remember(seen, spec, look)
    assert sum(error_share(look, 1) for look in spent.values()) <= 0.05


@pytest.mark.parametrize(
    "other",
    [SPEC.but(base=NOISY.but(width=8)), SPEC.but(sweep={"dropout": [0.0, 0.3]}), SPEC.but(data_seeds="fixed"),
     SPEC.but(seeds=range(100, 120))],
)  # fmt: skip
def test_each_family_has_its_own_count(other):
    seen = {}
    study_looks.remember(seen, SPEC, 4)
    assert study_looks.count(seen, other) == 1
    assert study_looks.count(seen, SPEC) == 4
    assert study_looks.count(seen, SPEC.with_seeds(40)) == 5


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first():
    seen = {}
    for seed in range(study_looks.MOST_FAMILIES + 5):
        study_looks.remember(seen, SPEC.but(seeds=[seed]), 2)
        study_looks.remember(seen, SPEC, 7)
    assert len(seen) == study_looks.MOST_FAMILIES
    assert study_looks.count(seen, SPEC) == 7
    assert study_looks.count(seen, SPEC.but(seeds=[0])) == 1
