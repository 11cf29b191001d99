"""One SQLite file on this machine's disk, for all threads of a process and all processes of a machine.

A write is one transaction that takes the lock at its start, so what it has read is still so when it writes; readers
wait for no writer (write-ahead log). What goes wrong with the file is said in a sentence.
"""

import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from regdash.classes.limits import FILE
from regdash.errors import ClassStoreError

PATIENCE = 5.0  # seconds for another thread, and once more for another process
PAGE = 4096  # bytes
LOG = 16 * 2**20  # bytes of the write-ahead log that stay on disk
VERSION = 1  # of the tables

SCHEMA = """
CREATE TABLE IF NOT EXISTS clock (one INTEGER PRIMARY KEY CHECK (one = 1), age REAL NOT NULL, steady REAL NOT NULL,
    wall REAL NOT NULL, room REAL NOT NULL, room_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS classes (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, key BLOB NOT NULL,
    used REAL NOT NULL, ended INTEGER NOT NULL DEFAULT 0, version INTEGER NOT NULL DEFAULT 1,
    number INTEGER NOT NULL DEFAULT 1, room REAL NOT NULL, room_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS questions (class INTEGER NOT NULL REFERENCES classes ON DELETE CASCADE,
    number INTEGER NOT NULL, lesson TEXT NOT NULL, n_choices INTEGER NOT NULL, state TEXT NOT NULL, "right" INTEGER,
    PRIMARY KEY (class, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS students (class INTEGER NOT NULL REFERENCES classes ON DELETE CASCADE, voter BLOB NOT NULL,
    room REAL NOT NULL, room_at REAL NOT NULL, PRIMARY KEY (class, voter)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS votes (class INTEGER NOT NULL REFERENCES classes ON DELETE CASCADE,
    number INTEGER NOT NULL, voter BLOB NOT NULL, choice INTEGER NOT NULL,
    PRIMARY KEY (class, number, voter)) WITHOUT ROWID;
"""


class Database:
    """The file at `path`, made when it is first needed. Every method raises `ClassStoreError`. Call `close` at the end.

    patience  seconds for which a busy file is waited for
    size      bytes that it may take
    """

    def __init__(self, path: Path, *, patience: float = PATIENCE, size: int = FILE) -> None:
        self._reader = _Door(path, patience, size)
        self._writer = _Door(path, patience, size)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A look at one moment."""
        with self._reader.entered("BEGIN") as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A change: all of it is kept at the end, or, after an error, nothing."""
        with self._writer.entered("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()
        self._writer.close()


class _Door:
    """One connection, through which one thread goes at a time."""

    def __init__(self, path: Path, patience: float, size: int) -> None:
        self._path, self._patience, self._size = path, patience, size
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None  # which file it is connected to

    @contextlib.contextmanager
    def entered(self, begin: str) -> Iterator[sqlite3.Connection]:
        if not self._lock.acquire(timeout=self._patience):
            raise ClassStoreError(BUSY)
        try:
            with self._said():
                connection = self._connected()
                connection.execute(begin)
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
        finally:
            self._lock.release()

    @contextlib.contextmanager
    def _said(self) -> Iterator[None]:
        """What SQLite or the disk raises, in a sentence. The next one connects anew."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            name = getattr(error, "sqlite_errorname", "")
            if name not in ("SQLITE_BUSY", "SQLITE_LOCKED"):
                self._disconnect()
            raise ClassStoreError(_sentence(name, self._path.name)) from error

    def close(self) -> None:
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _connected(self) -> sqlite3.Connection:
        """The connection, to the file that is there now: another may have been put in its place."""
        if self._connection is not None and self._file != _identity(self._path):
            self._disconnect()
        if self._connection is None:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite itself would let others read it
            self._connection = self._connect()
            self._file = _identity(self._path)
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=self._patience, isolation_level=None, check_same_thread=False
        )  # the lock sees to the threads
        connection.row_factory = sqlite3.Row
        try:
            connection.execute(f"PRAGMA max_page_count = {self._size // PAGE}")
            connection.execute(f"PRAGMA journal_size_limit = {LOG}")
            connection.execute("PRAGMA foreign_keys = ON")
            self._use_log(connection)
            connection.execute("PRAGMA synchronous = NORMAL")  # a killed process loses nothing
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version not in (0, VERSION):
                raise ClassStoreError(f"{self._path.name} was written by another version of RegDash; move it away")
            if version == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")
        except BaseException:
            connection.close()
            raise
        return connection

    def _use_log(self, connection: sqlite3.Connection) -> None:
        """Where two processes do so at once, SQLite does not wait by itself."""
        latest = time.monotonic() + self._patience
        while True:
            try:
                connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > latest:
                    raise
                time.sleep(0.02)
            else:
                return


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file is there."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _sentence(name: str, file: str) -> str:
    """What SQLite's error of this name means to people; "" is one of the operating system."""
    if name in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return BUSY
    if name == "SQLITE_FULL":
        return f"there is no room on the disk for {file}, which holds the classes"
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return f"{file}, which holds the classes, is damaged; once it has been moved away, classes can be started again"
    return f"{file}, which holds the classes, cannot be read or written; REGDASH_DATA names the folder where it lies"


BUSY = "the classes are being written by others; try again in a moment"
