"""The batcher: what waits becomes one batch; nobody pays for another's error, absence or long training."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, wait
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from regdash import Run, RunConfig, train
from regdash.cost import cost
from regdash.errors import QueueFull, RegdashError
from regdash.results import End
from regdash.serving import batcher as module
from regdash.serving.batcher import ARMS, BATCH, CROWD, LEAST, OVERDUE_EVERY, SHORT, STRETCH, Batcher, Ticket
from regdash.training import Progress
from tests.ensemble.test_train_many import differences

PATIENCE = 20  # seconds after which a test gives up; nothing here waits that long unless something is wrong
TINY = RunConfig(n_samples=20, width=2, epochs=2)
LONG = RunConfig(n_samples=20, width=256, epochs=1000)
RUN = train(TINY)


def tiny(seed: int) -> RunConfig:
    return TINY.but(seed=seed)


class Stub:
    """A trainer that waits for the test: each batch begins, then runs on when `go` is set, reporting all the time."""

    def __init__(self) -> None:
        self.batches: list[list[RunConfig]] = []
        self.began = threading.Semaphore(0)
        self.go = threading.Event()
        self.failing: dict[RunConfig, Exception] = {}
        self.held: set[RunConfig] = set()  # these go on even so
        self.stopped: list[list[RunConfig]] = []
        self.workers: list[int | None] = []
        self.starts: list[list[Run]] = []

    def __call__(
        self,
        configs: Sequence[RunConfig],
        *,
        starts: Sequence[Run] = (),
        workers: int | None = None,
        on_progress: Progress | None = None,
    ) -> list[Run]:
        assert on_progress is not None
        self.batches.append(list(configs))
        self.starts.append(list(starts))
        self.workers.append(workers)
        self.began.release()
        try:
            on_progress(0, 4)
            while not self.go.wait(0.001) or self.held.intersection(configs):
                on_progress(1, 4)
        except BaseException:
            self.stopped.append(list(configs))
            raise
        for config in configs:
            if config in self.failing:
                raise self.failing[config]
        return [RUN] * len(configs)

    def wait_for_batch(self) -> None:
        assert self.began.acquire(timeout=PATIENCE)


class StubHelper(Stub):
    """One that says whether it is ready."""

    is_ready = True


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def batcher(stub: Stub) -> Iterator[Batcher]:
    with Batcher(trainer=stub, max_waiting=20) as batcher:
        yield batcher


@pytest.fixture
def busy(batcher: Batcher, stub: Stub) -> Ticket:
    """The batcher is training this, and goes on until `stub.go` is set: what is asked now must wait."""
    ticket = batcher.submit(tiny(0))
    stub.wait_for_batch()
    return ticket


def until(condition: Callable[[], bool]) -> None:
    """Wait until the worker thread has got there."""
    pause = threading.Event()
    for _ in range(PATIENCE * 1000):
        if condition():
            return
        pause.wait(0.001)
    raise AssertionError("it never happened")


def test_runs_are_those_of_train():
    configs = [RunConfig(n_samples=60, width=w, epochs=5) for w in (8, 9, 8)]
    with Batcher() as batcher:
        runs = [ticket.result(PATIENCE) for ticket in [batcher.submit(config) for config in configs]]
    assert [differences(run, train(config)) for run, config in zip(runs, configs, strict=True)] == [[], [], []]


def test_what_waits_becomes_one_batch(batcher, stub, busy):
    tickets = [batcher.submit(tiny(seed)) for seed in range(1, 6)]
    stub.go.set()
    assert all(ticket.result(PATIENCE) is RUN for ticket in [busy, *tickets])
    assert stub.batches == [[tiny(0)], [tiny(seed) for seed in range(1, 6)]]


@pytest.mark.usefixtures("busy")
def test_a_batch_is_bounded_by_its_cost(batcher, stub):
    config = RunConfig(width=64, epochs=200)
    tickets = [batcher.submit(config.but(seed=seed)) for seed in range(20)]
    stub.go.set()
    wait(tickets, PATIENCE)
    sizes = [len(batch) for batch in stub.batches[1:]]
    assert sum(sizes) == 20
    assert len(sizes) > 1
    assert all(size * cost(config) <= BATCH for size in sizes)


def test_the_same_settings_are_trained_once_while_waiting_and_while_running(batcher, stub, busy):
    waiting = [batcher.submit(tiny(1)) for _ in range(3)]
    running = batcher.submit(tiny(0))
    stub.go.set()
    assert len({id(ticket.result(PATIENCE)) for ticket in [busy, running, *waiting]}) == 1
    assert stub.batches == [[tiny(0)], [tiny(1)]]


def test_cancelling_before_the_start_costs_nothing(batcher, stub, busy):
    gone, stays = batcher.submit(tiny(1)), batcher.submit(tiny(2))
    assert gone.cancel()
    assert gone.cancel(), "cancelling twice is harmless"
    assert wait([gone], PATIENCE).done == {gone}
    stub.go.set()
    stays.result(PATIENCE)
    assert stub.batches == [[tiny(0)], [tiny(2)]]
    assert not busy.cancelled()


@pytest.mark.usefixtures("busy")
def test_a_run_that_another_visitor_wants_goes_on(batcher, stub):
    mine, theirs = batcher.submit(tiny(1)), batcher.submit(tiny(1))
    mine.cancel()
    stub.go.set()
    assert theirs.result(PATIENCE) is RUN
    with pytest.raises(CancelledError):
        mine.result(PATIENCE)


def test_a_batch_that_nobody_wants_is_stopped(batcher, stub, busy):
    busy.cancel()
    until(lambda: stub.stopped == [[tiny(0)]])
    again = batcher.submit(tiny(0))
    stub.go.set()
    assert again.result(PATIENCE) is RUN


@pytest.mark.usefixtures("busy")
def test_a_batch_goes_on_for_the_one_who_stays(batcher, stub):
    stub.held = {tiny(1)}
    goes, stays = batcher.submit(tiny(1)), batcher.submit(tiny(2))
    stub.go.set()
    stub.wait_for_batch()
    goes.cancel()
    until(lambda: stays.progress > 0)
    stub.held = set()
    assert stays.result(PATIENCE) is RUN
    assert stub.stopped == []


def test_an_error_reaches_only_who_asked_for_it(batcher, stub, busy):
    stub.failing[tiny(2)] = MemoryError("too large")
    tickets = {seed: batcher.submit(tiny(seed)) for seed in (1, 2, 3)}
    stub.go.set()
    with pytest.raises(MemoryError, match="too large"):
        tickets[2].result(PATIENCE)
    assert tickets[1].result(PATIENCE) is tickets[3].result(PATIENCE) is busy.result(PATIENCE) is RUN
    assert batcher.submit(tiny(4)).result(PATIENCE) is RUN, "the worker is still there"


@pytest.mark.usefixtures("busy")
def test_what_may_wait_is_bounded(batcher, stub):
    tickets = [batcher.submit(tiny(seed)) for seed in range(1, 21)]
    with pytest.raises(QueueFull, match="20 trainings are waiting already") as caught:
        batcher.submit(tiny(99))
    assert isinstance(caught.value, RegdashError)
    batcher.submit(tiny(20))  # what waits already can still be joined
    tickets[0].cancel()
    batcher.submit(tiny(99))  # there is room again
    stub.go.set()
    assert tickets[-1].result(PATIENCE) is RUN


def test_progress_of_one_request(batcher, stub, busy):
    waiting = batcher.submit(tiny(1))
    until(lambda: busy.progress == 0.25)
    assert waiting.progress == 0
    stub.go.set()
    waiting.result(PATIENCE)
    assert busy.progress == waiting.progress == 1


def test_short_requests_interrupt_a_long_training(batcher, stub):
    assert cost(LONG) > SHORT > cost(TINY)
    stub.go.set()
    stub.held = {LONG}
    long = batcher.submit(LONG)
    stub.wait_for_batch()
    shorts = [batcher.submit(tiny(seed)) for seed in range(5)]
    assert all(short.result(PATIENCE) is RUN for short in shorts)
    assert not long.done()
    stub.held = set()
    assert long.result(PATIENCE) is RUN


@pytest.mark.usefixtures("busy")
def test_the_cheapest_comes_first(batcher: Batcher, stub: Stub) -> None:
    more, less = TINY.but(width=100), TINY.but(width=50)
    tickets = [batcher.submit(config) for config in (more, less)]
    stub.go.set()
    wait(tickets, PATIENCE)
    assert stub.batches[1:] == [[less], [more]]


@pytest.mark.usefixtures("busy")
def test_everybody_can_be_told_his_place_in_line(batcher: Batcher, stub: Stub) -> None:
    large, small, middle = (batcher.submit(TINY.but(width=width)) for width in (100, 20, 50))
    assert [small.place, middle.place, large.place] == [1, 2, 3]
    small.cancel()
    assert [middle.place, large.place] == [1, 2], "who has left is not counted"
    stub.go.set()
    wait([large, middle], PATIENCE)
    assert [middle.place, large.place] == [0, 0]


def test_the_oldest_has_its_turn_once_it_has_waited_long(
    batcher: Batcher, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    batcher.submit(tiny(0))
    stub.wait_for_batch()
    oldest = batcher.submit(TINY.but(width=256))
    tickets = [oldest, *[batcher.submit(TINY.but(width=width)) for width in range(20, 30)]]
    stub.go.set()
    wait(tickets, PATIENCE)
    assert stub.batches.index([TINY.but(width=256)]) == OVERDUE_EVERY - 1


def test_what_costs_more_may_be_made_to_wait_longer_but_not_for_ever() -> None:
    """By the costs of a page's smallest network, one of half a second, and one of ten."""
    small, large, very_large = (
        module._Job(config, None)
        for config in (TINY, RunConfig(width=192, epochs=500, dropout=0.5), LONG.but(depth=3, n_samples=500))
    )
    now = time.monotonic()
    assert small.due - now == pytest.approx(LEAST, abs=1)
    assert large.due - now == pytest.approx(STRETCH * large.cost, abs=1)
    assert LEAST < STRETCH * large.cost < module.PATIENCE
    assert very_large.due - now == pytest.approx(module.PATIENCE, abs=1)


