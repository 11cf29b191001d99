import threading

import numpy as np
import pytest

from regdash import QueueFull, RegdashError, RunConfig, SnapshotError, train
from regdash.ensemble import schedule
from regdash.ensemble.processors import n_processors
from regdash.results import GRID_SIDE
from regdash.serving import pictures
from regdash.serving.batcher import CROWD, Batcher
from regdash.serving.pictures import train_for_pictures
from regdash.serving.run_cache import RunCache
from regdash.ui.common import cache


class Superseded(BaseException):
    """What Streamlit raises at a yield point when a newer run of the script has begun."""


@pytest.fixture
def batcher(monkeypatch):
    kept = RunCache()
    with Batcher(trainer=train_for_pictures) as one:
        monkeypatch.setattr(cache, "batcher", lambda: one)
        monkeypatch.setattr(cache, "kept", lambda: kept)
        yield one


def configs(n):
    return [RunConfig(epochs=3, width=4, seed=seed) for seed in range(n)]


@pytest.mark.usefixtures("batcher")
def test_runs_come_in_the_order_asked_and_equal_train():
    asked = [*configs(3), configs(1)[0]]
    for config, run in zip(asked, cache.runs(asked), strict=True):
        assert run.config == config
        np.testing.assert_array_equal(run.curves, train(config).curves)
        np.testing.assert_array_equal(run.surfaces, train(config).surfaces)


def test_kept_runs_are_not_trained_again(batcher, monkeypatch):
    first = cache.runs(configs(2))
    monkeypatch.setattr(batcher, "submit", lambda *_: pytest.fail("trained again"))
    assert [a is b for a, b in zip(first, cache.runs(configs(2)), strict=True)] == [True, True]


def test_fewer_epochs_take_no_training_and_more_only_the_rest(batcher, monkeypatch):
    config, starts = RunConfig(n_samples=20, width=4, epochs=100), []
    cache.runs([config])
    submit = batcher.submit
    monkeypatch.setattr(batcher, "submit", lambda *asked: starts.append(asked) or submit(*asked))
    for epochs in (60, 150, 80):
        (run,) = cache.runs([config.but(epochs=epochs)])
        np.testing.assert_array_equal(run.curves, train(run.config).curves)
    ((asked, start),) = starts
    assert (asked.epochs, start.config) == (150, config)


@pytest.mark.usefixtures("batcher")
def test_a_kept_run_has_its_surfaces_but_not_its_weights():
    (run,) = cache.runs(configs(1))
    assert run.parameters.size == 0
    assert run.surfaces.shape[0] == 3
    with pytest.raises(SnapshotError, match="dropped"):
        run.boundary(3)


def test_a_superseded_page_withdraws_its_trainings(batcher, monkeypatch):
    tickets = []
    submit = batcher.submit

    def remember(*asked):
        tickets.append(submit(*asked))
        return tickets[-1]

    def superseded(_):
        raise Superseded

    monkeypatch.setattr(batcher, "submit", remember)
    monkeypatch.setattr(cache, "_wait", superseded)
    with pytest.raises(Superseded):
        cache.runs([config.but(epochs=1000, width=256) for config in configs(2)])
    assert len(tickets) == 2
    assert all(ticket.cancelled() for ticket in tickets)


