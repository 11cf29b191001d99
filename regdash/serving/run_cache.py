"""Runs that were trained before, bounded in bytes. A run of fewer epochs is cut out of a longer one (`Run.until`)."""

import threading
from dataclasses import fields

from cachetools import LRUCache

from regdash.config import RunConfig
from regdash.results import Run

MAX_BYTES = 300 * 2**20  # some 2,000 runs of the opening page
_BESIDES = 4096  # bytes of a run, roughly, that are not in its arrays
_KEY = tuple(field.name for field in fields(RunConfig) if field.name != "epochs")

Key = tuple[object, ...]


class RunCache:
    """For any number of threads. Of runs that differ in their epochs only, it keeps those that no other replaces."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._lock = threading.Lock()
        self._runs: LRUCache[Key, tuple[Run, ...]] = LRUCache(max_bytes, getsizeof=_size)

    def recall(self, config: RunConfig) -> Run | None:
        """The run of `config`, if it is there or the beginning of one that is."""
        with self._lock:
            kept = self._runs.get(_key(config), ())
        return next((run.until(config.epochs) for run in kept if run.contains(config.epochs)), None)

    def start(self, config: RunConfig) -> Run | None:
        """The longest shorter run from which the training of `config` can go on."""
        with self._lock:
            kept = self._runs.get(_key(config), ())
        shorter = [run for run in kept if run.config.epochs < config.epochs and run.end is not None]
        return max(shorter, key=lambda run: run.config.epochs, default=None)

    def keep(self, run: Run) -> None:
        """Remember `run`; what has not been asked for the longest is forgotten for it."""
        key, epochs = _key(run.config), run.config.epochs
        with self._lock:
            kept = self._runs.get(key, ())
            more = (run, *(other for other in kept if not _replaces(run, other)))
            if _size(more) <= self._runs.maxsize and not any(other.contains(epochs) for other in kept):
                self._runs[key] = more


def _key(config: RunConfig) -> Key:
    return tuple(getattr(config, name) for name in _KEY)


def _replaces(run: Run, other: Run) -> bool:
    """Whether all that can be had from `other` can be had from `run`."""
    return all(run.contains(epochs) for epochs in (other.config.epochs, *other.tested) if other.contains(epochs))


def _size(runs: tuple[Run, ...]) -> int:
    """Bytes, with the data frame that `Run.history` may make of the curves."""
    return sum(
        _BESIDES
        + sum(array.nbytes for array in (run.curves, run.curves, run.flipped, run.predicted, run.surfaces))
        + (0 if run.end is None else run.end.nbytes)
        for run in runs
    )