@pytest.mark.usefixtures("busy")
def test_until_then_it_comes_last(batcher: Batcher, stub: Stub) -> None:
    oldest = batcher.submit(TINY.but(width=256))
    tickets = [oldest, *[batcher.submit(TINY.but(width=width)) for width in range(20, 30)]]
    stub.go.set()
    wait(tickets, PATIENCE)
    assert stub.batches[-1] == [TINY.but(width=256)]


@pytest.mark.usefixtures("busy")
def test_runs_that_go_on_share_a_batch_with_those_that_have_come_as_far(batcher: Batcher, stub: Stub) -> None:
    end = End(values=np.zeros((3, 1), dtype=np.float32), stream=None)
    far, near = (replace(train(TINY.but(epochs=epochs)), end=end) for epochs in (40, 20))
    longer = [TINY.but(epochs=50, seed=seed) for seed in range(5)]
    tickets = [
        batcher.submit(config, start) for config, start in zip(longer, [far, None, near, far, None], strict=True)
    ]
    stub.go.set()
    wait(tickets, PATIENCE)
    first, *others = zip(stub.batches[1:], stub.starts[1:], strict=True)
    assert first == ([longer[0], longer[3]], [far, far]), "the cheapest: it has come the farthest"
    assert others == [([longer[2]], [near]), ([longer[1], longer[4]], [])]


