"""The runs of all lessons, as fixtures."""

from collections.abc import Callable

import pytest

from regdash import Run
from tests import lesson_runs


@pytest.fixture(scope="session")
def replayed() -> dict[str, Run]:
    return lesson_runs.replayed()


@pytest.fixture(scope="session")
def runs_of() -> Callable[[str], dict[str, Run]]:
    return lesson_runs.runs_of
