"""Other ways to train than the page's own, for comparison: the page itself knows nothing of them.

Run as a program, this module starts the page with one of them.
"""

import importlib.util
import sys
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from bench.server import PAGE, RUN, ServerError

if TYPE_CHECKING:  # the client needs none of it
    from regdash import Run, RunConfig

PATHS = ("batcher", "thread", "lock", "none")


def page(path: str = "batcher", *, uvloop: bool | None = None) -> list[str]:
    """The command that starts the page, for `bench.server.serve`. Raises `ServerError` if it cannot be had.

    path    "batcher": as the page trains; "thread": the batcher, but never a process of its own for training;
            "lock", "none": see `_Direct`
    uvloop  True or False: with or without it; None: as Streamlit decides (it uses uvloop if it is installed)
    """
    if uvloop and importlib.util.find_spec("uvloop") is None:
        raise ServerError("uvloop is not installed here")
    if path == "batcher" and uvloop is not False:
        return [*PAGE]
    return [sys.executable, "-m", "bench.load.training", path, *["--no-uvloop"] * (uvloop is False), *RUN]


class _Direct:
    """A stand-in for the batcher: trains in the thread of each visitor's script, all at once or one at a time."""

    def __init__(self, one_at_a_time: bool) -> None:
        import torch
        from threadpoolctl import threadpool_limits

        torch.set_num_threads(1)  # as on the page
        threadpool_limits(limits=1, user_api="blas")
        self._lock = threading.Lock() if one_at_a_time else None

    busy, n_wanted = False, 0

    def expect_crowd(self) -> None:
        """No need."""

    def submit(self, config: "RunConfig", start: "Run | None") -> Future["Run"]:
        """A future that is done."""
        from regdash.serving.pictures import train_for_pictures

        while self._lock and not self._lock.acquire(timeout=0.05):
            self._yield_point()
        done: Future[Run] = Future()
        try:
            starts = [start] if start else []
            done.set_result(train_for_pictures([config], starts=starts, on_progress=self._yield_point)[0])
        finally:
            if self._lock:
                self._lock.release()
        return done

    def _yield_point(self, *_: int) -> None:
        import streamlit as st

        _ = "scenario" in st.session_state  # here Streamlit ends a script that has been superseded


def _main() -> None:
    path, *rest = sys.argv[1:]
    if "--no-uvloop" in rest:
        rest.remove("--no-uvloop")
        sys.modules["uvloop"] = None  # type: ignore[assignment]  # makes its import fail
    if path != "batcher":
        from regdash.ui.common import cache

        if path == "thread":
            cache.Worker.start = lambda _: None
        else:
            instead = _Direct(one_at_a_time=path == "lock")
            cache.batcher = lambda: instead
    from streamlit.web.cli import main

    sys.argv = ["streamlit", *rest]
    main()


if __name__ == "__main__":
    _main()
