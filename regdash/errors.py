"""Every error RegDash raises on purpose.

RegdashError
├── ConfigError        a setting is out of range, of the wrong type or unknown (also a ValueError)
├── QueueFull          too many trainings wait already; ask again in a moment
├── SnapshotError      a boundary was asked for at an epoch whose weights were not kept (also a LookupError)
└── TrainingCancelled  raised by a progress callable to stop a training; passes through unchanged
"""


class RegdashError(Exception):
    """Base class: catch this to catch everything RegDash raises on purpose."""


class ConfigError(RegdashError, ValueError):
    """A setting that cannot be used. The message names the field, the value and the rule."""


class QueueFull(RegdashError):
    """Too many trainings wait already. The message says how many and what to do."""


class SnapshotError(RegdashError, LookupError):
    """The weights of the epoch asked for were not kept."""


class TrainingCancelled(RegdashError):
    """The caller no longer wants the result."""
