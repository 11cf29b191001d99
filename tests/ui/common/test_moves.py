"""Each run of a page is a line of JSON and some numbers, and neither says anything about anybody."""

import json

import pytest

from regdash.teaching.scenarios import NOISY
from regdash.ui.common import moves


@pytest.fixture
def log(monkeypatch):
    one = moves._Log(on=True)
    monkeypatch.setattr(moves, "_log", lambda: one)
    return one


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.mark.usefixtures("log")
def test_a_move_is_one_line_with_its_parts(capsys):
    with moves.measured("explore"):
        moves.now().of(NOISY)
        with moves.now().part("training"):
            pass
        moves.now().sent(1234)
    (line,) = lines(capsys)
    assert line["page"] == "explore"
    assert line["end"] == "finished"
    assert line["bytes"] == 1234
    assert line["ms"] >= line["training_ms"] >= 0
    assert len(line["settings"]) == 12
    assert line.keys() == {"time", "page", "end", "ms", "training_ms", "bytes", "settings"}


@pytest.mark.usefixtures("log")
def test_equal_settings_have_equal_fingerprints_and_others_do_not(capsys):
    for config in (NOISY, NOISY.but(), NOISY.but(seed=8)):
        with moves.measured("explore"):
            moves.now().of(config)
    first, same, other = (line["settings"] for line in lines(capsys))
    assert first == same != other


@pytest.mark.usefixtures("log")
def test_how_it_ended_is_said(capsys):
    class Rerun(BaseException):
        """As Streamlit ends a script that has been superseded."""

    with pytest.raises(Rerun), moves.measured("study"):
        raise Rerun
    with pytest.raises(ValueError, match="bad"), moves.measured("study"):
        raise ValueError("bad")
    assert [line["end"] for line in lines(capsys)] == ["superseded", "failed"]


def test_a_flood_is_counted_and_not_written(log, capsys, monkeypatch):
    monkeypatch.setattr(moves.time, "monotonic", lambda: log._at)
    for _ in range(int(moves.BURST) + 50):
        log.write({"page": "explore"})
    assert len(lines(capsys)) == moves.BURST


@pytest.mark.usefixtures("log")
def test_a_reader_that_has_gone_costs_the_line_and_nothing_else(monkeypatch):
    class Gone:
        def write(self, _text):
            raise BrokenPipeError

    monkeypatch.setattr(moves.sys, "stderr", Gone())
    with moves.measured("explore"):
        pass


def test_without_being_asked_for_nothing_is_written(capsys):
    moves._Log(on=False).write({"page": "explore"})
    assert capsys.readouterr().err == ""


def test_outside_of_a_move_nothing_is_kept():
    moves.now().of(NOISY)
    assert moves.now().facts == {}
