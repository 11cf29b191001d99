"""How fast the engine trains: plain loop, `train` and `train_many`, side by side. `python -m bench engine`.

The contestants take turns, round after round, so that whatever else the machine does hits all of them. Wall time is
what a visitor waits; processor time is what the work costs, and the better figure to compare on a busy machine.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from bench.machine import load_average, processor
from regdash import RunConfig, data, train
from regdash.ensemble import train_many
from regdash.ensemble.batch import train_batch
from regdash.ensemble.plan import batches
from regdash.ensemble.processors import n_processors
from regdash.teaching.scenarios import NOISY

ROUNDS = 7
QUICK_ROUNDS = 2
GRID = [
    RunConfig(seed=seed, dropout=dropout, weight_decay=decay)
    for seed in range(8)
    for dropout in (0.0, 0.2, 0.3, 0.5, 0.7)
    for decay in (0.0, 0.001, 0.005, 0.02, 0.1)
]
SAMPLE = 5  # runs of the grid that the plain loop and `train` are timed with; the rest is multiplied
ARMS = [RunConfig(dropout=p, weight_decay=w) for p in (0.0, 0.5) for w in (0.0, 0.02)]

KINDS = {
    "random numbers": ("random_", "bernoulli_", "bitwise_and_", "lt", "uniform_", "normal_"),
    "matrix products": ("bmm", "baddbmm", "addmm", "mm", "addmm_"),
    "bookkeeping": ("copy_", "select", "slice", "as_strided", "view", "expand", "transpose", "empty", "cat", "zeros",
                    "fill_", "zero_", "empty_strided", "_to_copy", "to", "detach", "unsqueeze", "index", "stack"),
}  # fmt: skip


def plain_loop(config: RunConfig) -> list[tuple[float, float]]:
    """The source article's own loop: global seed, modules, Adam, two forward passes, accuracies by `.item()`."""
    points = data.make(config)
    torch.manual_seed(config.seed)
    layers: list[nn.Module] = []
    for n_in, n_out in zip(config.layer_sizes, config.layer_sizes[1:-1], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(config.dropout)]
    model = nn.Sequential(*layers, nn.Linear(config.width, 2))
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
    criterion = nn.CrossEntropyLoss()
    history = []
    for _ in range(config.epochs):
        model.train()
        logits = model(points.x_train)
        loss = criterion(logits, points.y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train_accuracy = (logits.argmax(1) == points.y_train).float().mean().item()
        model.eval()
        with torch.no_grad():
            val_accuracy = (model(points.x_val).argmax(1) == points.y_val).float().mean().item()
        history.append((train_accuracy, val_accuracy))
    return history


@dataclass
class Contestant:
    """Something to be timed: `go` trains the first `n_timed` of what counts as `n_runs` runs of `epochs` epochs."""

    name: str
    go: Callable[[], object]
    n_runs: int
    n_timed: int
    epochs: int
    walls: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)

    def take_turn(self) -> None:
        """One more timing."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.go()
        scale = self.n_runs / self.n_timed
        self.walls.append((time.perf_counter() - wall) * scale)
        self.cpus.append((time.process_time() - cpu) * scale)


def race(configs: Sequence[RunConfig], rounds: int) -> list[Contestant]:
    """The plain loop, `train` and `train_many` on the same runs, in turns."""
    spread = configs[:: max(1, len(configs) // SAMPLE)][:SAMPLE] if len(configs) > SAMPLE else configs
    n, epochs = len(configs), configs[0].epochs
    contestants = [
        Contestant("plain loop", lambda: [plain_loop(c) for c in spread], n, len(spread), epochs),
        Contestant("train", lambda: [train(c) for c in spread], n, len(spread), epochs),
        Contestant("train_many, one thread", lambda: train_many(configs, workers=1), n, n, epochs),
        Contestant("train_many", lambda: train_many(configs), n, n, epochs),
    ]
    for _ in range(rounds):
        for contestant in contestants:
            contestant.take_turn()
    return contestants


def table(title: str, contestants: Sequence[Contestant]) -> list[str]:
    """Best wall and processor times, ratios to the plain loop, model-epochs a second."""
    lines = [f"| {title} | wall | ratio | processor | ratio | model-epochs/s |", "|---|---:|---:|---:|---:|---:|"]
    plain = contestants[0]
    for c in contestants:
        wall, cpu = min(c.walls), min(c.cpus)
        rate = c.n_runs * c.epochs / wall
        lines.append(
            f"| {c.name} | {1e3 * wall:,.1f} ms | {min(plain.walls) / wall:.1f} | {1e3 * cpu:,.1f} ms "
            f"| {min(plain.cpus) / cpu:.1f} | {rate:,.0f} |"
        )
    return [*lines, ""]


def breakdown(configs: Sequence[RunConfig], title: str) -> list[str]:
    """Where one batch's processor time goes, by kind of operation."""
    train_batch(configs, 40)
    with profile(activities=[ProfilerActivity.CPU]) as profiled:
        train_batch(configs, 40)
    shares = dict.fromkeys([*KINDS, "elementwise and sums", "PyTorch's interpreter"], 0.0)
    for event in profiled.key_averages():
        name = event.key.removeprefix("aten::")
        rest = "elementwise and sums" if name != event.key else "PyTorch's interpreter"  # `unlocked` functions
        kind = next((kind for kind, names in KINDS.items() if name in names), rest)
        shares[kind] += event.self_cpu_time_total
    started = time.thread_time()
    train_batch(configs, 40)
    total = max(1e6 * (time.thread_time() - started), sum(shares.values()))
    shares["Python, numpy, the rest"] = total - sum(shares.values())
    lines = [f"| {title} | share |", "|---|---:|"]
    return [*lines, *(f"| {kind} | {100 * us / total:.0f} % |" for kind, us in shares.items()), ""]


def machine() -> str:
    """What these figures were measured on."""
    return (
        f"{processor()}, torch {torch.__version__} ({torch.backends.cpu.get_cpu_capability()}), "
        f"{torch.get_num_threads()} torch thread; load before: {load_average()}."
    )


def main(words: Sequence[str] | None = None) -> int:
    """Print all tables; `--quick` takes fewer rounds."""
    rounds = QUICK_ROUNDS if words and "--quick" in words else ROUNDS
    torch.set_num_threads(1)
    print(machine(), f"Best of {rounds} rounds; ratios are to the plain loop, trained run after run.\n")
    page = [NOISY, NOISY.but(dropout=0.0)]
    races: list[tuple[str, Sequence[RunConfig]]] = [
        ("1 run, defaults", [RunConfig()]),
        ("4 arms, defaults", ARMS),
        ("2 arms of the opening page", page),
        *(
            (f"{count} runs, width {width}", [config.but(width=width) for config in GRID[:count]])
            for width in (8, 32, 128)
            for count in (50, 200)
        ),
        *((f"1 run, width {width}", [RunConfig(width=width)]) for width in (8, 128)),
    ]
    for title, configs in races:
        heavy = configs[0].width > 32 and len(configs) > 4
        print("\n".join(table(title, race(configs, min(rounds, 2) if heavy else rounds))), flush=True)
    largest = [GRID[position] for position in batches(GRID, n_processors())[0]]
    print("\n".join(breakdown(largest, f"one batch of the 200 runs: {len(largest)}, width 32")))
    print("\n".join(breakdown(page, "one batch: 2 arms of the opening page")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
