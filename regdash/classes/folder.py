"""Where the file with the classes lies: on this machine's own disk, and only its user may read it."""

import os
import sys
import tempfile
from pathlib import Path

from regdash.errors import ClassStoreError

DATA = "REGDASH_DATA"  # in the environment: a folder


def data_folder() -> Path:
    """The folder that `REGDASH_DATA` names, or one of this user's own. Raises `ClassStoreError` if there is none."""
    named = os.environ.get(DATA, "").strip()
    folder = Path(named).expanduser() if named else _own()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not named and not _is_private(folder):
            raise ClassStoreError(f"others may write where the classes would be kept; {DATA} names another folder")
    except OSError as error:
        raise ClassStoreError(f"there is no folder that can hold the classes; {DATA} names one") from error
    return folder.absolute()


def _own() -> Path:
    """Of this user: where programs keep such things, or, for one without a home, among the temporary files."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir()) / "regdash"
    home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    near = next(each for each in (home, *home.parents) if each.exists())
    return home / "regdash" if os.access(near, os.W_OK) else Path(tempfile.gettempdir()) / f"regdash-{os.getuid()}"


def _is_private(folder: Path) -> bool:
    """Whether it is this user's, and no one else may write there."""
    if sys.platform == "win32":
        return True
    found = folder.stat()
    return found.st_uid == os.getuid() and not found.st_mode & 0o022
