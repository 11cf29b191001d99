"""The terms that lessons use, each in one sentence. A test checks that every term a lesson sets in bold is here."""

from collections.abc import Mapping
from types import MappingProxyType

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "accuracy": "the share of points whose class the network gets right",
        "train accuracy": "accuracy on the training points, measured with dropout off, after the epoch's update",
        "train accuracy, dropout on": "accuracy on the training points from the training pass itself: some units are "
        "off, and the update has not happened yet",
        "validation accuracy": "accuracy on points that the network is never trained on; there are few of them",
        "fresh data": "4,000 new points with true labels: the best measure of how good the boundary is",
        "generalization gap": "train accuracy minus accuracy on fresh data",
        "overfitting": "learning the training points instead of the rule behind them: train accuracy rises, accuracy "
        "on fresh data falls",
        "regularization": "anything that keeps a network from learning its training points by heart",
        "dropout": "in every training step a random share p of the hidden units is switched off, and the others are "
        "scaled up by 1 / (1 − p); when the network is tested, all are on",
        "eval mode": "model.eval(): dropout is off, and all units work together",
        "weight decay": "every update also pulls all weights and biases towards zero",
        "L2": "weight decay by a penalty: λ·w is added to the gradient, as torch.optim.Adam(weight_decay=λ) does",
        "decoupled decay": "weight decay beside the gradient: every update multiplies the weights by 1 − learning rate "
        "× λ, as torch.optim.AdamW does",
        "λ": "how strong weight decay is; PyTorch calls it weight_decay",
        "Adam": "an optimizer that divides each weight's step by the usual size of its own gradient, so that every "
        "weight moves by about the learning rate",
        "epoch": "one update from all training points at once",
        "seed": "the number that a random stream starts from: it decides the first weights, the units that are dropped "
        "and, if one wants, the points",
        "paired seeds": "both settings get the same seeds, so the same points and first weights: what differs is the "
        "setting's doing",
        "95 % interval": "were the study repeated with other seeds again and again, 95 of 100 such intervals would "
        "hold the true mean",
        "standard error": "how far an accuracy measured on n points scatters by luck alone: √(p·(1 − p) / n)",
        "flipped label": "a training point that was given the wrong class on purpose",
        "memorised": "a flipped label is memorised if the network says what the label says, so the wrong class",
        "early stopping": "keeping the network of the epoch in which validation loss was lowest",
        "collapse": "a network that gives every point the same class",
        "sub-network": "what is left of a network when dropout has switched units off; also called thinned network",
        "capacity": "how complicated a boundary the network could draw at all",
        "peeking": "looking at a study after every seed, and stopping as soon as the interval leaves out zero",
        "winner's luck": "the best of several measured values was probably lucky, too",
    }
)


def find(term: str) -> str | None:
    """What a term means; a plural or a capital does not matter. None if it is not explained."""
    known = {name.lower(): text for name, text in TERMS.items()}
    small = term.lower()
    return next(
        (known[form] for form in (small, small.removesuffix("s"), small.removesuffix("es")) if form in known), None
    )
