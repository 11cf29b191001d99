"""Each run of a page is a line of JSON and some numbers, and neither says anything about anybody."""

import contextlib
import json

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

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
    with pytest.raises(RerunException), moves.measured("study"):
        raise RerunException(RerunData())
    with pytest.raises(ValueError, match="bad"), moves.measured("study"):
        raise ValueError("bad")
    assert [line["end"] for line in lines(capsys)] == ["superseded", "failed"]


@pytest.mark.parametrize(("ended_by", "rests"), [(None, 1), (StopException(), 1), (RerunException(RerunData()), 0)])
def test_a_run_that_another_one_replaces_leaves_its_place_to_that(monkeypatch, ended_by, rests):
    rested = []
    monkeypatch.setattr(moves.turns, "rest", lambda: rested.append(1))
    with contextlib.suppress(StopException, RerunException), moves.measured("explore"):
        if ended_by:
            raise ended_by
    assert len(rested) == rests


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
