"""What RegDash takes from Dask that Dask does not promise."""

import time
from concurrent.futures import Future
from pathlib import Path

import pytest

from bench.dask_processes import dask_processes
from regdash.cluster import executor
from tests.cluster_tasks import note_own_states

PATIENCE = 30  # seconds after which a state no longer comes
REMEDY = """
This version of Dask no longer tells a running task by `worker.state.tasks[key].state` that it was cancelled. That is no
part of Dask's public interface, and what `_stop_if_unwanted` in regdash/cluster.py goes by. Keep the version in
requirements-cluster.txt, or look up the new name. If there is none, take the public way: a `distributed.Event` for each
executor, set when it cancels, for which its tasks ask between chunks (each question is a message: not every few
epochs). It does not tell of clients that have vanished.
"""


def noted(file: Path, n: int, future: Future[None]) -> list[str]:
    """The states in `file`, as soon as there are `n`, the task has ended, or patience has."""
    end, states = time.monotonic() + PATIENCE, []
    while len(states) < n and time.monotonic() < end and (future.cancelled() or not future.done()):
        time.sleep(0.01)
        states = file.read_text(encoding="utf-8").split() if file.exists() else []
    return states


@pytest.mark.slow
def test_a_running_task_is_told_that_it_was_cancelled(tmp_path):
    file = tmp_path / "states"
    with dask_processes(1) as processes, executor(processes.address, PATIENCE) as remote:
        future = remote.submit(note_own_states, str(file), 2 * PATIENCE)
        states = noted(file, 1, future)
        assert states == ["executing"], f"{REMEDY}Now: {states}, {future.exception(0) if future.done() else 'no error'}"
        future.cancel()
        assert noted(file, 2, future) == ["executing", "cancelled"], REMEDY
