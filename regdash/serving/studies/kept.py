"""Finished studies, kept for those who ask next; bounded in number and in bytes. Not for several threads at once."""

from collections import OrderedDict

from regdash.serving.studies.job import StudyJob
from regdash.study import StudyResult, StudySpec

MAX_KEPT = 50
MAX_KEPT_BYTES = 2**28
BYTES_PER_RUN = 400  # a result's row in its table, beside its curves, roughly


class Kept:
    """The last `max_studies` that were asked for, of at most `max_bytes` together."""

    def __init__(self, max_studies: int = MAX_KEPT, max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._max_studies, self._max_bytes = max_studies, max_bytes
        self._jobs: OrderedDict[StudySpec, StudyJob] = OrderedDict()  # least recently asked for first

    def __contains__(self, spec: StudySpec) -> bool:
        return spec in self._jobs

    def find(self, spec: StudySpec) -> StudyJob | None:
        """The finished job of exactly this study."""
        if spec in self._jobs:
            self._jobs.move_to_end(spec)
        return self._jobs.get(spec)

    def relative(self, spec: StudySpec) -> StudyResult | None:
        """The result of the same study that shares most seeds, if one list of seeds begins with the other."""
        shared = {kept: min(kept.n_seeds, spec.n_seeds) for kept in self._jobs if kept.is_same_but_seeds(spec)}
        fitting = [kept for kept, n in shared.items() if kept.seeds[:n] == spec.seeds[:n]]
        return self._jobs[max(fitting, key=lambda kept: shared[kept])].result if fitting else None

    def keep(self, job: StudyJob) -> None:
        """Remember a finished job; what has not been asked for the longest is forgotten for it."""
        self._jobs[job.spec] = job
        while len(self._jobs) > self._max_studies or sum(map(size, self._jobs)) > self._max_bytes:
            self._jobs.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        self._jobs.clear()


def size(spec: StudySpec) -> int:
    """Bytes of a study's whole result, roughly."""
    return spec.n_runs * (20 * spec.max_epochs + BYTES_PER_RUN)
