"""Second opinions: one pair of runs is luck, so the same comparison is made over 20 seeds, when nobody needs the cores.

An opinion is two studies of one cell each, "no regularization" and "yours", over the same replicates, each with a seed
and data of its own. The replicates are always the same ones, whatever the visitor's seed: so all who look at the same
settings share both studies, and all regularizers of one kind of network share the first.

Opinions have a queue of their own, for short studies only, whose threads are the last to get a core. While many train,
they may take only a share of the time; what does not fit is refused at once (`QueueFull`), and the page says so.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regdash.config import RunConfig
from regdash.errors import QueueFull
from regdash.serving.spent import Spent
from regdash.serving.studies import StudyJob, StudyQueue, Watch
from regdash.serving.studies.pool import LastInLine
from regdash.study import StudyResult, StudySpec
from regdash.study.run import run_study
from regdash.teaching.arms import ARMS

SEEDS = 20
FIRST_SEED = 20_001  # no scenario has such a seed, and "New seed" draws smaller ones
MAX_COST = 8.0  # seconds of one core, for each of the two
MAX_WAITING = 6
MAX_KEPT, MAX_KEPT_BYTES = 800, 2**26
SHARE = 0.25  # of the time: in a crowd, opinions may take so much of it
ASIDE = 5.0  # seconds that a piece of an opinion lets others go first


def study_of(arm: RunConfig) -> StudySpec:
    """The study of one cell that trains `arm` over the seeds of second opinions; the arm's own seeds do not matter."""
    base = arm.but(seed=FIRST_SEED, data_seed=FIRST_SEED)
    return StudySpec(base=base, sweep={"dropout": (base.dropout,)}, seeds=SEEDS)


@dataclass(frozen=True, kw_only=True, eq=False)
class Opinion:
    """A second opinion on its way or there. Give a sign of life now and then, or leave."""

    free: StudyJob
    yours: StudyJob
    watches: tuple[Watch, ...] = ()

    @property
    def results(self) -> tuple[StudyResult, StudyResult] | None:
        """Both results, without and with regularization, once both are finished."""
        free, yours = self.free.result, self.yours.result
        return None if free is None or yours is None else (free, yours)

    @property
    def ended(self) -> bool:
        """Whether nothing more will come: both finished, or one of them failed or was stopped."""
        states = {self.free.state, self.yours.state}
        return states == {"finished"} or not states.isdisjoint({"failed", "cancelled"})

    def alive(self) -> None:
        """A sign of life."""
        for watch in self.watches:
            watch.alive()

    def leave(self) -> None:
        """It is no longer wanted here; if nowhere else, its training stops."""
        for watch in self.watches:
            watch.leave()


class Opinions:
    """Makes second opinions for many threads. Call `close` at the end.

    busy     whether visitors wait for runs at this moment
    crowded  whether there are many visitors
    hurried  whether they move so often that there is no time for opinions
    runner   called as `run_study` is
    """

    def __init__(
        self,
        *,
        busy: Callable[[], bool] = lambda: False,
        crowded: Callable[[], bool] = lambda: False,
        hurried: Callable[[], bool] = lambda: False,
        runner: Callable[..., StudyResult] = run_study,
    ) -> None:
        self._crowded, self._hurried, self._runner = crowded, hurried, runner
        self._spent = Spent()
        self._queue = StudyQueue(
            max_waiting=MAX_WAITING, max_cost=MAX_COST, runner=self._timed, max_kept=MAX_KEPT,
            max_kept_bytes=MAX_KEPT_BYTES, executor_factory=lambda: LastInLine(busy, aside=ASIDE),
        )  # fmt: skip

    def ask(self, config: RunConfig, patience: float) -> Opinion:
        """Ask for an opinion on `config`; returns at once. Be `alive` within `patience` seconds, or it is dropped.

        Raises `QueueFull` while others need the time, and `StudyTooLarge` where it would cost too much.
        """
        free, yours = self._specs(config)
        if not self.is_kept(config) and not self.has_room:
            raise QueueFull("many visitors are training at this moment")
        jobs = self._queue.submit(free), self._queue.submit(yours)
        return Opinion(free=jobs[0], yours=jobs[1], watches=tuple(job.watch(patience) for job in jobs))

    @property
    def has_room(self) -> bool:
        """Whether an opinion that is not kept would be made now. In a crowd, only so many seconds go into them, and
        none while its moves keep the cores busy: an opinion's threads and the pages' share Python's lock.
        """
        return not self._hurried() and (not self._crowded() or self._spent.share <= SHARE)

    @property
    def busy(self) -> bool:
        """Whether any is being made, or waits for that."""
        return self._queue.n_wanted > 0

    def is_kept(self, config: RunConfig) -> bool:
        """Whether an opinion on `config` is there already."""
        return all(self._queue.is_kept(spec) for spec in self._specs(config))

    def close(self) -> None:
        """Stop what runs, forget what is kept."""
        self._queue.close()

    def _specs(self, config: RunConfig) -> tuple[StudySpec, StudySpec]:
        return study_of(ARMS["none"].config(config)), study_of(config)

    def _timed(self, spec: StudySpec, **options: Any) -> StudyResult:
        began = time.monotonic()
        try:
            return self._runner(spec, **options | {"on_result": None})  # nobody looks at a part of it
        finally:
            self._spent.note(time.monotonic() - began)
