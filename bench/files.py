"""What a browser's first visit costs the server in files: `python -m bench files`, half a minute.

A real Chromium says which files it fetches. They are fetched again and again then, in turns: from memory and
compressed, as `regdash/ui/files.py` sends them, and as Streamlit does, which a condition in the request brings about.
"""

import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from types import MappingProxyType
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from bench.machine import Usage, load_average, processor
from bench.server import Server, ServerError, serve
from tests.browser.driver import NoBrowser, launch
from tests.browser.explore import Explore

TURNS, VISITORS, CONNECTIONS = 6, 5, 6  # a browser opens six connections
REST = 10_000  # milliseconds for what the server still has to train
ASKED = MappingProxyType({"Accept-Encoding": "gzip"})
WAYS = MappingProxyType({"as Streamlit does": {**ASKED, "If-None-Match": '"none"'}, "from memory": dict(ASKED)})


@dataclass(frozen=True)
class Cost:
    """Of one visitor: the server's processor and the clock in seconds, and bytes."""

    cpu: float
    seconds: float
    n_bytes: int


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print it; 1 if there is no browser or no app."""
    if words:
        print("bench files takes no arguments", file=sys.stderr)
    try:
        with sync_playwright() as playwright, launch(playwright) as browser, serve() as app:
            paths = _paths(browser, app)
            print(f"{processor()}, load {load_average()}: {len(paths)} files a visitor", flush=True)
            costs = [{name: _cost(app, paths, headers) for name, headers in WAYS.items()} for _ in range(TURNS)]
    except (NoBrowser, ServerError) as error:
        print(error, file=sys.stderr)
        return 1
    print("| | MB | processor | all, on six connections |\n|---|---:|---:|---:|")
    for name in WAYS:
        of_one = [turn[name] for turn in costs]
        cpu, seconds = (statistics.median(values) for values in zip(*((c.cpu, c.seconds) for c in of_one), strict=True))
        print(f"| {name} | {of_one[0].n_bytes / 1e6:.1f} | {1000 * cpu:.0f} ms | {1000 * seconds:.0f} ms |")
    before, now = WAYS
    ratio = statistics.median(turn[now].cpu / turn[before].cpu for turn in costs)
    print(f"from memory / as Streamlit does, processor: {ratio:.2f}")
    return 0


def _paths(browser: Browser, app: Server) -> list[str]:
    """What a browser fetches when it opens Explore for the first time."""
    with browser.new_context() as context:
        page, found = context.new_page(), []
        page.on("requestfinished", lambda request: found.append(urlsplit(request.url)))
        Explore(page, app.url).open()
        page.wait_for_timeout(REST)
    return [each.path for each in found if each.netloc == app.address]


def _cost(app: Server, paths: list[str], headers: dict[str, str]) -> Cost:
    before, began = Usage.of(app.process.pid), time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        parts = [paths[first::CONNECTIONS] * VISITORS for first in range(CONNECTIONS)]
        n_bytes = sum(pool.map(lambda part: _fetch(app.address, part, headers), parts))
    seconds, used = time.perf_counter() - began, Usage.of(app.process.pid)
    return Cost((used.own - before.own) / VISITORS, seconds / VISITORS, n_bytes // VISITORS)


def _fetch(address: str, paths: list[str], headers: dict[str, str]) -> int:
    """Fetch these, one after another; returns the bytes of their bodies."""
    connection, n_bytes = HTTPConnection(address), 0
    for path in paths:
        connection.request("GET", path, headers=headers)
        n_bytes += len(connection.getresponse().read())
    connection.close()
    return n_bytes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
