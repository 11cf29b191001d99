"""A permanent link read: what it says where that can be used, defaults and a note where not. Anybody may write one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import regdash.permalink.vocabulary as say
from regdash.config import FIELDS, RunConfig
from regdash.errors import ConfigError
from regdash.permalink.text import Texts, known_words
from regdash.permalink.view import Explore, Lesson, Lessons, Study, View, default_config, default_study
from regdash.study.spec import MAX_VALUES, NOT_SWEPT, StudySpec

SWEPT = tuple(name for name in FIELDS if name not in NOT_SWEPT)
TOO_LONG = "The link is longer than any that RegDash makes; all of it was ignored."
NO_LINK = "This is not a link as RegDash makes them; all of it was ignored."


def decode(query: str | Mapping[str, Any]) -> View:
    """The view that a link stands for. Never raises, whatever it is given, and looks at 8000 characters at most.

    query   the part behind "?", or all of the address; or its names, each with its value or a list of its values

    What cannot be used is at its default, and a sentence in the view's `notes` says so.
    """
    try:
        pairs = list(_pairs(query))
    except ValueError:
        return View(notes=(TOO_LONG,))
    except TypeError:
        return View(notes=(NO_LINK,))
    if not pairs:
        return View()
    texts = Texts(pairs)
    version = texts.all("v")
    if version != [say.VERSION]:
        return View(notes=(_wrong_version(version),))
    found = View(
        page=_page(texts),
        present=texts.flag("present", "Presenter mode"),
        controls=_presented(texts),
        hide=texts.listed("hide", "What is hidden", say.CONTROLS),
        lock=texts.listed("lock", "What is locked", say.CONTROLS),
        mark=texts.matching("mark", "The fingerprint", say.MARK),
    )
    texts.note_the_rest()
    return replace(found, notes=tuple(texts.notes))


def _presented(texts: Texts) -> tuple[str, ...]:
    label = "What stands below the picture"
    names = tuple(dict.fromkeys(texts.listed("controls", label, tuple(say.SETTINGS))))
    if len(names) <= say.MOST_PRESENTED:
        return names
    texts.ignored(label, f"{say.MOST_PRESENTED} settings at most")
    return ()


def _pairs(query: str | Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value, one after the other. Raises `ValueError` for too many or too long, `TypeError` for others."""
    if isinstance(query, str):
        if len(query) > 2 * say.LONGEST:  # an address has more than its query
            raise ValueError("too long")
        text = (query.partition("?")[2] if "?" in query else query).partition("#")[0].strip()
        pairs: Iterable[tuple[Any, Any]] = parse_qsl(text, keep_blank_values=True, max_num_fields=say.MOST_PARTS)
    elif isinstance(query, Mapping):
        pairs = _flat(query)
    else:
        raise TypeError("no query")
    room = say.LONGEST
    for count, (name, value) in enumerate(pairs):
        if not (isinstance(name, str) and isinstance(value, str)):
            raise TypeError("no text")
        room -= len(name) + len(value)
        if room < 0 or count >= say.MOST_PARTS:
            raise ValueError("too long")
        yield name, value


