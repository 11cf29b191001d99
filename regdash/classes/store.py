"""Classes that vote: kept in one file, so that all replicas of a host share them and a restart loses none.

Nothing of anybody is kept: a class is a code, its teacher the hash of a key, a student the hash of a random number.
Everything is bounded (`limits`), and forgotten a day after its last use, by whoever writes next.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

from regdash.classes import clock, codes, limits, rows
from regdash.classes.clock import Instant
from regdash.classes.database import Database
from regdash.classes.room import NEXT, Count, Room, State
from regdash.errors import ClassError

FILE = "classes.sqlite3"


class Store:
    """The classes in a folder. For any number of threads and processes. Call `close` at the end.

    Every method raises `ClassError`: `NoSuchClass` for a code that no class has, `ClassStoreError` if the file cannot
    be used. `now` tells the time.
    """

    def __init__(self, folder: Path, *, now: Callable[[], Instant] = clock.now, size: int = limits.FILE) -> None:
        self._database = Database(folder / FILE, size=size)
        self._now = now

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    # For a teacher

    def start(self, lesson: str, n_choices: int) -> tuple[str, str]:
        """A new class with the first question of a lesson; returns its code and its teacher's key."""
        key = codes.new_key()
        with self._database.writing() as db:
            now = self._now()
            age = rows.tick(db, now)
            rows.make_room(db, age, now)
            code = codes.new_code()
            while db.execute("SELECT 1 FROM classes WHERE code = ?", (code,)).fetchone():
                code = codes.new_code()
            made = db.execute(
                "INSERT INTO classes (code, key, used, room, room_at) VALUES (?, ?, ?, ?, ?)",
                (code, codes.key_hash(key), age, limits.CLASS_BURST, now.steady),
            )
            rows.add_question(db, made.lastrowid or 0, 1, lesson, n_choices)
        return code, key

    def step(self, code: str, key: str, number: int, to: State, right: int | None = None) -> None:
        """Have question `number` go on to another state; `right` is the position of the right choice, for `ANSWER`.

        Where it stands there already, as after a second press, nothing happens.
        """
        with self._teaching(code, key) as (db, found):
            question = rows.question(db, found)
            rows.on_show(found, number)
            if question["state"] != to and to not in NEXT[State(question["state"])]:
                raise ClassError("the class has gone on meanwhile")
            if to == State.ANSWER and (right is None or not 0 <= right < question["n_choices"]):
                raise ClassError("there is no right answer to show yet")
            db.execute(
                'UPDATE questions SET state = ?, "right" = ? WHERE class = ? AND number = ?',
                (to.value, right if to == State.ANSWER else None, found["id"], number),
            )

    def reset(self, code: str, key: str, number: int) -> None:
        """Forget the votes on question `number`, which begins again."""
        with self._teaching(code, key) as (db, found):
            rows.on_show(found, number)
            db.execute("DELETE FROM votes WHERE class = ? AND number = ?", (found["id"], number))
            db.execute(
                'UPDATE questions SET state = ?, "right" = NULL WHERE class = ? AND number = ?',
                (State.WAITING.value, found["id"], number),
            )

    def ask(self, code: str, key: str, after: int, lesson: str, n_choices: int) -> None:
        """The next question, `after` the one of this number: that of a lesson."""
        with self._teaching(code, key) as (db, found):
            rows.on_show(found, after)
            if rows.question(db, found)["state"] == State.OPEN:
                raise ClassError("close the voting first")
            if after >= limits.QUESTIONS:
                raise ClassError(f"a class has {limits.QUESTIONS} questions at most; start another one")
            rows.add_question(db, found["id"], after + 1, lesson, n_choices)
            db.execute("UPDATE classes SET number = ? WHERE id = ?", (after + 1, found["id"]))

    def end(self, code: str, key: str) -> None:
        """Close the class for good: nobody joins or votes any more. Its counts stay for a day."""
        with self._teaching(code, key) as (db, found):
            question = rows.question(db, found)
            if question["state"] == State.OPEN:
                db.execute(
                    "UPDATE questions SET state = ? WHERE class = ? AND number = ?",
                    (State.CLOSED.value, found["id"], found["number"]),
                )
            db.execute("UPDATE classes SET ended = 1 WHERE id = ?", (found["id"],))

    def counts(self, code: str, key: str) -> tuple[Count, ...]:
        """The votes on all questions so far, the first one first."""
        with self._database.reading() as db:
            found = rows.find_own(db, code, key)
            asked = db.execute("SELECT * FROM questions WHERE class = ? ORDER BY number", (found["id"],)).fetchall()
            return tuple(
                Count(
                    number=row["number"], lesson=row["lesson"], state=State(row["state"]), right=row["right"],
                    votes=rows.tally(db, found["id"], row["number"], row["n_choices"]),
                )
                for row in asked
            )  # fmt: skip

    def is_teacher(self, code: str, key: str) -> bool:
        """Whether this is the key of the class. Raises `NoSuchClass`."""
        with self._database.reading() as db:
            return codes.fits(key, rows.find(db, code)["key"])

    # For students

    def join(self, code: str, voter: str) -> None:
        """Count a browser among those in the class; `voter` is what it keeps, of `codes.new_voter`."""
        with self._database.writing() as db:
            now = self._now()
            age = rows.tick(db, now)
            found = rows.find(db, code)
            rows.going_on(found)
            rows.admit(db, found, rows.voter(found, voter), now, age)

    def vote(self, code: str, voter: str, number: int, choice: int) -> None:
        """A browser's answer to question `number`, in place of the one before; `choice` is its position."""
        with self._database.writing() as db:
            now = self._now()
            age = rows.tick(db, now)
            found = rows.find(db, code)
            rows.going_on(found)
            rows.on_show(found, number)
            question = rows.question(db, found)
            if question["state"] != State.OPEN:
                raise ClassError("voting is not open yet" if question["state"] == State.WAITING else "voting is closed")
            if type(choice) is not int or not 0 <= choice < question["n_choices"]:
                raise ClassError("there is no such answer")
            who = rows.voter(found, voter)
            rows.admit(db, found, who, now, age)
            rows.pace(db, found, who, now)
            db.execute(
                "INSERT INTO votes VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET choice = excluded.choice",
                (found["id"], number, who, choice),
            )

    def answer(self, code: str, voter: str, number: int) -> int | None:
        """What this browser has answered to question `number`."""
        with self._database.reading() as db:
            found = rows.find(db, code)
            row = db.execute(
                "SELECT choice FROM votes WHERE class = ? AND number = ? AND voter = ?",
                (found["id"], number, rows.voter(found, voter)),
            ).fetchone()
            return None if row is None else int(row["choice"])

    # For everybody

    def room(self, code: str) -> Room:
        """What all may see."""
        with self._database.reading() as db:
            found = rows.find(db, code)
            question = rows.question(db, found)
            (joined,) = db.execute("SELECT COUNT(*) FROM students WHERE class = ?", (found["id"],)).fetchone()
            votes = rows.tally(db, found["id"], found["number"], question["n_choices"])
        shown = question["state"] in (State.TALLY, State.ANSWER)
        return Room(
            code=found["code"], version=found["version"], ended=bool(found["ended"]), number=found["number"],
            lesson=question["lesson"], n_choices=question["n_choices"], state=State(question["state"]),
            joined=joined, answered=sum(votes), tally=votes if shown else None, right=question["right"],
        )  # fmt: skip

    @contextlib.contextmanager
    def _teaching(self, code: str, key: str) -> Iterator[tuple[sqlite3.Connection, sqlite3.Row]]:
        """The teacher does something, which all shall see."""
        with self._database.writing() as db:
            age = rows.tick(db, self._now())
            found = rows.find_own(db, code, key)
            rows.going_on(found)
            db.execute("UPDATE classes SET version = version + 1, used = ? WHERE id = ?", (age, found["id"]))
            yield db, found
