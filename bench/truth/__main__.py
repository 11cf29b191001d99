"""Is what studies say true? `python -m bench truth` trains pools of real runs, draws studies from them, and counts.

Every study is drawn without replacement from a pool, whose own means are the truth. Tables go to `docs/truth.md`.
Options: `--quick` a quarter of the seeds (650 at least), `--full` four times as many, `--studies N` how many studies a
figure is made of (1,000).
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import torch

from bench.engine import machine
from bench.truth.equal import equal_cells, power
from bench.truth.pools import FEWER, MORE, Pool, trained
from bench.truth.real import collapses, coverage, outlooks, sameness, winners

STUDIES = 1000
TABLES = MappingProxyType(
    {
        "Equal cells": equal_cells,
        "Power": power,
        "Cells that differ: winners": winners,
        "No difference that matters": sameness,
        "Coverage": coverage,
        "Collapses": collapses,
        "How many more seeds": outlooks,
    }
)


def main(words: Sequence[str] | None = None) -> int:
    """Train the pools and print all tables."""
    words = list(words or [])
    torch.set_num_threads(1)
    studies = int(words[words.index("--studies") + 1]) if "--studies" in words else STUDIES
    pools = trained(FEWER if "--quick" in words else MORE if "--full" in words else 1.0)
    print(machine())
    for table in tables(pools, studies):
        print("\n" + "\n".join(table), flush=True)
    return 0


def tables(pools: Mapping[str, Pool], studies: int) -> Iterator[list[str]]:
    """Every table, as lines of Markdown, each with a random stream of its own."""
    for number, (name, rows) in enumerate(TABLES.items()):
        yield [f"### {name}", "", *rows(pools, np.random.default_rng((1, number)), studies)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
