"""numpy's rules for overflow and the like, and for writing numbers, as in a fresh process, whatever a caller has set.

`np.seterr(all="raise")` is a good habit in a notebook, but numbers that vanish, or grow without bounds in a run that
diverges, are results here. And `np.set_printoptions(legacy="1.13")` would cut digits off in files.
"""

from collections.abc import Callable
from functools import wraps
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
T = TypeVar("T")

USUAL = MappingProxyType({"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"})


def usual_arithmetic(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function compute under numpy's own rules; the caller's are back when it returns."""
    rules: dict[str, Any] = dict(USUAL)

    @wraps(function)
    def computed(*args: P.args, **kwargs: P.kwargs) -> T:
        with np.errstate(**rules):
            return function(*args, **kwargs)

    return computed


def all_digits(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function write numbers of numpy with the digits that it takes to read them back the same."""

    @wraps(function)
    def written(*args: P.args, **kwargs: P.kwargs) -> T:
        with np.printoptions(legacy=False):
            return function(*args, **kwargs)

    return written
