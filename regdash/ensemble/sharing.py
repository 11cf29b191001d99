"""Which runs use which dropout masks. Runs lie side by side, and so do masks: what matches takes one call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from torch import Tensor


@dataclass(frozen=True)
class Use:
    """What R runs use.

    slices   (runs, masks) pairs of slices: these runs use these masks in this order, over and over
    without  slices of runs that have no dropout; `dropping`, of those that have
    scales   (R, 1, 1) float32, 1 / (1 - p) per run, as float32 rounds it
    """

    slices: Sequence[tuple[slice, slice]]
    without: Sequence[slice]
    dropping: Sequence[slice]
    scales: Tensor

    @staticmethod
    def of(mask_of_run: Sequence[int | None], scales: Tensor) -> "Use":
        """That of runs that use these masks each; None: no dropout."""
        return Use(
            slices=repeated(matching_slices(mask_of_run)),
            without=stretches(mask is None for mask in mask_of_run),
            dropping=stretches(mask is not None for mask in mask_of_run),
            scales=scales,
        )


def matching_slices(mask_of_run: Sequence[int | None]) -> list[tuple[slice, slice]]:
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


def repeated(slices: Sequence[tuple[slice, slice]]) -> list[tuple[slice, slice]]:
    """Join neighbours that use the same masks: (0:4, 0:4), (4:8, 0:4), (8:9, 0:1) → (0:8, 0:4), (8:9, 0:1)."""
    joined: list[tuple[slice, slice]] = []
    for runs, masks in slices:
        if joined and joined[-1][1] == masks and joined[-1][0].stop == runs.start:
            joined[-1] = slice(joined[-1][0].start, runs.stop), masks
        else:
            joined.append((runs, masks))
    return joined


def stretches(flags: Iterable[bool]) -> list[slice]:
    """Where `flags` are true: [True, True, False, True] → 0:2, 3:4."""
    slices, start = [], 0
    for flag, group in groupby(flags):
        length = len(list(group))
        if flag:
            slices.append(slice(start, start + length))
        start += length
    return slices
