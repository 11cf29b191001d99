"""Dropout masks: what each run draws is what it would draw alone, but runs that would draw alike share one draw.

A run's masks depend on its seed, its dropout and its shapes, never on weight decay, learning rate, labels or data. So
they are drawn once per (seed, dropout). More can be shared: `bernoulli_(1 - p)` takes one 53-bit number a unit
whatever p is, and keeps the unit where that number is below (1 - p)·2⁵³. Drawing those numbers with `random_` is three
times faster than `bernoulli_`, all layers and several epochs go into one call, and the dropouts of one seed then
differ only in where they cut. That is how PyTorch's CPU generator works today, not a promise; `numbers_can_be_shared`
asks the machine at hand, and where the answer is no, each (seed, dropout) draws with `bernoulli_`.

Axes: R runs, U distinct masks, B epochs drawn at once, L layers with dropout, N points (N' with padding), H width.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import cache
from itertools import groupby
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.ensemble.layout import padded

Key = tuple[int, float]
"""Seed and dropout: runs with the same ones and the same shapes draw the same masks."""

EpochMasks = list[list[Tensor]]
"""One epoch's masks: per layer, and in it per pair of `Masks.slices`, (masks, N', H)."""

SPAN = 1 << 53  # `bernoulli_` draws a whole number below this for each unit
_NUMBERS_AT_ONCE = 2**17  # 1 MiB, eight bytes each, so that they are still in the cache when they are cut


@cache
def numbers_can_be_shared() -> bool:
    """Whether cutting `random_` numbers gives what `bernoulli_` gives here, and moves the stream on as far."""
    for keep in (0.05, 0.3, 0.5, 0.9):
        one, other = torch.Generator().manual_seed(7), torch.Generator().manual_seed(7)
        drawn = torch.empty(40, 50).bernoulli_(keep, generator=one)
        numbers = torch.empty(40, 50, dtype=torch.int64).random_(generator=other)
        if not torch.equal(drawn.bool(), (numbers & (SPAN - 1)) < _cut(keep)):
            return False
        if not torch.equal(one.get_state(), other.get_state()):
            return False
    return True


class Masks:
    """The masks of one batch, epoch by epoch.

    slices   (runs, masks) pairs of slices: these runs use these masks in this order, over and over
    without  slices of runs that have no dropout; `dropping`, of those that have
    scales   (R, 1, 1) float32, 1 / (1 - p) per run, as float32 rounds it

    `states` are the generators' states after the `done` first epochs. `helper`, if there is one, draws random numbers
    ahead, from now on.
    """

    def __init__(
        self,
        configs: Sequence[RunConfig],
        states: Mapping[Key, Tensor],
        device: torch.device,
        helper: Executor | None = None,
        done: int = 0,
    ) -> None:
        first, left = configs[0], configs[0].epochs - done
        keys = list(dict.fromkeys((c.seed, c.dropout) for c in configs if c.dropout > 0))
        which = [keys.index((c.seed, c.dropout)) if c.dropout > 0 else None for c in configs]
        self._sources: list[_Source] = []
        self._drawn: list[EpochMasks] = []  # and not yet taken; without dropout, all epochs' empty ones
        self.slices, self.without = _repeated(_matching_slices(which)), _empty_slices(which)
        self.dropping = _stretches(mask is not None for mask in which)
        self.scales = torch.stack([_scale(c.dropout) for c in configs]).view(-1, 1, 1).to(device)
        if not keys:
            self._drawn = [[]] * left
            return
        per_epoch = first.depth * first.n_train * first.width
        most = _NUMBERS_AT_ONCE // (per_epoch * len({seed for seed, _ in keys}))
        n_epochs = min(left, max(1, most))
        shape = (n_epochs, first.depth, len(keys), padded(first.n_train), first.width)  # (B, L, U, N', H)
        self._n_train, self._block = first.n_train, _Block(shape, [masks for _, masks in self.slices], device)
        count = -(-left // n_epochs)
        self._in_last_block = left - (count - 1) * n_epochs
        self._sources = _sources(keys, states, (n_epochs, first.depth, first.n_train, first.width), count, helper)

    def ahead(self) -> int:
        """How many epochs' masks are there to be taken; draws some if there are none."""
        if not self._drawn and self._sources:
            for source in self._sources:
                source.draw(self._block.drawn[:, :, :, : self._n_train])
            if self._block.used is not self._block.drawn:
                self._block.used.copy_(self._block.drawn)
            self._drawn = self._block.epochs
        return len(self._drawn)

    def take(self, count: int) -> list[EpochMasks]:
        """The masks of the next epochs, of as many as are there, valid until the next call of `ahead`.

        They are 0 for a dropped unit and for padding, 1 / (1 - p) for a kept one.
        """
        taken, self._drawn = self._drawn[:count], self._drawn[count:]
        return taken

    def ends(self) -> dict[Key, Tensor]:
        """The generators' states after the last epoch. Only when all epochs have been drawn."""
        return {key: state for source in self._sources for key, state in source.ends(self._in_last_block)}


