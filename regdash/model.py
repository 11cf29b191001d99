"""The network: Linear → ReLU → Dropout, `depth` times, then two logits."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from regdash.config import RunConfig


class Dropout(nn.Module):
    """`nn.Dropout` that draws from its own generator instead of the process-wide one; equal bit for bit.

    While training, each unit is zeroed with probability `p` and the others are scaled by 1 / (1 - p), so that the
    expected activation stays the same and nothing changes at test time (Srivastava et al. 2014, "inverted").
    """

    def __init__(self, p: float, generator: torch.Generator) -> None:
        super().__init__()
        self.p = p
        self.generator = generator

    def forward(self, x: Tensor) -> Tensor:
        """Any shape in, the same shape out. With p = 0 no random numbers are drawn, as in `nn.Dropout`."""
        if not self.training or self.p == 0:
            return x
        keep = torch.empty_like(x).bernoulli_(1 - self.p, generator=self.generator)
        return x * keep.div_(1 - self.p)


def linear(n_in: int, n_out: int, generator: torch.Generator) -> nn.Linear:
    """`nn.Linear(n_in, n_out)` with PyTorch's default initial weights, drawn from `generator`."""
    layer: nn.Linear = nn.utils.skip_init(nn.Linear, n_in, n_out, dtype=torch.float32)  # type: ignore[no-untyped-call]
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    bound = 1 / math.sqrt(n_in)
    nn.init.uniform_(layer.bias, -bound, bound, generator=generator)
    return layer


class Network(nn.Module):
    """A small fully connected classifier: (N, 2) points in, (N, 2) logits out."""

    def __init__(self, config: RunConfig, generator: torch.Generator) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        *hidden_sizes, n_out = config.layer_sizes
        for n_in, n_hidden in pairwise(hidden_sizes):
            layers += [linear(n_in, n_hidden, generator), nn.ReLU(), Dropout(config.dropout, generator)]
        layers.append(linear(hidden_sizes[-1], n_out, generator))
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """Logits of both classes, (N, 2) float32."""
        logits: Tensor = self.layers(x)
        return logits
