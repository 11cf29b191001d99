"""What runs without Python's lock is plain Python as well, and gives the same bits as that."""

import hashlib
import os
import subprocess
import sys
import warnings

import pytest
import torch

from regdash import RunConfig, train_many
from regdash.ensemble import epochs
from regdash.ensemble.unlocked import unlocked

pytestmark = pytest.mark.equality

PROGRAM = """
import torch
from tests.ensemble.test_unlocked import fingerprint
torch.set_num_threads(1)
from regdash.ensemble import epochs
assert not isinstance(epochs.train_epochs, torch.jit.ScriptFunction)
print(fingerprint())
"""


def fingerprint() -> str:
    """Of what many kinds of runs come to: their weights after every epoch."""
    configs = [
        RunConfig(
            epochs=9, width=width, depth=depth, dropout=dropout, learning_rate=rate, weight_decay=rate, decay=kind
        )
        for width, depth in ((3, 1), (32, 2), (50, 3))
        for dropout in (0.0, 0.3, 0.5)
        for rate, kind in ((0.08, "l2"), (0.02, "decoupled"))
    ]
    runs = train_many(configs, snapshots=9, workers=1)
    return hashlib.sha256(b"".join(run.parameters.tobytes() + run.curves.tobytes() for run in runs)).hexdigest()


@pytest.mark.slow
def test_the_same_bits_as_plain_python() -> None:
    assert isinstance(epochs.train_epochs, torch.jit.ScriptFunction)
    plain = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        env=os.environ | {"PYTORCH_JIT": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert plain.stdout.strip() == fingerprint()


# As PyTorch 2.13 says it, there and on Python 3.14, and as PyTorch 2.14 does.
DEPRECATED = "`torch.jit.script` is deprecated. Please switch to `torch.compile` or `torch.export`."
UNSUPPORTED = "`torch.jit.script` is not supported in Python 3.14+ and may break. Please switch to `torch.compile`."


def warn_when_scripted(monkeypatch: pytest.MonkeyPatch, message: str, category: type[Warning]) -> None:
    def script(function: object) -> object:
        warnings.warn(message, category, stacklevel=2)
        return function

    monkeypatch.setattr(torch.jit, "script", script)


@pytest.mark.parametrize("category", [DeprecationWarning, FutureWarning, UserWarning])
@pytest.mark.parametrize("message", [DEPRECATED, UNSUPPORTED], ids=["deprecated", "unsupported"])
def test_nobody_is_told_that_torchscript_is_deprecated(
    monkeypatch: pytest.MonkeyPatch, message: str, category: type[Warning]
) -> None:
    warn_when_scripted(monkeypatch, message, category)
    assert unlocked(fingerprint) is fingerprint


@pytest.mark.parametrize("category", [DeprecationWarning, FutureWarning])
def test_other_warnings_reach_the_user(monkeypatch: pytest.MonkeyPatch, category: type[Warning]) -> None:
    warn_when_scripted(monkeypatch, "this function returns nothing", category)
    with pytest.warns(category, match="returns nothing"):
        unlocked(fingerprint)
