"""All benchmarks by name: `python -m bench engine page`. Options come after the names, and go to each of them."""

import importlib
import sys
from itertools import takewhile
from pathlib import Path


def main(words: list[str]) -> int:
    """Run the benchmarks named, one after another; the exit status is the worst of theirs."""
    folder = Path(__file__).parent
    known = sorted(path.stem for path in folder.glob("*.py") if "\ndef main(" in path.read_text("utf-8"))
    known.remove("__main__")
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    options = words[len(names) :]
    if unknown := [name for name in names if name not in known]:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    worst = 0
    for name in names or ["engine"]:
        worst = max(worst, importlib.import_module(f"bench.{name}").main(options))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
