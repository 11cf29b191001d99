"""What the store's rules look like in its tables. All of this happens inside a transaction of the caller's."""

import sqlite3

from regdash.classes import clock, codes, limits
from regdash.classes.clock import Instant
from regdash.errors import ClassError, NoSuchClass

TICK = 30.0  # seconds: how exactly ages are kept
Row = sqlite3.Row


def tick(db: sqlite3.Connection, now: Instant) -> float:
    """The file's own age in seconds, by which ages are counted; now and then it is written down, and what is too old
    forgotten.
    """
    row = db.execute("SELECT * FROM clock").fetchone()
    if row is None:
        db.execute(
            "INSERT INTO clock VALUES (1, 0, ?, ?, ?, ?)", (now.steady, now.wall, limits.START_BURST, now.steady)
        )
        return 0.0
    passed = clock.elapsed(Instant(steady=row["steady"], wall=row["wall"]), now)
    age = float(row["age"] + passed)
    if passed >= TICK or now.steady < row["steady"]:
        db.execute("UPDATE clock SET age = ?, steady = ?, wall = ?", (age, now.steady, now.wall))
        db.execute("DELETE FROM classes WHERE used < ?", (age - limits.DAY,))
    return age


def make_room(db: sqlite3.Connection, age: float, now: Instant) -> None:
    """Let one more class in, or raise `ClassError`. Those that are over give way, and those that nobody has joined."""
    row = db.execute("SELECT room, room_at FROM clock").fetchone()
    rate, burst = limits.START_RATE, limits.START_BURST
    room = clock.claim(row["room"], row["room_at"], now.steady, rate=rate, burst=burst)
    if room is None:
        raise ClassError("too many classes are being started at this moment; try again in a moment")
    db.execute("UPDATE clock SET room = ?, room_at = ?", (room, now.steady))
    (n,) = db.execute("SELECT COUNT(*) FROM classes").fetchone()
    if n < limits.CLASSES:
        return
    gone = db.execute(
        "DELETE FROM classes WHERE id = (SELECT id FROM classes WHERE ended OR (used < ? AND NOT EXISTS "
        "(SELECT 1 FROM students WHERE class = classes.id)) ORDER BY ended DESC, used LIMIT 1)",
        (age - limits.EMPTY,),
    )
    if not gone.rowcount:
        raise ClassError(f"there are {limits.CLASSES} classes already, which is as many as this server keeps")


def find(db: sqlite3.Connection, code: str) -> Row:
    """The class with this code, or `NoSuchClass`."""
    code = codes.read_code(code)
    row: Row | None = db.execute("SELECT * FROM classes WHERE code = ?", (code,)).fetchone()
    if row is None:
        raise NoSuchClass(f"there is no class {code}, or it is over; look at the code once more")
    return row


def find_own(db: sqlite3.Connection, code: str, key: str) -> Row:
    """The class with this code, for its teacher."""
    row = find(db, code)
    if not codes.fits(key, row["key"]):
        raise ClassError(f"this is not the teacher's key of class {row['code']}")
    return row


def going_on(found: Row) -> None:
    """Raises `ClassError` where a class is over."""
    if found["ended"]:
        raise ClassError(f"class {found['code']} is over")


def on_show(found: Row, number: int) -> None:
    """Raises `ClassError` where a class has another question by now."""
    if number != found["number"]:
        raise ClassError("the class has gone on to another question")


def question(db: sqlite3.Connection, found: Row) -> Row:
    """The question that a class has now."""
    row: Row = db.execute(
        "SELECT * FROM questions WHERE class = ? AND number = ?", (found["id"], found["number"])
    ).fetchone()
    return row


def add_question(db: sqlite3.Connection, class_id: int, number: int, lesson: str, n_choices: int) -> None:
    """One more, to be read first."""
    if not 2 <= n_choices <= limits.CHOICES:
        raise ClassError(f"a question has 2 to {limits.CHOICES} choices, and this one has {n_choices}")
    if len(lesson) > limits.LESSON:
        raise ClassError(f"a lesson's key has {limits.LESSON} characters at most")
    db.execute(
        "INSERT INTO questions (class, number, lesson, n_choices, state) VALUES (?, ?, ?, ?, 'waiting')",
        (class_id, number, lesson, n_choices),
    )


def tally(db: sqlite3.Connection, class_id: int, number: int, n_choices: int) -> tuple[int, ...]:
    """(n_choices,) how often each was chosen."""
    rows = db.execute(
        "SELECT choice, COUNT(*) AS n FROM votes WHERE class = ? AND number = ? GROUP BY choice", (class_id, number)
    )
    found = {row["choice"]: row["n"] for row in rows}
    return tuple(found.get(choice, 0) for choice in range(n_choices))


def voter(found: Row, token: str) -> bytes:
    """Who this is in this class, or `ClassError`."""
    if not codes.is_voter(token):
        raise ClassError("this browser did not say who it is; open the page again")
    return codes.voter_hash(token, found["key"])


def admit(db: sqlite3.Connection, found: Row, who: bytes, now: Instant, age: float) -> None:
    """Somebody does something in a class: at the pace of a class, and as one of its students from now on."""
    rate, burst = limits.CLASS_RATE, limits.CLASS_BURST
    room = clock.claim(found["room"], found["room_at"], now.steady, rate=rate, burst=burst)
    if room is None:
        raise ClassError("too many answers come at once; try again in a moment")
    db.execute("UPDATE classes SET room = ?, room_at = ?, used = ? WHERE id = ?", (room, now.steady, age, found["id"]))
    if db.execute("SELECT 1 FROM students WHERE class = ? AND voter = ?", (found["id"], who)).fetchone():
        return
    (n,) = db.execute("SELECT COUNT(*) FROM students WHERE class = ?", (found["id"],)).fetchone()
    if n >= limits.STUDENTS:
        raise ClassError(f"class {found['code']} is full: {limits.STUDENTS} have joined it")
    db.execute("INSERT INTO students VALUES (?, ?, ?, ?)", (found["id"], who, limits.VOTER_BURST, now.steady))


def pace(db: sqlite3.Connection, found: Row, who: bytes, now: Instant) -> None:
    """One more vote of somebody who has been admitted, or `ClassError` if they come too fast."""
    row = db.execute("SELECT room, room_at FROM students WHERE class = ? AND voter = ?", (found["id"], who)).fetchone()
    rate, burst = limits.VOTER_RATE, limits.VOTER_BURST
    room = clock.claim(row["room"], row["room_at"], now.steady, rate=rate, burst=burst)
    if room is None:
        raise ClassError("that was too fast; your answer of before stands")
    db.execute(
        "UPDATE students SET room = ?, room_at = ? WHERE class = ? AND voter = ?",
        (room, now.steady, found["id"], who),
    )
