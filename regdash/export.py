"""What a visitor takes home: a run as a plain PyTorch script, its history as CSV, and names for such files.

The script is the article's kind: torch and matplotlib only, the process-wide random stream, nothing of RegDash. It is
put together from short blocks of text, and only from those that the settings need, so that a learner reads no line that
does nothing. The data set's own functions are copied from `regdash.data`: the picture and the script cannot disagree.
"""

import inspect
from collections.abc import Callable
from typing import Any

from regdash.config import RunConfig
from regdash.data import DATASETS, N_FRESH
from regdash.results import Run
from regdash.surroundings.arithmetic import all_digits

# Scripts are ASCII: a terminal or an editor with an old encoding shows and saves them, too.
ASCII = str.maketrans({"₀": "0", "₁": "1", "²": "**2", "·": "*", "−": "-", "×": "x"})

HIDDEN_LAYER = "nn.Linear({n_in}, WIDTH),\nnn.ReLU(),\n"
DROPOUT_LAYER = "nn.Dropout(DROPOUT),  # on in model.train(), off in model.eval()\n"

HEADER = '''\
"""{title}, as RegDash trains it.

Class 1 is where this holds: {rule}.
The script prints the accuracies that RegDash shows for these settings, epoch by
epoch, and plots them beside the final decision boundary. Another kind of machine
rounds and draws a little differently, so its numbers can differ.

It needs torch and matplotlib: pip install torch matplotlib
"""
'''

MAKE_DATA = '''\
def make_data(n: int, seed: int) -> tuple[Tensor, Tensor]:
    """Points (n, 2) and the class of each (n,): 1 where the score is above 0."""
    torch.manual_seed(seed)
    x = {draw}(n)
    return x, ({score}(x) > 0).long()
'''

ACCURACY = '''\
def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of the points whose own class has the larger logit."""
    return (logits.argmax(dim=1) == labels).float().mean().item()
'''

LOOP_WITH_DROPOUT = """\
for epoch in range(1, EPOCHS + 1):
    model.train()  # dropout on: a random part of the units is switched off
    logits = model(x_train)  # (N, 2), one column per class
    loss = loss_function(logits, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    model.eval()  # dropout off: every unit takes part in the test
"""

LOOP_WITHOUT_DROPOUT = """\
for epoch in range(1, EPOCHS + 1):
    logits = model(x_train)  # (N, 2), one column per class
    loss = loss_function(logits, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

"""

MEASURE = """\
    with torch.no_grad():
        train_accuracy = accuracy(model(x_train), y_train)
        val_accuracy = accuracy(model(x_val), y_val)
    # From the very logits that were trained on, before the update.
    {before} = accuracy(logits, y_train)
    curves.append((train_accuracy, {before}, val_accuracy))
    print(f"{{epoch:5}}" + "".join(f"{{value:13.4f}}" for value in curves[-1]))
return curves
"""

PLOT = '''\
def plot(model: nn.Module, curves: list, x: Tensor, y: Tensor) -> None:
    """Left: accuracy by epoch. Right: the plane as the network sees it."""
    _, (left, right) = plt.subplots(1, 2, figsize=(12, 5), layout="constrained")

    names = ("train", "{before}", "validation")
    for name, style, values in zip(names, ("-", ":", "--"), zip(*curves)):
        left.plot(range(1, EPOCHS + 1), values, style, label=name)
    left.set(xlabel="epoch", ylabel="accuracy")
    left.legend()

    half = x.abs().max().item() + 0.2  # so that the square covers every point
    side = torch.linspace(-half, half, 200)
    x0, x1 = torch.meshgrid(side, side, indexing="xy")
    grid = torch.stack([x0.flatten(), x1.flatten()], dim=1)  # (40000, 2)
    with torch.no_grad():
        probability = model(grid).softmax(dim=1)[:, 1].reshape(x0.shape)
    # The colour changes from violet to orange at 0.5: that is the boundary.
    levels = [0.0, 0.25, 0.5, 0.75, 1.0]
    colours = right.contourf(x0, x1, probability, levels, cmap="PuOr_r", alpha=0.6)
    plt.colorbar(colours, label="probability of class 1")
    # Dashed: the true boundary, which the network never gets to see.
    truth = {score}(grid).reshape(x0.shape)
    right.contour(x0, x1, truth, levels=[0.0], colors="black", linestyles="dashed")

    for label, colour in ((0, "indigo"), (1, "darkorange")):
        for name, marker, part in (
            ("train", "o", slice(None, N_TRAIN)),
            ("validation", "^", slice(N_TRAIN, None)),
        ):
            dots = x[part][y[part] == label]
            title = f"{{name}}, class {{label}}"
            right.scatter(*dots.T, c=colour, marker=marker, ec="white", label=title)
    right.set(xlabel="x0", ylabel="x1", aspect="equal")
    right.legend(fontsize="small")
    plt.show()
'''

