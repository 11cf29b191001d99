"""What takes seconds the first time is begun before the first visitor, and done before where a host waits for it."""

import asyncio
import gc
import importlib
import os
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

FILES = 65_536  # a visitor takes four: sockets and pipes
SWITCH = 0.001  # seconds; with Python's 5 ms the loop that talks to browsers waits 10 ms for each word while pages run
FIRST, OTHERS = "explore", ("study", "lessons", "classes")  # pages
WARM = "REGDASH_WARM"  # in the environment: 1 if the app answers only when it is warm, as deploy/serve wants it


@asynccontextmanager
async def warmed(_: object) -> AsyncIterator[None]:
    """The app's lifespan."""
    open_many_files()
    sys.setswitchinterval(SWITCH)
    if os.environ.get(WARM) == "1":
        await asyncio.to_thread(_warm)
    else:  # while the first browser reads Streamlit's own scripts, which takes it as long
        threading.Thread(target=_import_pages, args=(FIRST,), name="regdash-pages", daemon=True).start()
    yield


def open_many_files() -> None:
    """Let this process open as many files as it may, up to `FILES`: the usual 1,024 are 250 visitors."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _warm() -> None:
    """Import the pages; train what the page opens with, so that the engine is compiled."""
    _import_pages(FIRST, *OTHERS)
    from regdash.ensemble import train_many
    from regdash.teaching.arms import ARMS, DEFAULT_ARMS
    from regdash.teaching.scenarios import DEFAULT, SCENARIOS

    config = SCENARIOS[DEFAULT].config
    train_many([ARMS[key].config(config) for key in DEFAULT_ARMS], workers=1)


def _import_pages(*names: str) -> None:
    gc.disable()  # it would look, again and again, through what stays: a tenth of the time
    try:
        for name in names:
            importlib.import_module(f"regdash.ui.{name}.page")
    finally:
        gc.enable()
