import base64

import numpy as np
import pytest
from scipy import stats

from regdash.figures import theme
from regdash.figures.study.differences import differences
from regdash.figures.study.slices import slices
from regdash.study import StudyResult, StudySpec
from regdash.study.comparisons import compare
from regdash.teaching.scenarios import NOISY


def numbers(array):
    return np.frombuffer(base64.b64decode(array["bdata"]), dtype=array["dtype"])


def drawn(result, metric="fresh_accuracy", baseline=1):
    comparisons = compare(result, baseline=baseline, metric=metric)
    return differences(result, slices(result.spec)[0], metric, comparisons, theme.LIGHT)


def test_dots_are_the_paired_differences_in_points(one_field):
    dots = drawn(one_field)["data"][0]
    accuracy = 100 * one_field.fresh_accuracy.astype(float)
    # Rows from below: dropout 0.5 (cell 0), dropout 0.3 (cell 2); the baseline is cell 1.
    expected = np.concatenate([accuracy[0] - accuracy[1], accuracy[2] - accuracy[1]])
    np.testing.assert_allclose(numbers(dots["x"]), expected, atol=1e-4)
    np.testing.assert_array_equal(numbers(dots["y"]).round(), np.repeat([0, 1], 6))


def test_mark_and_bar_are_mean_and_t_interval(one_field):
    means = {trace["uid"]: trace for trace in drawn(one_field)["data"][2:]}
    pairs = 100 * (one_field.fresh_accuracy[2].astype(float) - one_field.fresh_accuracy[1])
    half = stats.sem(pairs) * stats.t.ppf(0.975, len(pairs) - 1)
    assert means["mean-2"]["x"][0] == pytest.approx(pairs.mean(), rel=1e-5)
    assert means["mean-2"]["error_x"]["array"][0] == pytest.approx(half, rel=1e-5)


def test_a_medians_bar_is_as_long_on_each_side_as_its_interval(one_field):
    skewed = one_field.copy()
    skewed.curves[:, :, 4] = np.array([0.5, 0.4, 0.3])[:, None, None] * np.geomspace(1, 9, 6)[:, None]
    found = {each.cell: each for each in compare(skewed, baseline=1, metric="val_loss")}
    for trace in drawn(skewed, "val_loss")["data"][2:]:
        bar, (mean, low, high) = trace["error_x"], found[int(trace["uid"][-1])].shown
        assert abs((high - mean) - (mean - low)) > 0.01, "or this test says nothing"
        assert bar["symmetric"] is False
        assert (bar["array"][0], bar["arrayminus"][0]) == pytest.approx((high - mean, mean - low))


def test_the_verdict_is_written_at_each_row(one_field):
    labels = drawn(one_field)["wide"]["layout"]["yaxis"]["ticktext"]
    verdicts = {found.cell: found.verdict for found in compare(one_field, baseline=1)}
    for label, cell in zip(labels, (0, 2), strict=True):
        assert str(verdicts[cell]) in label.replace("<br>", " ")


def test_many_rows_have_one_line_each():
    spec = StudySpec(base=NOISY.but(epochs=1), sweep={"dropout": [i / 50 for i in range(40)]}, seeds=1)
    chart = drawn(StudyResult.empty(spec), baseline=0)
    labels = chart["wide"]["layout"]["yaxis"]["ticktext"]
    assert len(labels) == 39
    assert not any("<br>" in label for label in labels)
    assert labels[-1] == "0.02: <b>not finished</b>"


def test_part_of_a_study_gets_no_verdict_and_no_interval_of_two_pairs(in_part):
    chart = drawn(in_part, baseline=3)
    assert all("not finished" in label for label in chart["wide"]["layout"]["yaxis"]["ticktext"])
    assert all(": not finished<br>" in trace["hovertemplate"] for trace in chart["data"][2:])
    assert all(trace["error_x"]["array"] == trace["error_x"]["arrayminus"] == [0] for trace in chart["data"][2:])


def test_where_less_is_better_the_caption_says_so(one_field):
    assert "Better lies to the right" in drawn(one_field)["caption"]
    assert "Better lies to the left" in drawn(one_field, "val_loss")["caption"]


def test_the_strip_of_differences_that_do_not_matter_is_half_a_point(one_field):
    strip = drawn(one_field)["wide"]["layout"]["shapes"][0]
    assert (strip["x0"], strip["x1"]) == (-0.5, 0.5)


def test_pairs_lost_to_divergence_are_told(partly_diverged):
    hovers = [trace["hovertemplate"] for trace in drawn(partly_diverged, baseline=2)["data"][2:]]
    assert any("1 pair left out" in hover for hover in hovers)


def test_thin_whiskers_are_the_interval_that_the_verdict_rests_on(one_field):
    chart, found = drawn(one_field), compare(one_field, baseline=1)
    whiskers = next(trace for trace in chart["data"] if trace["uid"] == "whiskers")
    expected = [[100 * each.strict.low, 100 * each.strict.high, None] for each in found]  # rows from below: cells 0, 2
    assert whiskers["x"] == [end for row in expected for end in row]
    assert whiskers["y"] == [0, 0, None, 1, 1, None]
    assert "Thin whiskers: the wider interval that the verdict rests on" in chart["caption"]
    assert "2 comparisons at once" in chart["caption"]
    for trace, each in zip(chart["data"][2:], found, strict=True):
        bar = trace["error_x"]["array"][0]
        assert trace["x"][0] - bar > 100 * each.strict.low
        assert f"the verdict rests on {100 * each.strict.low:+.1f} to" in trace["hovertemplate"]
    low, high = chart["wide"]["layout"]["xaxis"]["range"]
    assert low <= min(row[0] for row in expected)
    assert high >= max(row[1] for row in expected)


def test_part_of_a_study_has_no_whiskers(in_part):
    chart = drawn(in_part, baseline=3)
    assert next(trace for trace in chart["data"] if trace["uid"] == "whiskers")["x"] == []
    assert "whiskers" not in chart["caption"]
