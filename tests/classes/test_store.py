"""The store's rules: who may do what when, what is counted, what is bounded, and what is forgotten."""

import sqlite3
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regdash.classes import limits
from regdash.classes.clock import LEAP
from regdash.classes.codes import new_voter
from regdash.classes.room import NEXT, State
from regdash.errors import ClassError, NoSuchClass

OPEN, CLOSED, TALLY, ANSWER = State.OPEN, State.CLOSED, State.TALLY, State.ANSWER


def opened(store):
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, OPEN)
    return code, key


def file_of(store):
    return store._database._writer._path


def test_a_class_begins_with_a_question_that_can_be_read(store):
    code, key = store.start("demo-3", 3)
    room = store.room(code)
    assert (room.code, room.number, room.lesson, room.n_choices) == (code, 1, "demo-3", 3)
    assert (room.state, room.joined, room.answered, room.tally, room.right) == (State.WAITING, 0, 0, None, None)
    assert not room.ended
    assert store.is_teacher(code, key)
    assert key not in file_of(store).read_bytes().decode("latin-1"), "only its hash is kept"


def test_a_code_may_be_typed_in_small_letters_and_with_a_space(store):
    code, _ = store.start("demo-3", 3)
    assert store.room(f" {code[:2].lower()} {code[2:]}").code == code


@pytest.mark.parametrize(
    "code", ["", "BDGH", "bdg", "BDGHJ", "AAAA", "B'--", "x" * 10**6, "ＢＤＧＨ", None, 7, "🙂🙂🙂🙂"]
)
def test_an_unknown_code_is_said(store, code):
    with pytest.raises(NoSuchClass, match="code"):
        store.room(code)


@pytest.mark.parametrize("wrong", ["", "x", None, 3, b"x", "\ud800", "x" * 10**6])
def test_without_the_key_nothing_is_done(store, wrong):
    code, key = opened(store)
    calls = [
        lambda: store.step(code, wrong, 1, CLOSED), lambda: store.reset(code, wrong, 1), lambda: store.end(code, wrong),
        lambda: store.ask(code, wrong, 1, "demo-1", 2), lambda: store.counts(code, wrong),
    ]  # fmt: skip
    before = store.room(code)
    for call in calls:
        with pytest.raises(ClassError, match="not the teacher's key"):
            call()
    with pytest.raises(ClassError, match="not the teacher's key"):
        store.counts(code, code)
    assert store.room(code) == before
    assert not store.is_teacher(code, wrong)
    assert store.is_teacher(code, key)


def test_an_answer_may_be_changed_and_counts_once(store):
    code, key = opened(store)
    voter = new_voter()
    for choice in (2, 0, 1):
        store.vote(code, voter, 1, choice)
        assert store.answer(code, voter, 1) == choice
    room = store.room(code)
    assert (room.joined, room.answered, room.tally) == (1, 1, None)
    assert store.counts(code, key)[0].votes == (0, 1, 0)


def test_nobody_sees_the_tally_before_it_is_shown_nor_the_truth_before_that(store):
    code, key = opened(store)
    store.vote(code, new_voter(), 1, 2)
    store.step(code, key, 1, CLOSED)
    assert store.room(code).tally is None
    store.step(code, key, 1, TALLY)
    assert (store.room(code).tally, store.room(code).right) == ((0, 0, 1), None)
    with pytest.raises(ClassError, match="no right answer"):
        store.step(code, key, 1, ANSWER)
    store.step(code, key, 1, ANSWER, right=1)
    assert (store.room(code).tally, store.room(code).right) == ((0, 0, 1), 1)


@pytest.mark.parametrize("way", [(), (OPEN, CLOSED), (OPEN, CLOSED, TALLY), (OPEN, CLOSED, TALLY, ANSWER)])
def test_a_vote_is_taken_only_while_voting_is_open(store, way):
    code, key = store.start("demo-3", 3)
    for state in way:
        store.step(code, key, 1, state, right=0)
    with pytest.raises(ClassError, match="voting is closed" if way else "voting is not open yet"):
        store.vote(code, new_voter(), 1, 0)
    assert store.counts(code, key)[0].votes == (0, 0, 0)


@pytest.mark.parametrize("begin", State)
@pytest.mark.parametrize("to", State)
def test_a_question_goes_the_ways_that_it_may(store, begin, to):
    ways = {"waiting": (), "open": (OPEN,), "closed": (OPEN, CLOSED), "tally": (OPEN, CLOSED, TALLY),
            "answer": (OPEN, CLOSED, TALLY, ANSWER)}  # fmt: skip
    code, key = store.start("demo-3", 3)
    for state in ways[begin]:
        store.step(code, key, 1, state, right=2)
    if to == begin or to in NEXT[begin]:
        store.step(code, key, 1, to, right=2)
        assert store.room(code).state == to
    else:
        with pytest.raises(ClassError, match="gone on"):
            store.step(code, key, 1, to, right=2)
        assert store.room(code).state == begin