class _Block:
    """Memory for some epochs' masks, (B, L, U, N', H), and the views of it that the training passes need.

    drawn   where the masks are drawn, on the CPU; `used`, the same on the batch's device (on the CPU the same tensor)
    epochs  B times the masks of one epoch, as views of `used`
    """

    def __init__(self, shape: tuple[int, ...], parts: Sequence[slice], device: torch.device) -> None:
        self.drawn = torch.zeros(shape)
        self.used = self.drawn.to(device)
        self.epochs: list[EpochMasks] = [[[layer[part] for part in parts] for layer in epoch] for epoch in self.used]


class _Source(Protocol):
    """Something that draws some of a batch's masks, B epochs at a time."""

    def draw(self, masks: Tensor) -> None:
        """Fill in its part of masks (B, L, U, N, H), continuing its stream."""

    def ends(self, n_epochs: int) -> Iterable[tuple[Key, Tensor]]:
        """Where the streams stand after so many epochs of what has been drawn last."""


class _SharedNumbers:
    """One seed's 53-bit numbers, cut at several dropouts. `targets` are keys with their positions along U.

    All but drawing is done by the thread that trains: a helper that took part in more would want Python's lock more
    often than it is worth.
    """

    def __init__(self, numbers: "_Numbers", shape: tuple[int, ...], targets: Sequence[tuple[Key, int]]) -> None:
        self._numbers = numbers
        self._keys = [key for key, _ in targets]
        self._kept = torch.empty(shape, dtype=torch.uint8)  # (B, L, N, H)
        # numpy compares whole numbers, and torch copies from bytes, several times faster than torch does bools.
        self._np_kept = self._kept.numpy().view(bool)
        self._targets = [(np.int64(_cut(1 - dropout)), _scale(dropout), u) for (_, dropout), u in targets]

    def draw(self, masks: Tensor) -> None:
        numbers = self._numbers.take().bitwise_and_(SPAN - 1).numpy()
        for threshold, scale, u in self._targets:
            np.less(numbers, threshold, out=self._np_kept)
            masks[:, :, u].copy_(self._kept).mul_(scale)

    def ends(self, n_epochs: int) -> Iterable[tuple[Key, Tensor]]:
        state = self._numbers.end(n_epochs)
        return [(key, state) for key in self._keys]


class _Numbers:
    """One seed's stream of whole numbers, `count` times as many as `shape` holds. A helper is one draw ahead."""

    def __init__(self, generator: torch.Generator, shape: tuple[int, ...], count: int, helper: Executor | None) -> None:
        self._generator, self._count, self._helper = generator, count, helper
        self._before = generator.get_state()  # of the latest draw
        with torch.inference_mode(False):  # in which the helper's thread is not
            self._memory = [torch.empty(shape, dtype=torch.int64) for _ in range(2 if helper else 1)]
        self._next = helper.submit(self._draw) if helper else None

    def take(self) -> Tensor:
        """The next numbers (B, L, N, H), to be used up before the next call."""
        if self._helper is None or self._next is None:
            return self._draw()
        numbers = self._next.result()
        self._memory.reverse()  # what has just been drawn is in use now, the other is free
        self._count -= 1
        self._next = self._helper.submit(self._draw) if self._count else None
        return numbers

    def end(self, n_epochs: int) -> Tensor:
        """The stream's state after so many epochs of the latest numbers."""
        return _advanced(self._before, lambda generator: self._memory[0][:n_epochs].random_(generator=generator))

    def _draw(self) -> Tensor:
        self._before = self._generator.get_state()
        return self._memory[0].random_(generator=self._generator)


