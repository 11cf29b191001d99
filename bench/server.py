"""The page, or another server, in a process of its own: started for one measurement or some tests, and stopped."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
RUN = ("run", "app.py", "--server.port={port}", f"--server.address={HOST}")  # what Streamlit's command line is told
PAGE = (sys.executable, "-m", "streamlit", *RUN)
START_LIMIT = 90.0  # seconds until it must answer: a loaded machine is slow
STOP_LIMIT = 10.0  # seconds until a server that was asked to end is killed


class ServerError(RuntimeError):
    """The server could not be started; the message holds the end of its log."""


@dataclass(frozen=True, kw_only=True)
class Server:
    """A running server: host:port, its process, when that was started (`time.monotonic`), and what it writes."""

    address: str
    process: subprocess.Popen[bytes]
    started: float
    log: Path

    @property
    def url(self) -> str:
        """http://host:port."""
        return f"http://{self.address}"

    def last_words(self) -> str:
        """The end of its log: visitors see no tracebacks, the log has them."""
        return self.log.read_bytes()[-3000:].decode(errors="replace")

    def complaints(self, since: int = 0) -> str:
        """The log from byte `since` on if it holds a traceback, else nothing."""
        text = self.log.read_bytes()[since:].decode(errors="replace")
        return text if "Traceback" in text else ""


@contextlib.contextmanager
def serve(
    command: Sequence[str] = PAGE,
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    ready: str = "/_stcore/health",
) -> Iterator[Server]:
    """Start a server on a free port of this machine, and stop it at the end. Raises `ServerError`.

    command      `{port}` in it becomes the port; the page as its readme says, and more options, are `[*PAGE, ...]`
    folder       where it runs
    environment  variables besides this process's own
    ready        what it answers with status 200 once it is
    """
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    words = [word.replace("{port}", str(port)) for word in command]
    with tempfile.TemporaryDirectory() as place, (Path(place) / "server.log").open("wb") as log:
        started, variables = time.monotonic(), {**os.environ, **(environment or {})}
        process = subprocess.Popen(words, cwd=folder, env=variables, stdout=log, stderr=subprocess.STDOUT)
        server = Server(address=f"{HOST}:{port}", process=process, started=started, log=Path(log.name))
        try:
            _wait_until_ready(server, ready)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(server: Server, path: str) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() - server.started < START_LIMIT and server.process.poll() is None:
        with contextlib.suppress(OSError), direct.open(server.url + path, timeout=5):
            return
        time.sleep(0.05)  # a server that is not up yet has no event to wait for
    raise ServerError("the server did not start. The end of its log:\n" + server.last_words())
