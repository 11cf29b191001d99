"""All eyes can tell apart what differs: networks, pins, points and surfaces, on light and dark pages and on projectors.

CIEDE2000 is a distance between patches side by side; lines far apart need more, and what has a name, a mark or a dash
of its own needs less. What grey can carry is limited: ten lines with enough contrast share some 40 steps of lightness.
"""

import tomllib
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest

from regdash.figures import theme
from regdash.figures.study.chart import FAINT
from regdash.figures.study.heat import FRAME
from tests.figures.vision import EYES, GREY, contrast, distance, mixed, seen

PALETTES = pytest.mark.parametrize(
    "colours", [theme.LIGHT, theme.DARK, theme.PROJECTOR], ids=["light", "dark", "projector"]
)
EVERYONE = [*EYES, GREY]
CONFIG = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
THEMES = pytest.mark.parametrize(
    ("page", "colours"), [(CONFIG["light"], theme.LIGHT), (CONFIG["dark"], theme.DARK)], ids=["light", "dark"]
)
COUNTS = (20, 100, 200, 500, 2000)


def nearest(pairs, eyes):
    """The pair that these eyes can hardly tell apart, and how far it is."""
    return min((distance(one, other, eyes), one, other) for one, other in pairs)


# The yardstick


def test_the_distance_is_ciede2000():
    """From the test data of Sharma, Wu and Dalal (2005), by way of colours that sRGB has."""
    from colour.difference import delta_E_CIE2000

    pairs = [((50, 2.5, 0), (73, 25, -18), 27.1492), ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425)]
    for one, other, expected in pairs:
        assert delta_E_CIE2000(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert distance("#000000", "#ffffff", "typical") == pytest.approx(100, abs=1e-3)


@pytest.mark.parametrize(
    ("eyes", "one", "other"),
    [("deuteranopia", "#5b6470", "#aa3377"), ("protanopia", "#5b6470", "#aa3377"),
     ("tritanopia", "#1b7f3b", "#0087b3"), (GREY, "#5b6470", "#aa3377")],
)  # fmt: skip
def test_eyes_confuse_what_they_are_known_to(eyes, one, other):
    """Pairs that people with these eyes could not tell apart in curves."""
    assert distance(one, other, "typical") > 20
    assert distance(one, other, eyes) < 12.5


def test_white_and_black_are_the_same_to_all():
    for eyes, grey in product(EVERYONE, ("#000000", "#808080", "#ffffff")):
        np.testing.assert_allclose(seen(grey, eyes), seen(grey, "typical"), atol=2e-3)


# Networks and pins


@PALETTES
@pytest.mark.parametrize("eyes", EVERYONE)
def test_networks_can_be_told_apart(colours, eyes):
    least, *pair = nearest(combinations(colours.arms.values(), 2), eyes)
    assert least >= (7.5 if eyes == GREY else 11), pair


@PALETTES
def test_networks_differ_by_lightness_one_after_the_other(colours):
    """Every eye sees lightness, and a printer prints it: a step of 10 of 100 between any two."""
    lightness = sorted(116 * np.cbrt(seen(colour, GREY)[0] ** 2.2) for colour in colours.arms.values())
    assert min(np.diff(lightness)) >= 10


@PALETTES
@pytest.mark.parametrize("eyes", EVERYONE)
def test_pins_can_be_told_apart_from_each_other_and_from_networks(colours, eyes):
    pairs = [*combinations(colours.pins, 2), *product(colours.pins, colours.arms.values())]
    least, *pair = nearest(pairs, eyes)
    assert least >= (3 if eyes == GREY else 8), pair


def test_networks_and_pins_have_marks_of_their_own():
    assert set(theme.LOOKS) == set(theme.LIGHT.arms) == set(theme.DARK.arms) == set(theme.PROJECTOR.arms)
    assert len({look.symbol for look in theme.LOOKS.values()}) == len(theme.LOOKS)
    assert len({look.character for look in theme.LOOKS.values()}) == len(theme.LOOKS)
    assert len(set(theme.PIN_SYMBOLS)) == len(theme.PIN_SYMBOLS) == len(theme.LIGHT.pins) == len(theme.DARK.pins)
    assert not {look.symbol for look in theme.LOOKS.values()} & set(theme.PIN_SYMBOLS)


@PALETTES
@pytest.mark.parametrize("eyes", EVERYONE)
@pytest.mark.parametrize("n", [2, 4, 6])
def test_swept_values_can_be_told_apart(colours, eyes, n):
    """They have a dash each besides, and run from dark to light (or light to dark) as the values rise."""
    found = theme.value_colours(n, colours)
    least, *pair = nearest(combinations(found, 2), eyes)
    assert least >= {2: 25, 4: 6, 6: 3}[n], pair
    light = [seen(colour, GREY)[0] for colour in found]
    assert light == sorted(light)


@PALETTES
@pytest.mark.parametrize("eyes", [eyes for eyes in EVERYONE if eyes != GREY])
def test_better_and_worse_can_be_told_apart(colours, eyes):
    """In grey, triangles up and down and words do it."""
    assert distance(*colours.verdicts.values(), eyes) >= 25


# Points and surfaces


@PALETTES
@pytest.mark.parametrize("eyes", EVERYONE)
def test_the_two_surfaces_differ(colours, eyes):
    assert distance(colours.surface[0], colours.surface[2], eyes) >= 25
    assert contrast(colours.surface[0], colours.surface[2]) >= 3


@PALETTES
@pytest.mark.parametrize("n", COUNTS)
def test_marks_stand_out_from_every_surface(colours, n):
    """Points of both classes, wherever they lie and however many there are; crosses, rings and the boundary, too."""
    _, opacity = theme.crowd(n)
    for ground in theme.surface_table(colours):
        for mark in (colours.class_0, colours.class_1, colours.mark):
            assert contrast(mixed(mark, ground, opacity), ground) >= 3
    for ground in (colours.surface[0], colours.surface[1], colours.surface[2]):
        assert contrast(colours.edge, ground) >= 3


@PALETTES
@pytest.mark.parametrize("eyes", EVERYONE)
def test_points_can_be_told_from_every_surface_and_class_from_class(colours, eyes):
    table = theme.surface_table(colours)[::15]
    least, *pair = nearest(product((colours.class_0, colours.class_1), map(tuple, table)), eyes)
    assert least >= 25, pair
    if eyes != GREY:  # there, filled and hollow do it
        assert distance(colours.class_0, colours.class_1, eyes) >= 25


@PALETTES
def test_a_cross_stands_out_from_the_point_it_is_on(colours):
    """By itself or by the halo behind it."""
    for ground in (colours.class_0, colours.class_1, *colours.surface):
        assert max(contrast(colours.mark, ground), contrast(colours.paper, ground)) >= 3
    assert contrast(colours.mark, colours.paper) >= 7


# Contrast with the page


@PALETTES
def test_names_in_a_networks_colour_can_be_read(colours):
    """Titles, names at the lines' ends and the table's first column: text, so 4.5 to 1."""
    assert all(contrast(colour, colours.paper) >= 4.5 for colour in colours.arms.values())


@PALETTES
def test_lines_and_dots_can_be_seen(colours):
    found = [*colours.pins, *theme.value_colours(8, colours), *colours.verdicts.values(), colours.mark]
    found += [colours.class_0, colours.class_1, mixed(colours.text, colours.paper, FAINT)]
    assert all(contrast(colour, colours.paper) >= 3 for colour in found)


def test_a_projector_has_more_contrast_than_a_light_page():
    """Daylight on the screen takes contrast away: words and lines have some to spare, and white and black are pure."""
    colours = theme.PROJECTOR
    assert (colours.paper, colours.text, colours.mark) == ("#ffffff", "#000000", "#000000")
    assert min(contrast(colour, colours.paper) for colour in colours.arms.values()) >= 5.8
    assert min(contrast(colour, colours.paper) for colour in colours.verdicts.values()) >= 5
    assert min(contrast(colour, colours.paper) for colour in theme.value_colours(8, colours)) >= 4.5
    assert min(contrast(colour, colours.paper) for colour in colours.pins) >= 4
    assert contrast(colours.surface[0], colours.surface[2]) > contrast(theme.LIGHT.surface[0], theme.LIGHT.surface[2])
    assert contrast(colours.grid, colours.paper) > contrast(theme.LIGHT.grid, theme.LIGHT.paper)


@PALETTES
def test_the_frame_of_the_best_cell_stands_out_from_every_colour(colours):
    for shares in np.linspace(0, 1, 51):
        at = np.linspace(0, 1, len(colours.ramp))
        ground = [np.interp(shares, at, channel) for channel in zip(*colours.ramp, strict=True)]
        assert max(contrast(colour, ground) for colour, _ in FRAME) >= 4.5


@THEMES
def test_pictures_and_page_have_the_same_ground_and_ink(page, colours):
    assert (page["textColor"], page["backgroundColor"]) == (colours.text, colours.paper)


@pytest.mark.parametrize("page", [CONFIG["light"], CONFIG["dark"]], ids=["light", "dark"])
def test_words_of_the_page_can_be_read(page):
    grounds = (page["backgroundColor"], page["secondaryBackgroundColor"])
    for ground in grounds:
        assert contrast(page["textColor"], ground) >= 7
        assert contrast(mixed(page["textColor"], ground, 0.6), ground) >= 4.5  # captions: Streamlit's opacity of 60 %
        assert contrast(page["primaryColor"], ground) >= 3  # tracks, focus rings, buttons' ground
    assert contrast("#ffffff", page["primaryColor"]) >= 4.5  # Play, Run study, chosen values


# Many points


def test_the_more_points_the_smaller_and_fainter():
    sizes, opacities = zip(*map(theme.crowd, COUNTS), strict=True)
    assert list(sizes) == sorted(sizes, reverse=True)
    assert list(opacities) == sorted(opacities, reverse=True)
    assert theme.crowd(200) == (1.0, 1.0)
    assert opacities[0] == 1.0


def test_two_thousand_points_cover_less_than_they_used_to():
    """Their area grows with the number, but slowly: ten times as many cover at most twice as much."""
    (few, _), (many, _) = theme.crowd(200), theme.crowd(2000)
    assert 10 * many**2 <= 2 * few**2
    assert theme.crowd(20)[0] <= 1.25 * few
