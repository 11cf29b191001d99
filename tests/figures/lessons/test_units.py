"""The diagram of units: it shows the masks whose boundaries are drawn beside it."""

import numpy as np
import pytest

from regdash import RunConfig, train
from regdash.figures import theme
from regdash.figures.lessons import masks, units
from regdash.teaching.subnetworks import draw_masks


@pytest.fixture(scope="module", params=[(5, 1, 0.3), (64, 2, 0.5), (3, 3, 0.0)], ids=str)
def run(request):
    width, depth, dropout = request.param
    return train(RunConfig(width=width, depth=depth, dropout=dropout, epochs=2, n_samples=60))


def drawn(data):
    """By sub-network, how many units are on and off, less the three that always are."""
    sizes = [len(trace["x"]) for trace in data]
    return [(on - 3, off) for on, off in zip(sizes[::2], sizes[1::2], strict=True)]


@pytest.mark.parametrize("seed", [1, 2])
def test_it_counts_and_draws_the_masks_of_the_boundaries(run, seed):
    shown, alt = units.chart(run, seed, theme.LIGHT)
    expected = draw_masks(run, masks.AVERAGED, seed)
    each = [[int(layer[i].sum()) for layer in expected] for i in range(units.SHOWN)]
    total = run.config.width * run.config.depth
    assert drawn(shown["data"]) == [(sum(on), total - sum(on)) for on in each]
    for i, on in enumerate(each):
        said = " and ".join(f"{n} of {run.config.width} units in hidden layer {at}" for at, n in enumerate(on, start=1))
        assert f"Sub-network {i + 1}: {said} are on." in alt
        assert shown["wide"]["layout"]["annotations"][i]["text"].endswith(f": {' + '.join(map(str, on))} units on")


def test_no_two_units_lie_on_each_other_and_all_lie_in_the_picture(run):
    shown, _ = units.chart(run, 1, theme.LIGHT)
    for place in ("wide", "narrow"):
        low, high = shown[place]["layout"]["xaxis"]["range"]
        bottom, top = shown[place]["layout"]["yaxis"]["range"]
        for on, off in zip(shown["data"][::2], shown["data"][1::2], strict=True):
            x, y = np.array(on["x"] + off["x"]), np.array(on["y"] + off["y"])
            assert len(set(zip(x, y, strict=True))) == len(x)
            assert low < x.min() <= x.max() < high
            assert bottom < y.min() <= y.max() < top


def test_colours_are_those_of_the_boundaries(run):
    palette = theme.palette("dark")
    lines = masks.chart(run, 1, palette)[0]["data"]
    for i, trace in enumerate(units.chart(run, 1, palette)[0]["data"][::2]):
        assert theme.faded(trace["marker"]["color"], 0.75) == lines[i]["line"]["color"]
