"""What may happen to a file: locked, gone, full, damaged, unwritable; each is a sentence, and passes."""

import os
import sqlite3
import threading

import pytest

from regdash.classes import database as database_module
from regdash.classes import limits
from regdash.classes.codes import new_voter
from regdash.classes.database import Database
from regdash.classes.store import FILE, Store
from regdash.errors import ClassStoreError, NoSuchClass
from tests.classes.apart import go, started


@pytest.fixture
def file(store, tmp_path):
    store.start("demo-3", 3)
    return tmp_path / "data" / FILE


def test_only_its_user_may_read_it(file):
    if os.name == "posix":
        assert [each.stat().st_mode & 0o077 for each in (file, file.parent)] == [0, 0]


def test_a_file_that_others_hold_is_waited_for_and_then_said(file):
    impatient = Database(file, patience=0.2)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(ClassStoreError, match="try again in a moment"), impatient.writing():
        pass
    with impatient.reading() as db:
        assert db.execute("SELECT COUNT(*) FROM classes").fetchone()[0] == 1, "readers wait for nobody"
    holder.execute("COMMIT")
    holder.close()
    with impatient.writing() as db:
        db.execute("DELETE FROM classes")
    impatient.close()


def test_a_thread_that_holds_the_door_is_waited_for_and_then_said(file):
    impatient = Database(file, patience=0.1)
    inside, done = threading.Event(), threading.Event()

    def hold():
        with impatient.writing():
            inside.set()
            done.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(ClassStoreError, match="try again in a moment"), impatient.writing():
        pass
    done.set()
    thread.join()
    impatient.close()


def test_an_error_in_the_middle_keeps_nothing(store, file):
    code, _ = store.start("demo-3", 3)
    database = Database(file)

    def change():
        with database.writing() as db:
            db.execute("DELETE FROM classes")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert store.room(code).joined == 0
    database.close()


def test_a_file_that_is_gone_is_made_anew_and_its_classes_are_gone(store, file):
    code, _ = store.start("demo-3", 3)
    for each in file.parent.iterdir():
        each.unlink()
    with pytest.raises(NoSuchClass):
        store.room(code)
    code, _ = store.start("demo-3", 3)
    assert store.room(code).code == code
    assert file.exists()


def test_a_damaged_file_is_said_and_once_it_is_moved_away_classes_start_again(store, file):
    code, _ = store.start("demo-3", 3)
    store.close()
    for each in file.parent.iterdir():
        each.unlink()
    file.write_bytes(b"this is no database" * 1000)
    for call in (lambda: store.room(code), lambda: store.start("demo-3", 3), lambda: store.room(code)):
        with pytest.raises(ClassStoreError, match=f"{FILE}, which holds the classes, is damaged; once it has been"):
            call()
    file.rename(file.with_suffix(".broken"))
    code, _ = store.start("demo-3", 3)
    assert store.room(code).joined == 0


def test_a_file_damaged_in_the_middle_is_said(store, file):
    code, _ = store.start("demo-3", 3)
    store.close()
    with file.open("r+b") as open_file:
        open_file.seek(4096)
        open_file.write(b"\xff" * (file.stat().st_size - 4096))
    with pytest.raises(ClassStoreError, match="is damaged"):
        store.room(code)


def test_a_full_disk_is_said_and_what_is_there_stays(tmp_path, clock):
    store = Store(tmp_path, now=clock, size=8 * database_module.PAGE)
    code, key = store.start("demo-3", 3)

    def fill():
        for _ in range(limits.STUDENTS):
            store.join(code, new_voter())
            clock.go_on(1)

    with pytest.raises(ClassStoreError, match=f"no room on the disk for {FILE}"):
        fill()
    assert store.room(code).joined > 50
    assert store.counts(code, key)[0].votes == (0, 0, 0)
    store.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    store = Store(tmp_path / "file" / "data")
    with pytest.raises(ClassStoreError, match="REGDASH_DATA names the folder"):
        store.start("demo-3", 3)
    store.close()


def test_a_file_of_another_version_is_left_alone(store, file):
    store.close()
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(ClassStoreError, match="another version of RegDash"):
        store.start("demo-3", 3)


@pytest.mark.slow
def test_processes_that_make_the_file_at_the_same_moment_all_get_it(tmp_path):
    makers = [started('print(store.start("demo-3", 3)[0])', tmp_path / "new") for _ in range(6)]
    for maker in makers:
        go(maker)
    codes = [maker.communicate(timeout=60)[0].strip() for maker in makers]
    store = Store(tmp_path / "new")
    assert len({store.room(code).code for code in codes}) == 6
    store.close()