def test_a_start_from_which_nothing_can_go_on_is_ignored(batcher: Batcher, stub: Stub) -> None:
    stub.go.set()
    assert batcher.submit(TINY.but(epochs=50), RUN).result(PATIENCE) is RUN
    assert stub.starts == [[]]


def test_only_much_cheaper_requests_interrupt_a_training(batcher: Batcher, stub: Stub) -> None:
    stub.held = {LONG}
    stub.go.set()
    long = batcher.submit(LONG)
    stub.wait_for_batch()
    hardly_cheaper = batcher.submit(LONG.but(epochs=900))
    cheaper = batcher.submit(LONG.but(epochs=100))
    assert cheaper.result(PATIENCE) is RUN
    assert not long.done()
    assert not hardly_cheaper.done()
    stub.held = set()
    assert long.result(PATIENCE) is hardly_cheaper.result(PATIENCE) is RUN
    assert [batch[0].epochs for batch in stub.batches] == [1000, 100, 900]


def test_a_crowd_is_noticed_and_trained_with_one_thread_each(stub: Stub) -> None:
    seen = threading.Event()
    with Batcher(trainer=stub, on_crowd=seen.set) as batcher:
        first = batcher.submit(tiny(0))
        stub.wait_for_batch()
        assert not seen.is_set()
        rest = [batcher.submit(TINY.but(width=width)) for width in range(3, 3 + CROWD)]
        stub.go.set()
        wait([first, *rest], PATIENCE)
    assert seen.is_set()
    assert stub.workers[0] is None
    assert stub.workers[1] == 1
    assert stub.workers[-1] is None, "the last one is alone"


