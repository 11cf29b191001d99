"""Dropout masks: what each run draws is what it would draw alone, but runs that would draw alike share one draw.

A run's masks depend on its seed, its dropout and its shapes, never on weight decay, learning rate, labels or data. So
they are drawn once per (seed, dropout). More can be shared: `bernoulli_(1 - p)` takes one 53-bit number a unit
whatever p is, and keeps the unit where that number is below (1 - p)·2⁵³. Drawing those numbers with `random_` is three
times faster than `bernoulli_`, all layers go into one call, and the dropouts of one seed then
differ only in where they cut. That is how PyTorch's CPU generator works today, not a promise; `numbers_can_be_shared`
asks the machine at hand, and where the answer is no, each (seed, dropout) draws with `bernoulli_`.

Masks of an epoch are drawn right before it; or, where there is a helper, by the block, while the last block is used.

Axes: B epochs, U distinct masks, L layers with dropout, N points (N' with padding), H width.
"""

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.ensemble.layout import padded
from regdash.ensemble.sharing import Use
from regdash.ensemble.unlocked import as_written, unlocked

Key = tuple[int, float]
"""Seed and dropout: runs with the same ones and the same shapes draw the same masks."""

EpochMasks = list[list[Tensor]]
"""One epoch's masks: per layer, and in it per pair of `Use.slices`, (masks, N', H). Without dropout nothing."""

SPAN = 1 << 53  # `bernoulli_` draws a whole number below this for each unit
_FLOATS_AHEAD = 2**18  # of masks in a helper's block, 1 MiB
_WORTH_A_HELPER = 2**18  # floats of masks in all; of fewer, the helper makes more work than it takes over


@cache
def numbers_can_be_shared() -> bool:
    """Whether cutting `random_` numbers gives what `bernoulli_` gives here, and moves the stream on as far."""
    for keep in (0.05, 0.3, 0.5, 0.9):
        one, other = torch.Generator().manual_seed(7), torch.Generator().manual_seed(7)
        drawn = torch.empty(40, 50, dtype=torch.float32).bernoulli_(keep, generator=one)
        numbers = torch.empty(40, 50, dtype=torch.int64).random_(generator=other)
        if not torch.equal(drawn.bool(), (numbers & (SPAN - 1)) < _cut(keep)):
            return False
        if not torch.equal(one.get_state(), other.get_state()):
            return False
    return True


class Target(NamedTuple):
    """One dropout of a seed: units whose number is below `cut` are kept, and count `scale`-fold."""

    cut: int
    scale: Tensor
    masks: Tensor  # (B, L, N, H)


class Shared(NamedTuple):
    """Draws of one seed, for several dropouts. Memory: numbers (L, N, H) int64, kept (L, N, H) uint8.

    torch compares into bytes, and copies from bytes, faster than with bools.
    """

    generator: torch.Generator
    last_bits: int  # those that count; TorchScript reads no constants of a module
    numbers: Tensor
    kept: Tensor
    targets: list[Target]


class Alone(NamedTuple):
    """Draws of one seed and dropout, as `regdash.model.Dropout` makes them. Memory: kept (L, N, H)."""

    generator: torch.Generator
    keep: float
    kept: Tensor
    masks: Tensor  # (B, L, N, H)


class Draws(NamedTuple):
    """All draws for some epochs' masks, and then copies, (to, from)."""

    shared: list[Shared]
    alone: list[Alone]
    copies: list[tuple[Tensor, Tensor]]


@unlocked
def draw(work: Draws, n_epochs: int) -> None:
    """Draw epoch after epoch's masks: 0 for a dropped unit, 1 / (1 - p) for a kept one. The padding stays 0."""
    for epoch in range(n_epochs):
        for of_seed in work.shared:
            numbers = of_seed.numbers.random_(generator=of_seed.generator).bitwise_and_(of_seed.last_bits)
            for target in of_seed.targets:
                torch.lt(numbers, target.cut, out=of_seed.kept)
                target.masks[epoch].copy_(of_seed.kept).mul_(target.scale)
        for one in work.alone:
            for layer in one.kept.unbind():
                layer.bernoulli_(one.keep, generator=one.generator)
            one.masks[epoch].copy_(one.kept.div_(one.keep))
    for to, source in work.copies:
        to.copy_(source)


