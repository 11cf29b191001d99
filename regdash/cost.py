"""What training costs, before it is done: the one cost model that batches, studies and their queues share.

Measured on a 2-core machine with one torch thread, and fitted for networks of width 4 to 256 in batches of 1 to 50: the
estimates are within a factor of 1.5 of the measured times. Another machine is slower or faster throughout; whoever
shows seconds to people corrects them by what earlier trainings took.
"""

from itertools import pairwise

from regdash.config import RunConfig
from regdash.results import DEFAULT_SNAPSHOTS, GRID_SIDE

TOGETHER = 25  # runs of a usual batch

# Seconds. Per batch: starting it, and an epoch's calls. Per run: data, first weights, test on fresh points.
_BATCH, _CALLS = 1.1e-3, 3.7e-5
_RUN = 4.5e-4
# Seconds per run and epoch: for each point's logits and losses, for each hidden unit's output at a point, for each
# multiplication, for each parameter that Adam updates.
_POINT, _OUTPUT, _MULTIPLICATION, _UPDATE = 5.1e-8, 9.6e-10, 1.4e-11, 1.1e-8
_SURFACE = 8e-5  # seconds per surface, besides outputs and multiplications at its points


def cost(config: RunConfig, *, snapshots: int = DEFAULT_SNAPSHOTS, together: int = TOGETHER) -> float:
    """Seconds of one core, roughly, that one run takes among `together` runs of its shape.

    `snapshots` is for how many kept epochs surfaces are computed. An epoch passes the training points forwards and
    backwards, tests all points and updates the weights.
    """
    hidden = config.depth * config.width
    weights = config.width * (config.width * (config.depth - 1) + 4)
    parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(config.layer_sizes))
    passes = 3 * config.n_train + config.n_samples  # of a point through the network: forward, backward twice, test
    per_point = _OUTPUT * hidden + _MULTIPLICATION * weights
    per_epoch = (
        _CALLS / together + _POINT * (config.n_train + config.n_samples) + passes * per_point + _UPDATE * parameters
    )
    surfaces = min(config.epochs, snapshots) * (_SURFACE + GRID_SIDE**2 * per_point)
    return _BATCH / together + _RUN + config.epochs * per_epoch + surfaces
