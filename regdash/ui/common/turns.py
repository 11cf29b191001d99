"""Whose page runs next: few at a time, and first whoever has asked least of late.

A run of a page is some 20 ms of a processor and holds Python's lock, so twenty that run at once help nobody: each takes
twenty times as long. So a process lets in `PLACES` runs; the others wait in line. A run gives its place back when it is
done, or waits for a training (`rest`); if nothing is heard of it, after `HOLD`.

- Order: each run puts its connection `SPACING` further behind, so whoever moves a slider now and then goes before a
  thousand connections that ask without end. Nobody falls behind more than `FURTHEST`, so nobody is forgotten.
- Pace: one connection may run `RATE` times a second, and `BURST` times at once after a quiet time, also where nobody
  else is there (the "generic cell rate algorithm" of networks). Parts of a page, which ask by themselves, have a pace
  of their own: a visitor's moves do not wait for them. New connections come in at a pace, too.
"""

import asyncio
import heapq
import itertools
import math
from dataclasses import dataclass

from streamlit.runtime.scriptrunner import get_script_run_ctx

from regdash.serving.once import Once

ARRIVALS, CROWD = 20.0, 100  # new connections a second, and at once after a quiet time
PLACES = 2
HOLD = 0.5  # seconds
RATE = 2.0  # a second, on one connection
BURST = 20
SPACING = 1.2  # seconds: visitors' moves are no closer for long
FURTHEST = 60.0
ARRIVES = 3.0  # seconds that a new connection starts behind those who are here already


class Pace:
    """So many times a second, and `burst` times at once after a quiet time. For one event loop."""

    def __init__(self, rate: float, burst: int) -> None:
        self._gap, self._credit = 1 / rate, (burst - 1) / rate
        self._due = -math.inf  # up to when what was allowed is used, by the loop's clock

    async def wait(self) -> None:
        """Wait until it may be done once more; first come, first served."""
        now = asyncio.get_running_loop().time()
        due = max(self._due, now)
        self._due = due + self._gap
        await asyncio.sleep(due - self._credit - now)


@dataclass(slots=True, eq=False)
class Guest:
    """One connection: what it has used, and the place that it holds."""

    pace: Pace
    aside: Pace  # that of parts of the page
    behind: float  # its place in the order, by the loop's clock: lower ones are first
    loop: asyncio.AbstractEventLoop
    session: str = ""  # what Streamlit calls it
    is_here: bool = True
    place: asyncio.TimerHandle | None = None


class Turns:
    """The places of one event loop, and the line before them."""

    def __init__(self, *, places: int = PLACES, hold: float = HOLD, rate: float = RATE, burst: int = BURST) -> None:
        self._free, self._hold, self._pace = places, hold, (rate, burst)
        self._arrivals = Pace(ARRIVALS, CROWD)
        self._line: list[tuple[float, int, Guest, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._guests: dict[str, Guest] = {}  # by session: who is here, or has left a run behind
        self._nameless: dict[Guest, None] = {}  # who has a place, and a session that nobody has named yet; oldest first

    @property
    def waiting(self) -> int:
        """How many are in line."""
        return len(self._line)

    async def arrive(self) -> Guest:
        """A guest that has just come, once it may."""
        loop = asyncio.get_running_loop()
        await self._arrivals.wait()
        return Guest(Pace(*self._pace), Pace(*self._pace), behind=loop.time() + ARRIVES, loop=loop)

    def is_called(self, guest: Guest, session: str) -> None:
        """Streamlit has said what it calls a guest's session."""
        guest.session = session
        self._guests[session] = guest
        self._nameless.pop(guest, None)

    def depart(self, guest: Guest) -> None:
        """A guest has closed the connection. A run that is left behind keeps its place: it goes on for a while."""
        guest.is_here = False
        if not guest.place:
            self._forget(guest)

    async def enter(self, guest: Guest, *, part: bool = False) -> None:
        """Wait for one's turn, then hold a place; the one held already is kept, since a new run ends the old one.

        `part` says that a part of the page is to be run.
        """
        loop = asyncio.get_running_loop()
        await (guest.aside if part else guest.pace).wait()
        let_in = loop.create_future()
        guest.behind = max(guest.behind, loop.time())
        heapq.heappush(self._line, (guest.behind, next(self._numbers), guest, let_in))
        self._let_in()
        await let_in
        now = loop.time()
        guest.behind = min(max(guest.behind, now) + SPACING, now + FURTHEST)

    def leave(self, guest: Guest) -> None:
        """Give the place back, if there is one; the next in line may come."""
        if guest.place:
            guest.place.cancel()
            guest.place = None
            self._nameless.pop(guest, None)
            self._free += 1
            if not guest.is_here:
                self._forget(guest)
            self._let_in()

    def rest(self, session: str) -> None:
        """A session's run is done, or waits for something: its place is free. From any thread.

        Whoever left before the session had a name to be told has left a run behind, too: it was the oldest of these.
        """
        guest = self._guests.get(session) or next(iter(self._nameless.copy()), None)
        if guest and guest.place and not guest.loop.is_closed():
            guest.loop.call_soon_threadsafe(self.leave, guest)

    def _forget(self, guest: Guest) -> None:
        if self._guests.get(guest.session) is guest:
            del self._guests[guest.session]

    def _let_in(self) -> None:
        """Let in as many as there are places for."""
        while self._line:
            _, _, guest, let_in = self._line[0]
            if not let_in.cancelled() and not guest.place:
                if not self._free:
                    return
                self._free -= 1
                if not guest.session:
                    self._nameless[guest] = None
                guest.place = asyncio.get_running_loop().call_later(self._hold, self.leave, guest)
            heapq.heappop(self._line)
            if not let_in.cancelled():
                let_in.set_result(None)


@Once
def turns() -> Turns:
    """Those of this process."""
    return Turns()


def rest() -> None:
    """The page's run in this thread is done, or waits for a training: let another one run."""
    if context := get_script_run_ctx(suppress_warning=True):
        turns().rest(context.session_id)
