"""Every number that lessons and help texts quote from trainings, and how it is said: they are made from these, so none
is written down twice. `python -m bench quoted` trains all of them again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.study.stats.paired import MATTERS

SEEDS = 200  # behind each number: the scenario's own and those that follow, each with data of its own
COMMAND = "python -m bench quoted"
REACHED = 0.9  # an accuracy on fresh data
DECAY = 0.02  # the weight decay that texts speak of, and further ones
SMALL_DECAY, TINY_DECAY = 0.001, 0.0001
L2_LIKE_DECOUPLED, DECOUPLED = 0.005, 1.0  # which gain about as much


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A mean over SEEDS seeds with its 95 % interval: in percent, a difference in points."""

    mean: float
    low: float
    high: float


# What each is say the recipes in `bench/quoted.py`, which have the same names.
QUOTED: Mapping[str, Quote] = MappingProxyType(
    {
        "noisy/train": Quote(mean=97.59, low=97.32, high=97.86),
        "noisy/fresh": Quote(mean=78.59, low=78.13, high=79.05),
        "noisy/star": Quote(mean=90.88, low=90.32, high=91.44),
        "noisy/end": Quote(mean=78.65, low=77.93, high=79.37),
        "noisy/lies": Quote(mean=92.52, low=91.62, high=93.43),
        "noisy/lies dropout": Quote(mean=28.55, low=26.79, high=30.31),
        "noisy/lies decay": Quote(mean=16.48, low=15.12, high=17.83),
        "noisy/dropout": Quote(mean=9.58, low=8.92, high=10.24),
        "noisy/decay": Quote(mean=11.3, low=10.68, high=11.92),
        "noisy/l2": Quote(mean=7.23, low=6.76, high=7.7),
        "noisy/decoupled": Quote(mean=6.23, low=5.8, high=6.66),
        "article/dropout": Quote(mean=-0.61, low=-0.76, high=-0.47),
        "article/decay": Quote(mean=-1.03, low=-1.18, high=-0.88),
        "article/small": Quote(mean=-0.09, low=-0.18, high=0.01),
        "article/tiny": Quote(mean=-0.01, low=-0.06, high=0.05),
        "too-much/both": Quote(mean=100.0, low=98.17, high=100.0),
        "too-much/decay": Quote(mean=100.0, low=98.17, high=100.0),
        "too-much/dropout": Quote(mean=5.04, low=3.66, high=6.41),
        "too-small/dropout": Quote(mean=-7.54, low=-8.86, high=-6.22),
        "too-small/still good": Quote(mean=58.0, low=50.83, high=64.93),
        "spirals/dropout": Quote(mean=-8.73, low=-9.31, high=-8.15),
        "spirals/loses": Quote(mean=100.0, low=98.17, high=100.0),
    }
)


def level(name: str) -> str:
    """As "97.6 %"."""
    return f"{QUOTED[name].mean:.1f} %"


def share(name: str) -> str:
    """As "58 %"."""
    return f"{QUOTED[name].mean:.0f} %"


def times(name: str) -> str:
    """In how many seeds, as "200 of 200"."""
    return f"{round(QUOTED[name].mean * SEEDS / 100)} of {SEEDS}"


def effect(name: str) -> str:
    """What a regularizer does to accuracy on fresh data: "gains 9.8 ± 0.7 points"; the verb follows the number."""
    quote, matters = QUOTED[name], 100 * MATTERS
    half = (quote.high - quote.low) / 2
    amount = f"{abs(quote.mean):.1f} ± {half:.1f} points"
    if -matters < quote.low and quote.high < matters:
        signed = f"{round(quote.mean, 1) + 0.0:+.1f}".replace("-", "−").replace("+0.0", "0.0")
        return f"changes the mean by less than {matters:g} points ({signed} ± {half:.1f})"
    if quote.low > 0:
        return f"gains {amount}"
    return f"costs {amount}" if quote.high < 0 else f"may cost or gain {amount}"
