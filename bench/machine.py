"""This machine and its processes: what it is, whether it is quiet, and what a process has used."""

import contextlib
import platform
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from regdash.ensemble.processors import n_processors

BUSY_AT_MOST = 10.0  # per cent of the processors' time, in a quiet moment
LOOK = 0.5  # seconds


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a process and all that descend from it have used so far."""

    cpu: float  # seconds, of all threads
    own: float  # of these, the process's own, without its children's
    memory: int  # bytes now
    peak: int  # bytes at most, each process's own peak added up; where that is not known, bytes now

    @staticmethod
    def of(process: int) -> "Usage":
        """Raises `psutil.NoSuchProcess`."""
        root = psutil.Process(process)
        family = [_usage(root)]
        for member in root.children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):  # it has ended meanwhile
                family.append(_usage(member))
        cpu, memory, peak = (sum(numbers) for numbers in zip(*family, strict=True))
        return Usage(cpu=cpu, own=family[0][0], memory=int(memory), peak=int(peak))


def _usage(process: psutil.Process) -> tuple[float, int, int]:
    times, memory = process.cpu_times(), process.memory_info().rss
    peaks = _lines(f"/proc/{process.pid}/status", "VmHWM")  # psutil does not tell it on Linux
    return times.user + times.system, memory, 1024 * int(peaks[0].split()[0]) if peaks else memory


def processor() -> str:
    """Its name and how many cores there are."""
    names = _lines("/proc/cpuinfo", "model name")  # `platform.processor` does not tell it on Linux
    return f"{names[0] if names else platform.processor() or platform.machine()}, {n_processors()} cores"


def _lines(file: str, key: str) -> list[str]:
    """What the file says of `key`; nothing where there is no such file."""
    with contextlib.suppress(OSError):
        pairs = [line.partition(":") for line in Path(file).read_text(encoding="utf-8").splitlines()]
        return [value.strip() for name, _, value in pairs if name.strip() == key]
    return []


def load_average() -> str:
    """Processes that computed or wanted to, on average over the last minute."""
    return f"{psutil.getloadavg()[0]:.1f}"


def quiet_moment(patience: float) -> bool:
    """Wait until nobody has computed for half a second, at most `patience` seconds; returns whether that came."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if psutil.cpu_percent(LOOK) <= BUSY_AT_MOST:
            return True
    return False
