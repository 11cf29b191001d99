"""A view as a permanent link."""

from collections.abc import Iterator
from urllib.parse import urlencode

import regdash.permalink.vocabulary as say
from regdash.config import RunConfig
from regdash.errors import ConfigError
from regdash.permalink.view import Explore, Lesson, Lessons, Study, View
from regdash.study.spec import StudySpec

Parts = Iterator[tuple[str, str]]


def encode(view: View) -> str:
    """The query of the link to `view`, without "?": `decode` gives the same view back.

    Raises `ConfigError` where it would be longer than 8000 characters, which only a study of hundreds of seeds that do
    not follow each other comes to.
    """
    query = urlencode([("v", say.VERSION), *_page(view.page), *_around(view)], safe=say.JOIN)
    if len(query) > say.LONGEST:
        raise ConfigError(f"a link to this would have {len(query):,} characters; {say.LONGEST:,} is the limit")
    return query


def text_of(value: object) -> str:
    """A setting's value to the last bit: Python writes the shortest digits that give the same number back."""
    return value if isinstance(value, str) else repr(value)


def _page(page: Explore | Study | Lessons | Lesson) -> Parts:
    match page:
        case Explore():
            yield "page", "explore"
            yield from _explore(page)
        case Study():
            yield "page", "study"
            yield from _study(page)
        case Lesson():
            yield "page", "lesson"
            yield "lesson", page.key
            yield from ((name, "true") for name in ("worksheet", "answer") if getattr(page, name))
        case Lessons():
            yield "page", "lessons"


def _around(view: View) -> Parts:
    if view.present:
        yield "present", "true"
    for name in ("controls", "hide", "lock"):
        if getattr(view, name):
            yield name, say.JOIN.join(getattr(view, name))
    if view.mark:
        yield "mark", view.mark


def _settings(config: RunConfig) -> Parts:
    yield from ((name, text_of(getattr(config, name))) for name in config.__dataclass_fields__)


def _explore(page: Explore) -> Parts:
    yield from _settings(page.config)
    yield "scenario", page.scenario or say.NO_SCENARIO
    yield "arms", say.JOIN.join(page.arms)
    yield "view", page.view
    if page.epoch is not None:
        yield "epoch", str(page.epoch)
    for number, config in page.pins:
        yield "pin", say.JOIN.join([str(number), *_differences(config, page.config)])


def _differences(config: RunConfig, other: RunConfig) -> Iterator[str]:
    """What a pin has other than the link's own settings, which stand in the same link: no default has a say."""
    for name in config.__dataclass_fields__:
        if getattr(config, name) != getattr(other, name):
            yield f"{name}-{text_of(getattr(config, name))}"


def _study(page: Study) -> Parts:
    spec = page.spec
    yield from _settings(spec.base)
    for (name, values), suffix in zip(spec.sweep, ("", "2"), strict=False):
        yield f"sweep{suffix}", name
        yield f"values{suffix}", say.JOIN.join(map(text_of, values))
    if spec.seeds == _counted(spec):
        yield "seeds", str(spec.n_seeds)
    else:
        yield "seed_list", say.JOIN.join(map(str, spec.seeds))
    yield "data_seeds", spec.data_seeds
    yield "metric", page.metric
    yield "along", f"{page.along}{say.JOIN}{page.at}"
    yield "baseline", str(page.baseline)
    yield "curves", page.curves
    yield "differences", page.differences


def _counted(spec: StudySpec) -> tuple[int, ...]:
    """As many seeds, counted from the base's own."""
    counted: tuple[int, ...] = spec.but(seeds=spec.n_seeds).seeds
    return counted
