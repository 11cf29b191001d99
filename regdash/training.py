"""The training loop, written to be read. It is the oracle that the batched engine is compared with.

One epoch is one full-batch update, as in the source article: forward with dropout on, loss, backward, step; then the
network is tested with dropout off. Nothing here touches process-wide state: every random number comes from a generator
that is passed in, so threads cannot disturb each other.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from regdash.config import RunConfig
from regdash.data import Dataset, make
from regdash.model import Network
from regdash.results import DEFAULT_SNAPSHOTS, HISTORY_COLUMNS, Run, Snapshots, grid_axis, snapshot_epochs
from regdash.surroundings.undisturbed import at_home, undisturbed

Progress = Callable[[int, int], None]
"""Called with (epochs done, epochs in all). Whatever it raises ends the training and reaches the caller unchanged;
`regdash.TrainingCancelled` is there for that purpose."""


def train(config: RunConfig, *, on_progress: Progress | None = None, snapshots: Snapshots = DEFAULT_SNAPSHOTS) -> Run:
    """Train one network, exactly as a plain PyTorch script with the same seeds would.

    This loop is for reading and for checking; `regdash.train_many` gives the same bits many times faster.

    `on_progress` is called after every epoch and may raise to stop early. `snapshots` says how many epochs'
    weights the run keeps for `Run.boundary`, or which.
    """
    generator = torch.Generator().manual_seed(config.seed)
    report = on_progress and at_home(on_progress)
    return fit(config, make(config), generator, on_progress=report, snapshots=snapshots)


@undisturbed
def fit(
    config: RunConfig,
    data: Dataset,
    generator: torch.Generator,
    *,
    on_progress: Progress | None = None,
    snapshots: Snapshots = DEFAULT_SNAPSHOTS,
) -> Run:
    """Train one network on `data`; initial weights and dropout masks continue the stream of `generator`."""
    model = Network(config, generator)
    optimizer = make_optimizer(config, model)
    kept_epochs = snapshot_epochs(config.epochs, snapshots)
    curves = np.full((len(HISTORY_COLUMNS), config.epochs), np.nan)
    memorised = np.full(config.epochs, np.nan)
    parameters = np.full((len(kept_epochs), sum(p.numel() for p in model.parameters())), np.nan, dtype=np.float32)
    predicted = np.zeros((len(kept_epochs), config.n_samples), dtype=np.uint8)
    diverged = False

    for epoch in range(1, config.epochs + 1):
        logits, loss = update(config, model, optimizer, data)  # dropout on, before the update
        train_logits, val_logits = predict(model, data.x_train), predict(model, data.x_val)
        row = measure(data, logits, train_logits, val_logits)
        diverged = not all(map(math.isfinite, (loss, *row)))
        if diverged:
            break
        curves[:, epoch - 1] = row
        memorised[epoch - 1] = accuracy(train_logits[data.flipped], data.y_train[data.flipped])
        if epoch in kept_epochs:
            slot = kept_epochs.index(epoch)
            parameters[slot] = torch.cat([p.detach().flatten() for p in model.parameters()]).numpy()
            predicted[slot] = torch.cat([train_logits, val_logits]).argmax(dim=1).numpy()
        if on_progress:
            on_progress(epoch, config.epochs)

    return Run(
        config=config,
        curves=curves,
        flipped=memorised,
        test_accuracy=math.nan if diverged else accuracy(predict(model, data.x_fresh), data.y_fresh),
        diverged=diverged,
        kept_epochs=kept_epochs,
        parameters=parameters,
        predicted=predicted,
        axis=grid_axis(torch.cat([data.x_train, data.x_val]).numpy()),
    )


def update(config: RunConfig, model: Network, optimizer: torch.optim.Optimizer, data: Dataset) -> tuple[Tensor, float]:
    """One epoch's update. Returns the logits (N, 2) it learnt from, dropout on, and the loss it went down on."""
    model.train()
    logits: Tensor = model(data.x_train)
    loss = F.cross_entropy(logits, data.y_train, label_smoothing=config.label_smoothing)
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return logits, loss.item()


def predict(model: Network, x: Tensor) -> Tensor:
    """Logits (N, 2) of the points `x` (N, 2), dropout off."""
    model.eval()
    with torch.no_grad():
        logits: Tensor = model(x)
    return logits


def measure(data: Dataset, logits: Tensor, train_logits: Tensor, val_logits: Tensor) -> tuple[float, ...]:
    """One epoch's row of HISTORY_COLUMNS; `logits` are those of the update, dropout on."""
    return (
        accuracy(train_logits, data.y_train),
        accuracy(logits, data.y_train),
        accuracy(val_logits, data.y_val),
        F.cross_entropy(train_logits, data.y_train).item(),
        F.cross_entropy(val_logits, data.y_val).item(),
    )


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of the N rows of `logits` (N, 2) whose larger entry is the label's; NaN if N is 0.

    A float32 mean, as `(logits.argmax(1) == labels).float().mean()` gives it in a plain script.
    """
    return (logits.argmax(dim=1) == labels).float().mean().item()


def make_optimizer(config: RunConfig, model: Network) -> torch.optim.Optimizer:
    """Full-batch Adam; the kind of weight decay decides which one (Loshchilov & Hutter 2019, arXiv:1711.05101)."""
    kind = torch.optim.AdamW if config.decay == "decoupled" else torch.optim.Adam
    return kind(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
