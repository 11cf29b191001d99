"""Memory for many runs: every run's every block starts on a 64-byte boundary.

Axes: R runs, O outputs and I inputs of a layer, P parameters of a run.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from regdash.config import RunConfig
from regdash.results import Floats

FLOATS_PER_BLOCK = 16  # 64 bytes: a cache line, and the widest vector register


def padded(count: int) -> int:
    """`count` rounded up to whole 64-byte blocks of floats. So many rows, of any length, keep the alignment too."""
    return -(-count // FLOATS_PER_BLOCK) * FLOATS_PER_BLOCK


class Parameters:
    """Weights and biases (or their gradients, or a moment) of R runs, in one flat float32 buffer.

    flat      all of it; layer by layer, in a layer run by run; padding is zero and stays zero under Adam
    parts     weight, bias, weight, …: each (R, stride), padding included; views of `flat`
    weights   per layer (R, O, I), views of `flat`
    biases    per layer (R, O), views of `flat`
    """

    def __init__(self, config: RunConfig, n_runs: int, device: torch.device) -> None:
        shapes = [shape for n_in, n_out in pairwise(config.layer_sizes) for shape in ((n_out, n_in), (n_out,))]
        self._n_runs = n_runs
        self._counts = [math.prod(shape) for shape in shapes]
        self.flat = torch.zeros(n_runs * sum(map(padded, self._counts)), dtype=torch.float32, device=device)
        self.parts = self.cut(self.flat)
        views = [
            part[:, :count].view(n_runs, *shape)
            for part, count, shape in zip(self.parts, self._counts, shapes, strict=True)
        ]
        self.weights: Sequence[Tensor] = views[0::2]
        self.biases: Sequence[Tensor] = views[1::2]

    def like(self) -> Tensor:
        """Another flat buffer of zeros in this layout."""
        return torch.zeros_like(self.flat)

    def spread(self, values: Tensor) -> Tensor:
        """One value a run, (R,) → a flat buffer that holds each run's value at each of its parameters."""
        values = values.to(self.flat.device)
        return torch.cat([values[:, None].expand(part.shape).flatten() for part in self.parts])

    def cut(self, flat: Tensor) -> list[Tensor]:
        """A flat buffer (…, all) in this layout → its parts, (…, R, stride) each."""
        parts, start = [], 0
        for stride in map(padded, self._counts):
            part = flat[..., start : start + self._n_runs * stride]
            parts.append(part.view(*flat.shape[:-1], self._n_runs, stride))
            start += self._n_runs * stride
        return parts

    def put(self, flat: Tensor, run: int, values: Floats) -> None:
        """Write one run's values (P,), weight, bias, weight, … flattened, into a flat buffer in this layout."""
        start = 0
        for part, count in zip(self.cut(flat), self._counts, strict=True):
            part[run, :count] = torch.from_numpy(values[start : start + count])
            start += count

    def by_run(self, flat: Tensor) -> Iterator[Floats]:
        """A flat buffer (S, all) in this layout → run after run (S, P), without padding, in memory of its own."""
        parts = [part[..., :count].numpy() for part, count in zip(self.cut(flat.cpu()), self._counts, strict=True)]
        for run in range(self._n_runs):
            yield np.concatenate([part[:, run] for part in parts], axis=1)
