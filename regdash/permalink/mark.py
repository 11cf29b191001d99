"""The fingerprint of what was computed: whoever opens a link learns whether the numbers are the same here.

They need not be. PyTorch gives other bits in other versions and on other kinds of processors; so a mark holds, beside a
hash of the numbers, a hash of the settings and what it was computed with.
"""

import hashlib
import platform
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import torch

import regdash.permalink.vocabulary as say
from regdash.config import RunConfig
from regdash.permalink.writing import text_of
from regdash.results import Run
from regdash.study.result import StudyResult

METRIC = "fresh_accuracy"  # of a study: if one of its runs ends elsewhere, this differs


class Likeness(Enum):
    """How what is seen here is related to what was shared."""

    IDENTICAL = "identical"
    OTHER_SETTINGS = "other settings"
    OTHER_NUMBERS = "other numbers"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark as its parts: hashes of settings and numbers, PyTorch's version, and the machine's architecture."""

    settings: str
    numbers: str
    torch: str
    machine: str

    @property
    def text(self) -> str:
        """As a link says it."""
        return say.JOIN.join([self.settings, self.numbers, self.torch, self.machine])

    def likeness(self, other: "Mark") -> Likeness:
        """What `other` is to this one."""
        if self.settings != other.settings:
            return Likeness.OTHER_SETTINGS
        return Likeness.IDENTICAL if self.numbers == other.numbers else Likeness.OTHER_NUMBERS


def read(text: str) -> Mark | None:
    """The mark that a link says; None if it says none."""
    if not say.MARK.fullmatch(text):
        return None
    settings, numbers, version, machine = text.split(say.JOIN)
    return Mark(settings=settings, numbers=numbers, torch=version, machine=machine)


def of_runs(runs: Sequence[Run]) -> Mark:
    """The mark of some runs: their curves, and the last boundary's accuracy, to the last bit."""
    numbers = hashlib.sha256()
    for run in runs:
        numbers.update(np.ascontiguousarray(run.curves, dtype="<f8").tobytes())
        numbers.update(np.array(run.test_accuracy, dtype="<f8").tobytes())
    return _mark([settings for run in runs for settings in _settings(run.config)], numbers.hexdigest())


def of_study(result: StudyResult) -> Mark:
    """The mark of a whole study: every run's accuracy on fresh data."""
    spec = result.spec
    said = [*_settings(spec.base), repr(spec.sweep), repr(spec.seeds), spec.data_seeds]
    values = np.ascontiguousarray(result.values(METRIC), dtype="<f8").tobytes()
    return _mark(said, hashlib.sha256(values).hexdigest())


def _settings(config: RunConfig) -> Iterable[str]:
    """All that version 1 knows, and what is not at its default of what has been added since: so marks stay valid."""
    plain = RunConfig()
    for name in config.__dataclass_fields__:
        value = getattr(config, name)
        if name in say.SETTINGS or value != getattr(plain, name):
            yield f"{name}={text_of(value)}"


def _mark(said: Sequence[str], numbers: str) -> Mark:
    settings = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return Mark(
        settings=settings[:6], numbers=numbers[:12], torch=_word(torch.__version__.partition("+")[0]),
        machine=_word(platform.machine()),
    )  # fmt: skip


def _word(text: str) -> str:
    """As a link may say it."""
    return re.sub(r"[^0-9A-Za-z._]", ".", text)[:20] or "unknown"
