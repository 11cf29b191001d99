"""At which epochs a picture shows a network: densely at first, where it changes fastest, and the same for all lengths.

A run of fewer epochs is the beginning of a longer one, to the last bit. So that a page can cut it out of the longer one
(`Run.until`) instead of training it, the pictures of both must show the same epochs.
"""

from regdash.config import FIELDS, RunConfig

MOST_WEIGHTS = 9_000  # of networks with all of FINE: beyond, a surface takes as long as an epoch of training
FINE = (*range(1, 11), *range(12, 21, 2), *range(25, 101, 5), *range(110, 201, 10), *range(220, 401, 20),
        *range(450, 1001, 50))  # fmt: skip
COARSE = (1, 2, 3, 5, 7, 10, 15, *range(20, 61, 10), 80, *range(100, 201, 25), *range(250, 501, 50),
          *range(600, 1001, 100))  # fmt: skip
LEAST_SHARE = 0.2  # of the epochs: to train so few of them anew is no work


def keyframes(config: RunConfig) -> tuple[int, ...]:
    """The epochs, ascending, at which the network's surface is shown: up to 64, of wide networks half as many.

    Play blends one into the next, so more of them would cost more than they show.
    """
    epochs = FINE if config.n_weights <= MOST_WEIGHTS else COARSE
    return (*(epoch for epoch in epochs if epoch < config.epochs), config.epochs)


def stops(config: RunConfig) -> tuple[int, ...]:
    """The positions of the epoch control, ascending, at which the run may be cut short: keyframes before its end."""
    shown = keyframes(config)
    return tuple(
        int(stop)
        for stop in FIELDS["epochs"].stops
        if LEAST_SHARE * config.epochs <= stop < config.epochs and stop in shown
    )
