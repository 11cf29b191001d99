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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

ROOT = Path(__file__).resolve().parents[1]
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
            "lock", "none": see `_without_batcher`
    uvloop  True or False: with or without it; None: as Streamlit decides (it uses uvloop if it is installed)
    """
    if uvloop and importlib.util.find_spec("uvloop") is None:
        raise ServerError("uvloop is not installed here")
    port = _free_port()
    start = ["-m", "streamlit"] if path == "batcher" and uvloop is not False else ["-m", "bench.load_server", path]
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


def _without_batcher(one_at_a_time: bool) -> Callable[[Sequence], list]:
    """A stand-in for `regdash.ui.cache.runs` that trains in the thread of each visitor's script.

    one_at_a_time  whether a plain lock lets only one visitor train; otherwise all train at once
    """
    import streamlit as st

    from regdash.ui import cache
    from regdash.worker import train_for_pictures

    lock = threading.Lock() if one_at_a_time else None

    def yield_point(*_: int) -> None:
        _ = "scenario" in st.session_state  # here Streamlit ends a script that has been superseded

    def runs(configs: Sequence) -> list:
        found = {config: cache._recall(config) for config in configs}
        missing = [config for config, run in found.items() if run is None]
        while missing and lock and not lock.acquire(timeout=0.05):
            yield_point()
        try:
            if missing:
                trained = train_for_pictures(missing, on_progress=yield_point)
                found |= {config: cache._keep(config, _run=run) for config, run in zip(missing, trained, strict=True)}
        finally:
            if missing and lock:
                lock.release()
        return [found[config] for config in configs]

    return runs


def _main() -> None:
    path, *rest = sys.argv[1:]
    if "--no-uvloop" in rest:
        rest.remove("--no-uvloop")
        sys.modules["uvloop"] = None  # type: ignore[assignment]  # makes its import fail
    if path != "batcher":
        from regdash.ui import cache

        if path == "thread":
            cache.Worker.start = lambda _: None
        else:
            cache.runs = _without_batcher(one_at_a_time=path == "lock")
    from streamlit.web.cli import main

    sys.argv = ["streamlit", *rest]
    main()


if __name__ == "__main__":
    _main()
