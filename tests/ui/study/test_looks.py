import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash.study import StudySpec
from regdash.study.stats.spending import STEP
from regdash.teaching.scenarios import NOISY
from regdash.ui.study import looks as study_looks
from regdash.ui.study.looks import Look

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
        looks.append(looked(seen, spec).number)
    assert looks == list(range(1, presses + 2))
    assert study_looks.count({}, spec).number == looks[-1]


def looked(seen, spec):
    """Look at a study and write it down."""
    look = study_looks.count(seen, spec)
    study_looks.remember(seen, spec, look)
    return look


@given(st.lists(st.integers(1, 200), min_size=1, max_size=30))
def test_whatever_numbers_of_seeds_are_tried_each_has_a_look_of_its_own(tried):
    """So that no look's share of the errors is spent twice, and none comes before its seeds could be there."""
    seen, spent = {}, {}
    for n_seeds in tried:
        look = looked(seen, SPEC.with_seeds(n_seeds))
        assert spent.setdefault(n_seeds, look) == look, "the same result keeps its verdict"
        assert look.number >= study_looks.from_seeds(n_seeds)
    assert len({look.number for look in spent.values()}) == len(spent)


@pytest.mark.parametrize(
    "other",
    [SPEC.but(base=NOISY.but(width=8)), SPEC.but(sweep={"weight_decay": [0.0, 0.3]}), SPEC.but(data_seeds="fixed")],
)
def test_each_question_has_its_own_count(other):
    seen = {}
    study_looks.remember(seen, SPEC, Look(number=4, cells=2))
    assert study_looks.count(seen, other).number == 1
    assert study_looks.count(seen, SPEC).number == 4
    assert study_looks.count(seen, SPEC.with_seeds(40)).number == 5


def test_other_values_of_the_same_seeds_are_the_same_look_at_more_cells():
    seen = {}
    assert looked(seen, SPEC) == Look(number=1, cells=2)
    assert looked(seen, SPEC.but(sweep={"dropout": [0.0, 0.3]})) == Look(number=1, cells=3)
    assert looked(seen, SPEC) == Look(number=1, cells=2), "what was seen first keeps its verdict"


def test_whoever_takes_two_of_many_values_has_compared_all_pairs():
    seen, many = {}, SPEC.but(sweep={"dropout": [cell / 50 for cell in range(25)]})
    assert looked(seen, many).comparisons(25) is None, "its own: 24 with the first"
    few = SPEC.but(sweep={"dropout": [0.1, 0.4]})
    assert looked(seen, few) == Look(number=1, cells=25)
    assert looked(seen, few).comparisons(2) == 300


def test_another_first_seed_counts_as_two_looks():
    seen = {}
    numbers = [looked(seen, SPEC.but(seeds=range(first, first + 20))).number for first in (7, 100, 200)]
    assert numbers == [1, 3, 5]
    assert looked(seen, SPEC.but(seeds=range(100, 140))).number == 6
    assert looked(seen, SPEC.but(seeds=range(7, 27))).number == 1


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first():
    seen = {}
    for width in range(1, study_looks.MOST_QUESTIONS + 5):
        study_looks.remember(seen, SPEC.but(base=NOISY.but(width=width)), Look(number=2, cells=2))
        study_looks.remember(seen, SPEC, Look(number=7, cells=2))
    assert len(seen) == study_looks.MOST_QUESTIONS
    assert study_looks.count(seen, SPEC).number == 7
    assert study_looks.count(seen, SPEC.but(base=NOISY.but(width=1))).number == 1
