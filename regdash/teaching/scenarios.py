"""Ready-made settings, each with what it teaches. The first one is what the page opens with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.config import FIELDS, RunConfig
from regdash.teaching.article import DEMO, EXERCISE
from regdash.teaching.quoted import DECAY, REACHED, TINY_DECAY, effect, share, times


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A starting point: its name, one or two sentences for the visitor, and the settings it chooses."""

    label: str
    lesson: str
    config: RunConfig


NOISY = RunConfig(
    dataset="parabola", n_samples=200, train_fraction=0.5, label_noise=0.2,
    width=64, dropout=0.5, learning_rate=0.02, epochs=200,
)  # fmt: skip
DEFAULT = "noisy"

_TOO_MUCH = NOISY.but(dropout=0.8, weight_decay=0.5)
_TOO_SMALL = NOISY.but(width=4, label_noise=0.0, train_fraction=0.7)
_SPIRALS = NOISY.but(dataset="spirals", n_samples=300, train_fraction=0.7, label_noise=0.0, width=24)

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "noisy": Scenario(
            label="Noisy labels",
            lesson=f"{NOISY.n_train} training points, {100 * NOISY.label_noise:g} % of the labels flipped. A free "
            f"network repeats {share('noisy/lies')} of these lies. With dropout {NOISY.dropout} it is "
            f"{share('noisy/lies dropout')}, with weight decay {DECAY} {share('noisy/lies decay')}: a regularized "
            "network cannot learn each by heart.",
            config=NOISY,
        ),
        "article": Scenario(
            label="Article: demos",
            lesson=f"{DEMO.n_samples} clean points, as in the source article: there are no lies to memorise. On fresh "
            f"data, dropout {DEMO.dropout} {effect('article/dropout')} and weight decay {DECAY} "
            f"{effect('article/decay')}; a weak one of {TINY_DECAY} {effect('article/tiny')}.",
            config=DEMO,
        ),
        "exercises": Scenario(
            label="Article: exercises",
            lesson=f"{EXERCISE.n_samples} clean points and a smaller network, as in the source article's exercises.",
            config=EXERCISE,
        ),
        "too-much": Scenario(
            label="Too much of it",
            lesson=f"Weight decay {_TOO_MUCH.weight_decay} is so strong that the network gives one answer everywhere: "
            f"in {times('too-much/both')} seeds with this dropout, and in {times('too-much/decay')} without. Dropout "
            f"{_TOO_MUCH.dropout} alone still {effect('too-much/dropout')} on fresh data.",
            config=_TOO_MUCH,
        ),
        "too-small": Scenario(
            label="Too small to overfit",
            lesson=f"{_TOO_SMALL.width} hidden units a layer, clean labels: there is little to regularize. Dropout "
            f"{_TOO_SMALL.dropout} {effect('too-small/dropout')} on fresh data on average. Luck decides: with "
            f"{share('too-small/still good')} of the seeds, so small a network with dropout still reaches "
            f"{100 * REACHED:g} %.",
            config=_TOO_SMALL,
        ),
        "spirals": Scenario(
            label="Spirals",
            lesson="The true boundary winds. A strong regularizer asks for a smooth answer, and so for the wrong one: "
            f"dropout {_SPIRALS.dropout} {effect('spirals/dropout')} on fresh data, and loses in "
            f"{times('spirals/loses')} seeds.",
            config=_SPIRALS,
        ),
    }
)


def matching(config: RunConfig, *, but: Collection[str] = ()) -> list[str]:
    """The keys of the scenarios whose settings are exactly `config`; those named in `but` may differ."""
    return [key for key, scenario in SCENARIOS.items() if not differences(config, scenario.config, but=but)]


def differences(one: RunConfig, other: RunConfig, *, but: Collection[str] = ()) -> list[str]:
    """The names of the settings in which two configurations differ, apart from those named in `but`."""
    return [name for name in FIELDS if name not in but and getattr(one, name) != getattr(other, name)]
