"""A look at a class: a few bytes, for anybody who has its code, that tell nothing of who said what."""

import json

import pytest
from starlette.requests import Request

from regdash.classes.codes import new_voter
from regdash.classes.looks import Looks
from regdash.classes.room import State
from regdash.classes.store import Store
from regdash.errors import ClassStoreError
from regdash.ui.classes import kept, route


@pytest.fixture
def store(tmp_path, monkeypatch):
    made = Store(tmp_path)
    monkeypatch.setattr("regdash.classes.looks.FRESH", 0.0)
    looks = Looks(made)
    monkeypatch.setattr(kept, "looks", lambda: looks)
    yield made
    made.close()


def asked(code):
    import anyio

    answer = anyio.run(route._answer, Request({"type": "http", "method": "GET", "path_params": {"code": code}}))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return json.loads(answer.body)


def test_it_counts_and_tells_no_choice(store):
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    for place in (0, 1, 1):
        store.vote(code, new_voter(), 1, place)
    assert asked(code.lower()) == {"version": 2, "joined": 3, "answered": 3, "after": 2.0, "over": False}
    store.end(code, key)
    assert asked(code)["over"]


@pytest.mark.parametrize("code", ["ZXWV", "x", "", "B" * 10_000, "../../etc/passwd"])
def test_what_no_class_has_is_over(store, code):
    assert store
    assert asked(code) == {"version": 0, "joined": 0, "answered": 0, "after": route.LATER, "over": True}


def test_where_the_store_cannot_be_read_browsers_look_again_later(store, monkeypatch):
    def broken(_):
        raise ClassStoreError("full")

    monkeypatch.setattr(store, "room", broken)
    assert asked("ZXWV") == {"after": route.LATER}


def test_it_lies_where_the_app_lies(monkeypatch):
    assert route.look().path == "/app/class/{code}"
    monkeypatch.setattr(route.st, "get_option", lambda _: "/under/")
    assert route.look().path == "/under/app/class/{code}"
