"""`RunConfig`: everything that determines one run, validated; and the field table that describes it.

The table is the only place where a setting's bounds, control, unit, label and help text are written down. Validation
(here), the page's controls and its URL parameters (`regdash.ui.common.controls`) and the tests all read it.
"""

import dataclasses
import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from regdash.errors import ConfigError, shown

MAX_SEED = 2**31 - 1

# The keys of `regdash.data.DATASETS`, written here because this module may not import torch; a test compares the two.
DATASET_KEYS = ("parabola", "parabola-2", "circles", "xor", "moons", "spirals", "blobs")
DECAY_KINDS = ("l2", "decoupled")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One setting: its meaning in words and the values it may take.

    `low` and `high` bound numbers (both ends allowed unless `low_is_open`); `choices` lists what a text setting may be;
    `stops` are the positions of the page's control where an even `step` would be useless (log scales).
    """

    label: str
    help: str
    kind: type
    unit: str = ""
    low: float = 0.0
    high: float = 1.0
    low_is_open: bool = False
    step: float = 1.0
    stops: tuple[float, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def rule(self) -> str:
        """What a valid value is, in words, e.g. "a whole number from 1 to 256"."""
        if self.choices:
            return "one of " + ", ".join(repr(choice) for choice in self.choices)
        noun = "a whole number" if self.kind is int else "a number"
        start = f"above {self.low:g} and up to" if self.low_is_open else f"from {self.low:.10g} to"
        return f"{noun} {start} {self.high:.10g}"

    def check(self, name: str, value: object) -> Any:
        """Return `value` as this field's type, or raise `ConfigError` naming field, value and rule."""
        checked = self._check_text(value) if self.choices else self._check_number(value)
        if checked is None:
            raise ConfigError(f"{name}={shown(value)} cannot be used: {self.label.lower()} must be {self.rule}")
        return checked

    def text(self, value: object) -> str:
        """How a value of this field is written, in controls, links and sentences alike: "0.3", "128", "moons"."""
        return value if isinstance(value, str) else f"{value:.10g}"

    def read(self, name: str, text: str) -> Any:
        """The value that a text from a link or a keyboard means; raises `ConfigError` as `check` does."""
        return self.check(name, text if self.choices else self._number_in(text))

    def can_read(self, text: str) -> bool:
        """Whether a text means a value of this field."""
        try:
            self.read("", text)
        except ConfigError:
            return False
        return True

    def _number_in(self, text: str) -> float | int | str:
        """The number that a text says; the text itself if it says none, which `check` then refuses."""
        try:
            number = float(text)
        except ValueError:
            return text
        return int(number) if self.kind is int and number.is_integer() else number

    def _check_text(self, value: object) -> str | None:
        # The table's own string, not the caller's: a str subclass (numpy's, say) would print otherwise.
        return self.choices[self.choices.index(value)] if isinstance(value, str) and value in self.choices else None

    def _check_number(self, value: object) -> float | int | None:
        if isinstance(value, bool):  # bool is an int to Python, never a number to a visitor
            return None
        if self.kind is int:
            if not isinstance(value, numbers.Integral):
                return None
            number: float | int = int(value)
        else:
            if not isinstance(value, numbers.Real):
                return None
            try:
                number = _as_written(value) + 0.0  # adding zero turns -0.0 into 0.0, so that equal configs print alike
            except OverflowError:
                return None
            if not math.isfinite(number):
                return None
        too_low = number <= self.low if self.low_is_open else number < self.low
        return None if too_low or number > self.high else number


def _as_written(value: numbers.Real) -> float:
    """A number as a float; one of fewer digits as the shortest decimal that it stands for: float32's 0.3 is 0.3.

    Its own digits would be those of 0.30000001192092896, in every file and link.
    """
    exact = float(value)
    if isinstance(value, float | numbers.Rational) or not 0 < abs(exact) <= 1:
        return exact
    shorter = (float(f"{exact:.{digits}g}") for digits in range(1, 10))
    return next((number for number in shorter if type(value)(number) == value), exact)  # type: ignore[call-arg]


