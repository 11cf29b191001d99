"""Pools of real trainings that `bench.truth` draws studies from, and the settings that they are made of."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash import RunConfig
from regdash.study import StudyResult, StudySpec
from regdash.study.run import run_study
from regdash.study.stats.paired import Verdict
from regdash.teaching.article import DEMO
from regdash.teaching.scenarios import NOISY, SCENARIOS
from regdash.teaching.studies import SMALL_NOISY

FIRST_SEED = 100_000  # far from every seed that the page shows
FEWER, MORE = 0.25, 4.0  # pools of a quick and of a full run, beside those of a usual one
LEAST = 650  # seeds of a pool: studies of 600 are drawn from it


def _spec(base: RunConfig, sweep: Mapping[str, tuple[float, ...]], seeds: int) -> StudySpec:
    return StudySpec(base=base.but(seed=FIRST_SEED, data_seed=FIRST_SEED), sweep=sweep, seeds=seeds)


SAME_LAW = tuple(k * 1e-7 for k in range(25))  # decays that change the bits of a run and nothing else
POOLS: Mapping[str, StudySpec] = MappingProxyType(
    {
        "equal": _spec(SMALL_NOISY.but(width=16, epochs=60, dropout=0.0), {"weight_decay": SAME_LAW}, 800),
        "article": _spec(DEMO, {"dropout": (0.0, 0.3, 0.5), "weight_decay": (0.0, 1e-4)}, 1500),
        "grid": _spec(SMALL_NOISY, {"dropout": (0.0, 0.4, 0.8), "weight_decay": (0.0, 0.001, 0.02)}, 1500),
        "noisy": _spec(NOISY.but(dropout=0.0), {"weight_decay": (0.0, 1e-4, 0.02)}, 1000),
        "too-small": _spec(SCENARIOS["too-small"].config.but(epochs=100), {"dropout": (0.0, 0.5)}, 1500),
        "blobs": _spec(DEMO.but(dataset="blobs", dropout=0.0), {"width": (4, 8, 32)}, 4000),
        "heavy decay": _spec(SMALL_NOISY.but(weight_decay=0.1), {"dropout": (0.0, 0.2, 0.6)}, 1500),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Pool:
    """All runs of a pool. Axes: V cells, S seeds."""

    name: str
    result: StudyResult

    @property
    def n_seeds(self) -> int:
        """S."""
        return self.result.spec.n_seeds

    def values(self, metric: str = "fresh_accuracy") -> NDArray[np.float64]:
        """(V, S)."""
        return self.result.values(metric)

    @property
    def collapses(self) -> bool:
        """Whether any run gives one answer everywhere."""
        return bool(self.result.collapsed.any())


def trained(scale: float = 1.0) -> dict[str, Pool]:
    """Train all pools with `scale` times their seeds, one after another, and say how long each took."""
    found = {}
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        for name, spec in POOLS.items():
            started = time.perf_counter()
            resized = spec.with_seeds(max(LEAST, int(scale * spec.n_seeds)))
            found[name] = Pool(name=name, result=run_study(resized, executor=executor))
            took = time.perf_counter() - started
            print(f"{name}: {resized.n_runs:,} runs in {took:.0f} s", file=sys.stderr, flush=True)
    return found


def drawn(rng: np.random.Generator, n_seeds: int, n: int, studies: int) -> NDArray[np.int64]:
    """(studies, n) the seeds of each study, drawn without replacement from those of a pool, as those of a page are."""
    return np.stack([rng.permutation(n_seeds)[:n] for _ in range(studies)])


def looks(most: int = 10, first: int = 20, step: int = 20) -> Iterator[tuple[int, int]]:
    """Number of each look, from 1, with the seeds there are by then."""
    return ((look, first + step * (look - 1)) for look in range(1, most + 1))


def share(happened: NDArray[np.bool_]) -> str:
    """How often something happened, as it stands in a table."""
    return f"{np.mean(happened):.3f}"


def won(verdicts: NDArray[np.str_]) -> NDArray[np.bool_]:
    """Where a verdict names a winner."""
    return (verdicts == Verdict.BETTER) | (verdicts == Verdict.WORSE)