def test_a_late_tap_is_not_taken_for_an_answer_to_the_next_question(store):
    code, key = opened(store)
    voter = new_voter()
    store.vote(code, voter, 1, 2)
    store.step(code, key, 1, CLOSED)
    store.ask(code, key, 1, "demo-1", 2)
    store.step(code, key, 2, OPEN)
    for number in (1, 3, 0, -1):
        with pytest.raises(ClassError, match="another question"):
            store.vote(code, voter, number, 1)
    assert store.room(code).answered == 0
    assert [count.votes for count in store.counts(code, key)] == [(0, 0, 1), (0, 0)]
    assert store.answer(code, voter, 1) == 2


@pytest.mark.parametrize("choice", [-1, 3, 10**30, 1.0, True, "1", None])
def test_there_is_no_answer_but_those_offered(store, choice):
    code, _ = opened(store)
    with pytest.raises(ClassError, match="no such answer"):
        store.vote(code, new_voter(), 1, choice)


@pytest.mark.parametrize("n", [-1, 0, 1, 11])
def test_a_question_has_choices(store, n):
    with pytest.raises(ClassError, match="2 to 10 choices"):
        store.start("demo-3", n)
    code, key = store.start("demo-3", 3)
    with pytest.raises(ClassError, match="2 to 10 choices"):
        store.ask(code, key, 1, "demo-1", n)
    with pytest.raises(ClassError, match="100 characters at most"):
        store.ask(code, key, 1, "x" * 101, 2)
    assert store.room(code).number == 1


@pytest.mark.parametrize("voter", ["", "short", "x" * 65, "ä" * 20, None, 7, "a b" * 8, "x" * 20 + "\n"])
def test_who_does_not_say_who_it_is_does_not_vote(store, voter):
    code, _ = opened(store)
    with pytest.raises(ClassError, match="did not say who it is"):
        store.vote(code, voter, 1, 0)
    with pytest.raises(ClassError, match="did not say who it is"):
        store.join(code, voter)


def test_a_reset_forgets_the_votes_of_one_question(store):
    code, key = opened(store)
    voters = [new_voter() for _ in range(3)]
    for voter in voters:
        store.vote(code, voter, 1, 1)
    store.step(code, key, 1, CLOSED)
    store.ask(code, key, 1, "demo-1", 2)
    store.step(code, key, 2, OPEN)
    store.vote(code, voters[0], 2, 1)
    version = store.room(code).version
    store.reset(code, key, 2)
    room = store.room(code)
    assert (room.state, room.answered, room.joined) == (State.WAITING, 0, 3)
    assert room.version > version
    assert [count.votes for count in store.counts(code, key)] == [(0, 3, 0), (0, 0)]


def test_a_class_that_is_over_keeps_its_counts_and_takes_nothing_more(store):
    code, key = opened(store)
    voter = new_voter()
    store.vote(code, voter, 1, 1)
    store.end(code, key)
    assert store.room(code).ended
    assert store.counts(code, key)[0].votes == (0, 1, 0)
    calls = [lambda: store.vote(code, voter, 1, 0), lambda: store.join(code, voter),
             lambda: store.step(code, key, 1, OPEN), lambda: store.ask(code, key, 1, "demo-1", 2)]  # fmt: skip
    for call in calls:
        with pytest.raises(ClassError, match="is over"):
            call()


def test_two_classes_know_nothing_of_each_other_nor_that_a_browser_is_in_both(store):
    (one, key), (other, _) = opened(store), opened(store)
    voter = new_voter()
    store.vote(one, voter, 1, 1)
    store.vote(other, voter, 1, 2)
    assert (store.answer(one, voter, 1), store.answer(other, voter, 1)) == (1, 2)
    with pytest.raises(ClassError):
        store.counts(other, key)
    with sqlite3.connect(file_of(store)) as db:
        voters = {row[0] for row in db.execute("SELECT voter FROM votes")}
    db.close()
    assert len(voters) == 2


def test_classes_students_and_questions_are_bounded(store, clock, monkeypatch):
    monkeypatch.setattr(limits, "CLASSES", 3)
    monkeypatch.setattr(limits, "STUDENTS", 2)
    monkeypatch.setattr(limits, "QUESTIONS", 2)
    (code, key), *others = [opened(store) for _ in range(3)]
    with pytest.raises(ClassError, match="3 classes already"):
        store.start("demo-3", 3)
    voters = [new_voter() for _ in range(3)]
    for voter in voters[:2]:
        store.join(code, voter)
    with pytest.raises(ClassError, match="is full: 2 have joined"):
        store.vote(code, voters[2], 1, 0)
    store.vote(code, voters[0], 1, 0)
    store.step(code, key, 1, CLOSED)
    store.ask(code, key, 1, "demo-1", 2)
    with pytest.raises(ClassError, match="2 questions at most"):
        store.ask(code, key, 2, "demo-1", 2)
    clock.go_on(limits.EMPTY + 1)
    store.start("demo-3", 3)  # one that nobody has joined gave way
    assert store.room(code).joined == 2
    with pytest.raises(NoSuchClass):
        store.room(others[0][0])
    store.end(*others[1])
    clock.go_on(60)
    store.start("demo-3", 3)  # one that is over gave way
    with pytest.raises(NoSuchClass):
        store.room(others[1][0])


