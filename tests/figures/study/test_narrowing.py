import base64

import numpy as np
import pytest
from scipy import stats

from regdash.config import FIELDS
from regdash.figures import theme
from regdash.figures.study.differences import differences
from regdash.figures.study.narrowing import MOST_PANELS, narrowing
from regdash.figures.study.slices import slices
from regdash.study import StudySpec
from regdash.study.comparisons import compare
from regdash.study.stats import narrowing as of_pairs
from regdash.teaching.scenarios import NOISY
from tests.study import synthetic


def numbers(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"]).astype(float)


def drawn(result, metric="fresh_accuracy", baseline=1, n_values=None):
    piece = slices(result.spec)[0]
    found = [each for each in compare(result, baseline=baseline, metric=metric) if each.cell in piece.cells]
    panels = [(each, of_pairs.narrowing(each.differences, each.measure.centre)) for each in found]
    return narrowing(result, piece, metric, panels, n_values or len(panels), theme.LIGHT)


def traces(chart):
    return {trace["uid"]: trace for trace in chart["data"]}


def test_line_and_band_are_mean_and_t_interval_of_the_first_pairs_in_points(one_field):
    found = traces(drawn(one_field))
    pairs = 100 * (one_field.fresh_accuracy[2].astype(float) - one_field.fresh_accuracy[1])
    np.testing.assert_array_equal(numbers(found["line-2"]["x"]), [3, 4, 5, 6])
    for place, n in enumerate((3, 4, 5, 6)):
        half = stats.sem(pairs[:n]) * stats.t.ppf(0.975, n - 1)
        expected = pairs[:n].mean() + half * np.array([-1, 0, 1])
        points = [numbers(found[f"{name}-2"]["y"])[place] for name in ("low", "line", "high")]
        assert points == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("metric", ["fresh_accuracy", "gap", "val_loss", "memorised"])
def test_the_last_interval_is_the_one_that_the_chart_of_differences_draws(metric):
    result = synthetic.result(synthetic.spec(3, 24))
    result.fresh_accuracy[1, [3, 11]] = np.nan  # as where a run diverged
    result.memorised[:] = np.random.default_rng(3).uniform(0, 1, result.memorised.shape)
    found = compare(result, baseline=0, metric=metric)
    beside = {
        trace["uid"]: trace
        for trace in differences(result, slices(result.spec)[0], metric, found, theme.LIGHT)["data"]
    }  # fmt: skip
    here = traces(drawn(result, metric, baseline=0))
    for each in found:
        bar, last = beside[f"mean-{each.cell}"], here[f"all-{each.cell}"]
        assert last["y"] == bar["x"]
        assert last["x"] == [each.n]
        for side in ("array", "arrayminus"):
            assert last["error_y"][side] == bar["error_x"][side]
            assert last["error_y"][side][0] > 0
        ends = bar["x"][0] - bar["error_x"]["arrayminus"][0], bar["x"][0] + bar["error_x"]["array"][0]
        band = [numbers(here[f"{name}-{each.cell}"]["y"])[-1] for name in ("low", "high")]
        assert band == pytest.approx(ends, rel=1e-6)


def test_whiskers_stand_at_all_pairs_where_the_verdict_rests(one_field):
    chart, found = drawn(one_field), compare(one_field, baseline=1)
    for each in found:
        whisker = traces(chart)[f"whisker-{each.cell}"]
        assert whisker["x"] == [6, 6]
        assert whisker["y"] == [100 * each.strict.low, 100 * each.strict.high]
        low, high = chart["wide"]["layout"]["yaxis"]["range"]
        assert low <= whisker["y"][0] < whisker["y"][1] <= high
    assert "Thin whiskers: the wider interval that the verdict rests on" in chart["caption"]


def test_it_says_that_looking_after_every_pair_is_not_counted(one_field):
    caption = drawn(one_field)["caption"]
    assert "each for one number of pairs" in caption
    assert "Looking after every pair and stopping when it looks good is not counted" in caption
    assert "mean and 95 % interval" in caption
    assert "median and 95 % interval" in drawn(one_field, "val_loss")["caption"]
    assert "Better lies above 0" in caption
    assert "Better lies below 0" in drawn(one_field, "val_loss")["caption"]


def test_a_part_of_a_study_has_no_whiskers_and_too_few_pairs_no_line(in_part):
    chart = drawn(in_part, baseline=3)
    assert "whiskers" not in chart["caption"]
    assert {uid.split("-")[0] for uid in traces(chart)} == {"low", "high", "line"}
    assert all(len(numbers(trace["x"])) == 0 for trace in chart["data"])
    words = [each["text"] for each in chart["wide"]["layout"]["annotations"]]
    assert all("<b>not finished</b>" in each for each in words)


def test_verdicts_are_told_in_words_and_by_marks(one_field):
    chart = drawn(one_field)
    for each, words in zip(compare(one_field, baseline=1), chart["wide"]["layout"]["annotations"], strict=True):
        assert words["text"].startswith(FIELDS["dropout"].label)
        assert str(each.verdict) in words["text"] or "no difference" in words["text"]
        assert traces(chart)[f"all-{each.cell}"]["marker"]["symbol"] == theme.VERDICT_SYMBOLS.get(
            each.verdict, "circle-open"
        )


@pytest.mark.parametrize("n", range(1, MOST_PANELS + 1))
def test_panels_lie_side_by_side_without_meeting_and_move_together(n):
    spec = StudySpec(base=NOISY.but(epochs=1), sweep={"dropout": [i / 20 for i in range(n + 1)]}, seeds=5)
    chart = drawn(synthetic.result(spec), baseline=0)
    for place in ("wide", "narrow"):
        layout = chart[place]["layout"]
        boxes = [
            (*layout[f"xaxis{number}"]["domain"], *layout[f"yaxis{number}"]["domain"])
            for number in ["", *map(str, range(2, n + 1))]
        ]
        for left, right, low, high in boxes:
            assert 0 <= left < right <= 1
            assert 0 <= low < high <= 1
        apart = [
            a[1] < b[0] or b[1] < a[0] or a[3] < b[2] or b[3] < a[2]
            for i, a in enumerate(boxes) for b in boxes[:i]
        ]  # fmt: skip
        assert all(apart)
        assert all(layout[f"{axis}axis{k}"]["matches"] == axis for axis in "xy" for k in range(2, n + 1))
        assert len({tuple(layout[f"yaxis{k or ''}"]["range"]) for k in [0, *range(2, n + 1)]}) == 1


def test_what_is_left_out_is_said(one_field):
    assert "2 of 24 values are shown." in drawn(one_field, n_values=24)["caption"]
    assert "values are shown" not in drawn(one_field)["caption"]
