"""What is said of stops that are not there."""

from regdash.words import scrubs as words


def test_nothing_is_said_where_all_stops_are_trained():
    assert words.fewer(20, 20) == ""


def test_how_many_are_trained_is_said_where_not_all_are():
    assert words.fewer(5, 20) == "Of a network this large, 5 of 20 stops are trained ahead."
