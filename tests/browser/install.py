"""`python -m tests.browser.install`: make sure that the browser tests find a Chromium."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from tests.browser.driver import NoBrowser, launch


def main() -> int:
    """Use a Chromium that is there, else get Playwright's, else Debian's; 0 if there is one at the end."""
    if _works("Found"):
        return 0
    for title, commands in (("Playwright's own Chromium", _playwright()), ("the system's package", _apt())):
        if not commands:
            continue
        print(f"No Chromium yet: installing {title}.", flush=True)
        if all(_run(command) for command in commands) and _works("Installed"):
            return 0
        print(f"That did not work: {title}.", flush=True)
    print(
        "No Chromium could be installed. Install Chromium or Chrome by hand, so that `chromium` or `google-chrome` "
        "is on the PATH or the variable CHROMIUM names its executable; then run this again.",
        file=sys.stderr,
    )
    return 1


def _works(verb: str) -> bool:
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except NoBrowser:
            return False
        print(f"{verb}: Chromium {browser.version}. The browser tests can run.", flush=True)
        browser.close()
        return True


def _playwright() -> list[list[str]]:
    install = [sys.executable, "-m", "playwright", "install"]
    # Without the right to install system packages the browser alone may do: many desktops have what it needs.
    return [[*install, "--with-deps", "chromium"] if _admin() is not None else [*install, "chromium"]]


def _apt() -> list[list[str]]:
    admin = _admin()
    if admin is None or not shutil.which("apt-get"):
        return []
    return [[*admin, "apt-get", "update"], [*admin, "apt-get", "install", "-y", "--no-install-recommends", "chromium"]]


def _admin() -> list[str] | None:
    """What to put before a command that installs system packages; None if we may not."""
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    allowed = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    return [sudo, "-n"] if sudo and allowed else None


def _run(command: list[str]) -> bool:
    print("$", " ".join(command), flush=True)
    try:
        return subprocess.run(command, check=False).returncode == 0
    except OSError as error:
        print(error, file=sys.stderr)
        return False


if __name__ == "__main__":
    sys.exit(main())
