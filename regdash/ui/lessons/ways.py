"""Where one can go from a lesson. Pages know each other by `regdash.ui.common.places` alone, which hands this in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regdash.config import RunConfig
from regdash.study import StudySpec


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The page itself, for links to its views; and how to open Explore with settings, Study with a study."""

    here: Any
    explore: Callable[[RunConfig], object]
    study: Callable[[StudySpec], object]
