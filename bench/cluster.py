"""Studies on a Dask cluster against the local pool, side by side. `python -m bench cluster`.

All processes share this machine: with two cores, two workers compete with the scheduler and with this process, which
gathers. The contestants take turns, round after round, so that whatever else the machine does hits all of them;
`--patient` lets each turn wait for a quiet moment, a minute at most. Wall time is what a visitor waits; processor time,
of all processes that take part, is what the work costs, and the better figure to compare on a busy machine.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from unittest import mock

import numpy as np
import torch

from bench.dask_processes import DaskProcesses, dask_processes
from bench.engine import machine
from bench.machine import Usage, quiet_moment
from bench.study import SMALL
from regdash import RunConfig
from regdash.cluster import Cluster
from regdash.ensemble.processors import n_processors
from regdash.results import GRID_SIDE, HISTORY_COLUMNS
from regdash.study import StudySpec
from regdash.study.chunk import Chunk
from regdash.study.plan import chunks
from regdash.study.run import run_study

ROUNDS, QUICK_ROUNDS = 5, 2
PATIENCE = 60.0  # seconds for workers to come
N_TASKS = 1000  # empty ones, for what a task costs
PATIENCE_FOR_QUIET = 60.0
SPEC = StudySpec(  # twice the study of the budget
    base=RunConfig(),
    sweep={"dropout": [0.0, 0.2, 0.3, 0.5, 0.7], "weight_decay": [0.0, 1e-3, 5e-3, 0.02, 0.1]},
    seeds=16,
)
MANY = SMALL.with_seeds(2000)
LONG = StudySpec(base=RunConfig(n_samples=2000, width=256, epochs=1000), sweep={"depth": [2, 3]}, seeds=3)


class _EnoughError(Exception):
    """Raised to cancel."""


@dataclass
class Contestant:
    """A place to train a study, and the other processes that take part."""

    name: str
    go: Callable[[], object]
    others: Sequence[int] = ()
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    def take_turn(self) -> None:
        """One more timing."""
        started, used = time.perf_counter(), self.used()
        self.go()
        self.walls.append(time.perf_counter() - started)
        self.cpus.append(self.used() - used)

    def used(self) -> float:
        """Seconds of processor time so far."""
        return time.process_time() + sum(Usage.of(process).cpu for process in self.others)


def main(words: Sequence[str] | None = None) -> int:
    """Print all tables; `--quick` takes fewer rounds, `--patient` waits for quiet moments."""
    rounds = QUICK_ROUNDS if words and "--quick" in words else ROUNDS
    patience = PATIENCE_FOR_QUIET if words and "--patient" in words else 0.0
    torch.set_num_threads(1)
    print(machine(), f"Median and best of {rounds} rounds.\n")
    with ExitStack() as stack:
        processes = {n: stack.enter_context(dask_processes(n)) for n in (1, 2)}
        clusters = {n: _connected(processes[n], n, stack) for n in (1, 2)}
        for cluster in clusters.values():
            _train(cluster)  # workers import torch now
        print("\n".join(_race(_contestants(clusters, processes), rounds, patience)), flush=True)
        print("\n".join(_per_task(clusters[2], processes[2])), flush=True)
        print("\n".join(_cancelling(clusters[2], rounds)))
    return 0


def _connected(processes: DaskProcesses, n_workers: int, stack: ExitStack) -> Cluster:
    cluster = Cluster(processes.address, timeout=PATIENCE)
    stack.callback(cluster.close)
    cluster.executor()
    while cluster.n_workers < n_workers:
        time.sleep(0.05)
    return cluster


def _train(cluster: Cluster) -> None:
    with cluster.executor() as remote:
        run_study(SPEC, executor=remote)


def _train_here(threads: int) -> None:
    with ThreadPoolExecutor(threads) as pool:
        run_study(SPEC, executor=pool)


def _contestants(clusters: dict[int, Cluster], processes: dict[int, DaskProcesses]) -> list[Contestant]:
    """Locally with one and two threads, on the cluster with one and two workers."""
    here = [Contestant(f"local pool, {n} thread(s)", lambda n=n: _train_here(n)) for n in (1, 2)]
    there = []
    for n, dask in processes.items():
        others = [process.pid for process in (dask.scheduler, *dask.workers)]
        there.append(Contestant(f"Dask, {n} worker(s)", lambda n=n: _train(clusters[n]), others))
    return [*here, *there]


def _race(contestants: list[Contestant], rounds: int, patience: float) -> list[str]:
    for _ in range(rounds):
        for contestant in contestants:
            quiet_moment(patience)
            contestant.take_turn()
    one, two, far_one, far_two = contestants
    title = f"{SPEC.n_runs} runs, width {SPEC.base.width}, {SPEC.base.epochs} epochs"
    lines = [
        f"| {title} | wall, median | wall, best | runs/s | speed-up | processor |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for contestant, alone in zip(contestants, (one, one, far_one, far_one), strict=True):
        best = min(contestant.walls)
        lines.append(
            f"| {contestant.name} | {statistics.median(contestant.walls):.2f} s | {best:.2f} s "
            f"| {SPEC.n_runs / best:,.0f} | {min(alone.walls) / best:.2f} | {min(contestant.cpus):.2f} s |"
        )
    lines.append("")
    for here, there in ((one, far_one), (two, far_two)):
        walls, cpus = min(there.walls) / min(here.walls) - 1, min(there.cpus) / min(here.cpus) - 1
        lines.append(f"{there.name} against {here.name}: {walls:+.0%} wall, {cpus:+.0%} processor time.")
    return [*lines, ""]


def untrained(configs: Sequence[RunConfig], surfaces_for: Sequence[int], on_epoch: object = None) -> Chunk:  # noqa: ARG001
    """A task with the arguments and the result of `train_chunk`, and nothing in between."""
    n, k = len(configs), len(surfaces_for)
    curves = np.full((n, len(HISTORY_COLUMNS), configs[0].epochs), 0.5, dtype=np.float32)
    number = np.full(n, 0.5, dtype=np.float32)
    return Chunk(
        curves=curves,
        memorised=number,
        fresh_accuracy=number,
        val_60_accuracy=number,
        diverged=np.zeros(n, dtype=bool),
        collapsed=np.zeros(n, dtype=bool),
        surfaces=np.zeros((k, GRID_SIDE, GRID_SIDE), dtype=np.uint8),
        axes=np.zeros((k, GRID_SIDE), dtype=np.float32),
    )


def _per_task(cluster: Cluster, dask: DaskProcesses) -> list[str]:
    """What a task costs beside its training: bare tasks, and those of a study whose training is left out."""
    n_chunks = len(chunks(MANY, np.ones((MANY.n_cells, MANY.n_seeds), dtype=bool), n_processors()))
    lines = ["| tasks | wall, each | scheduler's processor | this process's | workers' |", "|---|---:|---:|---:|---:|"]
    with cluster.executor() as remote, mock.patch("regdash.study.run.train_chunk", untrained):
        kinds: list[tuple[str, int, Callable[[], object]]] = [
            (f"{N_TASKS} empty ones", N_TASKS, lambda: wait([remote.submit(abs, -1) for _ in range(N_TASKS)])),
            (f"{n_chunks} of {MANY.n_runs:,} untrained runs", n_chunks, lambda: run_study(MANY, executor=remote)),
        ]
        for name, n_tasks, go in kinds:
            go()
            before = _seconds(dask)
            go()
            costs = " | ".join(f"{1e3 * (b - a) / n_tasks:.2f} ms" for a, b in zip(before, _seconds(dask), strict=True))
            lines.append(f"| {name} | {costs} |")
    peak = max(Usage.of(worker.pid).peak for worker in dask.workers) / 2**20
    return [*lines, "", f"A worker's memory, at most: {peak:,.0f} MiB.", ""]


def _seconds(dask: DaskProcesses) -> list[float]:
    """Wall, and processor time so far of scheduler, this process, and all workers."""
    scheduler, *workers = (Usage.of(process.pid).cpu for process in (dask.scheduler, *dask.workers))
    return [time.perf_counter(), scheduler, time.process_time(), sum(workers)]


def _cancelling(cluster: Cluster, rounds: int) -> list[str]:
    """Seconds from cancelling a study of long runs until no worker computes any more."""
    client = cluster._client
    assert client is not None

    def busy() -> int:
        return sum(client.run(lambda dask_worker: dask_worker.state.executing_count).values())

    def stop(_done: int, _total: int) -> None:
        if busy() == len(client.nthreads()):
            raise _EnoughError

    times = []
    for _ in range(rounds):
        with cluster.executor() as remote:
            try:
                run_study(LONG, executor=remote, on_progress=stop)
            except _EnoughError:
                started = time.perf_counter()
        while busy():
            time.sleep(0.002)
        times.append(time.perf_counter() - started)
    return [f"Cancelled with runs of seconds in progress: idle after {min(times):.2f} to {max(times):.2f} s."]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
