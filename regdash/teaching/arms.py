"""The arms of the fair race: the same data, first weights and settings, with different regularizers left on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.config import RunConfig
from regdash.results import Run


@dataclass(frozen=True, kw_only=True)
class ArmSpec:
    """One arm: its full and short name, and what it leaves of the visitor's settings."""

    label: str
    short: str
    config: Callable[[RunConfig], RunConfig]


ARMS: Mapping[str, ArmSpec] = MappingProxyType(
    {
        "none": ArmSpec(
            label="No regularization",
            short="None",
            config=lambda c: c.but(dropout=0.0, weight_decay=0.0, label_smoothing=0.0),
        ),
        "dropout": ArmSpec(
            label="Dropout only", short="Dropout", config=lambda c: c.but(weight_decay=0.0, label_smoothing=0.0)
        ),
        "decay": ArmSpec(
            label="Weight decay only", short="Decay", config=lambda c: c.but(dropout=0.0, label_smoothing=0.0)
        ),
        "yours": ArmSpec(label="Your settings", short="Yours", config=lambda c: c),
    }
)
DEFAULT_ARMS = ("none", "yours")


@dataclass(frozen=True, kw_only=True, eq=False)
class Arm:
    """A trained arm: its key in ARMS, its run, and its names, if they are others than there."""

    key: str
    run: Run
    name: str = ""
    short_name: str = ""

    @property
    def label(self) -> str:
        """The arm's full name."""
        return self.name or ARMS[self.key].label

    @property
    def short(self) -> str:
        """The arm's name in a legend."""
        return self.short_name or self.name or ARMS[self.key].short
