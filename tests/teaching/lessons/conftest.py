"""The runs of all lessons, trained once for these tests."""

from collections.abc import Callable

import pytest

from regdash import Run, article, train_many
from regdash.teaching.lessons import LESSONS, Lesson


@pytest.fixture(scope="session")
def replayed() -> dict[str, Run]:
    return article.replay()


@pytest.fixture(scope="session")
def runs_of(replayed: dict[str, Run]) -> Callable[[str], dict[str, Run]]:
    kept: dict[str, dict[str, Run]] = {}

    def make(key: str) -> dict[str, Run]:
        lesson: Lesson = LESSONS[key]
        if key not in kept:
            own = train_many(list(lesson.trains.values()))
            kept[key] = {name: replayed[name] for name in lesson.replays} | dict(zip(lesson.trains, own, strict=True))
        return kept[key]

    return make
