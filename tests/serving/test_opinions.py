"""Second opinions: shared by all who look at the same settings, last in line, and refused rather than late."""

import re
import threading

import numpy as np
import pytest

from regdash import QueueFull, RunConfig, StudyTooLarge, train
from regdash.serving import opinions as module
from regdash.serving.opinions import FIRST_SEED, SEEDS, Opinions, study_of
from regdash.study.comparisons import compare_pair
from regdash.study.run import run_study
from regdash.words import opinions as words

CONFIG = RunConfig(n_samples=20, width=4, epochs=4, dropout=0.3, seed=99, data_seed=98)
PATIENCE = 30.0


def settled(opinion):
    for job in (opinion.free, opinion.yours):
        assert job.wait(PATIENCE)
    return opinion


class Counted:
    """`run_study`, with a note of what it was asked for."""

    def __init__(self):
        self.asked, self.go = [], threading.Event()
        self.go.set()

    def __call__(self, spec, **options):
        self.asked.append(spec)
        while not self.go.wait(0.01):
            options["on_progress"](0, 1)
        return run_study(spec, **options)


@pytest.fixture
def runner():
    return Counted()


@pytest.fixture
def opinions(runner):
    made = Opinions(runner=runner)
    yield made
    runner.go.set()
    made.close()


def test_both_arms_are_trained_over_the_same_seeds_and_data_and_have_their_bits(opinions):
    free, yours = settled(opinions.ask(CONFIG, PATIENCE)).results
    for result, dropout in ((free, 0.0), (yours, 0.3)):
        for index in (0, 7, SEEDS - 1):
            seed = FIRST_SEED + index
            alone = train(CONFIG.but(dropout=dropout, seed=seed, data_seed=seed))
            assert result.fresh_accuracy[0, index] == np.float32(alone.test_accuracy)


def test_a_pair_is_compared_seed_by_seed(opinions):
    free, yours = settled(opinions.ask(CONFIG, PATIENCE)).results
    found = compare_pair(free, yours)
    differences = yours.values("fresh_accuracy")[0] - free.values("fresh_accuracy")[0]
    assert found.n == SEEDS
    np.testing.assert_array_equal(found.differences, differences)
    assert found.mean == pytest.approx(differences.mean())


def test_visitors_with_other_seeds_share_an_opinion_and_regularizers_share_the_free_network(opinions, runner):
    settled(opinions.ask(CONFIG, PATIENCE))
    assert opinions.is_kept(CONFIG.but(seed=5, data_seed=6))
    settled(opinions.ask(CONFIG.but(seed=5), PATIENCE))
    assert len(runner.asked) == 2
    assert not opinions.is_kept(CONFIG.but(dropout=0.4))
    settled(opinions.ask(CONFIG.but(dropout=0.4), PATIENCE))
    assert runner.asked[2:] == [study_of(CONFIG.but(dropout=0.4))]


def test_who_leaves_stops_it(opinions, runner):
    runner.go.clear()
    asked = opinions.ask(CONFIG, PATIENCE)
    asked.leave()
    settled(asked)
    assert asked.ended
    assert asked.results is None


def test_in_a_crowd_opinions_take_a_share_of_the_time_and_kept_ones_cost_nothing(runner, monkeypatch):
    crowded = False
    opinions = Opinions(crowded=lambda: crowded, runner=runner)
    try:
        settled(opinions.ask(CONFIG, PATIENCE))
        monkeypatch.setattr(module, "SHARE", 0.0)
        settled(opinions.ask(CONFIG.but(dropout=0.2), PATIENCE))  # nobody else is there
        crowded = True
        with pytest.raises(QueueFull, match="many visitors"):
            opinions.ask(CONFIG.but(dropout=0.5), PATIENCE)
        assert settled(opinions.ask(CONFIG, PATIENCE)).results is not None
    finally:
        opinions.close()


def test_while_visitors_hurry_no_opinion_is_begun(runner):
    opinions = Opinions(hurried=lambda: True, runner=runner)
    try:
        assert not opinions.has_room
        with pytest.raises(QueueFull, match="many visitors"):
            opinions.ask(CONFIG, PATIENCE)
        assert runner.asked == []
    finally:
        opinions.close()


def test_what_waits_is_bounded(opinions, runner):
    runner.go.clear()

    def ask_for_many():
        for step in range(module.MAX_WAITING + 2):
            opinions.ask(CONFIG.but(dropout=0.05 * (step + 1)), PATIENCE)

    with pytest.raises(QueueFull):
        ask_for_many()


def test_what_costs_too_much_is_refused(opinions):
    with pytest.raises(StudyTooLarge):
        opinions.ask(RunConfig(width=256, depth=3, epochs=1000, n_samples=2000), PATIENCE)


def test_words_speak_of_as_many_pairs_as_are_trained():
    texts = (words.NOTHING, words.WAITING, words.WORKING, words.BUSY, words.TOO_LARGE, words.FAILED)
    numbers = {number for text in texts for number in re.findall(r"\d+", text)}
    assert numbers == {str(SEEDS)}
