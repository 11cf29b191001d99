"""Initial weights: drawn once per seed, since nothing but seed and layer sizes touches that part of the stream."""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from regdash.config import RunConfig
from regdash.ensemble.layout import Parameters


def initialise(configs: Sequence[RunConfig], parameters: Parameters) -> dict[tuple[int, float], Tensor]:
    """Fill in the runs' initial weights; returns, per seed and dropout, the generator's state (bytes) after that."""
    drawn: dict[int, tuple[list[tuple[Tensor, Tensor]], Tensor]] = {}
    for run, config in enumerate(configs):
        if config.seed not in drawn:
            generator = torch.Generator().manual_seed(config.seed)
            drawn[config.seed] = _layers(config.layer_sizes, generator), generator.get_state()
        for layer, (weight, bias) in enumerate(drawn[config.seed][0]):
            parameters.weights[layer][run] = weight
            parameters.biases[layer][run] = bias
    return {(config.seed, config.dropout): drawn[config.seed][1] for config in configs}


def _layers(sizes: Sequence[int], generator: torch.Generator) -> list[tuple[Tensor, Tensor]]:
    """Weights (O, I) and biases (O,) as `regdash.model.linear` draws them, without the cost of making modules."""
    layers = []
    for n_in, n_out in pairwise(sizes):
        weight, bias = torch.empty(n_out, n_in, dtype=torch.float32), torch.empty(n_out, dtype=torch.float32)
        nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator)
        bound = 1 / math.sqrt(n_in)
        nn.init.uniform_(bias, -bound, bound, generator=generator)
        layers.append((weight, bias))
    return layers
