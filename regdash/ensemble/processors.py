"""How many processors this process may use: in a container, under a job scheduler or a quota, fewer than there are."""

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath


def n_processors(root: Path = Path("/")) -> int:
    """At least 1. What `os.cpu_count` counts are the machine's, and more threads than one may use only wait.

    The least of
    - the processors on which the system may run this process (`taskset`, a container's or a batch job's own), and
    - the time that its control groups grant on Linux (`docker run --cpus`, a limit of Kubernetes, `CPUQuota` of
      systemd), in processors, rounded up.

    `root` is where /proc and /sys are; tests bring their own.
    """
    return max(1, min([_scheduled(), *_granted(root)]))


def _scheduled() -> int:
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on; heeds PYTHON_CPU_COUNT, too
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):  # not on macOS and Windows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _granted(root: Path) -> Iterator[int]:
    """What each control group grants in which this process is, or which holds one of those."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, group = line.split(":", 2)
        second_version = not controllers
        if not second_version and "cpu" not in controllers.split(","):
            continue
        # Where a container sees the host's name of its group, its own files lie at the top all the same.
        for place in (PurePosixPath(group), *PurePosixPath(group).parents):
            if ".." in place.parts:  # a group that cannot be seen from here
                continue
            folder = root / "sys/fs/cgroup" / controllers / place.relative_to("/")
            if second_version:  # "max 100000" or "150000 100000": microseconds granted in each period of so many
                numbers = _text(folder / "cpu.max").split()
            else:  # -1 where there is no limit
                numbers = [*_text(folder / "cpu.cfs_quota_us").split(), *_text(folder / "cpu.cfs_period_us").split()]
            if len(numbers) == 2 and numbers[0] not in ("max", "-1"):
                yield -(-int(numbers[0]) // int(numbers[1]))


def _text(path: Path) -> str:
    """What a file says; nothing where there is none, as on other systems and at the top of the groups."""
    try:
        return path.read_text(encoding="ascii")
    except OSError:
        return ""
