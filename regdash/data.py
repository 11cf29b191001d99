"""Synthetic 2-D data sets, each drawn from an explicit generator and labelled by a known rule.

Axes: N points, D = 2 inputs. A rule is a score of position: class 1 where it is above 0. Because the rule is known, the
true boundary can be drawn and fresh points with clean labels cost nothing. `draw` and `score` functions use nothing but
`torch` and `math`, since `regdash.export` copies their source into the scripts it writes.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from regdash.config import RunConfig
from regdash.surroundings.undisturbed import undisturbed

N_FRESH = 4000
# Fresh points and flips come from a second stream, so that they never shift the first one. Data seeds stay below 2**31,
# and torch seeds its CPU generator with 32 bits: adding 2**31 can never meet a visitor's own seed.
SECOND_STREAM = 2**31


def draw_normal(n: int, generator: torch.Generator) -> Tensor:
    """A round cloud around the origin, the article's `torch.randn(N, 2)`."""
    return torch.randn(n, 2, generator=generator, dtype=torch.float32)


def draw_square(n: int, generator: torch.Generator) -> Tensor:
    """Evenly spread over the square from -1.5 to 1.5."""
    return 3.0 * torch.rand(n, 2, generator=generator, dtype=torch.float32) - 1.5


def draw_moons(n: int, generator: torch.Generator) -> Tensor:
    """Along two interleaved half circles of radius 1, with a little scatter."""
    angle = math.pi * torch.rand(n, generator=generator, dtype=torch.float32)
    lower = torch.rand(n, generator=generator, dtype=torch.float32) < 0.5
    x = torch.where(lower, 1.0 - torch.cos(angle), torch.cos(angle)) - 0.5
    y = torch.where(lower, 0.5 - torch.sin(angle), torch.sin(angle)) - 0.25
    return torch.stack([x, y], dim=1) + 0.15 * torch.randn(n, 2, generator=generator, dtype=torch.float32)


def draw_spirals(n: int, generator: torch.Generator) -> Tensor:
    """Along two spiral arms of a little over one turn, with a little scatter."""
    radius = 0.2 + 1.6 * torch.rand(n, generator=generator, dtype=torch.float32)
    arm = (torch.rand(n, generator=generator, dtype=torch.float32) < 0.5).float()
    angle = 1.5 * math.pi * radius + math.pi * arm
    x = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)
    return x + 0.05 * torch.randn(n, 2, generator=generator, dtype=torch.float32)


def draw_blobs(n: int, generator: torch.Generator) -> Tensor:
    """Two round clouds around (-1, -1) and (1, 1)."""
    centre = 2.0 * (torch.rand(n, 1, generator=generator, dtype=torch.float32) < 0.5).float() - 1.0
    return centre + 0.8 * torch.randn(n, 2, generator=generator, dtype=torch.float32)


def score_parabola(x: Tensor) -> Tensor:
    """The article's demos: x0² + 0.8·x1 > 0.5."""
    return x[:, 0] ** 2 + 0.8 * x[:, 1] - 0.5


def score_parabola_2(x: Tensor) -> Tensor:
    """The article's exercises: x0² − 0.7·x1 > 0.3."""
    return x[:, 0] ** 2 - 0.7 * x[:, 1] - 0.3


def score_circles(x: Tensor) -> Tensor:
    """Outside a circle of radius 1."""
    return x[:, 0] ** 2 + x[:, 1] ** 2 - 1.0


def score_xor(x: Tensor) -> Tensor:
    """Both coordinates of the same sign."""
    return x[:, 0] * x[:, 1]


def score_moons(x: Tensor) -> Tensor:
    """Nearer to the lower half circle than to the upper one."""

    def distance(cx: float, cy: float, up: float) -> Tensor:
        dx, dy = x[:, 0] - cx, up * (x[:, 1] - cy)
        to_arc = (torch.sqrt(dx**2 + dy**2) - 1.0).abs()
        to_end = torch.sqrt((dx.abs() - 1.0) ** 2 + dy**2)
        return torch.where(dy >= 0, to_arc, to_end)

    return distance(-0.5, -0.25, 1.0) - distance(0.5, 0.25, -1.0)


def score_spirals(x: Tensor) -> Tensor:
    """Nearer, along the circle through the point, to the second spiral arm than to the first."""
    radius = torch.sqrt(x[:, 0] ** 2 + x[:, 1] ** 2)
    angle = torch.atan2(x[:, 1], x[:, 0])
    return -torch.cos(angle - 1.5 * math.pi * radius)


