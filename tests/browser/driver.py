"""A Chromium: what the tests, the benchmark and the installer share."""

import os
import shutil

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PlaywrightError

NAMES = (
    *("chromium-headless-shell", "chromium", "chromium-browser"),
    *("google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"),
)
ARGUMENTS = ("--disable-gpu",)
PATIENCE = 60  # seconds: a loaded machine is slow, and who finds at once waits for nothing


class NoBrowser(RuntimeError):
    """No Chromium could be started; the message says what was tried."""


def in_ci() -> bool:
    """Whether what is missing here makes tests fail instead of being skipped."""
    return os.environ.get("CI", "").lower() in ("true", "1")


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
