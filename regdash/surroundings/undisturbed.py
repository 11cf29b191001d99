"""What a caller may have set in torch and numpy, and how it is kept out: a run has the same bits whatever it is.

A notebook's settings are its own business. They differ in how far they reach:

- The default dtype belongs to the process and cannot be left for a while: so every tensor here is made with its dtype.
- Default device, grad and inference mode, autocast, flushing of denormals and numpy's error rules belong to a thread:
  `undisturbed` functions leave them as long as they compute, in whichever thread that is.
- The precision of float32 products belongs to the process, and no call can choose its own. Where it was lowered, it is
  whole again as long as anybody computes here: others' products are the more exact for it, in that time.

How many threads torch has is the caller's choice, since it is a matter of speed; sums of large runs (2,000 points, say)
round differently for it.
"""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np
import torch

from regdash.surroundings.arithmetic import USUAL

P = ParamSpec("P")
T = TypeVar("T")

_TINY, _HALF = sys.float_info.min, 0.5  # half of the smallest normal number is a denormal, or 0 where they are flushed
_DEVICES = ("cpu", "cuda")


class Surroundings(NamedTuple):
    """A thread's settings.

    autocast  per one of `_DEVICES`, its dtype or None if it is off
    flushing  whether denormal numbers become 0
    arithmetic  as `np.geterr` gives them
    """

    device: torch.device
    inference: bool
    grad: bool
    autocast: tuple[torch.dtype | None, ...]
    flushing: bool
    arithmetic: dict[str, Any]

    @staticmethod
    def here() -> "Surroundings":
        """Those of this thread, now."""
        return Surroundings(
            device=torch.get_default_device(),
            inference=torch.is_inference_mode_enabled(),
            grad=torch.is_grad_enabled(),
            autocast=tuple(torch.get_autocast_dtype(d) if torch.is_autocast_enabled(d) else None for d in _DEVICES),
            flushing=_TINY * _HALF == 0.0,
            arithmetic=dict(np.geterr()),
        )

    @contextmanager
    def again(self) -> Iterator[None]:
        """Have these settings in a `with` block of any thread, and afterwards what was there before it."""
        with ExitStack() as stack:
            for change in self._changes(Surroundings.here()):
                stack.enter_context(change)
            yield

    def _changes(self, now: "Surroundings") -> Iterator[AbstractContextManager[Any]]:
        """What leads here from other settings, one after the other; hardly ever anything."""
        if self.device != now.device:
            yield torch.device(self.device)
        if self.inference != now.inference:
            yield torch.inference_mode(self.inference)
        if self.grad != torch.is_grad_enabled():  # the change before may have changed it too
            yield torch.set_grad_enabled(self.grad)
        for device, mine, other in zip(_DEVICES, self.autocast, now.autocast, strict=True):
            if mine != other:
                yield torch.autocast(device, mine, enabled=mine is not None)
        if self.flushing != now.flushing:
            yield _flushing(self.flushing)
        if self.arithmetic != now.arithmetic:
            yield np.errstate(**self.arithmetic)


FRESH = Surroundings(
    device=torch.device("cpu"),
    inference=False,
    grad=True,
    autocast=(None,) * len(_DEVICES),
    flushing=False,
    arithmetic=dict(USUAL),
)


@contextmanager
def _flushing(on: bool) -> Iterator[None]:
    torch.set_flush_denormal(on)
    try:
        yield
    finally:
        torch.set_flush_denormal(not on)


class _WholeProducts:
    """Float32 products in float32, as long as any thread holds this."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._undo: list[Callable[[], None]] = []

    def __enter__(self) -> None:
        with self._lock:
            self._holders += 1
            self._undo += _raise_precision()

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._holders -= 1
            while self._undo and not self._holders:
                self._undo.pop()()


def _raise_precision() -> list[Callable[[], None]]:
    """Have whole products in this process; returns how to undo that, or nothing where they are whole already."""
    backends: Any = torch.backends
    switches = backends.mkldnn.matmul, backends.cuda.matmul
    before = [switch.fp32_precision for switch in switches]
    if {*before} <= {"none", "ieee"}:
        return []
    name = _precision_by_name()
    if name in ("high", "medium"):  # torch has two ways to say it, and complains of those who mix them
        torch.set_float32_matmul_precision("highest")
    for switch in switches:
        switch.fp32_precision = "ieee"

    def undo() -> None:
        if name in ("high", "medium"):
            torch.set_float32_matmul_precision(name)
        for switch, precision in zip(switches, before, strict=True):
            if switch.fp32_precision == "ieee":
                switch.fp32_precision = "none"  # what a wider switch says
            if switch.fp32_precision != precision:
                switch.fp32_precision = precision

    return [undo]


def _precision_by_name() -> str | None:
    """What `torch.set_float32_matmul_precision` has set; None if torch cannot say, for switches beside it were set."""
    try:
        return torch.get_float32_matmul_precision()
    except RuntimeError:
        return None


_whole_products = _WholeProducts()  # for all threads, as the switches are
_thread = threading.local()  # `undisturbed`: whether this thread computes undisturbed already


@contextmanager
def _now_undisturbed(now: bool) -> Iterator[None]:
    before = getattr(_thread, "undisturbed", False)
    _thread.undisturbed = now
    try:
        yield
    finally:
        _thread.undisturbed = before


def undisturbed(function: Callable[P, T]) -> Callable[P, T]:
    """Let a function compute as in a fresh process; the caller's settings are back when it returns."""

    @wraps(function)
    def computed(*args: P.args, **kwargs: P.kwargs) -> T:
        if getattr(_thread, "undisturbed", False):
            return function(*args, **kwargs)
        with _whole_products, FRESH.again(), _now_undisturbed(True):
            return function(*args, **kwargs)

    return computed


def at_home(callback: Callable[P, T]) -> Callable[P, T]:
    """A caller's own function, as it is to be called from inside: with the settings that are there now."""
    surroundings = Surroundings.here()

    @wraps(callback)
    def called(*args: P.args, **kwargs: P.kwargs) -> T:
        with surroundings.again(), _now_undisturbed(False):
            return callback(*args, **kwargs)

    return called
