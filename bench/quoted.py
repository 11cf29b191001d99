"""Are the numbers true that lessons and help texts quote? `python -m bench quoted` trains each again and compares.

Every network is trained with the seeds of the quoted numbers, so that the same kind of processor gives the same ones.
Options: `--seeds N` (200), `--first N` another first seed. The exit status is 1 if a number lies further from the
quoted one than chance would have it.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray

from bench.engine import machine
from regdash.config import RunConfig
from regdash.study import StudyResult, StudySpec
from regdash.study.run import run_study
from regdash.study.stats.intervals import mean_interval
from regdash.study.stats.sameness import share_interval
from regdash.teaching.article import DEMO
from regdash.teaching.quoted import (
    DECAY,
    DECOUPLED,
    L2_LIKE_DECOUPLED,
    QUOTED,
    REACHED,
    SEEDS,
    SMALL_DECAY,
    TINY_DECAY,
    Quote,
)
from regdash.teaching.scenarios import NOISY, SCENARIOS

FAR = 4.0  # standard errors: of all numbers together, one lies further by chance once in hundreds of trainings

Values = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a quoted number comes about.

    what     in words
    config   the network trained, whatever its seeds
    against  the one from which its differences are taken, seed by seed; None: its own numbers are quoted
    metric   which number of a run
    happens  of the differences or numbers (shares): in which seeds that happens of which the share is quoted
    """

    what: str
    config: RunConfig
    against: RunConfig | None = None
    metric: str = "fresh_accuracy"
    happens: Callable[[Values], NDArray[np.bool_]] | None = None


def _one_answer(values: Values) -> NDArray[np.bool_]:
    return values > 0


FREE, CLEAN = NOISY.but(dropout=0.0), DEMO.but(dropout=0.0)
MUCH, SMALL, SPIRALS = (SCENARIOS[key].config for key in ("too-much", "too-small", "spirals"))
RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "noisy/train": Recipe(what="Noisy labels, free: train accuracy", config=FREE, metric="train_accuracy"),
        "noisy/fresh": Recipe(what="the same on fresh data", config=FREE),
        "noisy/star": Recipe(
            what="the same, validation accuracy at the lowest loss", config=FREE, metric="best_val_accuracy"
        ),
        "noisy/end": Recipe(what="the same, validation accuracy at the end", config=FREE, metric="val_accuracy"),
        "noisy/lies": Recipe(what="the same, flipped labels repeated", config=FREE, metric="memorised"),
        "noisy/lies dropout": Recipe(what="with dropout 0.5", config=NOISY, metric="memorised"),
        "noisy/lies decay": Recipe(
            what="with weight decay 0.02", config=FREE.but(weight_decay=DECAY), metric="memorised"
        ),
        "noisy/dropout": Recipe(what="Noisy labels: dropout 0.5 against none", config=NOISY, against=FREE),
        "noisy/decay": Recipe(
            what="weight decay 0.02 against none", config=FREE.but(weight_decay=DECAY), against=FREE
        ),
        "noisy/l2": Recipe(
            what="weight decay 0.005 against none", config=FREE.but(weight_decay=L2_LIKE_DECOUPLED), against=FREE
        ),
        "noisy/decoupled": Recipe(
            what="decoupled weight decay 1 against none",
            config=FREE.but(weight_decay=DECOUPLED, decay="decoupled"),
            against=FREE,
        ),
        "article/dropout": Recipe(what="Article: dropout 0.5 against none", config=DEMO, against=CLEAN),
        "article/decay": Recipe(
            what="weight decay 0.02 against none", config=CLEAN.but(weight_decay=DECAY), against=CLEAN
        ),
        "article/small": Recipe(
            what="weight decay 0.001 against none", config=CLEAN.but(weight_decay=SMALL_DECAY), against=CLEAN
        ),
        "article/tiny": Recipe(
            what="weight decay 0.0001 against none", config=CLEAN.but(weight_decay=TINY_DECAY), against=CLEAN
        ),
        "too-much/both": Recipe(
            what="Too much: one answer everywhere", config=MUCH, metric="collapsed", happens=_one_answer
        ),
        "too-much/decay": Recipe(
            what="the same without dropout", config=MUCH.but(dropout=0.0), metric="collapsed", happens=_one_answer
        ),
        "too-much/dropout": Recipe(what="dropout 0.8 against none", config=MUCH.but(weight_decay=0.0), against=FREE),
        "too-small/dropout": Recipe(
            what="Too small: dropout 0.5 against none", config=SMALL, against=SMALL.but(dropout=0.0)
        ),
        "too-small/still good": Recipe(
            what="with dropout 0.5: seeds that reach 90 %", config=SMALL, happens=lambda shares: shares >= REACHED
        ),
        "spirals/dropout": Recipe(
            what="Spirals: dropout 0.5 against none", config=SPIRALS, against=SPIRALS.but(dropout=0.0)
        ),
        "spirals/loses": Recipe(
            what="the same: seeds that lose",
            config=SPIRALS, against=SPIRALS.but(dropout=0.0), happens=lambda differences: differences < 0,
        ),
    }
)  # fmt: skip


