"""All colours of the pictures, for light and dark pages and for projectors, and marks that say the same without colour.

No two networks look alike to anyone: arms differ by lightness, which every eye sees, before they differ by hue, and
also by a mark on the line, its width and the name at its end. The same holds for the two surfaces: one is dark, one is
light, and points stand out from both. The tests see all pairs as eyes with deuteranopia, protanopia, tritanopia and
achromatopsia do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.results import level_probabilities

RGB = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Palette:
    """Colours of one page mode. `surface` runs from certain class 0 over undecided to certain class 1."""

    text: str
    grid: str
    paper: str
    class_0: str
    class_1: str
    mark: str  # flipped labels and misclassified points
    edge: RGB  # the decision boundary itself
    edge_width: int = 1  # in pixels of the picture's surfaces
    arms: Mapping[str, str]
    pins: tuple[str, ...]
    surface: tuple[RGB, RGB, RGB]
    values: tuple[str, ...]  # of a swept setting, from the lowest to the highest, by lightness; dashes say the same
    ramp: tuple[RGB, ...]  # from low to high, for heat maps: lightness alone carries it
    verdicts: Mapping[str, str]


LIGHT = Palette(
    text="#11151a",
    grid="#d9dde3",
    paper="#ffffff",
    class_0="#041f50",
    class_1="#4a1700",
    mark="#111111",
    edge=(20, 24, 30),
    arms=MappingProxyType({"none": "#171a1d", "dropout": "#006233", "decay": "#003669", "yours": "#d62f7b"}),
    pins=("#514704", "#6f7cc9", "#c28180", "#31766b", "#8a4196", "#192e09"),
    surface=((70, 132, 192), (186, 196, 206), (255, 226, 184)),
    values=("#00214c", "#2d2c77", "#80217a", "#ba205c", "#cd5238", "#c08527"),
    ramp=((68, 30, 110), (50, 84, 140), (34, 136, 142), (90, 190, 120), (240, 228, 90)),
    verdicts=MappingProxyType({"better": "#0060a0", "worse": "#c25000"}),
)
DARK = Palette(
    text="#eceff3",
    grid="#3a424d",
    paper="#0e1117",
    class_0="#d3e9ff",
    class_1="#ffe2ba",
    mark="#ffffff",
    edge=(240, 244, 250),
    arms=MappingProxyType({"none": "#f0f6fa", "dropout": "#62c280", "decay": "#a7d7fe", "yours": "#e85ca4"}),
    pins=("#c88d43", "#78a5ea", "#c34f45", "#3b917d", "#d5b4d3", "#ece4b9"),
    surface=((9, 34, 62), (66, 68, 76), (157, 96, 44)),
    values=("#5171d8", "#b077d3", "#ee83be", "#ffa9a6", "#ffd1ae", "#fff5bc"),
    ramp=((68, 30, 110), (50, 84, 140), (34, 136, 142), (90, 190, 120), (240, 228, 90)),
    verdicts=MappingProxyType({"better": "#7cc4ff", "worse": "#ffb066"}),
)

# For a projector in a room with daylight, which makes black grey: white ground, all else darker than on a light page.
PROJECTOR = Palette(
    text="#000000",
    grid="#b4bcc6",
    paper="#ffffff",
    class_0="#001238",
    class_1="#3d1200",
    mark="#000000",
    edge=(0, 0, 0),
    edge_width=2,
    arms=MappingProxyType({"none": "#000000", "dropout": "#00553e", "decay": "#00246e", "yours": "#bf1267"}),
    pins=("#5d3700", "#ac42ef", "#9f5c1a", "#323820", "#1955b1", "#221604"),
    surface=((60, 120, 190), (188, 197, 206), (255, 224, 172)),
    values=("#01113a", "#29246a", "#5f0789", "#9a1458", "#b23221", "#92680a"),
    ramp=((68, 30, 110), (50, 84, 140), (34, 136, 142), (90, 190, 120), (240, 228, 90)),
    verdicts=MappingProxyType({"better": "#005a99", "worse": "#b04a00"}),
)

# Meaning without colour: shape says training or validation, filling says the class. Plotly's numeric symbol codes.
SYMBOLS = MappingProxyType(
    {
        ("train", 0): 0,  # circle
        ("train", 1): 100,  # circle-open
        ("val", 0): 2,  # diamond
        ("val", 1): 102,  # diamond-open
    }
)


@dataclass(frozen=True, kw_only=True)
class Look:
    """What marks an arm beside its colour: Plotly's symbol on its lines, the same as a character, the lines' width.

    symbol  None: a plain line
    width   how many pixels its lines are wider than usual
    """

    symbol: str | None
    character: str
    width: float = 0.0


# Not circles and diamonds, which are points, not a star, which is early stopping, and not `FRESH_SYMBOL`.
LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "none": Look(symbol=None, character="—", width=-0.8),
        "dropout": Look(symbol="triangle-up", character="▲"),
        "decay": Look(symbol="cross", character="✚"),
        "yours": Look(symbol="square", character="■", width=1.0),
    }
)
PIN_SYMBOLS = ("square-open", "triangle-down-open", "pentagon-open", "diamond-tall-open", "hexagram-open", "cross-open")
# Swept values (DASHES) and verdicts without colour.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
VERDICT_SYMBOLS = MappingProxyType({"better": "triangle-up", "worse": "triangle-down"})
FRESH_SYMBOL = "arrow-left"  # beside the curves: its tip is at the accuracy on fresh data
FLIPPED_SYMBOL = "x-thin"
WRONG_SYMBOL = "circle-open"


_PALETTES = MappingProxyType({"dark": DARK, "projector": PROJECTOR})


def palette(mode: str | None) -> Palette:
    """The palette for "dark" or "projector"; the light one for anything else: a page may not know its mode yet."""
    return _PALETTES.get(mode or "", LIGHT)


def surface_table(colours: Palette) -> NDArray[np.uint8]:
    """(256, 3) uint8: the RGB colour of each level of `Run.surfaces`."""
    stops = np.array(colours.surface, dtype=np.float64)  # (3, RGB)
    channels = [np.interp(level_probabilities(), (0.0, 0.5, 1.0), stops[:, channel]) for channel in range(3)]
    return np.stack(channels, axis=1).round().astype(np.uint8)


def colorscale(colours: Palette) -> list[list[object]]:
    """The same colours as a Plotly colour scale over the probability of class 1."""
    return [[at, "rgb({}, {}, {})".format(*rgb)] for at, rgb in zip((0.0, 0.5, 1.0), colours.surface, strict=True)]


def levelscale(colours: Palette) -> list[list[object]]:
    """The surface table as a Plotly colour scale over the levels of `Run.surfaces`, 0 to 255.

    Every fifth level: between them Plotly mixes, and misses the table by at most 6 of 255 steps of a colour.
    """
    table = surface_table(colours)
    return [[level / 255, "rgb({}, {}, {})".format(*table[level])] for level in range(0, 256, 5)]


def value_colours(n: int, colours: Palette) -> list[str]:
    """`n` colours for the values of a swept setting, spread over `Palette.values`, mixed from neighbours if n > 6."""
    anchors = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours.values])  # (6, RGB)
    at = np.linspace(0, len(anchors) - 1, n)
    if n <= len(anchors):
        at = at.round()
    mixed = np.stack([np.interp(at, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)], axis=1)
    return ["#{:02x}{:02x}{:02x}".format(*rgb) for rgb in mixed.round().astype(int).tolist()]


def on_ramp(shares: NDArray[np.float64], colours: Palette) -> list[str]:
    """For each place on the ramp (0 to 1), black or white: which of the two can be read better on it. Contrast is at
    least 4.5 to 1 everywhere, since one of the two always has it.
    """
    at = np.linspace(0, 1, len(colours.ramp))
    rgb = np.stack([np.interp(shares, at, channel) for channel in zip(*colours.ramp, strict=True)], axis=-1) / 255
    linear = np.where(rgb <= 0.03928, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ [0.2126, 0.7152, 0.0722]  # WCAG's, whose break-even between black and white lies at 0.179
    return ["#000000" if light else "#ffffff" for light in (luminance > 0.179).tolist()]


def crowd(n: int) -> tuple[float, float]:
    """What `n` points in one panel need so that none hides the others: how large a mark is drawn beside its size among
    200, and its opacity. A single mark keeps its contrast with the surface: see the tests.
    """
    opacity = 1 - 0.2 * np.log10(max(n, 200) / 200)
    return float(np.clip((200 / n) ** 0.4, 0.4, 1.25)), float(max(opacity, 0.8))


def faded(colour: str, opacity: float) -> str:
    """A "#rrggbb" colour as rgba."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity})"


def rampscale(colours: Palette) -> list[list[object]]:
    """The ramp from low to high as a Plotly colour scale."""
    at = np.linspace(0, 1, len(colours.ramp)).tolist()
    return [[share, "rgb({}, {}, {})".format(*rgb)] for share, rgb in zip(at, colours.ramp, strict=True)]
