"""Two plain PyTorch programs that RegDash must equal bit for bit. They share no code with it but the data sets.

Both are what a learner would write: the process-wide random stream, `nn.Linear`, `nn.Dropout`, `torch.optim`. The
stream is put back afterwards (`fork_rng`), so that the order of tests cannot matter. One thread at a time may use them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from regdash import RunConfig, data

PARABOLAS = {
    "parabola": lambda x: x[:, 0] ** 2 + 0.8 * x[:, 1] > 0.5,
    "parabola-2": lambda x: x[:, 0] ** 2 - 0.7 * x[:, 1] > 0.3,
}


@contextmanager
def torch_threads(count: int) -> Iterator[None]:
    """Some number of torch threads for a while; one is quickest for small networks, above all on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def points(config: RunConfig):
    """x_train, y_train, x_val, y_val. Only noisy labels and the other data sets come from RegDash itself."""
    if config.dataset in PARABOLAS and config.label_noise == 0:
        torch.manual_seed(config.data_seed)
        x = torch.randn(config.n_samples, 2)
        y = PARABOLAS[config.dataset](x).long()
        n_train = int(config.train_fraction * config.n_samples)
        return x[:n_train], y[:n_train], x[n_train:], y[n_train:]
    made = data.make(config)
    return made.x_train, made.y_train, made.x_val, made.y_val


def network(config: RunConfig) -> nn.Sequential:
    layers, n_in = [], 2
    for _ in range(config.depth):
        layers += [nn.Linear(n_in, config.width), nn.ReLU(), nn.Dropout(config.dropout)]
        n_in = config.width
    return nn.Sequential(*layers, nn.Linear(n_in, 2))


def plain_curves(config: RunConfig) -> list[list[float]]:
    """One row per epoch: train accuracy dropout off, the same dropout on, validation accuracy, both data losses."""
    with torch.random.fork_rng(devices=[]):
        x_train, y_train, x_val, y_val = points(config)
        torch.manual_seed(config.seed)
        model = network(config)
        kind = {"l2": torch.optim.Adam, "decoupled": torch.optim.AdamW}[config.decay]
        optimizer = kind(model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)
        training_loss = nn.CrossEntropyLoss(label_smoothing=config.label_smoothing)
        data_loss = nn.CrossEntropyLoss()
        rows = []
        for _ in range(config.epochs):
            model.train()
            logits = model(x_train)
            optimizer.zero_grad()
            training_loss(logits, y_train).backward()
            optimizer.step()
            dropout_on = (logits.argmax(1) == y_train).float().mean().item()
            model.eval()
            with torch.no_grad():
                out_train, out_val = model(x_train), model(x_val)
                rows.append(
                    [
                        (out_train.argmax(1) == y_train).float().mean().item(),
                        dropout_on,
                        (out_val.argmax(1) == y_val).float().mean().item(),
                        data_loss(out_train, y_train).item(),
                        data_loss(out_val, y_val).item(),
                    ]
                )
        return rows


# The source article's script, kept plain on purpose: one stream per part, nothing reseeded in between.


class DropNet(nn.Module):
    def __init__(self, hidden=32, p=0.5):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.drop1 = nn.Dropout(p)
        self.fc2 = nn.Linear(hidden, hidden)
        self.drop2 = nn.Dropout(p)
        self.fc3 = nn.Linear(hidden, 2)

    def forward(self, x):
        x = self.drop1(torch.relu(self.fc1(x)))
        x = self.drop2(torch.relu(self.fc2(x)))
        return self.fc3(x)


class PlainNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


class RegNet(nn.Module):
    def __init__(self, hidden=28, p=0.4):
        super().__init__()
        self.fc1 = nn.Linear(2, hidden)
        self.drop = nn.Dropout(p)
        self.fc2 = nn.Linear(hidden, 2)

    def forward(self, x):
        return self.fc2(self.drop(torch.relu(self.fc1(x))))


def article_loop(model, split, epochs, lr, weight_decay=0.0):
    """The article's loop: its train accuracy (dropout on, before the update) and validation accuracy, per epoch."""
    x_train, y_train, x_val, y_val = split
    optimizer = torch.optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)
    criterion = nn.CrossEntropyLoss()
    train, val = [], []
    for _ in range(epochs):
        model.train()
        out = model(x_train)
        loss = criterion(out, y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        train.append((out.argmax(1) == y_train).float().mean().item())
        model.eval()
        with torch.no_grad():
            val.append((model(x_val).argmax(1) == y_val).float().mean().item())
    return train, val


def article_curves() -> dict[str, tuple[list[float], list[float]]]:
    """(train accuracy dropout on, validation accuracy) of the article's 13 networks, in its order."""
    curves = {}
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(7)
        x = torch.randn(200, 2)
        y = (x[:, 0] ** 2 + 0.8 * x[:, 1] > 0.5).long()
        split = x[:140], y[:140], x[140:], y[140:]
        curves["demo-1"] = article_loop(DropNet(), split, 80, 0.08)
        curves["demo-2"] = article_loop(DropNet(), split, 80, 0.08, 0.02)
        curves["demo-3"] = article_loop(PlainNet(), split, 80, 0.08)
        for p in (0.0, 0.3, 0.5, 0.7):
            curves[f"demo-4/{p}"] = article_loop(DropNet(p=p), split, 60, 0.08)

        torch.manual_seed(11)
        x = torch.randn(180, 2)
        y = (x[:, 0] ** 2 - 0.7 * x[:, 1] > 0.3).long()
        split = x[:108], y[:108], x[108:], y[108:]
        curves["exercise-1"] = article_loop(RegNet(), split, 60, 0.07)
        curves["exercise-2"] = article_loop(RegNet(), split, 60, 0.07, 0.02)
        for p in (0.0, 0.2, 0.5, 0.7):
            curves[f"exercise-4/{p}"] = article_loop(RegNet(p=p), split, 40, 0.07)
    return curves
