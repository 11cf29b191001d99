"""What is said of a class that votes: where it stands, who has answered, and the counts as a table."""

import csv
import io
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from regdash.classes.room import Count, Room, State
from regdash.teaching.lessons import Lesson

NBSP = "\N{NO-BREAK SPACE}"
JOINED, ANSWERED = "{joined} have joined", "{answered} of {joined} have answered"  # the browser fills them in

TEACHERS: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: "Read the question together. Nobody can answer yet.",
        State.OPEN: "Voting is open. What is chosen stays hidden until you show it.",
        State.CLOSED: "Voting is closed. Nobody has seen the answers yet.",
        State.TALLY: "This is what the class says. Talk about it, vote again, or see what the runs say.",
        State.ANSWER: "This is what the runs say.",
    }
)
STUDENTS: Mapping[State, str] = MappingProxyType(
    {
        State.WAITING: "Read the question. Your teacher opens the voting in a moment.",
        State.OPEN: "Tap your answer.",
        State.CLOSED: "Voting is closed. Look at the screen in front.",
        State.TALLY: "This is what the class says.",
        State.ANSWER: "This is what the runs say.",
    }
)
IN = "Your answer is in. You may change it until your teacher closes the voting."
NONE = "Voting is closed, and you have not answered."
OVER = "This class is over. Thank you for your answers."
OVER_TEACHER = "This class is over: thank you all. Its counts can be had for a day."


def for_students(room: Room, mine: int | None) -> str:
    """What a student is told."""
    if room.ended:
        return OVER
    if room.state == State.OPEN and mine is not None:
        return IN
    return NONE if room.state == State.CLOSED and mine is None else STUDENTS[room.state]


def counts(room: Room) -> str:
    """What is counted while a question stands so."""
    return JOINED if room.state == State.WAITING else ANSWERED


def lettered(place: int, choice: str) -> str:
    """A choice with its letter, by which a class can talk about it."""
    return f"{'ABCDEFGHIJ'[place]}\N{NO-BREAK SPACE} {choice}"


def share(votes: int, of: int) -> str:
    """ "12 (40 %)"."""
    return f"{votes} ({100 * votes / of:.0f}{NBSP}%)" if of else "0"


def in_words(choices: Sequence[str], votes: Sequence[int], right: int | None) -> str:
    """A tally for those who cannot see its bars."""
    total = sum(votes)
    said = "; ".join(f"{choice}: {share(n, total)}" for choice, n in zip(choices, votes, strict=True))
    return f"{total} answers. {said}." + ("" if right is None else f" The runs say: {choices[right]}.")


def table(counts: Sequence[Count], lessons: Mapping[str, Lesson]) -> str:
    """All counts of a class as CSV, a row for each choice; what this server does not know is left empty."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(("question", "lesson", "text", "state", "choice", "votes", "share", "right"))
    for count in counts:
        asked = lessons[count.lesson].question if count.lesson in lessons else None
        total = sum(count.votes)
        for position, votes in enumerate(count.votes):
            choice = asked.choices[position] if asked and position < len(asked.choices) else f"choice {position + 1}"
            right = "" if count.right is None else "yes" if count.right == position else "no"
            part = f"{votes / total:.4f}" if total else ""
            text = asked.text if asked else ""
            writer.writerow((count.number, count.lesson, text, count.state.value, choice, votes, part, right))
    return file.getvalue()
