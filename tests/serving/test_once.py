import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from regdash.serving.once import Once


def test_many_threads_at_once_get_the_same_one():
    made, ready = [], threading.Barrier(8)

    @Once
    def thing():
        """A thing."""
        made.append(object())
        return made[-1]

    def ask(_):
        ready.wait()
        return thing()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert len(made) == 1
    assert set(found) == {made[0]}
    assert thing.__doc__ == "A thing."


def test_nothing_is_a_thing_too():
    calls = []
    nothing = Once(lambda: calls.append(1))
    assert nothing() is None
    assert nothing() is None
    assert len(calls) == 1


def test_after_an_error_the_next_one_tries_again():
    outcomes = [ZeroDivisionError(), 7]

    def make():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    thing = Once(make)
    with pytest.raises(ZeroDivisionError):
        thing()
    assert thing() == 7


@pytest.mark.slow
def test_it_is_closed_when_the_process_ends():
    script = "from regdash.serving.once import Once\nOnce(lambda: 'thing', lambda thing: print('closed', thing))()"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, encoding="utf-8", check=True)
    assert ended.stdout.strip() == "closed thing"


def test_what_streamlit_clears_is_not_what_a_process_has_one_of():
    import streamlit as st

    from regdash.ui.common import cache

    before = cache.batcher(), cache.kept()
    st.cache_resource.clear()
    st.cache_data.clear()
    assert (cache.batcher(), cache.kept()) == before
    assert not cache.batcher()._closed
