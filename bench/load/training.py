"""The server under load: the project's own page in a process of its own, started for one measurement and stopped.

Run as a program, this module starts the page with another way to train than the batcher, for comparison; the page
itself knows nothing of it.
"""

import http.client
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:  # the client needs none of it
    from regdash import Run, RunConfig

ROOT = Path(__file__).resolve().parents[2]
PATHS = ("batcher", "thread", "lock", "none")
START_LIMIT = 90.0  # seconds until the page must answer


class ServerError(Exception):
    """The page could not be started."""


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a process and its children have used so far."""

    cpu: float  # seconds, of all threads
    own: float  # of these, the process's own, without its children's
    memory: int  # bytes now
    peak: int  # bytes at most, each process's own peak added up

    @staticmethod
    def of(process: int) -> "Usage | None":
        """Read from /proc; None where there is no such thing."""
        try:
            family = [_usage(member) for member in (process, *_children(process))]
        except OSError:
            return None
        cpu, memory, peak = (sum(numbers) for numbers in zip(*family, strict=True))
        return Usage(cpu=cpu, own=family[0][0], memory=int(memory), peak=int(peak))


def _children(process: int) -> list[int]:
    found = []
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile
            found += [int(child) for child in (thread / "children").read_text().split()]
    return found


def _usage(process: int) -> tuple[float, int, int]:
    stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in status if line.endswith(" kB")}
    cpu = (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")
    return cpu, sizes["VmRSS"], sizes["VmHWM"]


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running page."""

    address: str  # host:port
    process: int
    log: BinaryIO

    def last_words(self) -> str:
        """The end of what it has written: visitors see no tracebacks, the log has them."""
        self.log.seek(0)
        return self.log.read()[-2000:].decode(errors="replace")


@contextmanager
def serve(path: str = "batcher", *, uvloop: bool | None = None) -> Iterator[Server]:
    """Start the page on a free port of this machine, and stop it at the end.

    path    "batcher": as the page trains; "thread": the batcher, but never a process of its own for training;
            "lock", "none": see `_Direct`
    uvloop  True or False: with or without it; None: as Streamlit decides (it uses uvloop if it is installed)
    """
    if uvloop and importlib.util.find_spec("uvloop") is None:
        raise ServerError("uvloop is not installed here")
    port = _free_port()
    start = ["-m", "streamlit"] if path == "batcher" and uvloop is not False else ["-m", "bench.load.training", path]
    if uvloop is False:
        start.append("--no-uvloop")
    options = ["run", "app.py", f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    with tempfile.TemporaryFile("a+b") as log:  # appended to by the server, while read here
        process = subprocess.Popen([sys.executable, *start, *options], cwd=ROOT, stdout=log, stderr=log)
        try:
            server = Server(address=f"127.0.0.1:{port}", process=process.pid, log=log)
            _wait_until_healthy(port, process, server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(port: int, process: subprocess.Popen[bytes], server: Server) -> None:
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.1)
    raise ServerError("the page did not start:\n" + server.last_words())


class _Direct:
    """A stand-in for the batcher: trains in the thread of each visitor's script, all at once or one at a time."""

    def __init__(self, one_at_a_time: bool) -> None:
        import torch
        from threadpoolctl import threadpool_limits

        torch.set_num_threads(1)  # as on the page
        threadpool_limits(limits=1, user_api="blas")
        self._lock = threading.Lock() if one_at_a_time else None

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
