"""Processes of their own, which start fast: the store needs nothing of RegDash but its own room and errors."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALONE = f"""
import sys, types
package = types.ModuleType("regdash")  # without what the whole package imports, torch above all
package.__path__ = [{str(ROOT / "regdash")!r}]
sys.modules["regdash"] = package
from pathlib import Path
from regdash.classes.store import Store
folder, *words = sys.argv[1:]
store = Store(Path(folder))
print("ready", flush=True)
sys.stdin.readline()
"""


def started(body: str, folder: Path, *words: str) -> "subprocess.Popen[str]":
    """A process that has imported the store, and runs `body` with `store` and `words` after `go`."""
    command = [sys.executable, "-c", f"{ALONE}{body}\nstore.close()\n", str(folder), *words]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def go(process: "subprocess.Popen[str]") -> None:
    """Let it begin."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()