def score_blobs(x: Tensor) -> Tensor:
    """Nearer to (1, 1) than to (-1, -1)."""
    return x[:, 0] + x[:, 1]


@dataclass(frozen=True, kw_only=True)
class DatasetSpec:
    """One registry row.

    `draw(n, generator)` returns (n, 2) float32 points; `score(x)` returns (n,) float32, class 1 where above 0;
    `default_noise` is a share of flipped training labels with which there is something to regularize; 0 where the
    points alone are hard enough.
    """

    label: str
    rule: str
    draw: Callable[[int, torch.Generator], Tensor]
    score: Callable[[Tensor], Tensor]
    default_noise: float = 0.0


def _row(
    label: str,
    rule: str,
    draw: Callable[[int, torch.Generator], Tensor],
    score: Callable[[Tensor], Tensor],
    default_noise: float,
) -> DatasetSpec:
    return DatasetSpec(label=label, rule=rule, draw=draw, score=score, default_noise=default_noise)


DATASETS: Mapping[str, DatasetSpec] = MappingProxyType(
    {
        "parabola": _row("Parabola", "x₀² + 0.8·x₁ > 0.5", draw_normal, score_parabola, 0.2),
        "parabola-2": _row("Parabola, tilted down", "x₀² − 0.7·x₁ > 0.3", draw_normal, score_parabola_2, 0.2),
        "circles": _row("Circle", "x₀² + x₁² > 1", draw_square, score_circles, 0.1),
        "xor": _row("Checkerboard (XOR)", "x₀·x₁ > 0", draw_square, score_xor, 0.1),
        "moons": _row("Two moons", "nearer to the lower moon", draw_moons, score_moons, 0.1),
        "spirals": _row("Two spirals", "nearer to the second arm", draw_spirals, score_spirals, 0.0),
        "blobs": _row("Two blobs", "x₀ + x₁ > 0", draw_blobs, score_blobs, 0.2),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """The points of one config: N_train + N_val = n_samples, and 4,000 fresh ones.

    Inputs are (N, 2) float32, labels (N,) int64 in {0, 1}; `flipped` is (N_train,) bool. Only `y_train` has flips.
    """

    x_train: Tensor
    y_train: Tensor
    x_val: Tensor
    y_val: Tensor
    x_fresh: Tensor
    y_fresh: Tensor
    flipped: Tensor


@undisturbed
def true_scores(dataset: str, axis: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rule's score on the grid of `axis` (G,): (G, G) float32, row = x₁; the true boundary is where it is 0."""
    x1, x0 = torch.meshgrid(torch.from_numpy(axis), torch.from_numpy(axis), indexing="ij")
    scores = DATASETS[dataset].score(torch.stack([x0.ravel(), x1.ravel()], dim=1))
    grid: NDArray[np.float32] = scores.reshape(len(axis), len(axis)).numpy()
    return grid


@undisturbed
def make(config: RunConfig) -> Dataset:
    """Draw the data of `config`; the same config always gives the same bits.

    Without label noise the points of the two parabolas are those that a plain script gets from
    `torch.randn(n_samples, 2)` once it has seeded torch with `data_seed`. Flips are nested: more label noise flips the
    same labels and some more.
    """
    spec = DATASETS[config.dataset]
    first = torch.Generator().manual_seed(config.data_seed)
    second = torch.Generator().manual_seed(config.data_seed + SECOND_STREAM)
    n_train = config.n_train

    x = spec.draw(config.n_samples, first)  # (N, 2)
    y = (spec.score(x) > 0).long()  # (N,)
    x_fresh = spec.draw(N_FRESH, second)  # (4000, 2)
    y_fresh = (spec.score(x_fresh) > 0).long()

    n_flipped = round(config.label_noise * n_train)
    flipped = torch.zeros(n_train, dtype=torch.bool)
    flipped[torch.randperm(n_train, generator=second)[:n_flipped]] = True
    return Dataset(
        x_train=x[:n_train],
        y_train=torch.where(flipped, 1 - y[:n_train], y[:n_train]),
        x_val=x[n_train:],
        y_val=y[n_train:],
        x_fresh=x_fresh,
        y_fresh=y_fresh,
        flipped=flipped,
    )
