"""`run_study`: a study's runs, chunk by chunk over an executor, gathered into one result."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext

import numpy as np

from regdash.cluster import executor as cluster_executor
from regdash.cluster import scheduler_address
from regdash.ensemble.processors import n_processors
from regdash.ensemble.schedule import Task, execute
from regdash.errors import StudyError
from regdash.study.chunk import Chunk, train_chunk
from regdash.study.plan import Pairs, chunks
from regdash.study.result import PER_RUN, StudyResult
from regdash.study.spec import StudySpec
from regdash.training import Progress

RESULT_EVERY = 0.25  # seconds between two partial results
RESULT_SHARE = 0.05  # of the time that copying and showing them may take, so that large studies give fewer

OnResult = Callable[[StudyResult], None]


def run_study(
    spec: StudySpec,
    *,
    executor: Executor | None = None,
    on_progress: Progress | None = None,
    on_result: OnResult | None = None,
    known: StudyResult | None = None,
) -> StudyResult:
    """Train all runs of a study. Each has the bits that `regdash.train` gives it, wherever and in whatever order.

    executor     where chunks are trained: a thread pool, processes, a cluster; None: on the cluster that the
                 environment variable REGDASH_SCHEDULER names (see `regdash.cluster`), else in threads, one a core
    on_progress  called in this thread with (model-epochs done, model-epochs to do), at most 20 times a second, and once
                 at the end; what it raises stops everything in a moment and reaches the caller. On an executor that
                 is not a thread pool, chunks that have begun run to their end, unless the executor can stop them
    on_result    called in this thread with a partial result, at most 4 times a second, after the first chunk at once;
                 what it raises stops everything too
    known        an earlier result of the same base, sweep and data seeds, whole or in part: its runs are not trained
                 again. So `run_study(spec.with_seeds(40), known=result)` adds 20 seeds to 20.

    Raises `StudyError` if `known` is a result of another study, and `ClusterUnreachable`. The error of a chunk reaches
    the caller, and stops all others. Diverged runs are part of the result.
    """
    gathered = _Gathered(spec, on_result)
    if known is not None:
        gathered.take_over(known)
    todo = ~gathered.result.done
    total = int((todo.sum(1) * gathered.result.epochs).sum())
    plan = chunks(spec, todo, n_processors())
    if not plan:
        return gathered.result
    with _chosen(executor) as chosen:
        execute(_tasks(spec, plan), total, gathered.place, executor=chosen, on_progress=on_progress)
    return gathered.result


def taken_over(spec: StudySpec, known: StudyResult) -> StudyResult:
    """The result of `spec` as far as `known` has it, in memory of its own. Raises `StudyError` as `run_study` does."""
    gathered = _Gathered(spec, None)
    gathered.take_over(known)
    return gathered.result


def _chosen(executor: Executor | None) -> AbstractContextManager[Executor | None]:
    """The executor that was given; without one, the cluster that the environment names, if it names one."""
    address = scheduler_address()
    return cluster_executor(address) if executor is None and address else nullcontext(executor)


def _tasks(spec: StudySpec, plan: list[Pairs]) -> Iterator[Task[Pairs, Chunk]]:
    """One task a chunk, made only when it is about to be handed out: a million settings at once would be too many."""
    for pairs in plan:
        configs = [spec.config(int(cell), int(replicate)) for replicate, cell in pairs]
        surfaces_for = [int(position) for position in np.flatnonzero(pairs[:, 0] == 0)]
        yield Task(
            key=pairs,
            function=train_chunk,
            arguments=(configs, surfaces_for),
            n_runs=len(configs),
            epochs=configs[0].epochs,
        )


class _Gathered:
    """The result while it grows."""

    def __init__(self, spec: StudySpec, on_result: OnResult | None) -> None:
        self.result = StudyResult.empty(spec)
        self._on_result = on_result
        self._next_result = time.monotonic()

    def take_over(self, known: StudyResult) -> None:
        """Copy the runs that an earlier result has already; `StudyError` if it is one of another study."""
        result, spec = self.result, self.result.spec
        if not isinstance(known, StudyResult) or (known.spec.base, known.spec.sweep) != (spec.base, spec.sweep):
            raise StudyError("known cannot be used: it must be a result of the same base and sweep; leave it out")
        at = {replicate: index for index, replicate in enumerate(_replicates(known.spec))}
        pairs = [(at[replicate], index) for index, replicate in enumerate(_replicates(spec)) if replicate in at]
        # A surface is kept of replicate 0 only: if that was another one, it is trained again.
        pairs = [(old, new) for old, new in pairs if new > 0 or old == 0]
        if not pairs:
            return
        old, new = np.array(pairs).T
        for name in PER_RUN:
            getattr(result, name)[:, new] = getattr(known, name)[:, old]
        if new[0] == 0:
            result.surfaces[:], result.axis[:] = known.surfaces, known.axis

    def place(self, pairs: Pairs, chunk: Chunk) -> None:
        """Put a chunk's runs where they belong, and show the result so far now and then."""
        result, (replicates, cells) = self.result, pairs.T
        result.curves[cells, replicates, :, : chunk.curves.shape[-1]] = chunk.curves
        for name in ("memorised", "fresh_accuracy", "val_60_accuracy", "diverged", "collapsed"):
            getattr(result, name)[cells, replicates] = getattr(chunk, name)
        shown = cells[replicates == 0]
        result.surfaces[shown], result.axis[shown] = chunk.surfaces, chunk.axes
        result.done[cells, replicates] = True
        if self._on_result and time.monotonic() >= self._next_result and not result.complete:
            began = time.monotonic()
            self._on_result(result.copy())
            now = time.monotonic()
            self._next_result = now + max(RESULT_EVERY, (now - began) / RESULT_SHARE)


def _replicates(spec: StudySpec) -> list[tuple[int, int]]:
    """Seed and data seed of each replicate."""
    return [(seed, spec.data_seed(index)) for index, seed in enumerate(spec.seeds)]
