"""Who may run a page next, on a clock of the test's own."""

import asyncio
import threading

import pytest

from regdash.ui.common.turns import ARRIVALS, ARRIVES, CROWD, Turns


class Clock(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while everybody sleeps, and then at once."""

    now = 0.0

    def time(self):
        return self.now

    def _run_once(self):
        if not self._ready:
            self.now = max(self.now, min((each.when() for each in self._scheduled if not each.cancelled()), default=0))
        super()._run_once()


def run(body):
    with asyncio.Runner(loop_factory=Clock) as runner:
        return runner.run(body)


def in_a_thread(work, *args):
    """Done when this returns: while the loop waited for it, its time would pass."""
    thread = threading.Thread(target=work, args=args)
    thread.start()
    thread.join()


async def visit(turns, guest, log, name, *, seconds=0.02, times=1):
    """Ask for runs, one after the other, each of which takes so long; note when each began."""
    for _ in range(times):
        await turns.enter(guest)
        log.append((asyncio.get_running_loop().time(), name))
        await asyncio.sleep(seconds)
        turns.leave(guest)


def begun(log, name):
    return [when for when, who in log if who == name]


def test_only_so_many_run_at_once():
    async def body():
        turns, log = Turns(places=3, hold=10), []
        await asyncio.gather(*[visit(turns, await turns.arrive(), log, i, seconds=1) for i in range(7)])
        return sorted(when for when, _ in log)

    assert run(body()) == pytest.approx([0, 0, 0, 1, 1, 1, 2])


def test_a_run_that_waits_for_a_training_does_not_keep_its_place():
    async def body():
        turns, log = Turns(places=1, hold=0.25), []
        await asyncio.gather(*[visit(turns, await turns.arrive(), log, i, seconds=30) for i in range(4)])
        return [when for when, _ in log], turns

    when, turns = run(body())
    assert when == pytest.approx([0, 0.25, 0.5, 0.75])
    assert turns._free == 1


def test_one_connection_keeps_its_pace_even_if_nobody_else_is_there():
    async def body():
        turns, log = Turns(rate=2, burst=20), []
        guest = await turns.arrive()
        await asyncio.sleep(ARRIVES)
        await visit(turns, guest, log, "flood", seconds=0, times=50)
        return begun(log, "flood")

    when = run(body())
    assert when[:20] == pytest.approx([ARRIVES] * 20), "a burst passes at once"
    assert when[20:] == pytest.approx([ARRIVES + 0.5 * n for n in range(1, 31)])


def test_moves_do_not_wait_for_what_the_page_has_asked_by_itself_and_both_have_a_pace():
    async def body():
        turns, log = Turns(rate=2, burst=20), []
        guest = await turns.arrive()
        await asyncio.sleep(ARRIVES)
        for part in (True, False):
            for _ in range(22):
                await turns.enter(guest, part=part)
                log.append((asyncio.get_running_loop().time(), part))
                turns.leave(guest)
        return log

    log = run(body())
    assert begun(log, True)[-3:] == pytest.approx([ARRIVES, ARRIVES + 0.5, ARRIVES + 1])
    assert begun(log, False)[:20] == pytest.approx([ARRIVES + 1] * 20), "as if there had been no parts"
    assert begun(log, False)[20:] == pytest.approx([ARRIVES + 1.5, ARRIVES + 2])


@pytest.mark.parametrize("sockets", [10, 20])
def test_a_flood_does_not_hold_up_who_asks_now_and_then(sockets):
    """A visitor waits for a place to come free, not for the line of those who get more than one turn in 5 s."""

    async def body():
        turns, log, waits = Turns(places=2, hold=0.25), [], []
        loop = asyncio.get_running_loop()
        honest = await turns.arrive()
        await visit(turns, honest, log, "opens")
        await asyncio.sleep(5)
        floods = [
            asyncio.create_task(visit(turns, await turns.arrive(), log, i, seconds=0.1, times=1000))
            for i in range(sockets)
        ]
        await asyncio.sleep(60)  # by now the flood's sockets are no newcomers
        for _ in range(10):
            began = loop.time()
            await visit(turns, honest, log, "honest")
            waits.append(loop.time() - began - 0.02)
            await asyncio.sleep(5)
        for each in floods:
            each.cancel()
        return max(waits), len(log)

    longest, runs = run(body())
    assert longest <= 0.1 + 1e-9
    assert runs > 1000, "the flood itself was let in while there was room"


def test_new_connections_come_in_at_a_pace():
    async def body():
        turns = Turns()
        loop = asyncio.get_running_loop()

        async def come():
            await turns.arrive()
            return loop.time()

        return sorted(await asyncio.gather(*[come() for _ in range(CROWD + 40)]))

    when = run(body())
    assert when[:CROWD] == [0.0] * CROWD, "a class that opens a link"
    assert when[CROWD:] == pytest.approx([n / ARRIVALS for n in range(1, 41)])


def test_who_is_here_goes_before_a_flood_of_arrivals():
    async def body():
        turns, log = Turns(places=1, hold=0.25), []
        here = await turns.arrive()
        await asyncio.sleep(10)
        tabs = [asyncio.create_task(visit(turns, await turns.arrive(), log, i, seconds=0.1)) for i in range(50)]
        await asyncio.sleep(0.05)
        await visit(turns, here, log, "here")
        await asyncio.gather(*tabs)
        return [who for _, who in log]

    assert run(body()).index("here") == 1


def test_a_new_run_of_a_connection_ends_its_old_one_and_keeps_the_place():
    async def body():
        turns = Turns(places=2, hold=10)
        one, two = await turns.arrive(), await turns.arrive()
        await turns.enter(one)
        await turns.enter(one)
        await asyncio.wait_for(turns.enter(two), 1)
        return turns

    assert run(body()).waiting == 0


def test_a_run_whose_visitor_has_left_keeps_its_place_until_it_is_done():
    async def body():
        turns = Turns(places=1, hold=1)
        one, two = await turns.arrive(), await turns.arrive()
        await turns.enter(one)
        turns.is_called(one, "session")
        turns.depart(one)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(turns.enter(two), 0.5)
        in_a_thread(turns.rest, "session")
        await asyncio.wait_for(turns.enter(two), 0.1)
        turns.depart(two)
        turns.leave(two)
        return turns

    turns = run(body())
    turns.rest("session")
    assert (turns._free, turns.waiting, turns._guests) == (1, 0, {})


def test_a_run_whose_visitor_left_before_it_had_a_name_gives_its_place_back():
    async def body():
        turns = Turns(places=2, hold=10)
        known, gone, next_one = await turns.arrive(), await turns.arrive(), await turns.arrive()
        await turns.enter(known)
        turns.is_called(known, "known")
        await turns.enter(gone)
        turns.depart(gone)
        in_a_thread(turns.rest, "never told")
        await asyncio.wait_for(turns.enter(next_one), 1)
        return bool(known.place), len(turns._nameless)

    assert run(body()) == (True, 1)


def test_who_leaves_while_waiting_is_forgotten():
    async def body():
        turns, log = Turns(places=1, hold=10), []
        first, gone, last = await turns.arrive(), await turns.arrive(), await turns.arrive()
        await turns.enter(first)
        waiting = asyncio.create_task(turns.enter(gone))
        await asyncio.sleep(1)
        waiting.cancel()
        turns.depart(gone)
        turns.leave(first)
        await asyncio.wait_for(visit(turns, last, log, "last"), 1)
        return turns._free, turns.waiting

    assert run(body()) == (1, 0)
