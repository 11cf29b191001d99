import base64
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from regdash.figures import theme
from regdash.figures.explore.curves import VIEWS, Pin, curve_traces, quantity, y_range
from regdash.figures.explore.names import PITCH, apart, falling, name_traces

heights = st.lists(st.floats(0.3, 1.0), min_size=1, max_size=14)


def values(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype=np.float32)


@pytest.fixture
def pins(arms):
    return [Pin(number=number, name=f"Pin {number}", run=arms[0].run) for number in (3, 4)]


@pytest.mark.parametrize("view", VIEWS)
def test_every_line_has_its_name_and_is_hidden_with_it(arms, pins, view):
    lines = curve_traces(arms, pins, VIEWS[view], theme.LIGHT)
    named = name_traces(arms, pins, VIEWS[view], theme.LIGHT)
    with_numbers = [line for line in lines if np.isfinite(values(line["y"])).any()]
    assert [name["legendgroup"] for name in named] == [line["legendgroup"] for line in with_numbers]
    assert [name["visible"] for name in named] == [line["visible"] for line in with_numbers]
    assert not any(name["showlegend"] for name in named)


def test_names_say_which_network_and_which_line(arms, pins):
    named = {name["uid"]: name for name in name_traces(arms, pins, VIEWS["accuracy"], theme.LIGHT)}
    assert named["name-yours-val_accuracy"]["text"][0].split() == ["■", "Yours"]
    assert named["name-dropout-train_accuracy"]["text"][0].split() == ["▲", "train"]
    assert named["name-pin-3-val_accuracy"]["text"][0].split() == ["Pin", "3"]
    for arm in arms:
        assert named[f"name-{arm.key}-val_accuracy"]["textfont"]["color"] == theme.LIGHT.arms[arm.key]


def test_a_name_stands_at_its_lines_end(arms):
    (only, *_) = name_traces(arms[:1], [], VIEWS["accuracy"], theme.LIGHT)
    run = arms[0].run
    assert only["x"] == [run.config.epochs]
    low, high = y_range([run], VIEWS["accuracy"])
    assert abs(only["y"][0] - quantity(run, "val_accuracy")[-1]) <= PITCH * (high - low)


def test_a_diverged_run_has_its_name_where_its_line_ends(arms):
    curves = arms[3].run.curves.copy()
    curves[:, 3:] = np.nan
    cut = replace(arms[3], run=replace(arms[3].run, curves=curves))
    named = name_traces([arms[0], cut], [], VIEWS["accuracy"], theme.LIGHT)
    assert {name["x"][0] for name in named if "-yours-" in name["uid"]} == {3}
    curves[:] = np.nan
    named = name_traces([arms[0], cut], [], VIEWS["accuracy"], theme.LIGHT)
    assert not [name for name in named if "-yours-" in name["uid"]]


@given(heights)
def test_names_do_not_overprint_each_other_and_keep_their_order(found):
    placed = apart(found, (0.3, 1.03), PITCH)
    pitch = min(PITCH, 1 / len(found)) * 0.73
    ordered = np.sort(placed)
    assert (np.diff(ordered) >= pitch - 1e-9).all()
    assert 0.3 - 1e-9 <= ordered[0] <= ordered[-1] <= 1.03 + 1e-9
    for i, j in zip(*np.triu_indices(len(found), 1), strict=True):
        if found[i] != found[j]:
            assert (found[i] < found[j]) == (placed[i] < placed[j])


@given(heights)
def test_names_that_are_apart_stay_where_they_are(found):
    once = apart(found, (0.3, 1.03), PITCH)
    assert apart(once, (0.3, 1.03), PITCH) == pytest.approx(once)


def test_names_move_as_little_as_they_can():
    """Two at one height: half a step up, half a step down; a third far away stays."""
    placed = apart([0.6, 0.9, 0.6], (0.0, 1.0), 0.1)
    assert placed == pytest.approx([0.65, 0.9, 0.55])


def test_lines_have_marks_and_widths_of_their_own(arms, pins):
    lines = curve_traces(arms, pins, VIEWS["accuracy"], theme.LIGHT)
    first = {line["uid"].split("-")[1]: line for line in lines if line["uid"].endswith("val_accuracy")}
    for key, look in theme.LOOKS.items():
        assert first[key].get("marker", {}).get("symbol") == look.symbol
        assert ("markers" in first[key]["mode"]) == (look.symbol is not None)
    assert first["none"]["line"]["width"] < first["dropout"]["line"]["width"] < first["yours"]["line"]["width"]
    by_pin = [line["marker"]["symbol"] for line in lines if "-pin-" in line["uid"]]
    assert len(set(by_pin)) == len(pins)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20))
def test_the_nearest_sequence_that_never_rises_is_scipys(values):
    assert falling(values) == pytest.approx(isotonic_regression(values, increasing=False).x.tolist(), abs=1e-9)
