import re

import numpy as np
import pytest

from regdash.figures import theme


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.PROJECTOR])
def test_the_surface_table_runs_from_class_0_to_class_1(colours):
    table = theme.surface_table(colours)
    assert table.shape == (256, 3)
    assert table.dtype == np.uint8
    assert (tuple(table[0]), tuple(table[255])) == (colours.surface[0], colours.surface[2])


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.PROJECTOR])
def test_a_tile_has_the_colours_of_the_picture(colours):
    """What Plotly mixes from the scale's stops is the picture's table, level by level."""
    stops, texts = zip(*theme.levelscale(colours), strict=True)
    anchors = np.array([[int(part) for part in re.findall(r"\d+", text)] for text in texts])
    levels = np.arange(256) / 255
    mixed = np.stack([np.interp(levels, stops, anchors[:, channel]) for channel in range(3)], axis=1)
    np.testing.assert_allclose(mixed, theme.surface_table(colours), atol=6)
    assert (stops[0], stops[-1]) == (0, 1)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.PROJECTOR])
@pytest.mark.parametrize("n", [1, 2, 4, 6, 8])
def test_values_have_colours_that_differ(colours, n):
    found = theme.value_colours(n, colours)
    assert len(set(found)) == n
    assert found[0] == colours.values[0]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK, theme.PROJECTOR])
def test_verdicts_have_a_colour_and_a_symbol(colours):
    assert set(colours.verdicts) == set(theme.VERDICT_SYMBOLS)


def test_an_unknown_mode_is_light():
    assert theme.palette(None) is theme.LIGHT
    assert theme.palette("dark") is theme.DARK
    assert theme.palette("projector") is theme.PROJECTOR
