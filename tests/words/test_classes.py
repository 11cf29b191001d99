"""What a class is told: where it stands, and counts that people can read."""

from dataclasses import replace

import pytest

from regdash.classes import limits
from regdash.classes.room import Room, State
from regdash.words import classes as words

ROOM = Room(
    code="BDGH", version=1, ended=False, number=1, lesson="demo-3", n_choices=3, state=State.OPEN, joined=2, answered=1,
    tally=None, right=None,
)  # fmt: skip


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("mine", [None, 0])
def test_every_state_has_a_sentence_for_everybody(state, mine):
    room = replace(ROOM, state=state)
    assert words.for_students(room, mine).endswith(".")
    assert words.TEACHERS[state].endswith(".")
    assert words.for_students(replace(room, ended=True), mine) == words.OVER


def test_who_has_answered_is_told_so_and_who_was_late_too():
    assert words.for_students(ROOM, None) == words.STUDENTS[State.OPEN]
    assert words.for_students(ROOM, 0) == words.IN
    closed = replace(ROOM, state=State.CLOSED)
    assert words.for_students(closed, None) == words.NONE
    assert words.for_students(closed, 0) == words.STUDENTS[State.CLOSED]


def test_before_the_vote_it_is_counted_who_has_joined():
    assert words.counts(replace(ROOM, state=State.WAITING)) == "{joined} have joined"
    assert words.counts(ROOM) == "{answered} of {joined} have answered"


def test_shares_are_rounded_and_of_nothing_there_are_none():
    assert words.share(1, 3) == "1 (33\N{NO-BREAK SPACE}%)"
    assert words.share(0, 0) == "0"


def test_a_tally_in_words_says_the_truth_only_when_it_is_shown():
    said = words.in_words(["Yes", "No"], [3, 1], None)
    assert said == "4 answers. Yes: 3 (75\N{NO-BREAK SPACE}%); No: 1 (25\N{NO-BREAK SPACE}%)."
    assert words.in_words(["Yes", "No"], [3, 1], 1) == f"{said} The runs say: No."


def test_every_choice_has_a_letter():
    letters = [words.lettered(place, "x")[0] for place in range(limits.CHOICES)]
    assert letters == list("ABCDEFGHIJ")