class _Bernoulli:
    """One (seed, dropout), position `u` along U, drawn as `regdash.model.Dropout` draws it."""

    def __init__(self, generator: torch.Generator, key: Key, u: int, shape: tuple[int, ...]) -> None:
        self._generator, self._key, self._u = generator, key, u
        self._keep, self._kept = 1 - key[1], torch.empty(shape)  # (B, L, N, H)
        self._before = generator.get_state()

    def draw(self, masks: Tensor) -> None:
        self._before = self._generator.get_state()
        self._draw(self._kept, self._generator)
        masks[:, :, self._u].copy_(self._kept.div_(self._keep))

    def ends(self, n_epochs: int) -> Iterable[tuple[Key, Tensor]]:
        state = _advanced(self._before, lambda generator: self._draw(self._kept[:n_epochs], generator))
        return [(self._key, state)]

    def _draw(self, kept: Tensor, generator: torch.Generator) -> None:
        for layer in kept.flatten(0, 1):  # (N, H)
            layer.bernoulli_(self._keep, generator=generator)


def _sources(
    keys: Sequence[Key],
    states: Mapping[Key, Tensor],
    shape: tuple[int, ...],
    count: int,
    helper: Executor | None,
) -> list[_Source]:
    """What draws the masks of the U keys, `count` times; `shape` is (B, L, N, H)."""

    def resumed(key: Key) -> torch.Generator:
        return torch.Generator().set_state(states[key])

    if not numbers_can_be_shared():
        return [_Bernoulli(resumed(key), key, u, shape) for u, key in enumerate(keys)]
    by_seed: dict[int, list[tuple[Key, int]]] = {}
    for u, key in enumerate(keys):
        by_seed.setdefault(key[0], []).append((key, u))
    return [
        _SharedNumbers(_Numbers(resumed(targets[0][0]), shape, count, helper), shape, targets)
        for targets in by_seed.values()
    ]


def _advanced(state: Tensor, draw: Callable[[torch.Generator], object]) -> Tensor:
    """The state of a generator after a draw from `state` on."""
    generator = torch.Generator().set_state(state)
    draw(generator)
    return generator.get_state()


def _cut(keep: float) -> int:
    """The 53-bit number from which on a unit is dropped: k·2⁻⁵³ < keep exactly when k < cut(keep)."""
    return math.ceil(keep * SPAN)


def _scale(dropout: float) -> Tensor:
    """1 / (1 - p) as the mask of `regdash.model.Dropout` holds it: a float32 one, divided in place."""
    return torch.ones(()).div_(1 - dropout)


def _matching_slices(mask_of_run: Sequence[int | None]) -> list[tuple[slice, slice]]:
    """Cut the runs where their masks stop being consecutive: [None, 0, 1, 0, 1] → (1:3, 0:2), (3:5, 0:2)."""
    slices: list[tuple[slice, slice]] = []
    for run, mask in enumerate(mask_of_run):
        if mask is None:
            continue
        if slices and slices[-1][0].stop == run and slices[-1][1].stop == mask:
            runs, masks = slices.pop()
            slices.append((slice(runs.start, run + 1), slice(masks.start, mask + 1)))
        else:
            slices.append((slice(run, run + 1), slice(mask, mask + 1)))
    return slices


def _repeated(slices: Sequence[tuple[slice, slice]]) -> list[tuple[slice, slice]]:
    """Join neighbours that use the same masks: (0:4, 0:4), (4:8, 0:4), (8:9, 0:1) → (0:8, 0:4), (8:9, 0:1)."""
    joined: list[tuple[slice, slice]] = []
    for runs, masks in slices:
        if joined and joined[-1][1] == masks and joined[-1][0].stop == runs.start:
            joined[-1] = slice(joined[-1][0].start, runs.stop), masks
        else:
            joined.append((runs, masks))
    return joined


def _empty_slices(mask_of_run: Sequence[int | None]) -> list[slice]:
    """Stretches of runs without a mask: [None, None, 0, None] → 0:2, 3:4."""
    return _stretches(mask is None for mask in mask_of_run)


def _stretches(flags: Iterable[bool]) -> list[slice]:
    """Where `flags` are true: [True, True, False, True] → 0:2, 3:4."""
    slices, start = [], 0
    for flag, group in groupby(flags):
        length = len(list(group))
        if flag:
            slices.append(slice(start, start + length))
        start += length
    return slices
