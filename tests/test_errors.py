import pytest
from hypothesis import given
from hypothesis import strategies as st

from regdash import errors
from regdash.errors import ROOM, shown


@pytest.mark.parametrize(
    "error", [errors.ConfigError, errors.SnapshotError, errors.TrainingCancelled, errors.QueueFull]
)
def test_one_base_class_catches_all(error):
    assert issubclass(error, errors.RegdashError)


def test_builtin_handlers_catch_what_they_should():
    assert issubclass(errors.ConfigError, ValueError)
    assert issubclass(errors.SnapshotError, LookupError)


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")


LOOP: list[object] = [1]
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**5000, "<int>"),  # Python prints no whole number of more than 4,300 digits, and says so in words of its own
        ([1, -(10**5000)], "[1, <int>]"),
        ({"width": (10**5000,)}, "{'width': (<int>,)}"),
        (Unspeakable(), "<Unspeakable>"),
        (LOOP, "[1, " * 14 + "[..."),
        ("x" * 60, "'" + "x" * 56 + "..."),
        (range(10**30), "range(0, 1000000000000000000000000000000)"),
    ],
    ids=lambda part: part if isinstance(part, str) else type(part).__name__,
)
def test_a_message_shows_a_value_in_the_same_words_under_every_python(value, text):
    assert shown(value) == text


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
NESTED = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.sets(SCALARS) | st.dictionaries(SCALARS, inner),
)


@given(NESTED)
def test_a_message_shows_a_value_as_python_writes_it_until_there_is_no_room(value):
    whole = repr(value)
    assert shown(value) == (whole if len(whole) <= ROOM else whole[: ROOM - 3] + "...")


def test_no_more_of_a_list_is_written_than_is_shown():
    wide: object = 0
    for _ in range(50):  # as a whole it would have 10^50 numbers
        wide = [wide] * 10
    assert shown([wide] * 10**6) == "[" * 51 + "0, 0, ..."
