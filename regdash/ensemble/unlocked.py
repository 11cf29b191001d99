"""Code that runs without Python's lock: an epoch is some forty calls into PyTorch, and two threads would meet at each.

Python lets one thread run at a time. A call into PyTorch gives that lock away and wants it back a few microseconds
later, when the other thread has it: both spend their time waking each other. TorchScript runs a whole function of such
calls, one by one and as they are written, in PyTorch's own interpreter, which needs no lock.

PyTorch calls TorchScript deprecated, and has nothing else that does this without a C++ compiler on each user's machine.
So what is marked here is plain Python as well. With `PYTORCH_JIT=0`, PyTorch's own switch, it runs as that, slower, and
gives the same bits; so it would with the mark taken away. Whoever edits a named tuple needs a new process: PyTorch does
not forget the old one.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import torch

F = TypeVar("F", bound=Callable[..., object])


def unlocked(function: F) -> F:
    """Mark a function of tensors, numbers, lists and named tuples of them. It may call others that are marked."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`torch.jit.script` is ")  # of whichever category: PyTorch has changed it
        scripted: F = torch.jit.script(function)
    return scripted


@contextmanager
def as_written() -> Iterator[None]:
    """In this thread, marked functions run operation by operation, with nothing optimised and nothing to warm up.

    Whoever calls one from Python does so in here: a function that has once run outside stays optimised in the process.
    """
    with torch.jit.optimized_execution(False):  # type: ignore[attr-defined]
        yield