@pytest.mark.usefixtures("batcher")
def test_an_error_reaches_the_page(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no memory left")

    monkeypatch.setattr("regdash.serving.pictures.in_batches", broken)
    with pytest.raises(RuntimeError, match="no memory left"):
        cache.runs(configs(1))


def test_an_error_loses_no_other_run(batcher, monkeypatch):
    good, bad = RunConfig(n_samples=20, width=4, epochs=3), RunConfig(n_samples=20, width=5, epochs=3)
    in_batches, submitted, submit = pictures.in_batches, [], batcher.submit

    def choosy(configs, *args, **kwargs):
        if configs == [bad]:
            raise RuntimeError("no memory left")
        return in_batches(configs, *args, **kwargs)

    monkeypatch.setattr(pictures, "in_batches", choosy)
    monkeypatch.setattr(batcher, "submit", lambda *asked: submitted.append(asked[0]) or submit(*asked))
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no memory left"):
            cache.runs([good, bad])
    assert submitted == [good, bad, bad]


def test_when_too_many_wait_the_page_asks_again(batcher, monkeypatch):
    submit, refusals = batcher.submit, [QueueFull("500 trainings are waiting"), QueueFull("500 trainings are waiting")]

    def hesitant(*asked):
        if refusals:
            raise refusals.pop()
        return submit(*asked)

    monkeypatch.setattr(batcher, "submit", hesitant)
    monkeypatch.setattr(cache, "BAR_EVERY", 0.0)
    assert [run.config for run in cache.runs(configs(1))] == configs(1)


def test_the_more_wait_the_less_often_each_looks(monkeypatch):
    class Stub:
        n_wanted = 0

    looks = []
    monkeypatch.setattr(cache, "batcher", Stub)
    for Stub.n_wanted in (0, CROWD, 20, 50, 100, 500):
        looks.append(cache._pause())
    assert looks[:2] == [cache.SOON] * 2, "alone, one notices at once"
    assert looks == sorted(looks)
    assert looks[2] <= 0.15
    assert looks[-2:] == [cache.LATE] * 2


@pytest.mark.usefixtures("batcher")
def test_all_training_stays_in_the_batchers_own_thread(monkeypatch):
    """Different shapes would otherwise go to a pool: several threads in torch at once."""
    names = set()
    train_batch = schedule.train_batch

    def noting(*args, **kwargs):
        names.update(thread.name for thread in threading.enumerate())
        return train_batch(*args, **kwargs)

    monkeypatch.setattr(schedule, "train_batch", noting)
    cache.runs([RunConfig(epochs=3, width=width) for width in (3, 5, 7)])
    assert "regdash-batcher-0" in names
    assert not any(name.startswith("regdash-train") for name in names)


def test_points_are_the_datas_own():
    config = RunConfig(label_noise=0.25)
    points = cache.points(config, 3.5)
    assert points.x.shape == (200, 2)
    assert points.flipped.sum() == 35
    assert points.truth.shape == (GRID_SIDE, GRID_SIDE)


@pytest.mark.parametrize(("said", "n"), [("0", 0), (" 3 ", 3), ("", None)])
def test_the_environment_says_how_many_processes_may_train(said, n, monkeypatch):
    monkeypatch.setenv(cache.PROCESSES, said)
    with cache.batcher.__wrapped__() as batcher:
        expected = min(n_processors(), cache.MAX_PROCESSES) if n is None else n
        assert len(batcher._threads) == max(1, expected)
        (run,) = [batcher.submit(config).result() for config in configs(1)]
        assert run.config == configs(1)[0]


@pytest.mark.parametrize("said", ["many", "-1", "1.5"])
def test_a_number_of_processes_that_is_none_is_said(said, monkeypatch):
    monkeypatch.setenv(cache.PROCESSES, said)
    with pytest.raises(RegdashError, match=f"REGDASH_PROCESSES .* 0 or more; it is '{said}'"):
        cache.batcher.__wrapped__()


def test_what_has_begun_is_trained_once_and_waited_for_later(batcher, monkeypatch):
    asked, submit = [], batcher.submit
    monkeypatch.setattr(batcher, "submit", lambda config, start: (asked.append(config), submit(config, start))[1])
    with cache.begun(configs(2)) as takes_long:
        assert not takes_long
        assert asked == configs(2)
        assert [run.config for run in cache.runs(configs(2))] == configs(2)
    with cache.begun(configs(2)) as takes_long:
        assert not takes_long
    assert len(asked) == 4, "what is kept is not asked for again"


def test_what_has_begun_and_nobody_waits_for_is_withdrawn(batcher):
    long = RunConfig(epochs=1000, width=256)
    with cache.begun([long]) as takes_long:
        assert takes_long
        assert batcher.n_wanted == 1
    waited = threading.Event()
    while batcher.n_wanted:
        waited.wait(0.01)


def test_where_there_is_no_room_to_begin_it_is_left_to_who_waits(batcher, monkeypatch):
    def full(*_):
        raise QueueFull("no room")

    monkeypatch.setattr(batcher, "submit", full)
    with cache.begun(configs(1)) as takes_long:
        assert not takes_long
