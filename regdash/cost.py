"""What training costs, before it is done: the one cost model that batches, studies and their queues share.

Measured on a 2-core machine with one torch thread, and fitted for networks of width 4 to 256 in batches of 1 to 50:
estimates are within a factor of about 1.5 of the measured times. Another machine is slower or faster throughout;
whoever shows seconds to people corrects them by what earlier trainings took.
"""

from itertools import pairwise

from regdash.config import RunConfig
from regdash.keyframes import keyframes, stops
from regdash.results import GRID_SIDE

TOGETHER = 25  # runs of a usual batch

# Seconds. Per batch: starting it, and an epoch's calls. Per run: data, first weights, test on fresh points.
_BATCH, _CALLS = 1.2e-3, 3.6e-5
_RUN = 4.5e-4
# Seconds per run and epoch: for each point's logits and losses, for each hidden unit's output at a point, for each
# multiplication, for each parameter that Adam updates.
_POINT, _OUTPUT, _MULTIPLICATION, _UPDATE = 4.2e-8, 8.2e-10, 1.4e-11, 1.1e-8
_SMALL, _ALONE = 400, 1.6e-6  # products of fewer multiplications are made one by one, see `ensemble.products`
_SURFACE = 5e-5  # seconds per surface, besides outputs and multiplications at its points
_TEST = 2.5  # times what a surface costs: 4,000 fresh points


def cost(config: RunConfig, *, snapshots: int | None = None, together: int = TOGETHER) -> float:
    """Seconds of one core, roughly, that one run takes among `together` runs of its shape.

    `snapshots` is for how many kept epochs surfaces are computed; None: as a picture has, which is also tested early.
    """
    hidden = config.depth * config.width
    parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(config.layer_sizes))
    # Passes of a point through the network: forward, backward twice, test. Without dropout, the forward pass is the
    # test after the last update, and there are no masks to draw and apply.
    passes = config.n_samples + config.n_train * (3 if config.dropout else 2)
    passes_of_outputs = config.n_samples + config.n_train * (3 if config.dropout else 1)
    per_epoch = (
        _CALLS / together
        + _POINT * (config.n_train + config.n_samples)
        + _OUTPUT * hidden * passes_of_outputs
        + _MULTIPLICATION * config.n_weights * passes
        + _UPDATE * parameters
        + _ALONE * _products_made_alone(config)
    )
    if snapshots is None:
        surfaces = len(keyframes(config)) + _TEST * len(stops(config))
    else:
        surfaces = min(config.epochs, snapshots)
    return _BATCH / together + _RUN + config.epochs * per_epoch + surfaces * _per_surface(config)


def _per_surface(config: RunConfig) -> float:
    hidden = config.depth * config.width
    return _SURFACE + GRID_SIDE**2 * (_OUTPUT * hidden + _MULTIPLICATION * config.n_weights)


def _products_made_alone(config: RunConfig) -> int:
    """How many of a run's matrix products in an epoch are too small to be made together with other runs'."""
    n_val, alone = config.n_samples - config.n_train, 0
    for layer, (n_in, n_out) in enumerate(pairwise(config.layer_sizes)):
        if config.n_train * n_in * n_out < _SMALL:  # test, weights' gradient, gradient by the inputs, dropout's pass
            alone += 2 + (layer > 0) + (config.dropout > 0 and layer > 0)
        alone += n_val * n_in * n_out < _SMALL
    return alone
