"""A queue whose trainings wait for the test."""

from collections.abc import Iterator

import pytest

from regdash.serving.studies import StudyQueue
from tests.serving.studies.stub import Stub


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def studies(stub: Stub) -> Iterator[StudyQueue]:
    with StudyQueue(runner=stub, max_waiting=4) as studies:
        yield studies
        stub.go.set()
