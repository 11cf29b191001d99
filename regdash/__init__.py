"""RegDash: a laboratory for the regularization of small neural networks. No Streamlit, no Plotly below this line."""

from regdash import article, data, export
from regdash.config import RunConfig
from regdash.ensemble import train_many
from regdash.errors import ConfigError, QueueFull, RegdashError, SnapshotError, TrainingCancelled
from regdash.results import Run
from regdash.training import train

__all__ = [
    "ConfigError",
    "QueueFull",
    "RegdashError",
    "Run",
    "RunConfig",
    "SnapshotError",
    "TrainingCancelled",
    "article",
    "data",
    "export",
    "train",
    "train_many",
]
