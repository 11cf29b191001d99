"""Scrubs: the nearest stop first, last in line, and refused rather than late."""

import threading
import time

import pytest

from regdash import QueueFull, RunConfig
from regdash.cost import cost
from regdash.serving import scrubs as module
from regdash.serving.pictures import train_for_pictures
from regdash.serving.run_cache import RunCache
from regdash.serving.scrubs import AT_ONCE, Scrubs, affordable
from regdash.teaching.scenarios import NOISY

CONFIG = RunConfig(n_samples=20, width=4, epochs=4)
STOPS = [CONFIG.but(dropout=round(0.05 * stop, 2)) for stop in range(12)]
PATIENCE = 30.0


class Counted:
    """A trainer, with a note of what it was asked for; it waits for `go`, reporting."""

    def __init__(self):
        self.asked, self.go = [], threading.Event()
        self.go.set()

    def __call__(self, configs, **options):
        self.asked.append(list(configs))
        while not self.go.wait(0.01):
            options["on_progress"](0, 1)
        return train_for_pictures(configs, **options)


def seed_and_dropout(run):
    return f"{run.config.seed} {run.config.dropout}".encode()


def until(condition):
    latest = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < latest, "it never came"
        time.sleep(0.005)


@pytest.fixture
def trainer():
    return Counted()


@pytest.fixture
def make(trainer):
    made = []

    def scrubs(**options):
        made.append(Scrubs(**({"encode": seed_and_dropout, "kept": RunCache(), "trainer": trainer} | options)))
        return made[-1]

    yield scrubs
    trainer.go.set()
    for each in made:
        each.close()


def test_all_are_trained_in_the_order_asked_and_encoded(make, trainer):
    scrub = make().ask(STOPS, PATIENCE)
    until(lambda: not scrub.missing)
    assert [config for batch in trainer.asked for config in batch] == STOPS
    assert max(map(len, trainer.asked)) == AT_ONCE
    assert scrub.pieces == {config: f"7 {config.dropout}".encode() for config in STOPS}


def test_what_others_have_asked_for_is_there_at_once_and_runs_are_kept(make, trainer):
    kept = RunCache()
    scrubs = make(kept=kept)
    first = scrubs.ask(STOPS, PATIENCE)
    until(lambda: not first.missing)
    trained = len(trainer.asked)
    assert scrubs.ask(STOPS[::-1], PATIENCE).pieces == first.pieces
    assert len(trainer.asked) == trained
    assert all(kept.recall(config) is not None for config in STOPS)


def test_runs_that_are_kept_are_not_trained_again(make, trainer):
    kept = RunCache()
    for run in train_for_pictures(STOPS[:3]):
        kept.keep(run)
    scrub = make(kept=kept).ask(STOPS[:4], PATIENCE)
    until(lambda: not scrub.missing)
    assert trainer.asked == [[STOPS[3]]]


def test_two_scrubs_take_turns(make, trainer):
    scrubs = make()
    trainer.go.clear()
    other = [config.but(seed=8) for config in STOPS]
    both = scrubs.ask(STOPS, PATIENCE), scrubs.ask(other, PATIENCE)
    trainer.go.set()
    until(lambda: not any(scrub.missing for scrub in both))
    assert [batch[0].seed for batch in trainer.asked[:2]] == [7, 8]


def test_who_leaves_stops_it(make, trainer):
    scrubs = make()
    trainer.go.clear()
    scrub = scrubs.ask(STOPS, PATIENCE)
    until(lambda: trainer.asked)
    scrub.leave()
    after = scrubs.ask([CONFIG.but(seed=9)], PATIENCE)
    until(lambda: len(trainer.asked) == 2)
    trainer.go.set()
    until(lambda: not after.missing)
    assert scrub.pieces == {}
    assert not scrub.has_failed


def test_who_gives_no_sign_of_life_is_dropped(make, trainer):
    trainer.go.clear()
    scrub = make().ask(STOPS, 0.0)
    until(lambda: not scrub.is_wanted)
    scrub.alive()
    assert not scrub.is_wanted, "no patience at all"


def test_while_others_wait_nothing_goes_on(make, trainer):
    busy = threading.Event()
    busy.set()
    scrub = make(busy=busy.is_set).ask(STOPS, PATIENCE)
    time.sleep(0.05)
    assert trainer.asked == []
    busy.clear()
    until(lambda: not scrub.missing)


def test_in_a_crowd_they_take_a_share_of_the_time_and_kept_ones_cost_nothing(make, monkeypatch):
    crowded = False
    scrubs = make(crowded=lambda: crowded)
    first = scrubs.ask(STOPS[:2], PATIENCE)
    until(lambda: not first.missing)
    until(lambda: scrubs._spent.share > 0)
    monkeypatch.setattr(module, "SHARE", 0.0)
    crowded = True
    with pytest.raises(QueueFull, match="many visitors"):
        scrubs.ask(STOPS, PATIENCE)
    assert not scrubs.ask(STOPS[:2], PATIENCE).missing


def test_while_visitors_hurry_none_is_begun(make, trainer):
    scrubs = make(hurried=lambda: True)
    with pytest.raises(QueueFull, match="many visitors"):
        scrubs.ask(STOPS, PATIENCE)
    assert trainer.asked == []


def test_what_waits_is_bounded(make, trainer):
    scrubs = make()
    trainer.go.clear()
    for seed in range(module.MAX_WAITING):
        scrubs.ask([CONFIG.but(seed=seed)], PATIENCE)
    with pytest.raises(QueueFull):
        scrubs.ask([CONFIG.but(seed=999)], PATIENCE)


def test_an_error_is_known_to_who_asked_and_harms_no_other(make):
    def broken(configs, **options):
        if configs[0].seed == 13:
            raise ArithmeticError("no such number")
        return train_for_pictures(configs, **options)

    scrubs = make(trainer=broken)
    bad, good = scrubs.ask([CONFIG.but(seed=13)], PATIENCE), scrubs.ask(STOPS, PATIENCE)
    until(lambda: not good.missing)
    assert bad.has_failed
    assert not good.has_failed


def test_of_a_small_network_all_stops_are_affordable_nearest_first():
    assert affordable(20, NOISY, 10) == sorted(range(20), key=lambda stop: (abs(stop - 10), stop))
    assert affordable(20, NOISY, 0) == list(range(20))


@pytest.mark.parametrize("width", [64, 128, 192, 256])
@pytest.mark.parametrize("epochs", [200, 500, 1000])
def test_a_large_network_gets_fewer_stops_both_ends_among_them(width, epochs):
    config = NOISY.but(width=width, depth=3, epochs=epochs)
    found = affordable(20, config, 7)
    assert found == [] or {0, 7, 19} <= set(found)
    assert len(found) * cost(config, together=AT_ONCE) <= module.MAX_COST
    assert len(found) == len(set(found))


def test_of_the_largest_none_is_affordable():
    assert affordable(20, RunConfig(width=256, depth=3, epochs=1000, n_samples=2000), 3) == []
