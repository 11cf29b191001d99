"""`StudySpec`: what a study trains, validated before anything large exists.

A study is a grid of cells (each a choice of the one or two swept settings) times replicates (each a seed, and its data
seed). All cells share the same replicates, so any two cells can be compared seed by seed.

Axes: V cells, S replicates.
"""

import dataclasses
import math
import numbers
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from typing import Any

import numpy as np

from regdash.config import FIELDS, MAX_SEED, RunConfig
from regdash.cost import cost
from regdash.errors import ConfigError, StudyError, shown

MAX_VALUES = 50  # of one swept setting
MAX_RUNS = 1_000_000
MAX_CURVE_BYTES = 2**32  # five float32 curves a run: a million runs of 200 epochs just fit
MAX_TOGETHER = 50  # runs that share a batch at most, as `regdash.ensemble.plan` cuts them
DATA_SEEDS = ("varied", "fixed")
NOT_SWEPT = ("seed", "data_seed")  # what replicates vary


@dataclass(frozen=True, kw_only=True)
class StudySpec:
    """A base configuration, one or two swept settings, and the seeds. Frozen and hashable: a cache key.

    base        everything that is not swept
    sweep       setting → its values (1 to 50, no two alike), one or two settings, in the order of the grid's axes;
                stored as ((name, (value, …)), …), numbers without the rests of counting in steps (0.3 for
                `np.arange(0, 0.6, 0.1)[3]`)
    seeds       how many (base.seed, base.seed + 1, …, from 0 again after 2³¹ − 1), or the seeds themselves;
                stored as a tuple
    data_seeds  "varied": replicate i draws its data from base.data_seed + i; "fixed": all use base.data_seed

    Raises `StudyError` naming field, value, rule and remedy; whatever the numbers, it answers at once.
    """

    base: RunConfig
    sweep: Any
    seeds: Any = 20
    data_seeds: str = "varied"

    def __post_init__(self) -> None:
        if not isinstance(self.base, RunConfig):
            raise _unusable("base", self.base, "the settings that are not swept must be a RunConfig", "RunConfig()")
        sweep = _checked_sweep(self.sweep)
        seeds = _checked_seeds(self.seeds, self.base.seed, math.prod(len(values) for _, values in sweep))
        if not isinstance(self.data_seeds, str) or self.data_seeds not in DATA_SEEDS:
            raise _unusable("data_seeds", self.data_seeds, "it must be 'varied' or 'fixed'", "'varied'")
        object.__setattr__(self, "sweep", sweep)
        object.__setattr__(self, "seeds", seeds)
        object.__setattr__(self, "data_seeds", DATA_SEEDS[DATA_SEEDS.index(self.data_seeds)])
        self._check_memory()

    @property
    def fields(self) -> tuple[str, ...]:
        """The swept settings' names, in the order of the grid's axes."""
        return tuple(name for name, _ in self.sweep)

    @property
    def shape(self) -> tuple[int, ...]:
        """(V,) or (V₁, V₂): how many values each swept setting takes."""
        return tuple(len(values) for _, values in self.sweep)

    @cached_property
    def cells(self) -> list[tuple[Any, ...]]:
        """The V cells' values, in C order: the last swept setting runs fastest."""
        return list(product(*(values for _, values in self.sweep)))

    @property
    def n_cells(self) -> int:
        """V."""
        return math.prod(self.shape)

    @property
    def n_seeds(self) -> int:
        """S."""
        return len(self.seeds)

    @property
    def n_runs(self) -> int:
        """V · S."""
        return self.n_cells * self.n_seeds

    @property
    def max_epochs(self) -> int:
        """Epochs of the longest run; shorter ones' curves end in NaN."""
        epochs: int = max(dict(self.sweep).get("epochs", (self.base.epochs,)))
        return epochs

    @cached_property
    def cost(self) -> float:
        """Seconds of one core, roughly, that all runs take side by side."""
        cells = (self.cell_config(cell) for cell in range(self.n_cells))
        together = min(self.n_seeds, MAX_TOGETHER)
        return self.n_seeds * sum(cost(config, snapshots=0, together=together) for config in cells)

    def is_same_but_seeds(self, other: "StudySpec") -> bool:
        """Whether the two differ in their seeds at most."""
        return (self.base, self.sweep, self.data_seeds) == (other.base, other.sweep, other.data_seeds)

    def data_seed(self, seed_index: int) -> int:
        """The data seed of a replicate (0…S−1)."""
        return (self.base.data_seed + seed_index * (self.data_seeds == "varied")) % (MAX_SEED + 1)

    def cell_config(self, cell: int) -> RunConfig:
        """The settings of a cell (0…V−1), with the base's own seeds."""
        return self.base.but(**dict(zip(self.fields, self.cells[cell], strict=True)))

    def config(self, cell: int, seed_index: int) -> RunConfig:
        """The settings of one run: cell 0…V−1, replicate 0…S−1."""
        changes = dict(zip(self.fields, self.cells[cell], strict=True))
        return self.base.but(**changes, seed=self.seeds[seed_index], data_seed=self.data_seed(seed_index))

    def configs(self) -> Iterator[RunConfig]:
        """All runs' settings, cell by cell, in a cell seed by seed: the order of every table of the study."""
        return (self.config(cell, index) for cell in range(self.n_cells) for index in range(self.n_seeds))

    def but(self, **changes: Any) -> "StudySpec":
        """A copy with some fields changed, validated again; the seeds stay as they are unless changed."""
        return dataclasses.replace(self, **changes)

    def with_seeds(self, count: int) -> "StudySpec":
        """The same study over `count` seeds: the first so many, or all and the next unused numbers after the last."""
        _check_count(count, self.n_cells)
        if count <= self.n_seeds:
            return self.but(seeds=self.seeds[:count])
        used = set(self.seeds)
        following = (seed for seed in _counted_from(self.seeds[-1] + 1) if seed not in used)
        return self.but(seeds=(*self.seeds, *islice(following, count - self.n_seeds)))

    def _check_memory(self) -> None:
        n_bytes = 20 * self.n_runs * self.max_epochs
        if n_bytes > MAX_CURVE_BYTES:
            raise StudyError(
                f"{self.n_runs:,} runs of up to {self.max_epochs} epochs cannot be used: their curves take "
                f"{n_bytes / 2**30:.1f} GiB, and {MAX_CURVE_BYTES / 2**30:g} GiB is the limit; "
                "take fewer seeds, values or epochs"
            )


