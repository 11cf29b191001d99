"""Random settings for `bench.headline`, anywhere in what the page's controls allow, and all that is said of them."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from regdash.config import FIELDS, RunConfig
from regdash.results import Summary
from regdash.serving.opinions import SEEDS, study_of
from regdash.study import StudyResult
from regdash.study.comparisons import compare_pair
from regdash.study.run import run_study
from regdash.study.stats.paired import Comparison
from regdash.teaching.arms import ARMS
from regdash.teaching.scenarios import SCENARIOS
from regdash.words.runs import REGULARIZERS

MOVED = 0.4
N_SEEDS = 200  # the first 20 judge, as on the page; the others are the truth
MAX_COST = 1.0  # seconds of one core for both arms of a setting, by the cost model; what costs more is left out


def random_configs(rng: np.random.Generator, n_seeds: int = N_SEEDS, most: float = MAX_COST) -> Iterator[RunConfig]:
    """Endless settings: a scenario of which each control was moved anywhere with a chance of MOVED, and each
    regularizer is on half of the time, one of them at least.

    Those that cost more than `most` seconds over `n_seeds` seeds are left out, so large networks are rarer here.
    """
    scenarios = [scenario.config for scenario in SCENARIOS.values()]
    while True:
        start = scenarios[rng.integers(len(scenarios))]
        movable = [name for name in FIELDS if name not in ("seed", "data_seed", *REGULARIZERS)]
        values = {name: _anywhere(name, rng) for name in movable if rng.random() < MOVED}
        on = rng.random(len(REGULARIZERS)) < 0.5
        if not on.any():
            continue
        for name, there in zip(REGULARIZERS, on, strict=True):
            values[name] = _anywhere(name, rng, above=0.0) if there else 0.0
        config = start.but(**values)
        arms = (ARMS["none"].config(config), config)
        if sum(study_of(arm).with_seeds(n_seeds).cost for arm in arms) <= most:
            yield config


def _anywhere(name: str, rng: np.random.Generator, above: float = -1.0) -> float | int | str:
    """A position of a setting's control: one of its choices or stops, or a step between its ends."""
    field = FIELDS[name]
    if field.choices:
        return field.choices[rng.integers(len(field.choices))]
    stops = field.stops or tuple(np.arange(field.low, field.high + field.step / 2, field.step).round(10).tolist())
    allowed = [stop for stop in stops if stop > above]
    return field.kind(allowed[rng.integers(len(allowed))])


@dataclass(frozen=True, kw_only=True, eq=False)
class Setting:
    """One setting, trained over many seeds: without regularization, and as it is."""

    config: RunConfig
    free: StudyResult
    yours: StudyResult

    @cached_property
    def judged(self) -> Comparison:
        """What the page judges by: the first 20 seeds, seen once."""
        free, yours = (result.cut(result.spec.with_seeds(SEEDS)) for result in (self.free, self.yours))
        return compare_pair(free, yours)

    @cached_property
    def differences(self) -> NDArray[np.float64]:
        """(S,) on fresh data, seed by seed; NaN where a run diverged."""
        return self.yours.values("fresh_accuracy")[0] - self.free.values("fresh_accuracy")[0]

    @property
    def truth(self) -> tuple[float, float]:
        """Mean difference over the seeds that did not judge, and its standard error; NaN if nearly all diverged."""
        rest = self.differences[SEEDS:]
        rest = rest[np.isfinite(rest)]
        return (float(rest.mean()), float(rest.std(ddof=1) / np.sqrt(len(rest)))) if len(rest) > 2 else (np.nan, np.nan)

    def summaries(self, n: int) -> Iterator[tuple[Summary, Summary]]:
        """What `n` pairs of runs end with, but for those of which one diverged."""
        for at in range(n):
            if np.isfinite(self.differences[at]):
                yield _summary(self.free, at), _summary(self.yours, at)


def _summary(result: StudyResult, at: int) -> Summary:
    """As `Run.summary` has it, of replicate `at` of a study of one cell."""
    train, val, fresh = (float(result.values(f"{kind}_accuracy")[0, at]) for kind in ("train", "val", "fresh"))
    return Summary(
        train_accuracy=train, val_accuracy=val, fresh_accuracy=fresh, gap=train - fresh, best_epoch=None,
        memorised=float(result.memorised[0, at]), one_answer=bool(result.collapsed[0, at]),
    )  # fmt: skip


def trained(config: RunConfig, n_seeds: int = N_SEEDS, executor: Executor | None = None) -> Setting:
    """Train both arms over so many seeds: those of the page's second opinions, and the next ones."""
    free, yours = (
        run_study(study_of(arm).with_seeds(n_seeds), executor=executor) for arm in (ARMS["none"].config(config), config)
    )
    return Setting(config=config, free=free, yours=yours)
