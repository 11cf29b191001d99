"""What all charts of a study have in common: Plotly accepts them, they travel as JSON, and their axes stand still."""

import json

import pytest
from plotly import graph_objects as go

from regdash.figures import theme
from regdash.figures.study.curves import CURVE_VIEWS, curves
from regdash.figures.study.differences import differences
from regdash.figures.study.heat import heat
from regdash.figures.study.narrowing import MOST_PANELS, narrowing
from regdash.figures.study.slices import slices
from regdash.figures.study.strength import strength
from regdash.study import StudyResult, StudySpec
from regdash.study.comparisons import best, compare
from regdash.study.metrics import COMPARABLE
from regdash.study.stats import narrowing as of_pairs
from regdash.study.stats.rivals import best_of
from regdash.study.summaries import cells_table, curve_bands
from regdash.teaching.scenarios import NOISY


def charts(result, metric="fresh_accuracy", view="validation", piece=0, colours=theme.LIGHT):
    """All charts of a study, by name."""
    cut, curve = slices(result.spec)[piece], CURVE_VIEWS[view]
    table, of_slice = cells_table(result, metric), best_of(result.values(metric)[list(cut.cells)])
    pairs = [each for each in compare(result, baseline=cut.cells[0], metric=metric) if each.cell in cut.cells]
    panels = [(each, of_pairs.narrowing(each.differences, each.measure.centre)) for each in pairs]
    found = {
        "strength": strength(result, cut, metric, table, of_slice, colours),
        "curves": curves(result, cut, curve, curve_bands(result, curve.column), colours),
        "differences": differences(
            result, cut, metric, compare(result, baseline=cut.cells[0], metric=metric), colours
        ),
        "narrowing": narrowing(result, cut, metric, panels[:MOST_PANELS], len(panels), colours),
    }  # fmt: skip
    if len(result.spec.fields) == 2:
        top = best(result, metric)
        found["heat"] = heat(result, metric, table, [top.cell] if top else [], top.rivals if top else [], colours)
    return found


RESULTS = ["one_field", "two_fields", "in_part", "partly_diverged", "nothing"]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("metric", COMPARABLE)
@pytest.mark.parametrize("name", RESULTS)
def test_plotly_accepts_every_chart_and_json_every_number(request, name, metric, mode):
    result = request.getfixturevalue(name)
    for chart in charts(result, metric, colours=theme.palette(mode)).values():
        json.dumps(chart, allow_nan=False)  # the browser's parser knows no NaN
        for place in ("wide", "narrow"):
            go.Figure({"data": chart["data"], "layout": chart[place]["layout"]})  # Plotly's own validation


@pytest.mark.parametrize("view", CURVE_VIEWS)
@pytest.mark.parametrize("name", RESULTS)
def test_plotly_accepts_every_view_of_the_curves_along_every_slice(request, name, view):
    result = request.getfixturevalue(name)
    for piece in range(len(slices(result.spec))):
        chart = charts(result, view=view, piece=piece)["curves"]
        json.dumps(chart, allow_nan=False)
        go.Figure({"data": chart["data"], "layout": chart["wide"]["layout"]})


def test_the_same_study_gives_the_same_bytes(two_fields):
    assert json.dumps(charts(two_fields)) == json.dumps(charts(two_fields))


def test_names_of_traces_are_fit_for_a_style_sheet_and_used_once(two_fields):
    for chart in charts(two_fields).values():
        uids = [trace["uid"] for trace in chart["data"]]
        assert all(uid.replace("-", "").isalnum() for uid in uids)
        assert len(set(uids)) == len(uids)


def test_marks_that_open_a_run_are_those_of_heat_map_and_film_strip(two_fields):
    opening = {
        trace["uid"].split("-")[0]
        for chart in charts(two_fields).values()
        for trace in chart["data"]
        if trace.get("meta", {}).get("opens")
    }
    assert opening == {"heat", "film"}


def test_a_study_of_many_values_stays_small():
    values = [round(0.019 * i, 3) for i in range(50)]
    spec = StudySpec(base=NOISY.but(epochs=1000), sweep={"dropout": values}, seeds=20)
    result = StudyResult.empty(spec)
    result.done[:], result.curves[:], result.fresh_accuracy[:] = True, 0.5, 0.5
    assert sum(len(json.dumps(chart)) for chart in charts(result).values()) < 600_000