def _flat(query: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    if len(query) > say.MOST_PARTS:
        raise ValueError("too many")
    for name, value in query.items():
        if isinstance(value, list | tuple):
            yield from ((name, each) for each in value)
        else:
            yield name, value


def _wrong_version(version: list[str]) -> str:
    if len(version) == 1 and say.WHOLE.fullmatch(version[0]) and int(version[0]) > int(say.VERSION):
        return "This link was made by a newer RegDash, which this one cannot read; all of it was ignored."
    return NO_LINK


def _page(texts: Texts) -> Explore | Study | Lessons | Lesson:
    match texts.choice("page", "The page", say.PAGES, say.PAGES[0], needed=True):
        case "study":
            return _study(texts)
        case "lessons":
            return Lessons()
        case "lesson":
            return _lesson(texts)
        case _:
            return _explore(texts)


def _lesson(texts: Texts) -> Lessons | Lesson:
    worksheet, answer = texts.flag("worksheet", "The worksheet"), texts.flag("answer", "The answer")
    key = texts.one("lesson")
    try:
        return Lesson(key=key or "", worksheet=worksheet, answer=answer)
    except ConfigError:
        texts.notes.append("The lesson was ignored: its key must be small letters, digits and single hyphens.")
        return Lessons()


def _config(texts: Texts) -> RunConfig:
    """The settings. One that version 1 has and this link lacks is noted; a younger one was off in its time."""
    found, missing = {}, []
    for name, field in FIELDS.items():
        values = texts.all(name)
        if values:
            try:
                found[name] = value_of(name, texts.one(name))
            except ConfigError:
                texts.ignored(field.label, field.rule)
        elif name in say.SETTINGS:
            missing.append(field.label)
    if missing:
        texts.notes.append(f"The link is not whole: defaults stand in for {known_words(missing)}.")
    return default_config().but(**found)


def value_of(name: str, text: str | None) -> Any:
    """A setting's value from its text; raises `ConfigError` for all but what `encode` may write."""
    field = FIELDS[name]
    if field.choices:
        return field.check(name, text)
    pattern = say.WHOLE if field.kind is int else say.NUMBER
    if text is None or not pattern.fullmatch(text):
        raise ConfigError("no number as a link has them")
    return field.check(name, field.kind(text))


def _explore(texts: Texts) -> Explore:
    config = _config(texts)
    likely = say.SCENARIOS[0] if config == default_config() else say.NO_SCENARIO
    scenario = texts.choice("scenario", "Scenario", (*say.SCENARIOS, say.NO_SCENARIO), likely)
    return Explore(
        config=config,
        scenario=None if scenario == say.NO_SCENARIO else scenario,
        arms=texts.listed("arms", "Networks in the race", say.ARMS) or Explore().arms,
        view=texts.choice("view", "Curves", say.VIEWS, say.VIEWS[0]),
        epoch=texts.whole("epoch", "The epoch", 1, config.epochs),
        pins=_pins(texts, config),
    )


def _pins(texts: Texts, config: RunConfig) -> tuple[tuple[int, RunConfig], ...]:
    try:
        pins = tuple(_pin(text, config) for text in texts.all("pin"))
        return Explore(pins=pins).pins
    except ConfigError:
        texts.notes.append("Pinned runs were ignored: they must be as this page writes them.")
        return ()


def _pin(text: str, config: RunConfig) -> tuple[int, RunConfig]:
    number, *parts = text.split(say.JOIN)
    changes: dict[str, Any] = {}
    for part in parts:
        name, _, value = part.partition("-")
        if name not in FIELDS or name in changes:
            raise ConfigError("no setting, or one that was said before")
        changes[name] = value_of(name, value)
    if not say.WHOLE.fullmatch(number):
        raise ConfigError("no number of a pin")
    return int(number), config.but(**changes)


def _study(texts: Texts) -> Study:
    spec = _spec(texts, _config(texts))
    along, at = _part(texts, spec)
    return Study(
        spec=spec,
        metric=texts.choice("metric", "Judged by", say.METRICS, say.METRICS[0]),
        along=along,
        at=at,
        baseline=texts.whole("baseline", "The value compared with", 0, spec.n_cells - 1) or 0,
        curves=texts.choice("curves", "Curves", say.CURVES, say.CURVES[0]),
        differences=texts.choice("differences", "Differences", say.DIFFERENCES, say.DIFFERENCES[0]),
    )


def _part(texts: Texts, spec: StudySpec) -> tuple[str, int]:
    """Which part of the grid the charts show: the setting along the axis, and where the other one stands."""
    if texts.all("along"):
        along, _, at = (texts.one("along") or "").partition(say.JOIN)
        try:
            if say.WHOLE.fullmatch(at) and along:
                return along, Study(spec=spec, along=along, at=int(at)).at
        except ConfigError:
            pass  # noted below, as what has no such form
        texts.ignored("Which part of the grid the charts show", "one that the study has")
    return spec.fields[0], 0


def _spec(texts: Texts, base: RunConfig) -> StudySpec:
    sweep = _sweep(texts, "sweep", "values", "Vary") or dict(say.SWEEP)
    if texts.all("sweep2") or texts.all("values2"):
        second = _sweep(texts, "sweep2", "values2", "And vary")
        if second.keys() & sweep.keys():
            texts.ignored("And vary", "another setting than the first")
        else:
            sweep |= second
    data_seeds = texts.choice("data_seeds", "Data", say.DATA_SEEDS, say.DATA_SEEDS[0])
    seeds = _seeds(texts)
    try:
        return StudySpec(base=base, sweep=sweep, seeds=seeds, data_seeds=data_seeds)
    except ConfigError:
        texts.ignored("The study", "one that fits into memory")
        return default_study().but(base=base, seeds=say.SEEDS)


def _seeds(texts: Texts) -> Any:
    if not texts.all("seed_list"):
        return texts.whole("seeds", "Seeds", 1, say.MOST_SEEDS) or say.SEEDS
    try:
        found = tuple(value_of("seed", text) for text in (texts.one("seed_list") or "").split(say.JOIN))
    except ConfigError:
        found = ()
    if not 1 <= len(found) <= say.MOST_SEEDS or len(set(found)) < len(found):
        texts.ignored("Seeds", f"1 to {say.MOST_SEEDS} different whole numbers")
        return say.SEEDS
    return found


def _sweep(texts: Texts, name: str, values: str, label: str) -> dict[str, tuple[Any, ...]]:
    """One swept setting and its values; {} where they cannot be used."""
    field, listed = texts.one(name), (texts.one(values) or "").split(say.JOIN)
    if field not in SWEPT:
        texts.ignored(label, "a setting that can be swept")
        return {}
    try:
        found = tuple(value_of(field, text) for text in listed)
        return dict(StudySpec(base=default_config(), sweep={field: found}, seeds=1).sweep)
    except ConfigError:
        rule = f"1 to {MAX_VALUES} different ones, each {FIELDS[field].rule}"
        texts.ignored(f"Values of {FIELDS[field].label.lower()}", rule)
        return {}
