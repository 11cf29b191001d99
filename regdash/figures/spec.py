"""Small pieces every figure is made of: typed arrays and the look of axes.

Figures are plain dictionaries in Plotly's own schema: building `plotly.graph_objects` objects of this size costs 50 to
85 ms, the plain form 1 to 2 ms. The tests validate every spec with `plotly.graph_objects.Figure`.
"""

import base64
import re
from types import MappingProxyType
from typing import Any

from numpy.typing import NDArray

from regdash.figures.theme import Palette

Spec = dict[str, Any]

_PLOTLY_DTYPES = MappingProxyType({dtype: dtype[1:] for dtype in ("<f4", "<f8", "|u1", "<i4")})  # numpy's, its own


def typed(array: NDArray[Any]) -> Spec:
    """Plotly's typed-array form of a float32, float64, uint8 or int32 array: base64 instead of text."""
    spec: Spec = {"dtype": _PLOTLY_DTYPES[array.dtype.str], "bdata": base64_text(array)}
    if array.ndim > 1:
        spec["shape"] = ", ".join(map(str, array.shape))
    return spec


def uid(kind: str, name: str) -> str:
    """A trace's uid: letters, digits and hyphens only, since Plotly makes CSS selectors of it when a chart goes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", f"{kind}-{name}")


def base64_text(array: NDArray[Any]) -> str:
    """The bytes of an array, in C order, as base64 text."""
    return base64.b64encode(array.tobytes()).decode("ascii")


def axis_number(place: int) -> str:
    """How Plotly numbers the axes of the panel at a place, counted from 0: "", "2", "3"."""
    return str(place + 1) if place else ""


def axis(colours: Palette, **settings: Any) -> Spec:
    """A Plotly axis in the page's colours."""
    look = {"gridcolor": colours.grid, "linecolor": colours.grid, "zeroline": False, "showline": True, "mirror": True}
    return look | {"fixedrange": False} | settings
