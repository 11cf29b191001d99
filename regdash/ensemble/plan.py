"""Which runs share a batch, and how large a batch is. None of it changes a result, only how long it takes.

Large batches spread the cost of a call over many runs; small ones fit the cache and use all cores. Measured on two
cores (see `bench`), 25 to 50 runs of the article's size are best.
"""

from collections.abc import Sequence
from itertools import pairwise

from regdash.config import RunConfig

MAX_RUNS = 50
MAX_FLOATS = 2**21  # 8 MiB touched in an epoch
CALLS = 2**14  # floats that are touched in the time that a run's share of an epoch's calls takes
WORTH_A_THREAD = 2**25  # floats touched in all; with fewer, one thread is done before a second one pays
STRETCH_FLOATS = 2**23  # touched between two looks at the outside world: some 5 to 40 ms


def shape(config: RunConfig) -> tuple[int, ...]:
    """What runs must have in common to share a batch; data, seeds, dropout, decay and learning rate may differ."""
    return config.depth, config.width, config.n_train, config.n_samples, config.epochs


def floats_per_run(config: RunConfig) -> int:
    """Floats that one run touches in one epoch, roughly: outputs, errors, masks, parameters and their moments."""
    hidden = config.depth * config.width
    parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(config.layer_sizes))
    return hidden * (3 * config.n_train + config.n_samples) + 5 * parameters


def stretch(config: RunConfig, n_runs: int) -> int:
    """How many epochs a batch trains at a stretch, in which nobody can stop it."""
    return max(1, STRETCH_FLOATS // (n_runs * (floats_per_run(config) + CALLS)))


def are_worth_a_thread(config: RunConfig, n_runs: int) -> bool:
    """Whether so many runs, in several threads, are done sooner than in one."""
    return n_runs * config.epochs * (floats_per_run(config) + CALLS) >= WORTH_A_THREAD


def batches(configs: Sequence[RunConfig], workers: int) -> list[list[int]]:
    """Cut the runs into batches: lists of positions in `configs`, the longest batches first."""
    groups: dict[tuple[int, ...], list[int]] = {}
    for position, config in enumerate(configs):
        groups.setdefault(shape(config), []).append(position)
    cut = [batch for positions in groups.values() for batch in _cut(configs, positions, workers)]
    return sorted(cut, key=lambda batch: -_cost(configs, batch))


def _cut(configs: Sequence[RunConfig], positions: Sequence[int], workers: int) -> list[list[int]]:
    """Runs of one shape → batches of nearly equal size, one seed's runs together: they share random numbers."""
    order = sorted(positions, key=lambda p: (configs[p].seed, configs[p].dropout, configs[p].weight_decay))
    first, seeds = configs[order[0]], [configs[p].seed for p in order]
    n_batches = -(-len(order) // max(1, min(MAX_RUNS, MAX_FLOATS // floats_per_run(first))))
    if are_worth_a_thread(first, len(order)):
        n_batches = -(-n_batches // workers) * workers  # the same number for every worker
        candidates = [min(len(order), n) for n in range(n_batches, 2 * n_batches + 1, workers)]
        n_batches = min(candidates, key=lambda n: _draws(seeds, n))  # of equals the first, the fewest batches
    bounds = _bounds(len(order), n_batches)
    return [sorted(order[start:end], key=lambda p: _neighbours(configs[p])) for start, end in pairwise(bounds)]


def _bounds(n_runs: int, n_batches: int) -> list[int]:
    return [n_runs * i // n_batches for i in range(n_batches + 1)]


def _draws(seeds: Sequence[int], n_batches: int) -> int:
    """How many streams of random numbers so many batches draw: each batch those of its seeds."""
    return sum(len(set(seeds[start:end])) for start, end in pairwise(_bounds(len(seeds), n_batches)))


def _neighbours(config: RunConfig) -> tuple[object, ...]:
    """Sort key inside a batch: runs that differ only in decay lie apart, so that neighbours use neighbouring masks."""
    return config.dropout > 0, config.decay, config.weight_decay, config.learning_rate, config.seed, config.dropout


def _cost(configs: Sequence[RunConfig], batch: Sequence[int]) -> int:
    return sum(configs[position].epochs * floats_per_run(configs[position]) for position in batch)
