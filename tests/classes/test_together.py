"""Many threads and several processes vote at once, one is killed meanwhile: each voter counts once, nothing is lost."""

import threading
import time

import pytest

from regdash.classes.codes import new_voter
from regdash.classes.looks import Looks
from regdash.classes.room import State
from regdash.classes.store import Store
from regdash.errors import ClassError, ClassStoreError
from tests.classes.apart import go, started

VOTES = """
code, choices, *voters = words
for choice in map(int, choices):
    for voter in voters:
        store.vote(code, voter, 1, choice)
        print(voter, choice, flush=True)
"""


@pytest.mark.slow
def test_processes_that_vote_at_once_count_every_voter_once_also_when_one_is_killed(tmp_path):
    store = Store(tmp_path)
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    groups = [[new_voter() for _ in range(40)] for _ in range(4)]
    shared = [new_voter() for _ in range(10)]  # browsers whose tabs are on two replicas
    processes = [started(VOTES, tmp_path, code, "01", *group, *shared) for group in groups]
    for process in processes:
        go(process)
    first = processes[0]
    said = [first.stdout.readline() for _ in range(30)]
    first.kill()
    said += first.communicate()[0].splitlines(keepends=True)
    for process in processes[1:]:
        assert process.communicate(timeout=120)[0].count("\n") == 100
        assert process.returncode == 0
    taken = {line.split()[0]: int(line.split()[1]) for line in said if line.endswith("\n") and " " in line}
    for voter in groups[0][:29]:
        assert store.answer(code, voter, 1) is not None, "what was said to be in is in"
    expected = len({*groups[1], *groups[2], *groups[3], *shared})
    room = store.room(code)
    assert expected + len({*taken} & {*groups[0]}) <= room.answered <= expected + len(groups[0])
    again = Store(tmp_path)  # a restart
    assert again.counts(code, key)[0].votes == store.counts(code, key)[0].votes
    assert sum(again.counts(code, key)[0].votes) == room.answered
    assert all(again.answer(code, voter, 1) == 1 for group in groups[1:] for voter in group)
    store.close()
    again.close()


def test_closed_is_closed_for_all_threads_from_one_moment_on(tmp_path):
    """What is counted at the close is what is counted at the end."""
    store = Store(tmp_path)
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    taken, refused, stop = [], [], threading.Event()

    def vote():
        while not stop.is_set():
            voter = new_voter()
            try:
                store.vote(code, voter, 1, 2)
            except ClassError as error:
                if str(error) != "voting is closed":
                    continue  # too many at once, or the class is full: that ends nothing
                refused.append(str(error))
                return
            taken.append(voter)

    threads = [threading.Thread(target=vote) for _ in range(8)]
    for thread in threads:
        thread.start()
    while len(taken) < 50:
        time.sleep(0.01)
    store.step(code, key, 1, State.CLOSED)
    at_the_close = store.counts(code, key)[0].votes
    for thread in threads:
        thread.join()
    stop.set()
    assert refused == ["voting is closed"] * 8
    assert store.counts(code, key)[0].votes == at_the_close == (0, 0, len(taken))
    store.close()


def test_250_who_look_at_once_ask_the_store_once(tmp_path, monkeypatch):
    store = Store(tmp_path)
    code, _ = store.start("demo-3", 3)
    asked = []
    room = store.room
    monkeypatch.setattr(store, "room", lambda code: (asked.append(code), room(code))[1])
    monkeypatch.setattr("regdash.classes.looks.FRESH", 60.0)
    looks = Looks(store)
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(looks.room(code.lower()))) for _ in range(250)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(asked) == 1
    assert {each.code for each in seen} == {code}
    assert looks.kept(code) == seen[0]
    for _ in range(3):
        with pytest.raises(ClassError, match="no class ZXWV"):
            looks.room("zxwv")
    assert len(asked) == 2, "what is not there is remembered, too"
    store.close()


def test_what_was_seen_is_old_after_a_moment_and_an_error_is_not_kept(tmp_path, monkeypatch):
    store = Store(tmp_path)
    code, key = store.start("demo-3", 3)
    looks = Looks(store)
    assert looks.room(code).state == State.WAITING
    store.step(code, key, 1, State.OPEN)
    latest = time.monotonic() + 30
    while looks.room(code).state != State.OPEN:
        assert time.monotonic() < latest
        time.sleep(0.05)
    broken = Looks(store)

    def fail(_):
        raise ClassStoreError("the disk is on fire")

    with monkeypatch.context() as patch:
        patch.setattr(store, "room", fail)
        with pytest.raises(ClassStoreError):
            broken.room(code)
    assert broken.room(code).code == code
    store.close()
