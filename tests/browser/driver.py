"""A browser and a running app: what the tests, the benchmark and the installer share."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PlaywrightError

ROOT = Path(__file__).parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
ARGUMENTS = ("--disable-gpu",)
PATIENCE = 40.0  # seconds for anything to happen: a loaded machine is slow, and no test is about speed


class NoBrowser(RuntimeError):
    """No Chromium could be started; the message says what was tried."""


class NoApp(RuntimeError):
    """The app did not start; the message holds the end of its log."""


def candidates() -> list[str | None]:
    """Chromium executables to try, best first; None stands for the one that Playwright manages itself."""
    found = [shutil.which(name) for name in NAMES]
    named = os.environ.get("CHROMIUM")
    return [*([named] if named else []), None, *dict.fromkeys(path for path in found if path)]


def launch(playwright: Playwright) -> Browser:
    """The first Chromium that starts. Raises `NoBrowser`."""
    reasons = []
    for path in candidates():
        try:
            return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        except PlaywrightError as error:
            reasons.append(f"{path or 'the one of Playwright'}: {error.message.strip().splitlines()[0]}")
    raise NoBrowser("no Chromium starts here; `python -m tests.browser.install` gets one. Tried " + "; ".join(reasons))


@dataclass(frozen=True, kw_only=True)
class App:
    """A running app: its address, its process, when that was started (`time.monotonic`), and its log."""

    url: str
    process: subprocess.Popen[bytes]
    started: float
    log: Path

    def complaints(self, since: int = 0) -> str:
        """The log from byte `since` on if it holds a traceback, else nothing."""
        text = self.log.read_bytes()[since:].decode(errors="replace")
        return text if "Traceback" in text else ""


@contextlib.contextmanager
def serve() -> Iterator[App]:
    """The app in a process of its own, started as its readme says, on a free port. Raises `NoApp`."""
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "app.log").open("wb") as log:
        started = time.monotonic()
        process = subprocess.Popen(
            [*command, "--server.address", "localhost"],
            cwd=ROOT, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        app = App(url=f"http://localhost:{port}", process=process, started=started, log=Path(log.name))
        try:
            _wait_until_healthy(app)
            yield app
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait_until_healthy(app: App) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() - app.started < PATIENCE:
        if app.process.poll() is not None:
            break
        with contextlib.suppress(urllib.error.URLError, OSError), direct.open(f"{app.url}/_stcore/health", timeout=5):
            return
        time.sleep(0.05)  # a server that is not up yet has no event to wait for
    raise NoApp("the app did not start. The end of its log:\n" + app.log.read_text(errors="replace")[-3000:])
