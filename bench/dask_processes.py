"""A Dask cluster of real processes on this machine, for one measurement or test: a scheduler and single workers.

Workers are started without Dask's nanny, which would start a worker again when it is killed.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START_LIMIT = 60.0  # seconds until the scheduler must be there
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class DaskError(Exception):
    """The scheduler could not be started."""


@dataclass(frozen=True, kw_only=True)
class DaskProcesses:
    """A scheduler and its workers, all on 127.0.0.1."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: Sequence[subprocess.Popen[bytes]]


@contextmanager
def dask_processes(n_workers: int, *, threads: int = 1, log: int = subprocess.DEVNULL) -> Iterator[DaskProcesses]:
    """Start a scheduler and `n_workers` workers for one task each, in the repository; end all when leaving.

    The scheduler is there on entering, the workers come a second or two later. `threads` is what the environment tells
    them to compute with, `log` a file for what they write.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        scheduler = stack.enter_context(
            _process("scheduler", 1, log, "--port=0", f"--scheduler-file={folder / 'file'}")
        )
        address = _address(scheduler, folder / "file")
        options = address, "--nthreads=1", "--no-nanny", f"--local-directory={folder}"
        workers = [stack.enter_context(_process("worker", threads, log, *options)) for _ in range(n_workers)]
        yield DaskProcesses(address=address, scheduler=scheduler, workers=workers)


@contextmanager
def _process(kind: str, threads: int, log: int, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *options, "--host=127.0.0.1", "--no-dashboard"]
    environment = os.environ | dict.fromkeys(THREADS, str(threads))
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()  # nothing on them is worth a farewell
        process.wait()


def _address(scheduler: subprocess.Popen[bytes], file: Path) -> str:
    """What the scheduler has written into its file about where it listens."""
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline and scheduler.poll() is None:
        if file.exists() and (text := file.read_text(encoding="utf-8")):
            address: str = json.loads(text)["address"]
            return address
        time.sleep(0.02)
    raise DaskError(f"the scheduler did not start (exit status {scheduler.poll()})")
