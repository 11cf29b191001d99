"""What is done before the first visitor comes."""

import asyncio
import gc
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from regdash.ui.warm import FILES, WARM, open_many_files, warmed

ROOT = Path(__file__).parents[2]


@pytest.fixture
def few():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_process_may_open_as_many_files_as_the_machine_lets_it(few):
    open_many_files()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == few
    assert soft == (FILES if hard == resource.RLIM_INFINITY else min(hard, FILES))


@pytest.mark.slow
@pytest.mark.parametrize("warm", ["0", "1"])
def test_the_pages_are_on_their_way_before_anybody_comes(warm: str) -> None:
    """What the server needs to answer at all loads in a moment; the rest comes beside, or first where a host waits."""
    code = (
        "import streamlit.web.cli, app, asyncio, sys, threading\n"
        "from regdash.ui.warm import warmed\n"
        "print('torch' in sys.modules, 'pandas' in sys.modules)\n"
        "async def serve():\n"
        "    async with warmed(None):\n"
        "        if WARM:\n"
        "            print('regdash.ui.classes.page' in sys.modules)\n"
        "        [each.join() for each in threading.enumerate() if each.name == 'regdash-pages']\n"
        "        print('regdash.ui.explore.page' in sys.modules)\n"
        "asyncio.run(serve())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code.replace("WARM", warm)],
        env=os.environ | {WARM: warm}, capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.split() == ["False", "False", *(["True"] if warm == "1" else []), "True"]


def test_memory_is_cleaned_up_again_once_the_pages_are_there(monkeypatch) -> None:
    monkeypatch.setenv(WARM, "0")

    async def served() -> None:
        async with warmed(None):
            await asyncio.to_thread(
                lambda: [each.join() for each in threading.enumerate() if each.name == "regdash-pages"]
            )

    asyncio.run(served())
    assert gc.isenabled()
