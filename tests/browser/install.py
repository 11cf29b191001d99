"""`python -m tests.browser.install`: make sure that the browser tests find a Chromium and nginx."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from tests.browser.driver import NoBrowser, in_ci, launch
from tests.browser.hosts import nginx


def main() -> int:
    """0 if all is there that the tests must have: a Chromium, and in CI nginx, too."""
    nginx_will_do = _nginx() or not in_ci()
    return 0 if _chromium() and nginx_will_do else 1


def _chromium() -> bool:
    """Use one that is there, else get Playwright's, else Debian's."""
    if _works("Found"):
        return True
    for title, commands in (
        ("Playwright's own Chromium", _playwright()),
        ("the system's package without windows", _apt("chromium-headless-shell")),  # Debian has it: a quarter faster
        ("the system's package", _apt("chromium")),
    ):
        if not commands:
            continue
        print(f"No Chromium yet: installing {title}.", flush=True)
        if all(_run(command) for command in commands) and _works("Installed"):
            return True
        print(f"That did not work: {title}.", flush=True)
    print(
        "No Chromium could be installed. Install Chromium or Chrome by hand, so that `chromium` or `google-chrome` "
        "is on the PATH or the variable CHROMIUM names its executable; then run this again.",
        file=sys.stderr,
    )
    return False


def _nginx() -> bool:
    """Use one that is there; get Debian's only as root or in CI, since on a desktop it would start to serve pages."""
    if not nginx() and (in_ci() or _admin() == []):
        for command in _apt("nginx"):
            _run(command)
    if nginx():
        print("Found: nginx. The tests of proxies can run.", flush=True)
    else:
        print(
            "No nginx: the tests of proxies will be skipped. On Debian and Ubuntu: apt install nginx.",
            flush=True,
        )
    return nginx() is not None


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


def _apt(package: str) -> list[list[str]]:
    admin = _admin()
    if admin is None or not shutil.which("apt-get"):
        return []
    return [[*admin, "apt-get", "update"], [*admin, "apt-get", "install", "-y", "--no-install-recommends", package]]


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
