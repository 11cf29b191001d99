"""How much time something has taken lately that others may need more."""

import threading
import time
from collections import deque

WINDOW = 20.0  # seconds that "lately" means


class Spent:
    """For any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spent: deque[tuple[float, float]] = deque(maxlen=1000)  # when it ended, by `time.monotonic`; seconds

    def note(self, seconds: float) -> None:
        """It has just taken so many seconds."""
        with self._lock:
            self._spent.append((time.monotonic(), seconds))

    @property
    def share(self) -> float:
        """Which share of the last `WINDOW` seconds it took: of one core, so that it may be more than 1."""
        since = time.monotonic() - WINDOW
        with self._lock:
            return sum(seconds for at, seconds in self._spent if at >= since) / WINDOW