class Masks:
    """The masks of one batch, epoch by epoch, from the generators' states after the `done` first epochs.

    use     which runs use which of them
    draws   what is to be drawn right before each epoch: nothing where a helper draws ahead, which it does from now on
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
        scales = torch.stack([_scale(c.dropout) for c in configs]).view(-1, 1, 1)
        self.use = Use.of(which, scales.to(device))
        self.draws = Draws([], [], [])
        self._streams = _Streams(keys, states, (first.depth, first.n_train, first.width))
        self._ahead: _Ahead | None = None
        self._masks: EpochMasks = []
        self._left = left
        per_epoch = first.depth * len(keys) * padded(first.n_train) * first.width
        if helper and device.type == "cpu" and left * per_epoch >= _WORTH_A_HELPER:
            size = min(left, max(1, _FLOATS_AHEAD // per_epoch))
            self._ahead = _Ahead(helper, [self._streams.block(size, self.use, device) for _ in range(2)], left)
        elif keys:
            self.draws, (self._masks,) = self._streams.block(1, self.use, device)

    def ahead(self) -> int:
        """How many epochs may be trained with what `take` gives, at least one."""
        return self._ahead.ready() if self._ahead else self._left

    def take(self, count: int) -> list[EpochMasks]:
        """The masks of the next epochs, at most of `ahead()`; they are valid until `ahead` is called again."""
        if self._ahead:
            return self._ahead.take(count)
        self._left -= count
        return [self._masks] * count

    def ends(self) -> dict[Key, Tensor]:
        """The generators' states after the last epoch. Of no use to a batch that has ended early: some drew ahead."""
        return self._streams.states()


class _Streams:
    """The generators of U keys, and memory for a draw; `shape` is (L, N, H)."""

    def __init__(self, keys: Sequence[Key], states: Mapping[Key, Tensor], shape: tuple[int, int, int]) -> None:
        self._keys, self._shape, self._shared = keys, shape, numbers_can_be_shared()
        # Keys that share numbers share a generator.
        self._names = {key: key[0] if self._shared else key for key in keys}
        self._generators = {name: torch.Generator().set_state(states[key]) for key, name in self._names.items()}
        self._numbers = torch.empty(shape, dtype=torch.int64)
        self._kept = torch.empty(shape, dtype=torch.uint8 if self._shared else torch.float32)

    def block(self, n_epochs: int, use: Use, device: torch.device) -> tuple[Draws, list[EpochMasks]]:
        """Memory for some epochs' masks: how they are drawn there, and each epoch's as it uses them."""
        depth, n_train, width = self._shape
        shape = n_epochs, depth, len(self._keys), padded(n_train), width  # (B, L, U, N', H)
        drawn = torch.zeros(shape, dtype=torch.float32)
        used = drawn.to(device)
        targets = {key: drawn[:, :, u, :n_train] for u, key in enumerate(self._keys)}
        copies = [] if used is drawn else [(used, drawn)]
        masks = [[[layer[part] for _, part in use.slices] for layer in epoch] for epoch in used]
        return Draws(*self._draws(targets), copies), masks

    def states(self) -> dict[Key, Tensor]:
        """Where the keys' streams stand."""
        return {key: self._generators[name].get_state() for key, name in self._names.items()}

    def _draws(self, targets: Mapping[Key, Tensor]) -> tuple[list[Shared], list[Alone]]:
        if not self._shared:
            return [], [Alone(self._generators[key], 1 - key[1], self._kept, masks) for key, masks in targets.items()]
        return [
            Shared(
                generator,
                SPAN - 1,
                self._numbers,
                self._kept,
                [Target(_cut(1 - p), _scale(p), masks) for (seed, p), masks in targets.items() if seed == name],
            )
            for name, generator in self._generators.items()
        ], []


class _Ahead:
    """Two blocks of epochs' masks: a helper draws one while the other is used. `left` epochs are to be drawn."""

    def __init__(self, helper: Executor, blocks: Sequence[tuple[Draws, list[EpochMasks]]], left: int) -> None:
        self._helper, (self._free, self._used), self._left = helper, blocks, left
        self._drawn: list[EpochMasks] = []  # and not yet taken
        self._next = self._order()

    def ready(self) -> int:
        """How many epochs are there to be taken; waits for the helper if there are none."""
        if not self._drawn and self._next:
            self._drawn = self._next.result()
            self._free, self._used = self._used, self._free
            self._next = self._order()
        return len(self._drawn)

    def take(self, count: int) -> list[EpochMasks]:
        taken, self._drawn = self._drawn[:count], self._drawn[count:]
        return taken

    def _order(self) -> "Future[list[EpochMasks]] | None":
        draws, masks = self._free
        count = min(len(masks), self._left)
        self._left -= count
        return self._helper.submit(_draw_block, draws, masks[:count]) if count else None


def _draw_block(draws: Draws, masks: list[EpochMasks]) -> list[EpochMasks]:
    with torch.inference_mode(), as_written():
        draw(draws, len(masks))
    return masks


def _cut(keep: float) -> int:
    """The 53-bit number from which on a unit is dropped: k·2⁻⁵³ < keep exactly when k < cut(keep)."""
    return math.ceil(keep * SPAN)


def _scale(dropout: float) -> Tensor:
    """1 / (1 - p) as the mask of `regdash.model.Dropout` holds it: a float32 one, divided in place."""
    return torch.ones((), dtype=torch.float32).div_(1 - dropout)
