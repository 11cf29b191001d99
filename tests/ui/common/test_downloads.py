"""A file is made once for what it is made of, and one at a time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import streamlit as st

from regdash.ui.common.downloads import once


@pytest.fixture(autouse=True)
def session(monkeypatch):
    """A session of one's own, as a page has it."""
    kept = {}
    monkeypatch.setattr(st, "session_state", kept)
    return kept


def test_a_file_is_made_once_however_often_it_is_asked_for():
    made = []
    for _ in range(3):  # a button's function is another one at each run of the page
        assert once("csv", ("a", 1), lambda: made.append(1) or "file")() == "file"
        assert once("csv", ("a", 1), lambda: made.append(1) or "file")() == "file"
    assert made == [1]


def test_nothing_is_made_before_it_is_asked_for():
    once("csv", 1, lambda: pytest.fail("not asked for"))


def test_another_source_makes_another_file_and_only_the_last_is_kept(session):
    for source in ("one", "other", "one"):
        assert once("csv", source, lambda source=source: f"of {source}")() == f"of {source}"
    assert once("xlsx", "one", lambda: b"table")() == b"table"
    assert session["downloads"] == {"csv": ("one", "of one"), "xlsx": ("one", b"table")}


def test_a_file_that_could_not_be_made_is_tried_again():
    with pytest.raises(ZeroDivisionError):
        once("csv", 1, lambda: str(1 // 0))()
    assert once("csv", 1, lambda: "file")() == "file"


def test_files_are_made_one_at_a_time():
    inside, most = [], []

    def make():
        inside.append(threading.get_ident())
        most.append(len(inside))
        time.sleep(0.01)
        inside.pop()
        return "file"

    with ThreadPoolExecutor(4) as pool:
        files = [once("csv", number, make) for number in range(8)]
        assert [file.result() for file in [pool.submit(file) for file in files]] == ["file"] * 8
    assert max(most) == 1
    assert len(most) == 8