def test_a_crowd_may_be_expected(stub: Stub) -> None:
    seen = threading.Event()
    with Batcher(trainer=stub, on_crowd=seen.set) as batcher:
        batcher.expect_crowd()
    assert seen.is_set()


@pytest.mark.usefixtures("busy")
def test_a_visitors_long_arms_are_trained_together(batcher, stub):
    arms = [batcher.submit(LONG.but(dropout=p)) for p in (0.0, 0.1, 0.2, 0.3, 0.4)]
    other = batcher.submit(LONG.but(width=255))
    stub.go.set()
    wait([*arms, other], PATIENCE)
    assert sorted(len(batch) for batch in stub.batches[1:]) == [1, 1, ARMS]


def test_a_helper_takes_what_waits_while_the_trainer_trains(stub: Stub) -> None:
    helper = StubHelper()
    with Batcher(trainer=stub, helpers=[helper]) as batcher:
        tickets = []
        for seed in range(2):  # either may take the first
            tickets.append(batcher.submit(tiny(seed)))
            while not sum(len(each.batches) for each in (stub, helper)) > seed:
                pass
        assert [len(stub.batches), len(helper.batches)] == [1, 1]
        again = batcher.submit(tiny(0))  # joins the one in training, whoever trains it
        stub.go.set()
        helper.go.set()
        assert all(ticket.result(PATIENCE) is RUN for ticket in [*tickets, again])
    assert sorted(stub.batches + helper.batches, key=str) == [[tiny(0)], [tiny(1)]]


def test_a_helper_that_is_not_ready_is_left_alone(stub: Stub) -> None:
    helper = StubHelper()
    helper.is_ready = False
    stub.go.set()
    with Batcher(trainer=stub, helpers=[helper]) as batcher:
        for seed in range(20):
            assert batcher.submit(tiny(seed)).result(PATIENCE) is RUN
    assert helper.batches == []


def test_a_helper_that_becomes_ready_is_noticed_while_all_wait(stub: Stub) -> None:
    helper = StubHelper()
    helper.is_ready = False
    with Batcher(trainer=stub, helpers=[helper]) as batcher:
        batcher.submit(tiny(0))
        stub.wait_for_batch()
        waits = batcher.submit(tiny(1))
        helper.is_ready = True
        helper.go.set()
        assert waits.result(PATIENCE) is RUN
        assert helper.batches == [[tiny(1)]]


