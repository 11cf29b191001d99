"""What runs without Python's lock is plain Python as well, and gives the same bits as that."""

import hashlib
import os
import subprocess
import sys

import torch

from regdash import RunConfig, train_many
from regdash.ensemble import epochs

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
