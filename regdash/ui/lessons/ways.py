"""Where one can go from a lesson. Pages know each other by `regdash.ui.common.places` alone, which hands this in."""

from collections.abc import Callable
from dataclasses import dataclass

from regdash.config import RunConfig
from regdash.study import StudySpec


@dataclass(frozen=True, kw_only=True)
class Ways:
    """How to open Explore with settings and a kind of curves, Study with a study, Class with a lesson's key."""

    explore: Callable[[RunConfig, str], object]
    study: Callable[[StudySpec], object]
    ask: Callable[[str], object]
