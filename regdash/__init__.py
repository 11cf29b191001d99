"""RegDash: a laboratory for the regularization of small neural networks. No Streamlit, no Plotly below this line."""

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