def _checked_sweep(sweep: object) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """The sweep as it is stored: from a mapping, or from its own stored form."""
    example = "{'dropout': [0.0, 0.3, 0.5]}"
    if not isinstance(sweep, Mapping | tuple):
        raise _unusable("sweep", sweep, "it must map each swept setting to its values", example)
    if not 1 <= len(sweep) <= 2:
        raise _unusable("sweep", sweep, f"one or two settings are swept, not {len(sweep)}", example)
    pairs = sweep.items() if isinstance(sweep, Mapping) else sweep
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise _unusable("sweep", sweep, "it must map each swept setting to its values", example)
    checked = tuple((_checked_name(name), _checked_values(name, values)) for name, values in pairs)
    if len({name for name, _ in checked}) < len(checked):
        raise _unusable("sweep", sweep, "the two swept settings must differ", example)
    return checked


def _checked_name(name: object) -> str:
    known = [field for field in FIELDS if field not in NOT_SWEPT]
    if name in NOT_SWEPT:
        remedy = "seeds=20" if name == "seed" else "data_seeds='varied'"
        raise _unusable("sweep", name, "seeds are not swept: every cell gets the same ones", remedy)
    if not isinstance(name, str) or name not in known:
        raise _unusable("sweep", name, "no such setting; it must be one of " + ", ".join(known), "'dropout'")
    return known[known.index(name)]


