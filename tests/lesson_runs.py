"""The runs of every lesson, trained once for all tests that need them."""

from functools import cache

from regdash import Run, article, train_many
from regdash.teaching.lessons import LESSONS


@cache
def replayed() -> dict[str, Run]:
    """The article's runs."""
    return article.replay()


@cache
def runs_of(key: str) -> dict[str, Run]:
    """All runs of a lesson by name, with their weights."""
    lesson = LESSONS[key]
    own = train_many(list(lesson.trains.values()))
    return {name: replayed()[name] for name in lesson.replays} | dict(zip(lesson.trains, own, strict=True))
