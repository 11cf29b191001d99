"""The threads of studies step aside for short trainings, but not for ever."""

import threading
import time

import pytest

from regdash.serving.studies import LocalPool, pool
from tests.serving.studies.stub import PATIENCE


def test_a_local_pool_steps_aside_until_the_machine_is_free():
    busy = threading.Event()
    busy.set()
    with LocalPool(busy.is_set, workers=1) as pool_of_one:
        future = pool_of_one.submit(time.monotonic)
        time.sleep(0.05)
        freed = time.monotonic()
        busy.clear()
        assert future.result(PATIENCE) >= freed


@pytest.mark.slow
def test_a_local_pool_goes_on_even_if_the_machine_is_never_free(monkeypatch):
    monkeypatch.setattr(pool, "ASIDE", 0.02)
    with LocalPool(lambda: True, workers=2) as busy_pool:
        assert [future.result(PATIENCE) for future in [busy_pool.submit(abs, -n) for n in range(4)]] == [0, 1, 2, 3]


def test_a_local_pool_that_is_shut_down_does_not_wait_for_the_machine(monkeypatch):
    monkeypatch.setattr(pool, "ASIDE", 10 * PATIENCE)
    busy_pool = LocalPool(lambda: True, workers=1)
    future = busy_pool.submit(abs, -1)
    busy_pool.shutdown()
    assert future.result(0) == 1
