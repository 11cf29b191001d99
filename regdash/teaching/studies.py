"""Ready-made studies, each with what it teaches.

A lesson says what a study is made to show, never what it found: that is read off its own numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from regdash.study.spec import StudySpec
from regdash.teaching.article import DEMO
from regdash.teaching.scenarios import NOISY


@dataclass(frozen=True, kw_only=True)
class ReadyStudy:
    """A study to start from: its name, one or two sentences for the visitor, and what it trains."""

    label: str
    lesson: str
    spec: StudySpec


SMALL_NOISY = NOISY.but(width=32, epochs=80, learning_rate=0.08)

STUDIES: Mapping[str, ReadyStudy] = MappingProxyType(
    {
        "demo-4": ReadyStudy(
            label="Article: Demo 4, honestly",
            lesson="The article's dropout rates over 20 seeds instead of one, with points drawn anew for each seed in "
            "the article's way. They are clean: look how far single runs scatter, and whether any dropout beats none.",
            spec=StudySpec(base=DEMO.but(epochs=60), sweep={"dropout": (0.0, 0.3, 0.5, 0.7)}, seeds=20),
        ),
        "grid": ReadyStudy(
            label="Dropout × weight decay",
            lesson="Both regularizers on noisy labels, alone and together. Do they add up, or does one do the other's "
            "work? And where does it become too much?",
            spec=StudySpec(
                base=SMALL_NOISY,
                sweep={"dropout": (0.0, 0.2, 0.4, 0.6, 0.8), "weight_decay": (0.0, 0.001, 0.005, 0.02, 0.1)},
                seeds=20,
            ),
        ),
        "width": ReadyStudy(
            label="How much does width need?",
            lesson="From 2 to 128 units a layer on noisy labels, without dropout and with it. Dropout takes capacity "
            "away: where there is too little of it, and where there is too much?",
            spec=StudySpec(
                base=NOISY.but(weight_decay=0.0),
                sweep={"width": (2, 4, 8, 16, 32, 64, 128), "dropout": (0.0, 0.5)},
                seeds=20,
            ),
        ),
        "useless": ReadyStudy(
            label="Where does weight decay help?",
            lesson="Weight decay against the share of flipped labels. Where nothing is wrong in the data, is "
            "there still something for it to hold back?",
            spec=StudySpec(
                base=NOISY.but(width=32, dropout=0.0),
                sweep={"weight_decay": (0.0, 0.001, 0.005, 0.02, 0.1), "label_noise": (0.0, 0.1, 0.2, 0.3, 0.4)},
                seeds=20,
            ),
        ),
    }
)  # fmt: skip