class Trained:
    """All networks of the recipes over so many seeds, each trained once, when it is first asked for."""

    def __init__(self, seeds: int = SEEDS, first: int = NOISY.seed, executor: Executor | None = None) -> None:
        self._seeds, self._first, self._executor = seeds, first, executor
        self._results: dict[RunConfig, StudyResult] = {}

    def values(self, recipe: Recipe) -> Values:
        """(S,) of each seed: the number, the difference, or 1 where it happens and 0 where not; in percent or points.

        Seeds in which a run diverged are left out.
        """
        values = self._of(recipe.config, recipe.metric)
        if recipe.against is not None:
            values = values - self._of(recipe.against, recipe.metric)
        values = values[np.isfinite(values)]
        return 100.0 * (values if recipe.happens is None else recipe.happens(values))

    def _of(self, config: RunConfig, metric: str) -> Values:
        base = config.but(seed=self._first, data_seed=self._first)
        if base not in self._results:
            spec = StudySpec(base=base, sweep={"dropout": (base.dropout,)}, seeds=self._seeds)
            self._results[base] = run_study(spec, executor=self._executor)
        result = self._results[base]
        return result.collapsed[0].astype(np.float64) if metric == "collapsed" else result.values(metric)[0]


def measured(recipe: Recipe, values: Values) -> Quote:
    """The mean of `values` (S,), or the share of seeds, with its 95 % interval."""
    mean = float(values.mean())
    if recipe.happens is None:
        _, low, high = (float(end) for end in mean_interval(values))
    else:
        low, high = (100 * float(end) for end in share_interval(np.count_nonzero(values), len(values)))
    return Quote(mean=round(mean, 2), low=round(low, 2), high=round(high, 2))


def apart(quote: Quote, values: Values) -> float:
    """By how many standard errors of their difference the quoted number and the mean of `values` (S,) differ.

    A share that is 0 or 1 in a sample has the error of one that just is not: as if two more seeds had been seen, one of
    each kind.
    """
    n = len(values)
    if set(values.tolist()) <= {0.0, 100.0}:
        p = (np.count_nonzero(values) + 1) / (n + 2)
        error = 100 * np.sqrt(p * (1 - p) / n)
    else:
        error = values.std(ddof=1) / np.sqrt(n)
    own = (quote.high - quote.low) / (2 * 1.97)  # t of 199 degrees of freedom
    return float(abs(values.mean() - quote.mean) / np.hypot(error, own))


def main(words: Sequence[str] | None = None) -> int:
    """Train, print each number beside the quoted one, and say whether one is far off."""
    words = list(words or [])
    torch.set_num_threads(1)
    seeds, first = (
        int(words[words.index(option) + 1]) if option in words else usual
        for option, usual in (("--seeds", SEEDS), ("--first", NOISY.seed))
    )
    print(machine())
    print(f"\nSeeds {first} to {first + seeds - 1}, each with data of its own; in percent, differences in points.\n")
    print("| name | what | quoted | measured | standard errors apart |\n|---|---|---:|---:|---:|")
    worst = 0.0
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        trained = Trained(seeds, first, executor)
        for name, recipe in RECIPES.items():
            values = trained.values(recipe)
            found, quote = measured(recipe, values), QUOTED.get(name)
            far = apart(quote, values) if quote else np.inf
            worst = max(worst, far)
            print(f"| {name} | {recipe.what} | {_text(quote)} | {_text(found)} | {far:.1f} |", flush=True)
    if worst > FAR:
        print(f"\nA number lies more than {FAR:g} standard errors from the quoted one.")
    return int(worst > FAR)


def _text(quote: Quote | None) -> str:
    return f"{quote.mean:.2f} [{quote.low:.2f}, {quote.high:.2f}]" if quote else "–"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
