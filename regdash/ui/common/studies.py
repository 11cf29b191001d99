"""The one queue of studies of this process, for every page that shows one."""

from regdash.cluster import Cluster, scheduler_address
from regdash.serving.once import Once
from regdash.serving.studies import StudyQueue
from regdash.ui.common import cache, moves


@Once.closing(StudyQueue.close)
def queue() -> StudyQueue:
    """The one queue of this process. Studies train on this machine, or on the cluster that REGDASH_SCHEDULER names."""
    batcher = cache.batcher()  # made first: it sets the number of arithmetic threads

    def busy() -> bool:
        return batcher.busy

    address = scheduler_address()
    if address is None:
        made = StudyQueue(busy=busy)
    else:
        cluster = Cluster(address)
        made = StudyQueue(busy=busy, executor_factory=cluster.executor, workers=lambda: cluster.n_workers)
    moves.meter().watch("regdash_studies", "Studies that wait or run", lambda: made.n_wanted)
    return made
