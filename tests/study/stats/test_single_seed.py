import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from regdash.study import StudySpec
from regdash.study.comparisons import publish_one_seed
from regdash.study.stats.single_seed import SingleSeed, judge_singly
from tests.study import synthetic

DIFFERENCES = arrays.arrays(np.float64, 12, elements=st.floats(-0.2, 0.2).map(lambda x: round(x, 2)) | st.just(np.nan))


def study(few, fresh, **changes):
    """A study of the rows of `few` (accuracy on 60 points) and `fresh`."""
    few, fresh = np.asarray(few), np.asarray(fresh)
    return synthetic.result(synthetic.spec(*few.shape), val_60_accuracy=few, fresh_accuracy=fresh, **changes)


def test_each_pair_is_judged_alone():
    fresh = [[0.8] * 5, [0.9] * 5]
    few = np.array([[48, 48, 48, 48, 48], [52, 50, 48, 47, 40]]) / 60
    assert publish_one_seed(study(few, fresh), 1, 0) == SingleSeed(
        n=5, wrong=2, tied=1, right=2, n_points=60, truth=1
    )  # fmt: skip


def test_the_truth_is_the_mean_on_fresh_data_not_the_majority():
    fresh = [[0.8] * 5, [0.81, 0.81, 0.81, 0.81, 0.6]]
    few = [[0.8] * 5, [0.81, 0.81, 0.81, 0.81, 0.6]]
    judged = publish_one_seed(study(few, fresh), 1, 0)
    assert (judged.truth, judged.wrong, judged.right) == (-1, 4, 1)


def test_arms_may_be_swapped():
    rng = np.random.default_rng(0)
    result = study(rng.integers(40, 60, (2, 30)) / 60, rng.uniform(0.7, 0.9, (2, 30)))
    forth, back = publish_one_seed(result, 1, 0), publish_one_seed(result, 0, 1)
    assert (forth.wrong, forth.tied, forth.right) == (back.wrong, back.tied, back.right)
    assert forth.truth == -back.truth


def test_diverged_pairs_are_left_out():
    diverged = np.zeros((2, 6), dtype=bool)
    diverged[1, 0] = diverged[0, 3] = True
    judged = publish_one_seed(study(np.full((2, 6), 0.8), [[0.8] * 6, [0.9] * 6], diverged=diverged), 1)
    assert (judged.n, judged.tied) == (4, 4)


def test_without_a_truth_nobody_is_wrong():
    for result in (study([[0.8], [0.9]], [[0.8], [0.8]]), study([[0.8], [0.9]], [[0.8], [0.9]], done=False)):
        judged = publish_one_seed(result, 1)
        assert (judged.n, judged.wrong, judged.tied, judged.right, judged.truth) == (0, 0, 0, 0, 0)


def test_arms_equal_but_for_rounding_have_no_truth():
    fresh = np.array([0.7, 0.8, 0.9]) + np.array([[0.0], [1e-9]])
    assert judge_singly(np.full(3, 0.1), fresh[1] - fresh[0]).truth == 0


def test_arms_that_tie_exactly_tie_after_rounding_too():
    """0.9 - 0.8 and 0.7 - 0.6 in single precision differ; a tie is no vote for either."""
    few = np.array([[0.1, 0.7], [0.1, 0.7]], dtype=np.float32)
    few[1] = (few[1] + np.float32(0.2)) - np.float32(0.2)
    assert publish_one_seed(study(few, [[0.8, 0.8], [0.9, 0.9]]), 1).tied == 2


@pytest.mark.parametrize(("n_samples", "points"), [([200, 400], 60), ([100, 400], 50), ([40, 60], 20)])
def test_it_says_how_many_points_judged(n_samples, points):
    swept = StudySpec(base=synthetic.BASE, sweep={"n_samples": n_samples}, seeds=3)
    assert publish_one_seed(synthetic.result(swept), 1).n_points == points


@given(DIFFERENCES, DIFFERENCES)
def test_every_pair_counts_once(few, fresh):
    judged = judge_singly(few, fresh)
    assert judged.wrong + judged.tied + judged.right == judged.n
    pairs = np.isfinite(few) & np.isfinite(fresh)
    assert judged.n == (pairs.sum() if judged.truth else 0)
    if judged.truth:
        assert judged.truth * np.sum(fresh[pairs]) > 0
        assert judged.right == sum(judged.truth * few[pairs] > 0)


def test_a_perfect_judge_is_wrong_as_often_as_the_seeds_themselves():
    """With validation data as good as fresh data, what remains is the luck of the seeds: Φ(−mean/sd), here 15.9 %."""
    fresh = np.random.default_rng(1).normal(0.02, 0.02, 20_000)
    judged = judge_singly(fresh, fresh)
    assert judged.wrong / judged.n == pytest.approx(0.1587, abs=0.01)