def _checked_values(name: str, values: Any) -> tuple[Any, ...]:
    field, what = FIELDS[name], f"sweep of {name}"
    if not _is_list(values):
        raise _unusable(what, values, "its values must be a list", "a list, even of one value")
    count = _length(values)
    if not 1 <= count <= MAX_VALUES:
        raise _unusable(what, values, f"it must have 1 to {MAX_VALUES} values, not {count:,}", "fewer or more values")
    try:
        checked = tuple(field.check(name, value) for value in _as_meant(values))
    except ConfigError as error:
        raise StudyError(f"{what}: {error}; change that value or leave it out") from error
    texts = [field.text(value) for value in checked]  # what rounds to the same digits could not be told apart
    repeated = [value for position, value in enumerate(checked) if texts[position] in texts[:position]]
    if repeated:
        raise _unusable(what, repeated[0], "no value may occur twice", "each value once")
    return checked


def _as_meant(values: Iterable[Any]) -> list[Any]:
    """Without what counting in steps leaves behind: `np.arange(0, 0.6, 0.1)[3]` is 0.30000000000000004 and means 0.3.

    A number is taken for a decimal of 10 digits (float32: 5, float16: 2) if that is but a few roundings away, and for 0
    if it is as small as a rounding of the largest one.
    """
    listed = list(values)
    floats = [value for value in listed if isinstance(value, float | np.floating)]
    largest = max((abs(float(value)) for value in floats if np.isfinite(value)), default=0.0)
    return [_meant(value, largest) if isinstance(value, float | np.floating) else value for value in listed]


def _meant(value: Any, largest: float) -> Any:
    step = float(np.finfo(value.dtype).eps) if isinstance(value, np.floating) else 0.0
    number, step = float(value), max(step, sys.float_info.epsilon)
    digits = 10 if step < 1e-15 else 5 if step < 1e-6 else 2
    near = float(f"{number:.{digits}g}")
    if abs(near - number) <= 8 * step * abs(number):
        return near
    return 0.0 if abs(number) <= 4 * step * largest else value


def _checked_seeds(seeds: Any, first: int, n_cells: int) -> tuple[int, ...]:
    """The seeds as they are stored: from a count, or from the seeds themselves."""
    if isinstance(seeds, numbers.Integral) and not isinstance(seeds, bool):
        _check_count(seeds, n_cells)
        return tuple(islice(_counted_from(first), int(seeds)))
    if not _is_list(seeds):
        raise _unusable("seeds", seeds, "it must be how many seeds, or a list of whole numbers", "seeds=20")
    _check_count(_length(seeds), n_cells)
    try:
        checked = tuple(FIELDS["seed"].check("seed", seed) for seed in seeds)
    except ConfigError as error:
        raise StudyError(f"seeds: {error}; change that seed or leave it out") from error
    if len(set(checked)) < len(checked):
        twice = Counter(checked).most_common(1)[0][0]
        raise _unusable("seeds", twice, "no seed may occur twice: the same run says nothing new", "each seed once")
    return checked


def _check_count(count: Any, n_cells: int) -> None:
    """Raise `StudyError` unless there is at least one seed and not too many runs in all."""
    if isinstance(count, bool) or not isinstance(count, numbers.Integral) or int(count) < 1:
        raise _unusable("seeds", count, "a study needs at least 1 seed", "seeds=20")
    if int(count) > MAX_RUNS // n_cells:
        raise _unusable(
            "seeds", count, f"with {n_cells} cells, more than {MAX_RUNS:,} runs in all",
            f"at most {MAX_RUNS // n_cells:,} seeds",
        )  # fmt: skip


def _counted_from(first: int) -> Iterator[int]:
    """first, first + 1, … and from 0 again after the largest seed."""
    return (seed % (MAX_SEED + 1) for seed in range(first, first + MAX_SEED + 1))


def _is_list(values: object) -> bool:
    """Whether it has an order and a length and can be gone through, without looking at what is in it."""
    return isinstance(values, Sequence | np.ndarray) and not isinstance(values, str | bytes)


def _length(values: Any) -> int:
    try:
        return len(values)
    except OverflowError:  # a range may be longer than Python can count
        return sys.maxsize
    except TypeError:  # a numpy array without axes
        return 0


def _unusable(field: str, value: object, rule: str, remedy: str) -> StudyError:
    return StudyError(f"{field}={shown(value)} cannot be used: {rule}; use {remedy}")
