"""What takes seconds the first time is done before the first visitor, where a host waits for it."""

import asyncio
import importlib
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

WARM = "REGDASH_WARM"  # in the environment: 1 if the app answers only when it is warm, as deploy/serve wants it


@asynccontextmanager
async def warmed(_: object) -> AsyncIterator[None]:
    """The app's lifespan."""
    if os.environ.get(WARM) == "1":
        await asyncio.to_thread(_warm)
    yield


def _warm() -> None:
    """Import the pages, and with them torch; train what the page opens with, so that the engine is compiled."""
    from regdash.ensemble import train_many
    from regdash.teaching.arms import ARMS, DEFAULT_ARMS
    from regdash.teaching.scenarios import DEFAULT, SCENARIOS

    for name in ("explore", "study", "lessons"):
        importlib.import_module(f"regdash.ui.{name}.page")
    config = SCENARIOS[DEFAULT].config
    train_many([ARMS[key].config(config) for key in DEFAULT_ARMS], workers=1)
