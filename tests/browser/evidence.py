"""What a failed browser test leaves behind: a Playwright trace and screenshots, in `test-results/TEST/`.

The trace lists what was done, said in the console and sent, with times. It has no picture of each step: the page's
snapshots would cost the browser 5 to 25 % more work in every test, a film half as much again.
"""

import re
import shutil
from pathlib import Path

from playwright.sync_api import BrowserContext
from playwright.sync_api import Error as PlaywrightError

from bench.server import ROOT

RESULTS = ROOT / "test-results"
PATIENCE = 5_000  # ms for a screenshot: a page that hangs has none to give, and its test has failed already


class Evidence:
    """Records the browser profiles of one test. `python -m playwright show-trace PATH` plays a trace back."""

    def __init__(self, test: str) -> None:
        self.folder: Path = RESULTS / re.sub(r"[^\w.-]+", "-", test).strip("-")[:150]
        self._contexts: list[BrowserContext] = []
        shutil.rmtree(self.folder, ignore_errors=True)  # of an earlier run

    def record(self, context: BrowserContext) -> None:
        """Record what happens in a context from now on; its tracing has been started."""
        context.tracing.start_chunk()
        self._contexts.append(context)

    def end(self, *, keep: bool) -> None:
        """Stop recording, while the pages are still open, and keep what was recorded or forget it."""
        while self._contexts:
            context = self._contexts.pop()
            if keep:
                self._keep(context, number=len(self._contexts) + 1)
            else:
                context.tracing.stop_chunk()

    def _keep(self, context: BrowserContext, number: int) -> None:
        for position, page in enumerate(context.pages, start=1):
            path = self.folder / f"profile-{number}-page-{position}.png"
            try:
                page.screenshot(path=path, timeout=PATIENCE)
            except PlaywrightError as error:
                print(f"No screenshot of {page.url}: {error.message}")
            else:
                print(f"Screenshot: {path.relative_to(ROOT)}")
        path = self.folder / f"profile-{number}-trace.zip"
        context.tracing.stop_chunk(path=path)
        print(f"Trace: {path.relative_to(ROOT)}")
