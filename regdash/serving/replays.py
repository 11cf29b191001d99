"""The article's runs for many visitors: replayed once a process, in a thread, one network after the other."""

import threading
from collections.abc import Callable, Collection, Iterable

from regdash.errors import RegdashError, TrainingCancelled
from regdash.results import Run
from regdash.teaching.article import each_replayed
from regdash.training import Progress


class Replays:
    """For any number of threads. Nothing is trained until somebody asks it to `begin`. Call `close` at the end."""

    def __init__(self, source: Callable[[Progress], Iterable[tuple[str, Run]]] = each_replayed) -> None:
        self._source = source
        self._changed = threading.Condition()  # guards all below
        self._runs: dict[str, Run] = {}
        self._thread: threading.Thread | None = None
        self._error: Exception | None = None
        self._complete = self._closed = False

    def begin(self) -> None:
        """Start replaying, if that has not been done."""
        with self._changed:
            if self._closed:
                raise RegdashError("these replays are closed; make new ones")
            if self._thread is None and not self._complete:
                self._error = None
                self._thread = threading.Thread(target=self._replay, name="regdash-replays", daemon=True)
                self._thread.start()

    def runs(self, keys: Collection[str], timeout: float) -> dict[str, Run] | None:
        """The runs of `keys`, in that order, or None if they are not there after `timeout` seconds.

        An error of the replay reaches everyone who waits for it; who asks later begins again. Raises `KeyError` for a
        key that the article has not.
        """
        self.begin()
        with self._changed:
            self._changed.wait_for(lambda: self._thread is None or set(keys) <= self._runs.keys(), timeout)
            if set(keys) <= self._runs.keys():
                return {key: self._runs[key] for key in keys}
            if self._error is not None:
                raise self._error
            if self._thread is not None:
                return None
        raise KeyError(f"the article has no run called {', '.join(sorted(set(keys) - self._runs.keys()))}")

    def close(self) -> None:
        """Stop within an epoch, and wait for that: no thread may be in torch when the process ends."""
        with self._changed:
            self._closed, thread = True, self._thread
        if thread is not None:
            thread.join()

    def _replay(self) -> None:
        error = None
        try:
            for key, run in self._source(self._go_on):
                with self._changed:
                    self._runs[key] = run
                    self._changed.notify_all()
        except Exception as raised:  # it is raised again where somebody waits
            error = raised
        with self._changed:
            self._error, self._thread, self._complete = error, None, error is None
            self._changed.notify_all()

    def _go_on(self, _done: int, _total: int) -> None:
        if self._closed:
            raise TrainingCancelled("nobody needs the article's runs any more")
