import base64
import math

import numpy as np
import plotly.graph_objects as go
import pytest

from regdash.figures import theme
from regdash.figures.explore.opinion import clicked_replicate, opinion
from tests.words.test_opinions import compared, luck


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
@pytest.mark.parametrize("own", [0.13, -0.3, math.nan])
@pytest.mark.parametrize("differences", [luck(), np.zeros(20), luck(3), np.full(20, np.nan)])
def test_every_opinion_is_a_figure(differences, own, colours):
    found = compared(differences)
    made = opinion(found, own, colours, first_seed=1)
    for room in ("wide", "narrow"):
        figure = go.Figure({"data": made["data"], "layout": made[room]["layout"]})
        low, high = figure.layout.xaxis.range
        shown = [100 * value for value in [*found.differences, own] if math.isfinite(value)]
        assert all(low <= value <= high for value in shown)
        x, y = (np.frombuffer(base64.b64decode(made["data"][0][side]["bdata"]), np.float32) for side in "xy")
        np.testing.assert_allclose(x, 100 * found.differences, rtol=1e-6)
        if np.ptp([*found.differences, 0.0]) > 0:  # twenty at one place do cover each other
            assert len({*zip(x.tolist(), y.tolist(), strict=True)}) == found.n


def test_a_click_opens_the_seed_that_was_clicked():
    found = compared([0.1, np.nan, 0.2, 0.3])
    assert [clicked_replicate(found, {"trace": "pairs", "point": point}) for point in range(3)] == [0, 2, 3]


@pytest.mark.parametrize(
    "clicked",
    [None, {}, [], "pairs", {"trace": "pairs"}, {"trace": "own", "point": 0}, {"trace": "pairs", "point": 3},
     {"trace": "pairs", "point": -1}, {"trace": "pairs", "point": True}, {"trace": ["pairs"], "point": 0}],
)  # fmt: skip
def test_what_is_no_dot_opens_nothing(clicked):
    assert clicked_replicate(compared([0.1, 0.2, 0.3]), clicked) is None


def test_the_interval_that_the_verdict_rests_on_is_drawn_behind_the_mark():
    found = compared(0.1 + luck())
    drawn = {trace["uid"]: trace for trace in opinion(found, 0.1, theme.LIGHT, first_seed=1)["data"]}
    assert drawn["whiskers"]["x"] == [100 * found.strict.low, 100 * found.strict.high]
    assert drawn["whiskers"]["x"][0] < 100 * found.low
    assert {each["uid"]: each for each in opinion(compared([0.1]), 0.1, theme.LIGHT, first_seed=1)["data"]}["whiskers"][
        "x"
    ] == []
