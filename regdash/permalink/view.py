"""What a permanent link stands for: a page, and all that determines what is seen on it.

Each class checks what it is given and raises `ConfigError`, so that every view there is has a link.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import regdash.permalink.vocabulary as say
from regdash.config import RunConfig
from regdash.errors import ConfigError, shown
from regdash.study.spec import StudySpec


def default_config() -> RunConfig:
    """What a link means that says nothing of the settings."""
    return RunConfig(**say.SETTINGS)


def default_study() -> StudySpec:
    """What a link means that says nothing of the study."""
    return StudySpec(base=default_config(), sweep=dict(say.SWEEP), seeds=say.SEEDS)


@dataclass(frozen=True, kw_only=True)
class Explore:
    """The Explore page.

    config    what the sidebar says
    scenario  the ready-made settings that were chosen, a key; None for none
    arms      the networks in the race, keys, at least one; kept in their own order
    view      which curves, a key
    epoch     where the picture stands, 1 to `config.epochs`; None after the last epoch
    pins      up to six pinned settings by number (1 to 9999), in the order pinned
    """

    config: RunConfig = field(default_factory=default_config)
    scenario: str | None = say.SCENARIOS[0]
    arms: tuple[str, ...] = ("none", "yours")
    view: str = say.VIEWS[0]
    epoch: int | None = None
    pins: tuple[tuple[int, RunConfig], ...] = ()

    def __post_init__(self) -> None:
        _check("config", self.config, isinstance(self.config, RunConfig), "a RunConfig")
        _one_of("scenario", self.scenario, (None, *say.SCENARIOS))
        object.__setattr__(self, "arms", _ordered("arms", self.arms, say.ARMS))
        _check("arms", self.arms, len(self.arms) > 0, "at least one network")
        _one_of("view", self.view, say.VIEWS)
        if self.epoch is not None:
            _whole("epoch", self.epoch, 1, self.config.epochs)
        pairs = isinstance(self.pins, tuple) and all(isinstance(pin, tuple) and len(pin) == 2 for pin in self.pins)
        _check("pins", self.pins, pairs and len(self.pins) <= say.MOST_PINS, f"up to {say.MOST_PINS} pairs")
        for number, config in self.pins:
            _whole("number of a pin", number, 1, say.MOST_PIN_NUMBER)
            _check("pin", config, isinstance(config, RunConfig), "a RunConfig")
        _check("pins", self.pins, len(dict(self.pins)) == len(self.pins), "pins with a number of their own each")


@dataclass(frozen=True, kw_only=True)
class Study:
    """The Study page.

    spec         the study, of up to 1000 seeds
    metric       what it is judged by, a key
    along        of a grid of two settings, the one that runs along the axis of the charts; "" is the first
    at           the position, in the other one's values, of the value at which that stands still; 0 if there is none
    baseline     the cell that the others are compared with, counted as in `StudySpec.cells`
    curves       which curves, a key
    differences  how the differences from the baseline are shown, a key
    """

    spec: StudySpec = field(default_factory=default_study)
    metric: str = say.METRICS[0]
    along: str = ""
    at: int = 0
    baseline: int = 0
    curves: str = say.CURVES[0]
    differences: str = say.DIFFERENCES[0]

    def __post_init__(self) -> None:
        _check("spec", self.spec, isinstance(self.spec, StudySpec), "a StudySpec")
        few = self.spec.n_seeds <= say.MOST_SEEDS
        _check("seeds", self.spec.n_seeds, few, f"{say.MOST_SEEDS} at most in a link")
        _one_of("metric", self.metric, say.METRICS)
        _one_of("curves", self.curves, say.CURVES)
        _one_of("differences", self.differences, say.DIFFERENCES)
        object.__setattr__(self, "along", self.along or self.spec.fields[0])
        _one_of("along", self.along, self.spec.fields)
        others = [len(values) for name, values in self.spec.sweep if name != self.along]
        _whole("at", self.at, 0, max(others, default=1) - 1)
        _whole("baseline", self.baseline, 0, self.spec.n_cells - 1)


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """The list of all lessons."""


@dataclass(frozen=True, kw_only=True)
class Lesson:
    """One lesson.

    key        its key: small letters, digits and single hyphens; whether there is one only the page knows
    worksheet  its worksheet instead
    answer     with what follows the question in view, as somebody sees it who has answered
    """

    key: str
    worksheet: bool = False
    answer: bool = False

    def __post_init__(self) -> None:
        good = isinstance(self.key, str) and len(self.key) <= say.LONGEST_KEY and say.LESSON_KEY.fullmatch(self.key)
        _check("lesson", self.key, bool(good), "small letters, digits and single hyphens")
        for name in ("worksheet", "answer"):
            _check(name, getattr(self, name), isinstance(getattr(self, name), bool), "True or False")


@dataclass(frozen=True, kw_only=True)
class View:
    """What one link stands for.

    page      an `Explore`, `Study`, `Lessons` or `Lesson`
    present   in presenter mode
    controls  up to three settings whose controls stand below the picture then, in this order; (): the usual ones
    hide      controls that are not shown, and stand still; in the order of `vocabulary.CONTROLS`
    lock      controls that are shown, and stand still; none that is hidden
    mark      what the results were where the link was made, see `regdash.permalink.mark`; "" if it does not say
    notes     from `decode`: a sentence for each thing that could not be used. They never repeat what the link says
    """

    page: Explore | Study | Lessons | Lesson = field(default_factory=Explore)
    present: bool = False
    controls: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    mark: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        _check("page", self.page, isinstance(self.page, Explore | Study | Lessons | Lesson), "one of the four pages")
        _check("present", self.present, isinstance(self.present, bool), "True or False")
        few = len(_ordered("controls", self.controls, tuple(say.SETTINGS))) == len(self.controls) <= say.MOST_PRESENTED
        _check("controls", self.controls, few, f"up to {say.MOST_PRESENTED} settings, each once")
        object.__setattr__(self, "controls", tuple(self.controls))
        object.__setattr__(self, "hide", _ordered("hide", self.hide, say.CONTROLS))
        lock = _ordered("lock", self.lock, say.CONTROLS)
        object.__setattr__(self, "lock", tuple(name for name in lock if name not in self.hide))
        good = isinstance(self.mark, str) and (not self.mark or say.MARK.fullmatch(self.mark))
        _check("mark", self.mark, bool(good), "as `regdash.permalink.mark` makes it")

    @property
    def fixed(self) -> frozenset[str]:
        """The controls that stand still."""
        return frozenset({*self.hide, *self.lock})


def _check(name: str, value: object, good: bool, rule: str) -> None:
    if not good:
        raise ConfigError(f"{name}={shown(value)} cannot be used: it must be {rule}")


def _one_of(name: str, value: object, known: Collection[Any]) -> None:
    good = (value is None or isinstance(value, str)) and value in known
    _check(name, value, good, "one of " + ", ".join(map(str, known)))


def _whole(name: str, value: object, low: int, high: int) -> None:
    good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    _check(name, value, good, f"a whole number from {low} to {high}")


def _ordered(name: str, values: Any, known: tuple[str, ...]) -> tuple[str, ...]:
    """`values`, each once, in the order of `known`."""
    listed = isinstance(values, tuple | list) and all(isinstance(value, str) and value in known for value in values)
    _check(name, values, listed, "some of " + ", ".join(known))
    return tuple(each for each in known if each in values)
