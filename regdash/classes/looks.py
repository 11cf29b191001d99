"""What many look at again and again, read once in a while for all of them."""

import threading
import time

from cachetools import TTLCache

from regdash.classes.codes import read_code
from regdash.classes.room import Room
from regdash.classes.store import Store
from regdash.errors import NoSuchClass

FRESH = 0.4  # seconds
MOST = 1_000  # classes, also such as there are not
WATCHED = 50.0  # looks a second at one class, of all who watch it
UNKNOWN = object()
SOONEST = 2.0  # seconds between two looks of a student, at least


class Looks:
    """Looks at the classes of a store, none of them older than `FRESH`. For any number of threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._rooms: TTLCache[str, object] = TTLCache(maxsize=MOST, ttl=FRESH, timer=time.monotonic)

    def kept(self, code: str) -> Room | None:
        """What was seen a moment ago, or None: then `room` asks the store. Waits for nobody."""
        if not self._lock.acquire(blocking=False):
            return None
        try:
            room = self._rooms.get(read_code(code))
            return room if isinstance(room, Room) else None
        finally:
            self._lock.release()

    def room(self, code: str) -> Room:
        """What all may see of a class. Raises `ClassError`."""
        code = read_code(code)
        with self._lock:  # of all who come meanwhile, only the first one asks the store
            room = self._rooms.get(code, UNKNOWN)
            if room is UNKNOWN:
                room = self._rooms[code] = self._ask(code)
        if not isinstance(room, Room):
            raise NoSuchClass(f"there is no class {code}, or it is over; look at the code once more")
        return room

    def _ask(self, code: str) -> Room | None:
        try:
            return self._store.room(code)
        except NoSuchClass:
            return None


def pace(joined: int) -> float:
    """Seconds until somebody looks again at a class of so many."""
    return max(SOONEST, joined / WATCHED)
