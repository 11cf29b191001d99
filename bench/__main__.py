"""All benchmarks by name: `python -m bench engine page`. Options come after the names, and go to each of them."""

import importlib
import sys
from itertools import takewhile

NAMES = ("cluster", "engine", "files", "headline", "lessons", "page", "quoted", "soak", "study")
KNOWN = {name: f"bench.{name}" for name in NAMES} | {
    name: f"bench.{name}.__main__" for name in ("attack", "classes", "load", "truth")
}


def main(words: list[str]) -> int:
    """Run the benchmarks named, one after another; the exit status is the worst of theirs."""
    names = list(takewhile(lambda word: not word.startswith("-"), words))
    options = words[len(names) :]
    if unknown := [name for name in names if name not in KNOWN]:
        print(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(KNOWN)}", file=sys.stderr)
        return 2
    worst = 0
    for name in names or ["engine"]:
        worst = max(worst, importlib.import_module(KNOWN[name]).main(options))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
