"""Pieces of plain PyTorch that the lessons' code is made of. Put together they run, and a test runs them."""

ARTICLE_DATA = """\
import torch
from torch import nn

torch.manual_seed({seed})  # once: all that follows is one stream of random numbers
X = torch.randn({n}, 2)
y = (X[:, 0] ** 2 {rule}).long()
X_train, y_train, X_val, y_val = X[:{n_train}], y[:{n_train}], X[{n_train}:], y[{n_train}:]
"""

TWO_LAYERS = """\
def network(p, hidden=32):
    return nn.Sequential(
        nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(p),
        nn.Linear(hidden, hidden), nn.ReLU(), nn.Dropout(p),
        nn.Linear(hidden, 2),
    )
"""

ONE_LAYER = """\
def network(p, hidden=28):
    return nn.Sequential(nn.Linear(2, hidden), nn.ReLU(), nn.Dropout(p), nn.Linear(hidden, 2))
"""

ARTICLE_LOOP = """\
def accuracy(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item()


def train(model, epochs, weight_decay=0.0):
    optimizer = torch.optim.Adam(model.parameters(), lr={learning_rate}, weight_decay=weight_decay)
    for _ in range(epochs):
        model.train()  # dropout on
        logits = model(X_train)
        loss = nn.functional.cross_entropy(logits, y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()  # dropout off
    with torch.no_grad():
        validation = accuracy(model(X_val), y_val)
    return f"train, dropout on {{accuracy(logits, y_train):.4f}}, validation {{validation:.4f}}"
"""

NOISY_DATA = """\
import torch
from torch import nn


def rule(X):
    return (X[:, 0] ** 2 + 0.8 * X[:, 1] > 0.5).long()


def accuracy(logits, labels):
    return (logits.argmax(1) == labels).float().mean().item()


torch.manual_seed(7)
X = torch.randn(200, 2)
torch.manual_seed(7 + 2**31)  # a second stream: fresh points, then which labels become lies
X_fresh = torch.randn(4000, 2)
order = torch.randperm(100)
"""

NOISY_RUN = """\
def run(name, width=64, dropout=0.0, decay=0.0, epochs=200, lies=20, optimizer=torch.optim.Adam):
    y = rule(X)
    flipped = order[:lies]
    y[flipped] = 1 - y[flipped]
    torch.manual_seed(7)
    model = nn.Sequential(
        nn.Linear(2, width), nn.ReLU(), nn.Dropout(dropout),
        nn.Linear(width, width), nn.ReLU(), nn.Dropout(dropout),
        nn.Linear(width, 2),
    )
    step = optimizer(model.parameters(), lr=0.02, weight_decay=decay)
    for _ in range(epochs):
        model.train()
        loss = nn.functional.cross_entropy(model(X[:100]), y[:100])
        step.zero_grad()
        loss.backward()
        step.step()
    model.eval()
    with torch.no_grad():
        train, fresh = accuracy(model(X[:100]), y[:100]), accuracy(model(X_fresh), rule(X_fresh))
        memorised = accuracy(model(X[flipped]), y[flipped])
    print(f"{name}: train {train:.4f}, fresh {fresh:.4f}, memorised {memorised:.4f}")
    return model
"""


def demos(*calls: str) -> str:
    """The article's demos: data, network and loop, then `calls`, in the article's order."""
    data = ARTICLE_DATA.format(seed=7, n=200, n_train=140, rule="+ 0.8 * X[:, 1] > 0.5")
    return _put_together(data, TWO_LAYERS, ARTICLE_LOOP.format(learning_rate=0.08), *calls)


def exercises(*calls: str) -> str:
    """The article's exercises, the same way."""
    data = ARTICLE_DATA.format(seed=11, n=180, n_train=108, rule="- 0.7 * X[:, 1] > 0.3")
    return _put_together(data, ONE_LAYER, ARTICLE_LOOP.format(learning_rate=0.07), *calls)


def noisy(*calls: str) -> str:
    """100 training points, some labels flipped, and a network of two hidden layers; then `calls`."""
    return _put_together(NOISY_DATA, "", NOISY_RUN, *calls)


def _put_together(data: str, network: str, loop: str, *calls: str) -> str:
    return "\n\n".join(part for part in (data, network, loop, "\n".join(calls) + "\n") if part)
