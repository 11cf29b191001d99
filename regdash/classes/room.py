"""What a class is at one moment, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class State(StrEnum):
    """Where the question of a class stands. Students see their own answer only, until all see the tally."""

    WAITING = "waiting"  # it can be read
    OPEN = "open"  # and answered, and the answer changed
    CLOSED = "closed"
    TALLY = "tally"  # all see what was answered
    ANSWER = "answer"  # and what is right


# What may follow: from the tally a class may vote again, when it has talked about it.
NEXT: Mapping[State, tuple[State, ...]] = MappingProxyType(
    {
        State.WAITING: (State.OPEN,),
        State.OPEN: (State.CLOSED,),
        State.CLOSED: (State.TALLY, State.OPEN),
        State.TALLY: (State.ANSWER, State.OPEN),
        State.ANSWER: (),
    }
)


@dataclass(frozen=True, kw_only=True)
class Room:
    """What everybody in a class may know.

    code      of the class
    version   another one whenever the teacher has done something
    ended     whether the class is over
    number    of its question, from 1
    lesson    the key of the lesson that asks it
    n_choices how many answers it has
    state     of the question
    joined    browsers that have joined the class
    answered  of these, those that have answered this question
    tally     (n_choices,) how often each was chosen; None before it is shown
    right     position of the right choice; None before it is shown
    """

    code: str
    version: int
    ended: bool
    number: int
    lesson: str
    n_choices: int
    state: State
    joined: int
    answered: int
    tally: tuple[int, ...] | None
    right: int | None


@dataclass(frozen=True, kw_only=True)
class Count:
    """The votes on one question of a class, for its teacher; (n_choices,) votes, `right` None before it is shown."""

    number: int
    lesson: str
    state: State
    votes: tuple[int, ...]
    right: int | None