def test_one_browser_cannot_vote_without_end_nor_a_script_start_classes(store, clock):
    code, _ = opened(store)
    voter = new_voter()
    for n in range(int(limits.VOTER_BURST)):
        store.vote(code, voter, 1, n % 3)
    with pytest.raises(ClassError, match="too fast"):
        store.vote(code, voter, 1, 0)
    store.vote(code, new_voter(), 1, 0)
    clock.go_on(1 / limits.VOTER_RATE)
    store.vote(code, voter, 1, 0)
    for _ in range(int(limits.START_BURST) - 1):
        store.start("demo-3", 3)
    with pytest.raises(ClassError, match="being started"):
        store.start("demo-3", 3)
    clock.go_on(1 / limits.START_RATE)
    store.start("demo-3", 3)


def test_a_class_takes_all_its_answers_at_one_moment_and_a_flood_in_its_own_time(store, clock, monkeypatch):
    monkeypatch.setattr(limits, "CLASS_BURST", 6.0)
    code, _ = opened(store)
    for _ in range(6):
        store.vote(code, new_voter(), 1, 0)
    with pytest.raises(ClassError, match="too many answers"):
        store.vote(code, new_voter(), 1, 0)
    clock.go_on(0.1)
    for _ in range(5):
        store.vote(code, new_voter(), 1, 0)


def test_a_class_is_forgotten_a_day_after_its_last_use_with_all_that_belongs_to_it(store, clock):
    old, _ = opened(store)
    store.vote(old, new_voter(), 1, 1)
    clock.go_on(limits.DAY - 100)
    young, key = opened(store)
    clock.go_on(200)
    store.step(young, key, 1, CLOSED)
    with pytest.raises(NoSuchClass):
        store.room(old)
    assert store.room(young).state == CLOSED
    with sqlite3.connect(file_of(store)) as db:
        left = {table: db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0] for table in ("students", "votes")}
    db.close()
    assert left == {"students": 0, "votes": 0}


@pytest.mark.parametrize(
    "jump", [-(10**9), -LEAP, 3600, 10**9], ids=["decades back", "half a day back", "an hour", "decades"]
)
def test_a_clock_that_jumps_loses_no_class_that_is_used_and_keeps_none_for_ever(store, clock, jump):
    code, key = opened(store)
    clock.go_on(40)
    clock.wall += jump
    store.vote(code, new_voter(), 1, 1)
    clock.go_on(40)
    clock.wall -= jump
    store.join(code, new_voter())
    assert store.counts(code, key)[0].votes == (0, 1, 0)
    for _ in range(30):
        clock.go_on(limits.DAY / 24)
        store.start("demo-3", 3)
    with pytest.raises(NoSuchClass):
        store.room(code)


def test_a_machine_that_was_off_for_weeks_forgets_and_one_that_is_restarted_does_not(store, clock):
    code, _ = opened(store)
    clock.go_on(50)
    clock.steady = 3.0  # started again
    store.join(code, new_voter())
    assert store.room(code).joined == 1
    for _ in range(3):
        clock.steady, clock.wall = 2.0, clock.wall + limits.DAY
        store.start("demo-3", 3)
    with pytest.raises(NoSuchClass):
        store.room(code)


moves = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from([*State, "reset", "vote", "vote"])), max_size=40
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(moves)
def test_whatever_happens_the_tally_is_each_voters_last_vote_that_was_taken(store, clock, script):
    """The model: a dictionary."""
    code, key = store.start("demo-3", 3)
    voters, state, model = [new_voter() for _ in range(6)], State.WAITING, {}
    for who, choice, what in script:
        clock.go_on(1)
        if what == "vote":
            if state == OPEN:
                store.vote(code, voters[who], 1, choice)
                model[who] = choice
            else:
                with pytest.raises(ClassError):
                    store.vote(code, voters[who], 1, choice)
        elif what == "reset":
            store.reset(code, key, 1)
            state, model = State.WAITING, {}
        elif what in NEXT[state]:
            store.step(code, key, 1, what, right=0)
            state = what
        expected = Counter(model.values())
        assert store.counts(code, key)[0].votes == tuple(expected[n] for n in range(3))
        assert store.room(code).answered == len(model)
        assert [store.answer(code, voter, 1) for voter in voters] == [model.get(n) for n in range(6)]
    clock.go_on(10)  # so that the next example may start a class