MAIN_DATA = """\
x, y = make_data(N_SAMPLES, DATA_SEED)
# Points that no network has seen, from a second stream of random numbers: with
# so many, they tell how good the boundary really is.
x_fresh, y_fresh = make_data(N_FRESH, DATA_SEED + 2**31)
"""

MAIN_NOISE = """\
# The lies: some training points get the wrong class. The others stay true.
flipped = torch.randperm(N_TRAIN)[:N_FLIPPED]
y[flipped] = 1 - y[flipped]
"""

MAIN_SPLIT = """\
x_train, y_train = x[:N_TRAIN], y[:N_TRAIN]
x_val, y_val = x[N_TRAIN:], y[N_TRAIN:]

"""

MAIN_TEST = """\
with torch.no_grad():
    print(f"fresh-data accuracy: {accuracy(model(x_fresh), y_fresh):.4f}")
"""

MAIN_MEMORISED = """\
    memorised = accuracy(model(x_train)[flipped], y_train[flipped])
    print(f"flipped labels memorised: {memorised:.4f}")
"""


def script(config: RunConfig, *, threads: int | None = None) -> str:
    """A standalone script that prints and plots the numbers of `regdash.train(config)`, bit for bit.

    All of it is ASCII. `threads` fixes torch's number of threads in the script; without it, torch chooses as in any
    fresh process. It matters only for large runs (2,000 points, say), whose sums are split among threads and so round
    differently: give it where the run was trained with another number.
    """
    spec = DATASETS[config.dataset]
    before = "dropout on" if config.dropout else "before update"
    names = {
        "title": f'A network on the data set "{spec.label}"',
        "rule": spec.rule,
        "draw": _name(spec.draw),
        "score": _name(spec.score),
        "before": before,
    }
    functions = [_plain_source(spec.draw), _plain_source(spec.score)]
    imports = "import matplotlib.pyplot as plt\nimport torch\nfrom torch import Tensor, nn\n"
    if any("math." in function for function in functions):
        imports = "import math\n\n" + imports
    blocks = [
        "\n".join([HEADER.format(**names), imports, _constants(config)]),
        *functions,
        MAKE_DATA.format(**names),
        ACCURACY,
        _train(config, before),
        PLOT.format(**names),
        _main(config, threads),
    ]
    return "\n\n".join(blocks).translate(ASCII)


@all_digits
def history_csv(run: Run) -> str:
    """`run.history` as CSV: a header, one line per epoch, every digit kept; a diverged run's NaN are empty cells."""
    text: str = run.history.to_csv(lineterminator="\n")  # pandas writes the shortest digits that read back the same
    return text


def file_stem(config: RunConfig) -> str:
    """A short file name without ending, e.g. "regdash-parabola-w64-p0.5-wd0.02-seed7": not unique, but telling."""
    decay = "wd" if config.decay == "l2" else "adamw"
    smoothing = f"-ls{config.label_smoothing:g}" if config.label_smoothing else ""
    return (
        f"regdash-{config.dataset}-w{config.width}-p{config.dropout:g}-{decay}{config.weight_decay:g}{smoothing}"
        f"-seed{config.seed}"
    )


def _name(function: Callable[..., Any]) -> str:
    return function.__name__


def _plain_source(function: Callable[..., Any]) -> str:
    """The function's own source, drawing from the process-wide stream as plain PyTorch does."""
    source = inspect.getsource(function)
    return source.replace(", generator: torch.Generator", "").replace(", generator=generator, dtype=torch.float32", "")


