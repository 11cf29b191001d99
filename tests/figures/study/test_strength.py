import base64
import dataclasses
import json
from itertools import pairwise

import numpy as np
import pytest
from scipy import stats

from regdash.figures import theme
from regdash.figures.study.chart import ends
from regdash.figures.study.slices import slices
from regdash.figures.study.strength import FILM, MOST_TILES, strength
from regdash.study import StudyResult, StudySpec
from regdash.study.stats.rivals import best_of
from regdash.study.summaries import cells_table
from regdash.teaching.scenarios import NOISY
from regdash.words.runs import NBSP

ORDER = [1, 2, 0]  # the cells of `one_field`, sorted by dropout


def numbers(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"])


def drawn(result, metric="fresh_accuracy", piece=0):
    cut = slices(result.spec)[piece]
    found = best_of(result.values(metric)[list(cut.cells)], complete=result.complete)
    return strength(result, cut, metric, cells_table(result, metric), found, theme.LIGHT)


def traces(result, **kwargs):
    return {trace["uid"]: trace for trace in drawn(result, **kwargs)["data"]}


def test_each_seed_is_a_dot_at_its_value(one_field):
    seeds = traces(one_field)["seeds"]
    np.testing.assert_allclose(numbers(seeds["y"]), one_field.fresh_accuracy[ORDER].ravel(), rtol=1e-6)
    np.testing.assert_array_equal(numbers(seeds["x"]).round(), np.repeat([0, 1, 2], 6))


def test_one_statistic_at_its_own_place(one_field):
    """The line, its bars and the stars are all means, each at its value."""
    values = one_field.fresh_accuracy[ORDER].astype(float)
    means = traces(one_field)["means"]
    np.testing.assert_allclose(numbers(means["y"]), values.mean(axis=1), rtol=1e-6)
    np.testing.assert_array_equal(numbers(means["x"]), [0, 1, 2])
    half = stats.sem(values, axis=1) * stats.t.ppf(0.975, values.shape[1] - 1)
    np.testing.assert_allclose(numbers(means["error_y"]["array"]), half, rtol=1e-5)
    assert {uid for uid in traces(one_field) if not uid.startswith(FILM)} == {"seeds", "means"}
    assert "median" not in json.dumps(drawn(one_field))


def test_losses_are_drawn_by_what_they_are_compared_by(one_field):
    means = traces(one_field, metric="val_loss")["means"]
    values = one_field.values("val_loss")[ORDER].astype(float)
    np.testing.assert_allclose(numbers(means["y"]), np.median(values, axis=1), rtol=1e-6)
    assert all("<br>median " in text for text in means["text"])
    assert (
        "Marks and line: median over 6 seeds; bar: its 95 % interval. "
        in drawn(one_field, metric="val_loss")["caption"]
    )


def stars(result, **kwargs):
    """What marks each value: "best", "rival" or "other"."""
    marker = traces(result, **kwargs)["means"]["marker"]
    kinds = {("star", False): "best", ("star", True): "rival", ("circle", False): "other"}
    hollow = [colour == theme.LIGHT.paper for colour in marker["color"]]
    return [kinds[found] for found in zip(marker["symbol"], hollow, strict=True)]


def test_the_best_mean_has_a_filled_star(one_field):
    means = one_field.fresh_accuracy[ORDER].mean(axis=1)
    found = stars(one_field)
    assert found.count("best") == 1
    assert found.index("best") == means.argmax()


def test_values_that_may_be_as_good_are_named_and_marked(one_field):
    found = best_of(one_field.values("fresh_accuracy")[ORDER])
    assert found.rivals
    assert [i for i, kind in enumerate(stars(one_field)) if kind == "rival"] == sorted(found.rivals)
    named = ", ".join(slices(one_field.spec)[0].labels[index] for index in sorted(found.rivals))
    assert f"; hollow stars: {named} may be as good. " in drawn(one_field)["caption"]
    assert sum("may be as good" in text for text in traces(one_field)["means"]["text"]) == len(found.rivals)


def apart(result, **changes):
    """The same study with values so far apart that one is clearly best, seed by seed."""
    apart = result.copy()
    rng = np.random.default_rng(3)
    apart.fresh_accuracy[:] = rng.normal([[0.7], [0.9], [0.8]], 0.01, apart.fresh_accuracy.shape)
    return dataclasses.replace(apart, **changes)


def test_a_clear_best_value_has_no_rivals(one_field):
    caption = drawn(apart(one_field))["caption"]
    assert "Filled star: dropout 0 has the best mean, " in caption
    assert "all other values are shown to do worse" in caption
    assert stars(apart(one_field)) == ["best", "other", "other"]


def test_part_of_a_study_has_a_value_ahead_and_no_verdict(one_field):
    done = one_field.done.copy()
    done[1, 5] = False
    result = apart(one_field, done=done)
    result.fresh_accuracy[1, 5] = np.nan
    chart = drawn(result)
    assert "Star: so far ahead, dropout 0, " in chart["caption"]
    assert "mean over the seeds, 5 to 6 by value" in chart["caption"]
    assert stars(result) == ["best", "other", "other"]
    assert "as good" not in json.dumps(chart)
    assert "the best mean" not in json.dumps(chart)


def test_a_study_of_one_value_has_no_rivals_to_speak_of():
    result = StudyResult.empty(StudySpec(base=NOISY.but(epochs=1), sweep={"dropout": [0.5]}, seeds=3))
    result.done[:], result.fresh_accuracy[:] = True, [0.7, 0.8, 0.9]
    caption = drawn(result)["caption"].replace(NBSP, " ")
    assert "tar" not in caption.replace("standing", "")
    assert "as good" not in caption
    assert "mean over 3 seeds" in caption
    assert stars(result) == ["other"]


def test_the_numbers_drawn_are_the_tables(one_field):
    """Nothing is computed again: another table gives another chart."""
    cut, table = slices(one_field.spec)[0], cells_table(one_field)
    best = best_of(one_field.values("fresh_accuracy")[ORDER])
    table[["centre", "low", "high"]] = [0.25, 0.2, 0.35]
    found = {
        trace["uid"]: trace for trace in strength(one_field, cut, "fresh_accuracy", table, best, theme.LIGHT)["data"]
    }
    assert set(numbers(found["means"]["y"])) == {0.25}
    np.testing.assert_allclose(numbers(found["means"]["error_y"]["array"]), 0.1)
    np.testing.assert_allclose(numbers(found["means"]["error_y"]["arrayminus"]), 0.05)


def test_the_film_strip_shows_the_first_seeds_boundaries_in_order(one_field):
    found = traces(one_field)
    for place, cell in enumerate(ORDER):
        tile = found[f"{FILM}{cell}"]
        np.testing.assert_array_equal(numbers(tile["z"]), one_field.surfaces[cell].ravel())
        assert tile["x0"] < place < tile["x0"] + tile["dx"] * (one_field.surfaces.shape[1] - 1)
        assert tile["contours"]["start"] == tile["contours"]["end"] == 127.5  # from 128 on the class is 1


def test_tiles_of_runs_that_are_not_there_are_left_out(in_part):
    cells = {uid for uid in traces(in_part) if uid.startswith(FILM)}
    assert f"{FILM}0" not in cells
    assert cells


def test_many_values_have_fewer_tiles_which_do_not_overlap():
    spec = StudySpec(base=NOISY.but(epochs=1), sweep={"dropout": [i / 100 for i in range(50)]}, seeds=1)
    result = StudyResult.empty(spec)
    result.done[:] = True
    tiles = [trace for trace in drawn(result)["data"] if trace["uid"].startswith(FILM)]
    assert len(tiles) == MOST_TILES
    side = result.surfaces.shape[1] - 1
    edges = [(tile["x0"], tile["x0"] + side * tile["dx"]) for tile in tiles]
    assert all(end <= start for (_, end), (start, _) in pairwise(edges))


def test_an_exact_zero_has_its_place_beside_powers_of_ten(two_fields):
    x = drawn(two_fields)["wide"]["layout"]["xaxis"]
    assert x["ticktext"] == ["0", "0.1"]
    assert x["tickvals"] == [0, 1]


@pytest.mark.parametrize(
    ("values", "step", "expected"),
    [([0.81, 0.95], 0.1, (0.8, 1.0)), ([0.8, 0.9], 0.1, (0.8, 0.9)), ([np.nan], 0.1, (0.0, 1.0)),
     ([0.5], 0.1, (0.4, 0.6)), ([-3.0, 7.1], 5.0, (-5.0, 10.0))],
)  # fmt: skip
def test_axes_end_at_round_numbers(values, step, expected):
    assert ends(np.array(values), step) == pytest.approx(expected)


def test_many_seeds_are_smaller_dots(one_field):
    few = traces(one_field)["seeds"]["marker"]["size"]
    spec = StudySpec(base=NOISY.but(epochs=1), sweep={"dropout": [0.5]}, seeds=400)
    result = StudyResult.empty(spec)
    result.done[:], result.fresh_accuracy[:] = True, 0.5
    assert traces(result)["seeds"]["marker"]["size"] <= few / 2
