"""RegDash: a laboratory for the regularization of small neural networks. No Streamlit, no Plotly below this line.

A public name is imported when it is first asked for: torch takes seconds, in which a server that imports it first could
not answer a browser (PEP 562; the scientific Python packages do the same, see SPEC 1).
"""

from importlib import import_module
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regdash import data, export, permalink, study
    from regdash.config import RunConfig
    from regdash.ensemble import train_many
    from regdash.errors import (
        ClusterUnreachable,
        ConfigError,
        QueueFull,
        RegdashError,
        SnapshotError,
        StudyError,
        StudyTooLarge,
        TrainingCancelled,
    )
    from regdash.results import Run
    from regdash.study import StudyResult, StudySpec, run_study
    from regdash.teaching import article
    from regdash.training import train

__all__ = [
    "ClusterUnreachable",
    "ConfigError",
    "QueueFull",
    "RegdashError",
    "Run",
    "RunConfig",
    "SnapshotError",
    "StudyError",
    "StudyResult",
    "StudySpec",
    "StudyTooLarge",
    "TrainingCancelled",
    "article",
    "data",
    "export",
    "permalink",
    "run_study",
    "study",
    "train",
    "train_many",
]

_HOMES = MappingProxyType(
    {
        "ClusterUnreachable": "errors",
        "ConfigError": "errors",
        "QueueFull": "errors",
        "RegdashError": "errors",
        "Run": "results",
        "RunConfig": "config",
        "SnapshotError": "errors",
        "StudyError": "errors",
        "StudyResult": "study",
        "StudySpec": "study",
        "StudyTooLarge": "errors",
        "TrainingCancelled": "errors",
        "run_study": "study",
        "train": "training",
        "train_many": "ensemble",
    }
)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"regdash.{_HOMES[name]}"), name)
    module = "regdash.teaching.article" if name == "article" else f"regdash.{name}"
    if find_spec(module):
        return import_module(module)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