def _constants(config: RunConfig) -> str:
    """The settings, named and explained at the top of the script; those that do nothing are left out."""
    n_flipped = _n_flipped(config)
    rows: list[tuple[str, object, str, object]] = [
        ("N_SAMPLES", config.n_samples, "training and validation points together", True),
        ("N_TRAIN", config.n_train, "the first so many train, the rest validate", True),
        ("N_FLIPPED", n_flipped, f"wrong training labels: {config.label_noise:.4g} of all", n_flipped),
        ("N_FRESH", N_FRESH, "new points for the final test", True),
        ("DATA_SEED", config.data_seed, "another number draws other points", True),
        ("WIDTH", config.width, "units per hidden layer", True),
        ("DROPOUT", config.dropout, "share of hidden units switched off in each update", config.dropout),
        ("WEIGHT_DECAY", config.weight_decay, "pull of weights and biases to 0", config.weight_decay),
        ("LABEL_SMOOTHING", config.label_smoothing, "how unsure to be on purpose", config.label_smoothing),
        ("LEARNING_RATE", config.learning_rate, "size of the optimizer's steps", True),
        ("EPOCHS", config.epochs, "updates, each from all training points", True),
        ("SEED", config.seed, "another number draws other first weights", True),
    ]
    return "".join(f"{name} = {value!r}  # {comment}\n" for name, value, comment, needed in rows if needed)


def _train(config: RunConfig, before: str) -> str:
    """The training loop as a function of the script."""
    smoothing = "label_smoothing=LABEL_SMOOTHING" if config.label_smoothing else ""
    decoupled = bool(config.weight_decay) and config.decay == "decoupled"
    arguments = "model.parameters(), lr=LEARNING_RATE"
    if config.weight_decay:
        arguments += ", weight_decay=WEIGHT_DECAY"
    optimizer = f"optimizer = torch.optim.{'AdamW' if decoupled else 'Adam'}(\n    {arguments}\n)\n"
    if not config.weight_decay:
        optimizer = f"optimizer = torch.optim.Adam({arguments})\n"
    elif decoupled:
        optimizer = "# AdamW shrinks weights and biases directly, apart from the gradient.\n" + optimizer
    else:
        optimizer = "# Adam adds WEIGHT_DECAY times the weight to each gradient: L2 regularization.\n" + optimizer
    body = (
        f"loss_function = nn.CrossEntropyLoss({smoothing})\n"
        f"{optimizer}"
        "curves = []\n"
        f"print(f\"epoch{{'train':>13}}{{'{before}':>13}}{{'validation':>13}}\")\n"
        + (LOOP_WITH_DROPOUT if config.dropout else LOOP_WITHOUT_DROPOUT)
        + MEASURE.format(before=before.replace(" ", "_"))
    )
    return (
        "def train(\n"
        "    model: nn.Module, x_train: Tensor, y_train: Tensor, x_val: Tensor, y_val: Tensor\n"
        ") -> list[tuple[float, float, float]]:\n"
        '    """Full-batch training: one update an epoch. Returns the accuracies it prints."""\n' + _indented(body)
    )


def _main(config: RunConfig, threads: int | None) -> str:
    """The part that runs: data, network, training, test, picture."""
    noisy = _n_flipped(config) > 0
    dropout = DROPOUT_LAYER if config.dropout else ""
    layers = "".join(HIDDEN_LAYER.format(n_in=n_in) + dropout for n_in in ["2", *["WIDTH"] * (config.depth - 1)])
    body = (
        (f"torch.set_num_threads({threads})  # split sums round differently\n" if threads else "")
        + MAIN_DATA
        + (MAIN_NOISE if noisy else "")
        + MAIN_SPLIT
        + "torch.manual_seed(SEED)  # from here: first weights"
        + (", then the units to drop\n" if config.dropout else "\n")
        + "model = nn.Sequential(\n"
        + _indented(layers + "nn.Linear(WIDTH, 2),\n")
        + ")\n"
        + "curves = train(model, x_train, y_train, x_val, y_val)\n"
        + MAIN_TEST
        + (MAIN_MEMORISED if noisy else "")
        + "plot(model, curves, x, y)\n"
    )
    return 'if __name__ == "__main__":\n' + _indented(body)


def _n_flipped(config: RunConfig) -> int:
    return round(config.label_noise * config.n_train)


def _indented(text: str) -> str:
    return "".join(f"    {line}" if line.strip() else line for line in text.splitlines(keepends=True))
