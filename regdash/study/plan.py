"""How a study is cut into chunks. None of it changes a number, only how soon which numbers are there.

Runs of one shape share a chunk, seed by seed: the cells of one seed share random numbers, which the engine draws once.
Chunks of the first seeds come first, so that a partial result soon covers all cells. Chunks are short, so that
stopping, progress and a lost worker cost little.

Axes: V cells, S replicates, R runs of a chunk.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from regdash.config import RunConfig
from regdash.cost import cost
from regdash.ensemble.plan import MAX_FLOATS, MAX_RUNS, are_worth_a_thread, floats_per_run, shape
from regdash.study.spec import StudySpec

CHUNK_SECONDS = 0.25  # of one core, roughly; a chunk is never less than one run

Pairs = NDArray[np.int64]
"""(R, 2) replicate and cell of each run."""


def chunks(spec: StudySpec, todo: NDArray[np.bool_], workers: int) -> list[Pairs]:
    """Cut the runs of which `todo` (V, S) is true into chunks, in the order in which they shall be trained."""
    cells = [spec.cell_config(cell) for cell in range(spec.n_cells)]
    groups: dict[tuple[int, ...], list[int]] = {}
    for cell, config in enumerate(cells):
        groups.setdefault(shape(config), []).append(cell)
    cut = [(chunk, cells[group[0]]) for group in groups.values() for chunk in _cut(group, cells, todo, workers)]
    cut.sort(key=lambda item: (item[0][0, 0], -len(item[0]) * cost(item[1], snapshots=0)))
    return [chunk for chunk, _ in cut]


def _cut(group: list[int], cells: list[RunConfig], todo: NDArray[np.bool_], workers: int) -> list[Pairs]:
    """The runs of one group of cells of the same shape → chunks of nearly equal size."""
    pairs = np.argwhere(todo[group].T)  # (R, 2), sorted by replicate; the second column counts within the group
    if not len(pairs):
        return []
    pairs[:, 1] = np.array(group)[pairs[:, 1]]
    config = cells[group[0]]
    n_chunks = -(-len(pairs) // min(most_together(cells[cell]) for cell in group))  # dropout costs more than none
    if are_worth_a_thread(config, len(pairs)):
        n_chunks = min(len(pairs), -(-n_chunks // workers) * workers)  # the same number for every worker
    bounds = [len(pairs) * i // n_chunks for i in range(n_chunks + 1)]
    return [pairs[start:end] for start, end in pairwise(bounds)]


def most_together(config: RunConfig) -> int:
    """How many runs of such settings a chunk has at most."""
    by_time = int(CHUNK_SECONDS / cost(config, snapshots=0))
    return max(1, min(MAX_RUNS, MAX_FLOATS // floats_per_run(config), by_time))
