"""Things to try: one-line experiments, what to look for in each, and the claims by which that holds seed after seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from regdash.config import RunConfig
from regdash.teaching.arms import ARMS
from regdash.teaching.quoted import DECAY
from regdash.teaching.scenarios import SCENARIOS, differences

LONGEST = 130  # characters of what to look for: one line above the picture on a small laptop
SEEDS = ("seed", "data_seed")  # the visitor's own: what is said does not hang on them


@dataclass(frozen=True, kw_only=True)
class Claim:
    """`metric` is higher for the network `more` than for `less`, whatever the seed."""

    metric: str
    more: RunConfig
    less: RunConfig


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """One line to choose it by, the scenario it starts from, what it sets, and what to look for.

    `view` names the curves that show it; "" leaves those that are on show.
    """

    label: str
    scenario: str
    sets: Mapping[str, Any]
    look: str
    claims: tuple[Claim, ...]
    view: str = ""

    @property
    def config(self) -> RunConfig:
        """All settings, with the scenario's own seeds."""
        return SCENARIOS[self.scenario].config.but(**self.sets)


def _free(config: RunConfig) -> RunConfig:
    return ARMS["none"].config(config)


_NOISY, _SPIRALS = SCENARIOS["noisy"].config, SCENARIOS["spirals"].config
_DECAY: Mapping[str, Any] = MappingProxyType({"dropout": 0.0, "weight_decay": DECAY})
_DECOUPLED: Mapping[str, Any] = MappingProxyType({**_DECAY, "decay": "decoupled"})
_FAR: Mapping[str, Any] = MappingProxyType({"dropout": 0.95})
_SMALL: Mapping[str, Any] = MappingProxyType({"width": 6})
_EARLY: Mapping[str, Any] = MappingProxyType({"epochs": 20})
_MORE: Mapping[str, Any] = MappingProxyType({"n_samples": 1000})
_SMOOTH: Mapping[str, Any] = MappingProxyType({"dropout": 0.0, "label_smoothing": 0.3})
_WIDE: Mapping[str, Any] = MappingProxyType({"width": 192})

EXPERIMENTS: Mapping[str, Experiment] = MappingProxyType(
    {
        "decay": Experiment(
            label="Weight decay instead of dropout",
            scenario="noisy",
            sets=_DECAY,
            look="islands go with weight decay, too: yours repeats far fewer of the flipped labels than the free one.",
            claims=(
                Claim(metric="memorised", more=_free(_NOISY), less=_NOISY.but(**_DECAY)),
                Claim(metric="fresh_accuracy", more=_NOISY.but(**_DECAY), less=_free(_NOISY)),
            ),
        ),
        "decoupled": Experiment(
            label="The same weight decay, decoupled",
            scenario="noisy",
            sets=_DECOUPLED,
            look="the same λ is far weaker so, and islands are back. Set the kind of decay (Advanced) to l2: they go.",
            claims=(Claim(metric="memorised", more=_NOISY.but(**_DECOUPLED), less=_NOISY.but(**_DECAY)),),
        ),
        "too-much-dropout": Experiment(
            label="Far too much dropout",
            scenario="noisy",
            sets=_FAR,
            look="yours learns neither the lies nor the rule: on fresh data even the free network is better.",
            claims=(
                Claim(metric="fresh_accuracy", more=_free(_NOISY), less=_NOISY.but(**_FAR)),
                Claim(metric="memorised", more=_free(_NOISY), less=_NOISY.but(**_FAR)),
            ),
        ),
        "small": Experiment(
            label="A network too small to memorise",
            scenario="noisy",
            sets=_SMALL,
            look="the free network has fewer islands, and is better on fresh data. Reset the width: they come back.",
            claims=(
                Claim(metric="memorised", more=_free(_NOISY), less=_free(_NOISY.but(**_SMALL))),
                Claim(metric="fresh_accuracy", more=_free(_NOISY.but(**_SMALL)), less=_free(_NOISY)),
            ),
        ),
        "early": Experiment(
            label="Stop early",
            scenario="noisy",
            sets=_EARLY,
            look="the free network had no time to learn lies by heart. Reset the epochs: it gets worse on fresh data.",
            claims=(
                Claim(metric="memorised", more=_free(_NOISY), less=_free(_NOISY.but(**_EARLY))),
                Claim(metric="fresh_accuracy", more=_free(_NOISY.but(**_EARLY)), less=_free(_NOISY)),
            ),
        ),
        "more-data": Experiment(
            label="Five times the data",
            scenario="noisy",
            sets=_MORE,
            look="more points regularize, too: the free network is better than with fewer, and dropout still helps.",
            claims=(
                Claim(metric="fresh_accuracy", more=_free(_NOISY.but(**_MORE)), less=_free(_NOISY)),
                Claim(metric="fresh_accuracy", more=_NOISY.but(**_MORE), less=_free(_NOISY.but(**_MORE))),
            ),
        ),
        "smoothing": Experiment(
            label="Less sure of itself: label smoothing",
            scenario="noisy",
            sets=_SMOOTH,
            view="loss",
            look="yours ends with a far lower validation loss: it is less sure where it is wrong.",
            claims=(Claim(metric="val_loss", more=_free(_NOISY), less=_NOISY.but(**_SMOOTH)),),
        ),
        "wide-spirals": Experiment(
            label="Room for dropout: a wide network on spirals",
            scenario="spirals",
            sets=_WIDE,
            look="a wide network can spare units: yours learns the spirals now. Reset the width, and it does worse.",
            claims=(Claim(metric="fresh_accuracy", more=_SPIRALS.but(**_WIDE), less=_SPIRALS),),
        ),
    }
)


def of(config: RunConfig) -> Experiment | None:
    """The experiment whose settings these are, whatever their seeds."""
    return next((one for one in EXPERIMENTS.values() if not differences(config, one.config, but=SEEDS)), None)
