"""How fast studies are, and what they weigh. `python -m bench study`; `--quick` leaves out 10,000 runs.

The study of the budget, as a visitor waits for it; then 1,000 and 10,000 runs of a small network, from which
`docs/million-runs.md` extrapolates, and the tables of a million runs without training them.
"""

import contextlib
import os
import pickle
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from bench.engine import GRID, machine
from bench.machine import Usage, quiet_moment
from regdash import RunConfig, train_many
from regdash.ensemble.processors import n_processors
from regdash.serving.studies import StudyQueue
from regdash.study import StudyResult, StudySpec
from regdash.study.chunk import train_chunk
from regdash.study.plan import chunks
from regdash.study.run import run_study

ROUNDS = 5
PATIENCE_FOR_QUIET = 60.0
DROPOUTS, DECAYS = (0.0, 0.2, 0.3, 0.5, 0.7), (0.0, 0.001, 0.005, 0.02, 0.1)
BUDGET = StudySpec(base=RunConfig(seed=0), sweep={"dropout": DROPOUTS, "weight_decay": DECAYS}, seeds=8)
SMALL = StudySpec(base=RunConfig(width=8, epochs=40), sweep=BUDGET.sweep, seeds=8)
SEEDS = (40, 400)  # 1,000 and 10,000 runs
MIB = 2**20


def main(words: Sequence[str] | None = None) -> int:
    """Print all figures; `--patient` waits for quiet moments."""
    patience = PATIENCE_FOR_QUIET if words and "--patient" in words else 0.0
    torch.set_num_threads(1)
    print(machine(), "\n")
    print("\n".join(_budget(patience)), flush=True)
    print(
        "| runs, width 8, 40 epochs | wall | processor | runs/s | tasks | a task | its result | result in all | peak |"
    )
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for seeds in SEEDS[:1] if words and "--quick" in words else SEEDS:
        quiet_moment(patience)
        print(_row(SMALL.with_seeds(seeds)), flush=True)
    print("\n| 1,000,000 runs | core, estimated | tasks | runs a task | planning | result | its table | | peak |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for base in (SMALL.base, BUDGET.base):
        print(_million(base), flush=True)
    print("\n" + "\n".join(_stopping()))
    return 0


def _budget(patience: float) -> list[str]:
    """The 200-run study: whole, its first partial result, and the same runs through `train_many`."""
    walls, firsts, plain = [], [], []
    for _ in range(ROUNDS):
        quiet_moment(patience)
        started, arrivals = time.perf_counter(), []
        run_study(BUDGET, on_result=lambda _, arrivals=arrivals: arrivals.append(time.perf_counter()))
        walls.append(time.perf_counter() - started)
        firsts.append(arrivals[0] - started)
        quiet_moment(patience)
        started = time.perf_counter()
        train_many(GRID)
        plain.append(time.perf_counter() - started)
    rows = {"run_study": walls, "  first partial result": firsts, "train_many, 40 snapshots": plain}
    lines = ["| 200 runs, width 32, 80 epochs | median | best | worst |", "|---|---:|---:|---:|"]
    lines += [
        f"| {name} | {statistics.median(t):.2f} s | {min(t):.2f} s | {max(t):.2f} s |" for name, t in rows.items()
    ]
    return [*lines, f"\nEstimated: {BUDGET.cost:.2f} s of one core.", ""]


def _row(spec: StudySpec) -> str:
    """Train a study in threads of this process and weigh what travels and what stays."""
    before = _reset_peak()
    wall, cpu = time.perf_counter(), time.process_time()
    result = run_study(spec)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = f"{(Usage.of(os.getpid()).peak - before) / MIB:,.0f} MiB"
    plan = chunks(spec, np.ones((spec.n_cells, spec.n_seeds), dtype=bool), n_processors())
    configs = [spec.config(int(cell), int(replicate)) for replicate, cell in plan[-1]]
    task, back = len(pickle.dumps(configs)), len(pickle.dumps(train_chunk(configs, [])))
    return (
        f"| {spec.n_runs:,} | {wall:.1f} s | {cpu:.1f} s | {spec.n_runs / wall:,.0f} | {len(plan)} "
        f"| {task / len(configs):.0f} bytes a run | {back / len(configs):.0f} bytes a run "
        f"| {_bytes(result) / MIB:,.1f} MiB ({_bytes(result) / spec.n_runs:.0f} bytes a run) | {peak} |"
    )


def _million(base: RunConfig) -> str:
    """What a million runs weigh on the side that gathers them; nothing is trained."""
    before, spec = _reset_peak(), StudySpec(base=base, sweep=BUDGET.sweep, seeds=40_000)
    started = time.perf_counter()
    plan = chunks(spec, np.ones((spec.n_cells, spec.n_seeds), dtype=bool), 100)
    planned = time.perf_counter() - started
    result = StudyResult.empty(spec)
    result.curves.fill(0.5)  # touched, as if it were there
    started = time.perf_counter()
    table = result.runs
    tabled = time.perf_counter() - started
    peak = f"{(Usage.of(os.getpid()).peak - before) / MIB:,.0f} MiB"
    return (
        f"| width {base.width}, {base.epochs} epochs | {spec.cost:,.0f} s | {len(plan):,} "
        f"| {spec.n_runs / len(plan):.0f} "
        f"| {planned:.1f} s | {_bytes(result) / MIB:,.0f} MiB | {tabled:.1f} s "
        f"| {table.memory_usage(deep=True).sum() / MIB:,.0f} MiB | {peak} |"
    )


def _stopping() -> list[str]:
    """Seconds from the last watcher's leaving until the queue has no thread any more."""
    times = []
    with StudyQueue() as studies:
        for seed in range(ROUNDS):
            job = studies.submit(SMALL.but(base=SMALL.base.but(seed=seed)).with_seeds(SEEDS[1]))
            with job.watch():
                while job.progress < 0.02:
                    time.sleep(0.01)
            started = time.perf_counter()
            while any(thread.name.startswith("regdash-study") for thread in threading.enumerate()):
                time.sleep(0.002)
            times.append(time.perf_counter() - started)
    return [
        f"A queued study of 10,000 runs that is left: all threads gone after {min(times):.2f} to {max(times):.2f} s."
    ]


def _bytes(result: StudyResult) -> int:
    arrays = (getattr(result, name) for name in result.__dataclass_fields__)
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))


def _reset_peak() -> int:
    """Let the process's peak memory start anew, where that can be done; returns bytes in use."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="utf-8")
    return Usage.of(os.getpid()).memory


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