def _setting(default: Any, **described: Any) -> Any:
    """A dataclass field that carries its row of the field table as metadata."""
    return dataclasses.field(default=default, metadata={"field": Field(kind=type(default), **described)})


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """The settings of one run. Frozen and hashable: cache key, URL, test id and caption at once.

    The defaults are the source article's Demo 1. Raises `ConfigError` for a value out of range, not finite, of the
    wrong type (a bool for a number too) or unknown; an unknown *name* is Python's own `TypeError`. A number of fewer
    digits than Python's, such as numpy's float32, is taken for the decimal that it shows: `np.float32(0.3)` is 0.3.
    """

    dataset: str = _setting(
        "parabola",
        label="Data set",
        help="The rule that colours the plane. The two parabolas are the source article's; spirals wind most.",
        choices=DATASET_KEYS,
    )
    n_samples: int = _setting(
        200,
        label="Points",
        help="Training and validation points together. Fewer points are easier to memorise, so they overfit sooner.",
        unit="points",
        low=20,
        high=2000,
        step=20,
    )
    train_fraction: float = _setting(
        0.7,
        label="Training share",
        help="The share of the points the network learns from. The rest is validation: seen, but never learnt from.",
        low=0.1,
        high=0.9,
        step=0.05,
    )
    label_noise: float = _setting(
        0.0,
        label="Flipped labels",
        help="The share of training labels turned into the wrong class. Validation and fresh data stay clean. "
        "A network that learns these lies by heart draws islands around them.",
        high=0.5,
        step=0.05,
    )
    data_seed: int = _setting(
        7,
        label="Data seed",
        help="Which points are drawn and which labels are flipped. The same number always gives the same data; a "
        "new one shows how much of the result was luck.",
        high=MAX_SEED,
    )
    width: int = _setting(
        32,
        label="Width",
        help="Hidden units in each hidden layer. A wide network can memorise; a narrow one may be too simple to learn.",
        unit="units",
        low=1,
        high=256,
        stops=(1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 28, 32, 48, 64, 96, 128, 192, 256),
    )
    depth: int = _setting(
        2,
        label="Hidden layers",
        help="Each hidden layer is Linear, then ReLU, then Dropout.",
        unit="layers",
        low=1,
        high=3,
    )
    dropout: float = _setting(
        0.5,
        label="Dropout",
        help="The share of hidden units switched off (PyTorch's p), drawn anew for each training point in each step; "
        "what the others send on is scaled by 1/(1 − p). All units are back on when the network is tested.",
        high=0.95,
        step=0.05,
    )
    weight_decay: float = _setting(
        0.0,
        label="Weight decay",
        help="How strongly every update pulls weights and biases towards zero (λ). 0 is off; the scale is logarithmic.",
        stops=(0.0, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0),
    )
    decay: str = _setting(
        "l2",
        label="Kind of decay",
        help="l2: torch.optim.Adam(weight_decay=λ) adds λ·w to the gradient, as the source article does. "
        "decoupled: torch.optim.AdamW shrinks the weights directly, by learning rate × λ per update: the "
        "same λ is far weaker so. Both act on weights and biases.",
        choices=DECAY_KINDS,
    )
    label_smoothing: float = _setting(
        0.0,
        label="Label smoothing",
        help="Asks to be less than sure: 0.1 trains towards 95 % instead of 100 %. A regularizer of its own.",
        high=0.5,
        step=0.05,
    )
    learning_rate: float = _setting(
        0.08,
        label="Learning rate",
        help="The size of Adam's steps. Too large is jumpy, too small is slow.",
        low=0.0,
        low_is_open=True,
        stops=(1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.03, 0.05, 0.07, 0.08, 0.1, 0.2, 0.5, 1.0),
    )
    epochs: int = _setting(
        80,
        label="Epochs",
        help="Training steps. Each looks at all training points once (full batch), as in the source article.",
        unit="epochs",
        low=1,
        high=1000,
        stops=(1, 5, 10, 20, 40, 60, 80, 100, 150, 200, 300, 400, 500, 700, 1000),
    )
    seed: int = _setting(
        7,
        label="Seed",
        help="The random start: first weights and dropped units. The same number always gives the same run; a new one "
        "shows how much of the result was luck.",
        high=MAX_SEED,
    )

    def __post_init__(self) -> None:
        for name, field in FIELDS.items():
            object.__setattr__(self, name, field.check(name, getattr(self, name)))

    @property
    def n_train(self) -> int:
        """Number of training points, as the article counts them: int(train_fraction * n_samples)."""
        return int(self.train_fraction * self.n_samples)

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        """Units per layer, inputs and outputs included: (2, width, ..., width, 2)."""
        return (2, *[self.width] * self.depth, 2)

    @property
    def n_weights(self) -> int:
        """Weights without biases: as many as multiplications for one point."""
        return sum(n_in * n_out for n_in, n_out in pairwise(self.layer_sizes))

    def but(self, **changes: Any) -> "RunConfig":
        """A copy with some settings changed, validated again."""
        return dataclasses.replace(self, **changes)


DATA_FIELDS = ("dataset", "n_samples", "train_fraction", "label_noise", "data_seed")  # all that the data depend on

FIELDS: Mapping[str, Field] = MappingProxyType({f.name: f.metadata["field"] for f in dataclasses.fields(RunConfig)})
