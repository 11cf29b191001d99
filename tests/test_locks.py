"""What is installed is what was tried: every locked package is pinned and hashed, and so is Plotly's library."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = {"pypi": "requirements.txt", "cpu": "requirements.txt", "cpu-dev": "requirements-dev.txt"}
# Of plotly.js-cartesian-dist-min 4.1.1, as the npm registry has it.
PLOTLY = "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"


def pinned(text: str) -> dict[str, str]:
    """Version by name of what is pinned, markers left out."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", text, re.MULTILINE)
    return {name.lower(): version for name, version in found}


def required(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    others = [required(other) for other in re.findall(r"^-r (\S+)", text, re.MULTILINE)]
    return {name: version for part in [*others, pinned(text)] for name, version in part.items()}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_all_that_is_required_in_the_version_that_is(lock: str) -> None:
    locked = pinned((ROOT / "deploy" / "locks" / f"{lock}.txt").read_text(encoding="utf-8"))
    wanted = required(LOCKS[lock])
    assert len(wanted) > 8
    assert {name: locked.get(name, "").removesuffix("+cpu") for name in wanted} == wanted


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_its_hashes(lock: str) -> None:
    text = (ROOT / "deploy" / "locks" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text))
    assert len(entries) > 30
    assert [entry for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []


def test_the_chart_library_is_the_published_one() -> None:
    (library,) = (ROOT / "static").glob("plotly*.js")
    assert hashlib.sha256(library.read_bytes()).hexdigest() == PLOTLY
