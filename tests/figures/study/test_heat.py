import base64

import numpy as np
import pytest

from regdash.figures import theme
from regdash.figures.study.clicks import clicked_cell
from regdash.figures.study.heat import cell_at, heat
from regdash.figures.study.slices import slices
from regdash.study import StudyResult, StudySpec
from regdash.study.comparisons import best
from regdash.study.summaries import cells_table
from regdash.teaching.scenarios import NOISY

# `two_fields` sweeps weight decay (0.1, 0) × width (8, 2, 4); drawn are 0, 0.1 and 2, 4, 8.
DRAWN = np.array([[4, 5, 3], [1, 2, 0]])


def numbers(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"])


def drawn(result):
    found = best(result)
    rivals = found.rivals if result.complete else []
    return heat(result, "fresh_accuracy", cells_table(result), [found.cell], rivals, theme.LIGHT)


def test_every_cell_shows_the_mean_of_its_seeds(two_fields):
    data = {trace["uid"]: trace for trace in drawn(two_fields)["data"]}
    means = two_fields.fresh_accuracy.mean(axis=1)[DRAWN]
    np.testing.assert_allclose(numbers(data["heat"]["z"]).reshape(2, 3), means, rtol=1e-6)
    places = zip(*(data["numbers"][name] for name in ("y", "x", "text")), strict=True)
    assert {(i, j): text for i, j, text in places} == {
        (i, j): f"{100 * means[i, j]:.1f}" for i in range(2) for j in range(3)
    }


def test_the_interval_is_told_on_hover(two_fields):
    (hover, *_), *_ = drawn(two_fields)["data"][0]["customdata"]
    assert "eight decay 0 with width 2" in hover
    assert "95 % interval over 4 seeds" in hover


def test_diverged_runs_are_told_on_hover(two_fields):
    result = two_fields.copy()
    result.diverged[4, 0], result.fresh_accuracy[4, 0] = True, np.nan
    assert "1 of 4 runs diverged" in drawn(result)["data"][0]["customdata"][0][0]


def starred(chart):
    """Row and column of each star, by kind."""
    marks = next(trace for trace in chart["data"] if trace["uid"] == "stars")
    places = [(round(y), round(x)) for x, y in zip(marks["x"], marks["y"], strict=True)]
    symbols = marks["marker"]["symbol"]
    return {
        kind: [place for place, symbol in zip(places, symbols, strict=True) if symbol == kind]
        for kind in ("star", "star-open")
    }


def frames(chart):
    """Row and column of each frame, and the colours that it is drawn in."""
    found = {}
    for shape in chart["wide"]["layout"]["shapes"]:
        at = round((shape["y0"] + shape["y1"]) / 2), round((shape["x0"] + shape["x1"]) / 2)
        found.setdefault(at, []).append(shape["line"]["color"])
    return found


def test_the_best_cell_is_framed_starred_and_named(two_fields):
    chart = drawn(two_fields)
    (at,) = frames(chart)
    assert DRAWN[at] == two_fields.fresh_accuracy.mean(axis=1).argmax()
    assert starred(chart)["star"] == [at]
    assert frames(chart)[at] == ["#000000", "#ffffff"]  # one within the other: seen on every colour
    assert "Frame and filled star: the best mean" in chart["caption"]


def test_all_cells_that_may_be_as_good_are_marked(two_fields):
    rivals = best(two_fields).rivals
    assert len(rivals) > 1
    chart = drawn(two_fields)
    assert {DRAWN[at] for at in starred(chart)["star-open"]} == set(rivals)
    assert f"hollow stars: the {len(rivals)} others that may be as good. " in chart["caption"]


def test_where_no_cell_may_be_as_good_none_is_marked(two_fields):
    chart = heat(two_fields, "fresh_accuracy", cells_table(two_fields), [3], [], theme.LIGHT)
    assert starred(chart)["star-open"] == []
    assert "; none may be as good. " in chart["caption"]


def test_each_kind_of_data_has_its_frame():
    spec = StudySpec(base=NOISY.but(epochs=1), sweep={"dropout": [0.0, 0.5], "label_noise": [0.0, 0.1, 0.2]}, seeds=2)
    result = StudyResult.empty(spec)
    result.done[:], result.fresh_accuracy[:] = True, 0.5
    chart = heat(result, "fresh_accuracy", cells_table(result), [0, 4, 5], [1], theme.LIGHT)
    assert list(frames(chart)) == starred(chart)["star"] == [(0, 0), (1, 1), (1, 2)]
    assert starred(chart)["star-open"] == [(0, 1)]
    assert "Frame and filled star: the best mean at each value of flipped labels; " in chart["caption"]
    assert "hollow stars: the 1 other that may be as good. " in chart["caption"]


def test_part_of_a_study_counts_the_seeds_that_are_there(two_fields, in_part):
    assert drawn(two_fields)["title"].endswith("mean over 4 seeds")
    part = drawn(in_part)
    assert part["title"].endswith("mean over the seeds, 0 to 1 by value")
    assert "Frame and filled star: so far ahead, " in part["caption"]
    assert starred(part)["star-open"] == []
    assert part["data"][0]["customdata"][0][0].endswith("<br>1 seed")


def test_brighter_is_better_also_where_less_is():
    result = StudyResult.empty(StudySpec(base=NOISY, sweep={"dropout": [0.0, 0.5], "width": [2, 4]}, seeds=1))
    for metric, reverse in (("fresh_accuracy", False), ("val_loss", True)):
        trace = heat(result, metric, cells_table(result, metric), [], [], theme.LIGHT)["data"][0]
        assert trace["reversescale"] is reverse


def test_cells_without_runs_are_empty(in_part):
    data = {trace["uid"]: trace for trace in drawn(in_part)["data"]}
    assert np.isnan(numbers(data["heat"]["z"]).reshape(2, 3)[1, 2])
    assert len(data["numbers"]["text"]) == 5


def test_a_click_finds_the_cell_that_is_drawn_there(two_fields):
    for row in range(2):
        for column in range(3):
            cell = clicked_cell(two_fields, {"trace": "heat", "point": [row, column]})
            assert cell == cell_at(two_fields, row, column) == DRAWN[row, column]
            decay, width = two_fields.spec.cells[cell]
            assert (decay, width) == ((0.0, 0.1)[row], (2, 4, 8)[column])


def test_a_click_on_a_tile_finds_its_cell(one_field):
    assert [clicked_cell(one_field, {"trace": f"film-{cell}", "point": 0}) for cell in range(3)] == [0, 1, 2]


@pytest.mark.parametrize(
    "clicked",
    [None, "heat", [], {}, {"trace": "heat"}, {"trace": "heat", "point": 1}, {"trace": "heat", "point": [0]},
     {"trace": "heat", "point": [0, 3]}, {"trace": "heat", "point": [-1, 0]}, {"trace": "heat", "point": ["0", "0"]},
     {"trace": "heat", "point": [True, False]}, {"trace": "heat", "point": [0.0, 1.0]}, {"trace": "film-6"},
     {"trace": "film--1"}, {"trace": ["film-1"]}, {"trace": "seeds", "point": 0}],
)  # fmt: skip
def test_junk_from_a_browser_opens_nothing(two_fields, clicked):
    assert clicked_cell(two_fields, clicked) is None


def test_a_study_of_one_setting_has_no_heat_map_to_click(one_field):
    assert clicked_cell(one_field, {"trace": "heat", "point": [0, 0]}) is None


def test_slices_cover_every_cell_once_in_each_direction(two_fields):
    found = slices(two_fields.spec)
    assert [piece.title for piece in found] == [
        "Weight decay, at width 8", "Weight decay, at width 2", "Weight decay, at width 4",
        "Width, at weight decay 0.1", "Width, at weight decay 0",
    ]  # fmt: skip
    for part in (found[:3], found[3:]):
        assert sorted(cell for piece in part for cell in piece.cells) == list(range(6))
    assert all(list(piece.values) == sorted(piece.values) for piece in found)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_numbers_can_be_read_on_every_colour_of_the_ramp(colours):
    def luminance(rgb):
        share = np.asarray(rgb) / 255
        return np.where(share <= 0.03928, share / 12.92, ((share + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]

    shares = np.linspace(0, 1, 101)
    at = np.linspace(0, 1, len(colours.ramp))
    for share, ink in zip(shares, theme.on_ramp(shares, colours), strict=True):
        ground = luminance([np.interp(share, at, channel) for channel in zip(*colours.ramp, strict=True)])
        high, low = sorted([ground, 1.0 if ink == "#ffffff" else 0.0], reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5  # WCAG 2.2, text


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_the_ramp_says_by_lightness_alone_which_is_more(colours):
    light = [np.dot(rgb, [0.2126, 0.7152, 0.0722]) for rgb in colours.ramp]
    assert light == sorted(light)
