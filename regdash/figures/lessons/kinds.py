"""Which figures a kind of lesson has: charts, each with its text for those who cannot see it, and a picture's arms."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from regdash.config import DATA_FIELDS
from regdash.figures.lessons import article, bars, pairs, sizes, units
from regdash.figures.theme import Palette
from regdash.teaching.arms import ARMS, Arm
from regdash.teaching.lessons import Lesson, Runs

Chart = tuple[dict[str, Any], str]
Charts = Callable[[Lesson, Runs, Palette], list[Chart]]
MOST_ARMS = 4


def _none(_lesson: Lesson, _runs: Runs, _colours: Palette) -> list[Chart]:
    return []


CHARTS: Mapping[str, Charts] = MappingProxyType(
    {
        "article": article.charts,
        "race": _none,
        "ladder": bars.charts,
        "lies": _none,
        "subnetworks": units.charts,
        "decays": sizes.charts,
        "one-seed": pairs.charts,
    }
)


def arms(lesson: Lesson, runs: Runs) -> list[Arm]:
    """The lesson's own runs as arms of one picture, at most four; none where they share neither points nor epochs."""
    names = list(lesson.trains)[:MOST_ARMS]
    shared = {tuple(getattr(runs[name].config, field) for field in (*DATA_FIELDS, "epochs", "width")) for name in names}
    if len(shared) != 1 or len(names) < 2:
        return []
    return [
        Arm(key=key, run=runs[name], name=name, short_name=lesson.shorts.get(name, name))
        for key, name in zip(ARMS, names, strict=False)
    ]
