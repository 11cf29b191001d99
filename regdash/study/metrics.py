"""What cells can be compared by: those metrics of a study in which more (or less) is better, with words and sizes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.study.stats.intervals import Centre
from regdash.study.stats.paired import MATTERS, WIDEST, Measure

MATTERS_LOSS = 0.01  # nats of cross-entropy


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One number that runs are judged by: its label on an axis, its place in a sentence, and its size.

    `phrase` ends "beats the baseline …": "on fresh data". `is_share` says that values run from 0 to 1 and are shown in
    percent, their differences in points; `in_points` that values are differences themselves. `lowest` and `highest` are
    the values there can be: an interval is shown no further. `matters` is the smallest difference, in its own unit,
    worth having, `widest` one that no two runs exceed, and `centre` what of the paired differences is judged.
    """

    label: str
    phrase: str
    is_share: bool = True
    higher_is_better: bool = True
    matters: float = MATTERS
    widest: float = WIDEST
    centre: Centre = Centre.MEAN
    in_points: bool = False
    lowest: float = 0.0
    highest: float = 1.0

    @property
    def scale(self) -> int:
        """By what values are multiplied where they are drawn: shares are written in percent by the chart itself."""
        return 100 if self.in_points else 1

    @property
    def sign(self) -> int:
        """+1 where more is better, -1 where less is."""
        return 1 if self.higher_is_better else -1

    @property
    def measure(self) -> Measure:
        """How its values are compared."""
        return Measure(matters=self.matters, sign=self.sign, widest=self.widest, centre=self.centre)

    @property
    def typical(self) -> str:
        """What a level of it is: "on average", or that of the run in the middle."""
        return "on average" if self.centre == Centre.MEAN else "in the median run"


# The metrics of the best epoch are not here: a best epoch is picked on a noisy curve, so its numbers flatter, and runs
# that diverged later have them too.
COMPARABLE: Mapping[str, Metric] = MappingProxyType(
    {
        "fresh_accuracy": Metric(label="Accuracy on fresh data", phrase="on fresh data"),
        "val_accuracy": Metric(label="Validation accuracy", phrase="in validation accuracy", widest=1.0),
        "train_accuracy": Metric(label="Train accuracy", phrase="in train accuracy", widest=1.0),
        "gap": Metric(
            label="Generalization gap", phrase="in the generalization gap", higher_is_better=False, widest=1.0,
            in_points=True, lowest=-1.0,
        ),
        "memorised": Metric(
            label="Flipped labels memorised", phrase="in memorised labels", higher_is_better=False, widest=1.0
        ),
        "val_loss": Metric(
            label="Validation loss", phrase="in validation loss",
            is_share=False, higher_is_better=False, matters=MATTERS_LOSS, centre=Centre.MEDIAN, highest=math.inf,
        ),
        "train_loss": Metric(
            label="Train loss", phrase="in train loss",
            is_share=False, higher_is_better=False, matters=MATTERS_LOSS, centre=Centre.MEDIAN, highest=math.inf,
        ),
        "val_60_accuracy": Metric(
            label="Accuracy on 60 validation points", phrase="on the first 60 validation points", widest=1.0
        ),
    }
)  # fmt: skip
DEFAULT_METRIC = "fresh_accuracy"
