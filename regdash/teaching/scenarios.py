"""Ready-made settings, each with what it teaches. The first one is what the page opens with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.config import FIELDS, RunConfig
from regdash.teaching.article import DEMO, EXERCISE


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

SCENARIOS: Mapping[str, Scenario] = MappingProxyType(
    {
        "noisy": Scenario(
            label="Noisy labels",
            lesson="100 training points, one label in five flipped. A free network learns the lies by heart; "
            "a regularized one cannot afford to.",
            config=NOISY,
        ),
        "article": Scenario(
            label="Article: demos",
            lesson="200 clean points, as in the source article. There are no lies to memorise here, so regularization "
            "costs a little accuracy on fresh data instead of gaining any.",
            config=DEMO,
        ),
        "exercises": Scenario(
            label="Article: exercises",
            lesson="180 clean points and a smaller network, as in the source article's exercises.",
            config=EXERCISE,
        ),
        "too-much": Scenario(
            label="Too much of it",
            lesson="Heavy weight decay on top of heavy dropout: the network can no longer bend its boundary at all. "
            "Train accuracy falls, and fresh-data accuracy falls with it: it gives nearly the same answer everywhere.",
            config=NOISY.but(dropout=0.8, weight_decay=0.5),
        ),
        "too-small": Scenario(
            label="Too small to overfit",
            lesson="Four hidden units a layer, clean labels: there is little to regularize, and switching off half of "
            "four units usually leaves too few to draw the boundary. (With another seed it may do.)",
            config=NOISY.but(width=4, label_noise=0.0, train_fraction=0.7),
        ),
        "spirals": Scenario(
            label="Spirals",
            lesson="The true boundary winds. Here a regularizer that asks for a smooth answer asks for the wrong one: "
            "smoother is not always better.",
            config=NOISY.but(dataset="spirals", n_samples=300, train_fraction=0.7, label_noise=0.0, width=24),
        ),
    }
)


def matching(config: RunConfig, *, but: Collection[str] = ()) -> list[str]:
    """The keys of the scenarios whose settings are exactly `config`; those named in `but` may differ."""
    return [key for key, scenario in SCENARIOS.items() if not differences(config, scenario.config, but=but)]


def differences(one: RunConfig, other: RunConfig, *, but: Collection[str] = ()) -> list[str]:
    """The names of the settings in which two configurations differ, apart from those named in `but`."""
    return [name for name in FIELDS if name not in but and getattr(one, name) != getattr(other, name)]
