"""Every error RegDash raises on purpose.

RegdashError
├── ClassError         a class cannot be used as asked: it is over, full, unknown, voting is closed, …
│   ├── NoSuchClass    no class has this code (also a LookupError)
│   └── ClassStoreError  the file that holds the classes cannot be read or written
├── ClusterUnreachable the scheduler of a cluster cannot be reached; the study can run on this machine instead
├── ConfigError        a setting is out of range, of the wrong type or unknown (also a ValueError)
│   └── StudyError     a study's grid or seeds cannot be used
│       └── StudyTooLarge  the study is valid, but costs more than this place allows
├── QueueFull          too many trainings wait already; ask again in a moment
├── SnapshotError      a boundary was asked for at an epoch whose weights were not kept (also a LookupError)
└── TrainingCancelled  raised by a progress callable to stop a training; passes through unchanged

A value that was refused stands in the message as `shown` writes it.
"""

from collections.abc import Iterable, Iterator

ROOM = 60  # characters of a value in a message


class RegdashError(Exception):
    """Base class: catch this to catch everything RegDash raises on purpose."""


class ConfigError(RegdashError, ValueError):
    """A setting that cannot be used. The message names the field, the value and the rule."""


class StudyError(ConfigError):
    """A study that cannot be run as described. The message names the field, the value, the rule and the remedy."""


class StudyTooLarge(StudyError):
    """A study that costs more than this place allows. The message says how much, the limit and what to reduce."""


class ClassError(RegdashError):
    """A class that cannot be used as asked. The message says why, in words for whoever asked."""


class NoSuchClass(ClassError, LookupError):
    """No class has this code, or no longer."""


class ClassStoreError(ClassError):
    """The file that holds the classes cannot be read or written. The message says what is wrong with it."""


class ClusterUnreachable(RegdashError):
    """The cluster's scheduler does not answer. The message is one sentence that names its address."""


class QueueFull(RegdashError):
    """Too many trainings wait already. The message says how many and what to do."""


class SnapshotError(RegdashError, LookupError):
    """The weights of the epoch asked for were not kept."""


class TrainingCancelled(RegdashError):
    """The caller no longer wants the result."""


def shown(value: object) -> str:
    """A value as Python writes it, for a message; at most `ROOM` characters, "..." at the end where it was cut.

    However long or deep a list is, no more of it is written than is shown. What Python cannot write, such as a whole
    number of thousands of digits, is shown by its type: `<int>`. All of this is the same in every version of Python;
    what `reprlib` gives is not.
    """
    text = ""
    for piece in _pieces(value):
        text += piece
        if len(text) > ROOM:
            return text[: ROOM - 3] + "..."
    return text


def _pieces(value: object) -> Iterator[str]:
    """What `repr` gives, bit by bit, so that whoever asks can stop."""
    if type(value) is list:
        yield from _listed("[", value, "]")
    elif type(value) is tuple:
        yield from _listed("(", value, ",)" if len(value) == 1 else ")")
    elif type(value) is set and value:
        yield from _listed("{", value, "}")
    elif type(value) is dict:
        yield "{"
        for position, (key, item) in enumerate(value.items()):
            yield ", " if position else ""
            yield from _pieces(key)
            yield ": "
            yield from _pieces(item)
        yield "}"
    else:
        yield _written(value)


def _listed(opening: str, items: Iterable[object], closing: str) -> Iterator[str]:
    yield opening
    for position, item in enumerate(items):
        yield ", " if position else ""
        yield from _pieces(item)
    yield closing


def _written(value: object) -> str:
    try:
        return repr(value)
    except Exception:  # whatever went wrong in there, the message that is being written must not fail for it
        return f"<{type(value).__name__}>"
