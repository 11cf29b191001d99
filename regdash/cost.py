"""What training costs, before it is done: the one cost model that batches, studies and their queues share."""

from regdash.config import RunConfig
from regdash.results import DEFAULT_SNAPSHOTS, GRID_SIDE


def cost(config: RunConfig, *, snapshots: int = DEFAULT_SNAPSHOTS) -> float:
    """Seconds that one run takes on one core, roughly: calls cost a little, multiplications add up.

    An epoch passes the training points forwards and backwards, tests all points and updates the weights; in the end
    come the surfaces of the kept epochs.
    """
    weights = config.width * (config.width * (config.depth - 1) + 4)
    per_epoch = 2e-4 + weights * (1.2e-10 * (3 * config.n_train + config.n_samples) + 4e-9)
    surfaces = min(config.epochs, snapshots) * GRID_SIDE**2 * weights * 4e-11
    return 3e-3 + config.epochs * per_epoch + surfaces
