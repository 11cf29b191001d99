"""Every error RegDash raises on purpose.

RegdashError
├── ClusterUnreachable the scheduler of a cluster cannot be reached; the study can run on this machine instead
├── ConfigError        a setting is out of range, of the wrong type or unknown (also a ValueError)
│   └── StudyError     a study's grid or seeds cannot be used
│       └── StudyTooLarge  the study is valid, but costs more than this place allows
├── QueueFull          too many trainings wait already; ask again in a moment
├── SnapshotError      a boundary was asked for at an epoch whose weights were not kept (also a LookupError)
└── TrainingCancelled  raised by a progress callable to stop a training; passes through unchanged
"""


class RegdashError(Exception):
    """Base class: catch this to catch everything RegDash raises on purpose."""


class ConfigError(RegdashError, ValueError):
    """A setting that cannot be used. The message names the field, the value and the rule."""


class StudyError(ConfigError):
    """A study that cannot be run as described. The message names the field, the value, the rule and the remedy."""


class StudyTooLarge(StudyError):
    """A study that costs more than this place allows. The message says how much, the limit and what to reduce."""


class ClusterUnreachable(RegdashError):
    """The cluster's scheduler does not answer. The message is one sentence that names its address."""


class QueueFull(RegdashError):
    """Too many trainings wait already. The message says how many and what to do."""


class SnapshotError(RegdashError, LookupError):
    """The weights of the epoch asked for were not kept."""


class TrainingCancelled(RegdashError):
    """The caller no longer wants the result."""
