"""Scrubs: all stops of one control trained ahead, so that a browser can go through them without asking.

A scrub is a list of settings that differ in one regularizer only, the nearest to the visitor's own first. They are
trained a few at a time in one thread that is the last to get a core: it waits, and stops half-way, while visitors wait
for runs or second opinions are made. After each few it is the next scrub's turn, so that whoever has just come to rest
has the nearest stops soon. Nothing is begun while a crowd hurries; what does not fit is refused at once (`QueueFull`).
"""

import math
import threading
import time
from collections.abc import Callable, Sequence

from cachetools import LRUCache

from regdash.config import RunConfig
from regdash.cost import cost
from regdash.errors import QueueFull, TrainingCancelled
from regdash.results import Run
from regdash.serving.pictures import train_for_pictures
from regdash.serving.run_cache import RunCache
from regdash.serving.spent import Spent
from regdash.serving.studies.pool import LOOK_EVERY, LastInLine
from regdash.serving.trainer import Trainer

MAX_COST = 6.0  # seconds of one core, roughly, for all stops of a scrub; of a larger network there are fewer
LEAST = 3  # stops that make a scrub
MAX_WAITING = 40  # scrubs: of which each is trained a few stops at a time
AT_ONCE, AT_ONCE_COST = 5, 0.5  # stops that are trained before it is another scrub's turn; seconds they may cost
MAX_KEPT_BYTES = 2**26  # of encoded stops, which take some 10 kB each
SHARE = 0.15  # of the time: in a crowd, scrubs may take so much of it
ASIDE = 5.0  # seconds that a scrub lets others go first, each time it looks


def affordable(stops: int, config: RunConfig, at: int) -> list[int]:
    """The positions among `stops` that are trained around `at`, nearest first: all, or fewer if that costs too much.

    They lie evenly then, with both ends and `at` among them; none where not even `LEAST` would do.
    """
    room = int(MAX_COST / cost(config, together=AT_ONCE))
    if room < min(LEAST, stops):
        return []
    step = -(-(stops - 1) // max(1, room - 2))  # `at` may lie between two steps, and so may the last stop
    found = {*range(0, stops, step), stops - 1, at} if room < stops else {*range(stops)}
    return sorted(found, key=lambda stop: (abs(stop - at), stop))


class Scrub:
    """A scrub on its way or there: its settings, the first of them trained first. Give a sign of life now and then.

    pieces      by settings, the encoded runs that are there
    has_failed  whether training raised something
    """

    def __init__(self, wanted: Sequence[RunConfig], patience: float) -> None:
        self.wanted, self._patience = tuple(wanted), patience
        self.pieces: dict[RunConfig, bytes] = {}
        self.has_failed = False
        self._latest = time.monotonic() + patience

    def alive(self) -> None:
        """A sign of life."""
        self._latest = time.monotonic() + self._patience

    def leave(self) -> None:
        """It is no longer wanted here."""
        self._latest = -math.inf

    @property
    def is_wanted(self) -> bool:
        """Whether somebody has been alive lately."""
        return time.monotonic() <= self._latest

    @property
    def missing(self) -> list[RunConfig]:
        """What is not there yet, in order."""
        return [config for config in self.wanted if config not in self.pieces]


class Scrubs:
    """Trains scrubs for many threads. Call `close` at the end.

    encode   makes of a run what is sent of it
    kept     runs trained before, and those trained here
    busy     whether somebody waits for what is more urgent
    crowded  whether there are many visitors
    hurried  whether they move so often that there is no time for this
    trainer  called with settings of one shape
    """

    def __init__(
        self,
        *,
        encode: Callable[[Run], bytes],
        kept: RunCache,
        busy: Callable[[], bool] = lambda: False,
        crowded: Callable[[], bool] = lambda: False,
        hurried: Callable[[], bool] = lambda: False,
        trainer: Trainer = train_for_pictures,
    ) -> None:
        self._encode, self._runs, self._trainer = encode, kept, trainer
        self._busy, self._crowded, self._hurried = busy, crowded, hurried
        self._spent = Spent()
        self._lock = threading.Lock()  # guards the two below
        self._pieces: LRUCache[RunConfig, bytes] = LRUCache(MAX_KEPT_BYTES, getsizeof=len)
        self._waiting = 0
        self._pool = LastInLine(busy, 1, aside=ASIDE)

    def ask(self, configs: Sequence[RunConfig], patience: float) -> Scrub:
        """Ask for settings, the nearest first; returns at once. Be `alive` within `patience` seconds, or it is dropped.

        Raises `QueueFull` while others need the time.
        """
        scrub = Scrub(configs, patience)
        with self._lock:
            self._fill(scrub)
            if not scrub.missing:
                return scrub
            if self._waiting >= MAX_WAITING or not self.has_room:
                raise QueueFull("many visitors are training at this moment")
            self._waiting += 1
        self._pool.submit(self._step, scrub)
        return scrub

    @property
    def has_room(self) -> bool:
        """Whether anything would be trained now."""
        return not self._hurried() and (not self._crowded() or self._spent.share <= SHARE)

    def close(self) -> None:
        """Stop what runs, forget what waits."""
        self._pool.shutdown(cancel_futures=True)

    def _fill(self, scrub: Scrub) -> None:
        """What others have asked for is there already. The lock is held."""
        for config in scrub.missing:
            if (piece := self._pieces.get(config)) is not None:
                scrub.pieces[config] = piece

    def _step(self, scrub: Scrub) -> None:
        """Train the next few, and stand in line again for the rest."""
        with self._lock:
            self._fill(scrub)
        try:
            if scrub.is_wanted and scrub.missing:
                self._train(scrub, self._next(scrub.missing))
        except TrainingCancelled:
            scrub.leave()
        except BaseException:
            scrub.has_failed = True
            self._end()
            raise
        if scrub.is_wanted and scrub.missing:
            self._pool.submit(self._step, scrub)
        else:
            self._end()

    def _end(self) -> None:
        with self._lock:
            self._waiting -= 1

    def _next(self, missing: Sequence[RunConfig]) -> list[RunConfig]:
        n = max(1, min(AT_ONCE, int(AT_ONCE_COST / cost(missing[0], together=AT_ONCE))))
        return list(missing[:n])

    def _train(self, scrub: Scrub, configs: list[RunConfig]) -> None:
        began, waited = time.monotonic(), 0.0

        def look(*_: int) -> None:
            nonlocal waited
            since = time.monotonic()
            while self._busy() and scrub.is_wanted and time.monotonic() < since + ASIDE:
                time.sleep(LOOK_EVERY)
            waited += time.monotonic() - since
            if not scrub.is_wanted:
                raise TrainingCancelled("nobody wants these stops any more")

        runs = {config: self._runs.recall(config) for config in configs}
        new = [config for config, run in runs.items() if run is None]
        if new:
            runs |= zip(new, self._trainer(new, workers=1, on_progress=look), strict=True)
        for config, run in runs.items():
            assert run is not None
            self._runs.keep(run)
            piece = self._encode(run)
            with self._lock:
                self._pieces[config] = piece
            scrub.pieces[config] = piece
        self._spent.note(time.monotonic() - began - waited)
