"""The source article's demos and exercises, replayed with its one continuing random stream per part.

Nothing is reseeded between two networks of a part, so each starts where the one before it left the stream: a network's
curves depend on all that ran before it. That is the article's way, kept exactly; it is also why comparing its curves
compares different initial weights, which the rest of RegDash never does.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import torch

from regdash.config import RunConfig
from regdash.data import Dataset, make
from regdash.results import Run
from regdash.surroundings.undisturbed import undisturbed
from regdash.training import Progress, fit

DEMO = RunConfig(
    dataset="parabola", n_samples=200, train_fraction=0.7, data_seed=7, seed=7,
    width=32, depth=2, dropout=0.5, weight_decay=0.0, decay="l2", learning_rate=0.08, epochs=80,
)  # fmt: skip
EXERCISE = RunConfig(
    dataset="parabola-2", n_samples=180, train_fraction=0.6, data_seed=11, seed=11,
    width=28, depth=1, dropout=0.4, weight_decay=0.0, decay="l2", learning_rate=0.07, epochs=60,
)  # fmt: skip

DEMOS: Mapping[str, RunConfig] = MappingProxyType(
    {
        "demo-1": DEMO,
        "demo-2": DEMO.but(weight_decay=0.02),
        "demo-3": DEMO.but(dropout=0.0),
        **{f"demo-4/{p}": DEMO.but(dropout=p, epochs=60) for p in (0.0, 0.3, 0.5, 0.7)},
    }
)
EXERCISES: Mapping[str, RunConfig] = MappingProxyType(
    {
        "exercise-1": EXERCISE,
        "exercise-2": EXERCISE.but(weight_decay=0.02),
        **{f"exercise-4/{p}": EXERCISE.but(dropout=p, epochs=40) for p in (0.0, 0.2, 0.5, 0.7)},
    }
)


def replay() -> dict[str, Run]:
    """Train the article's 13 networks in its order; keys as in DEMOS and EXERCISES.

    The curves are those the article's script gives on the same machine, bit for bit. `config.seed` names the seed of
    the *part*: `train(run.config)` starts a fresh stream from it and so gives another run with the same settings.
    """
    return dict(each_replayed())


def each_replayed(on_progress: Progress | None = None) -> Iterator[tuple[str, Run]]:
    """The same, one by one: the first ones are there before the last. `on_progress` is as in `train`."""
    yield from _replay_part(DEMOS, on_progress)
    yield from _replay_part(EXERCISES, on_progress)


def _replay_part(recipes: Mapping[str, RunConfig], on_progress: Progress | None) -> Iterator[tuple[str, Run]]:
    data, generator = _start(next(iter(recipes.values())))
    for key, config in recipes.items():
        yield key, fit(config, data, generator, on_progress=on_progress)


@undisturbed
def _start(first: RunConfig) -> tuple[Dataset, torch.Generator]:
    """The points of a part, and its stream after them."""
    generator = torch.Generator().manual_seed(first.data_seed)
    # The points, drawn again to move the stream past them.
    torch.randn(first.n_samples, 2, generator=generator, dtype=torch.float32)
    return make(first), generator
