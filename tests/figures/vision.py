"""Colours as different eyes see them, and how far apart: by colour-science, checked against published values."""

import warnings
from functools import cache

import numpy as np
from colour import sRGB_to_XYZ
from colour.blindness import matrix_cvd_Machado2009
from colour.difference import delta_E_CIE2000
from colour.models import XYZ_to_Lab, eotf_inverse_sRGB, eotf_sRGB
from colour.utilities import ColourUsageWarning

EYES = {"typical": None, "protanopia": "Protanomaly", "deuteranopia": "Deuteranomaly", "tritanopia": "Tritanomaly"}
GREY = "achromatopsia"
LUMINANCE = (0.2126, 0.7152, 0.0722)  # of linear sRGB


def rgb(colour):
    """(3,) sRGB in 0 to 1, of "#rrggbb" or of three bytes."""
    if isinstance(colour, str):
        colour = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.asarray(colour, dtype=float) / 255


@cache
def _matrix(eyes):
    """What the eyes make of linear sRGB: Machado, Oliveira and Fernandes (2009) at full severity, as browsers do it."""
    if eyes == GREY:
        return np.tile(LUMINANCE, (3, 1))
    if EYES[eyes] is None:
        return np.eye(3)
    with warnings.catch_warnings():
        # Their tritan matrices are an approximation, it says; browsers use the same.
        warnings.simplefilter("ignore", ColourUsageWarning)
        return matrix_cvd_Machado2009(EYES[eyes], 1.0)


def seen(colour, eyes):
    """(3,) sRGB in 0 to 1 of a colour as these eyes see it."""
    return eotf_inverse_sRGB(np.clip(_matrix(eyes) @ eotf_sRGB(rgb(colour)), 0, 1))


def distance(one, other, eyes):
    """CIEDE2000: 1 is barely visible side by side, 10 at a glance."""
    return float(delta_E_CIE2000(*(XYZ_to_Lab(sRGB_to_XYZ(seen(colour, eyes))) for colour in (one, other))))


def contrast(one, other):
    """WCAG contrast ratio of two colours, 1 to 21."""
    high, low = sorted((float(eotf_sRGB(rgb(colour)) @ LUMINANCE) for colour in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour, ground, opacity):
    """What a colour with an opacity looks like on a ground, as three bytes."""
    return 255 * (opacity * rgb(colour) + (1 - opacity) * rgb(ground))
