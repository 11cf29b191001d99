"""A run as the picture's strength slider shows it: what one stop of a control is, in one compact piece.

Surfaces are smooth, so what a level differs from the plane through its three neighbours packs to a third. A piece holds
fewer epochs than the picture, spread evenly over those that the run keeps.
"""

import json
import zlib

import numpy as np
from numpy.typing import NDArray

from regdash.figures.explore.boundary import Points, wrong
from regdash.results import HISTORY_COLUMNS, Run

EPOCHS = 16  # of which a piece holds the surface
CURVES = (*HISTORY_COLUMNS, "flipped")


def shown_epochs(run: Run) -> list[int]:
    """The epochs that a piece holds, the last one included."""
    kept = run.kept_epochs
    return [kept[i] for i in np.unique(np.linspace(0, len(kept) - 1, min(EPOCHS, len(kept))).round().astype(int))]


def encoded(run: Run, points: Points) -> bytes:
    """The piece: the length of a JSON text (4 bytes, little first), the text, and the rest, deflated.

    The text has epochs (the F of the surfaces), side (G), points (N), last (T), fresh (accuracy on fresh points after
    the last epoch, None if the run diverged) and best (the epoch of the lowest validation loss, or None). Deflated are
    F × G × G levels as in `Run.surfaces`, as differences (see `differences`); F × ceil(N / 8) bytes of bits, little
    first, 1 where a point is misclassified; and `CURVES`, each T float32, little first.
    """
    epochs = shown_epochs(run)
    slots = [run.kept_epochs.index(epoch) for epoch in epochs]
    curves = np.concatenate([run.curves, run.flipped[None]]).astype("<f4")
    text = json.dumps(
        {
            "epochs": epochs, "side": run.surfaces.shape[-1], "points": len(points.x), "last": run.config.epochs,
            "fresh": None if run.diverged else run.test_accuracy, "best": run.summary.best_epoch,
        }
    ).encode()  # fmt: skip
    arrays = (
        differences(run.surfaces[slots]),
        np.packbits(wrong(run, points)[slots], axis=1, bitorder="little"),
        curves,
    )
    packed = zlib.compress(b"".join(array.tobytes() for array in arrays))
    return b"".join([len(text).to_bytes(4, "little"), text, packed])


def differences(levels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(F, G, G) uint8: what each level differs, modulo 256, from left + below − left-below; outside, all is 0.

    Adding up along both axes, modulo 256, gives the levels again.
    """
    nothing = np.uint8(0)
    along: NDArray[np.uint8] = np.diff(levels, axis=-1, prepend=nothing)
    return np.diff(along, axis=-2, prepend=nothing)
