"""The article's runs, replayed once for many threads: in order, with errors that reach who waits, and a clean end."""

import threading

import numpy as np
import pytest

from regdash import article
from regdash.errors import RegdashError, TrainingCancelled
from regdash.serving.replays import Replays


def test_the_runs_are_the_articles_bit_for_bit():
    replays = Replays()
    found = None
    while found is None:
        found = replays.runs(("demo-2", "demo-1"), 0.2)
    replays.close()
    wanted = article.replay()
    assert list(found) == ["demo-2", "demo-1"]
    for key, run in found.items():
        np.testing.assert_array_equal(run.curves, wanted[key].curves)


def test_the_first_run_is_there_before_the_last():
    go_on = threading.Event()

    def source(_progress):
        yield "a", 1
        go_on.wait(10)
        yield "b", 2

    replays = Replays(source)
    assert replays.runs(("a",), 10) == {"a": 1}
    assert replays.runs(("a", "b"), 0.01) is None
    go_on.set()
    assert replays.runs(("b", "a"), 10) == {"b": 2, "a": 1}
    with pytest.raises(KeyError, match="no run called c"):
        replays.runs(("c",), 10)
    replays.close()


def test_many_threads_share_one_replay():
    begun = []

    def source(_progress):
        begun.append(1)
        yield "a", 1

    replays = Replays(source)
    threads = [threading.Thread(target=replays.runs, args=(("a",), 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replays.runs(("a",), 10) == {"a": 1}
    assert begun == [1]


def test_an_error_reaches_who_waits_and_the_next_one_tries_again():
    tries = []

    def source(_progress):
        tries.append(1)
        if len(tries) == 1:
            raise ValueError("once")
        yield "a", 1

    replays = Replays(source)
    with pytest.raises(ValueError, match="once"):
        replays.runs(("a",), 10)
    assert replays.runs(("a",), 10) == {"a": 1}


def test_close_stops_it_within_an_epoch():
    running, stopped = threading.Event(), []

    def source(progress):
        running.set()
        try:
            while True:
                progress(1, 2)
        except TrainingCancelled:
            stopped.append(1)
            raise
        yield "a", 1

    replays = Replays(source)
    replays.begin()
    running.wait(10)
    replays.close()
    assert stopped == [1]
    with pytest.raises(RegdashError, match="closed"):
        replays.begin()