def test_what_a_crowd_breaks_breaks_nothing_else(stub: Stub) -> None:
    def broken() -> None:
        raise OSError("too many open files")

    stub.go.set()
    with Batcher(trainer=stub, on_crowd=broken) as batcher:
        stub.held = {tiny(0)}
        first = batcher.submit(tiny(0))
        stub.wait_for_batch()
        rest = [batcher.submit(TINY.but(width=width)) for width in range(3, 3 + CROWD)]
        stub.held = set()
        assert first.result(PATIENCE) is RUN
        wait(rest, PATIENCE)
        assert any(ticket.exception() for ticket in rest)
        assert batcher.submit(tiny(9)).result(PATIENCE) is RUN


def test_a_training_that_has_waited_long_shares_the_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a clock of the test's own: a report takes 0.01 s, a short training 0.1 s."""
    now, log = [0.0], []
    monkeypatch.setattr("regdash.serving.batcher.time.monotonic", lambda: now[0])
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    began, ready = threading.Event(), threading.Event()

    def trainer(configs: Sequence[RunConfig], *, on_progress: Progress | None = None, **_: object) -> list[Run]:
        assert on_progress is not None
        if configs[0] != LONG:
            log.append("short")
            now[0] += 0.1
            return [RUN] * len(configs)
        began.set()
        ready.wait(PATIENCE)
        for step in range(100):
            log.append("long")
            now[0] += 0.01
            on_progress(step, 100)
        return [RUN]

    with Batcher(trainer=trainer) as batcher:
        long = batcher.submit(LONG)
        assert began.wait(PATIENCE)
        shorts = [batcher.submit(TINY.but(width=width)) for width in range(3, 23)]
        ready.set()
        wait([long, *shorts], PATIENCE)
    during = log[: len(log) - log[::-1].index("long")]
    assert 9 <= during.count("short") <= 11, "of 2 s it has 1 s"
    assert all(pair != ("short", "short") for pair in pairwise(during))


def test_closing_ends_helpers_too(stub: Stub) -> None:
    helper = StubHelper()
    batcher = Batcher(trainer=stub, helpers=[helper])
    tickets = [batcher.submit(tiny(seed)) for seed in range(40)]
    batcher.close()
    assert all(ticket.cancelled() for ticket in tickets)
    assert not any(thread.is_alive() for thread in batcher._threads)


def test_closing_cancels_what_waits_and_runs_and_ends_the_thread(stub):
    batcher = Batcher(trainer=stub)
    running = batcher.submit(tiny(0))
    stub.wait_for_batch()
    waiting = batcher.submit(tiny(1))
    batcher.close()
    assert running.cancelled()
    assert waiting.cancelled()
    assert stub.stopped == [[tiny(0)]]
    assert not any(thread.is_alive() for thread in batcher._threads)
    with pytest.raises(RegdashError, match="closed"):
        batcher.submit(tiny(2))


def test_many_threads_at_once():
    def visit(seed: int) -> None:
        ticket = batcher.submit(tiny(seed % 7))
        (outcomes.append(None) if seed % 5 == 0 and ticket.cancel() else outcomes.append(ticket.result(PATIENCE)))

    outcomes: list[Run | None] = []
    with Batcher() as batcher:
        threads = [threading.Thread(target=visit, args=(seed,)) for seed in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    assert len(outcomes) == 60
    assert sum(run is None for run in outcomes) <= 12


def test_it_says_whether_it_is_busy(batcher: Batcher, stub: Stub) -> None:
    assert not batcher.busy
    ticket = batcher.submit(tiny(1))
    stub.wait_for_batch()
    assert batcher.busy
    stub.go.set()
    ticket.result(PATIENCE)
    assert not batcher.busy  # a ticket is settled only after its training has ended
