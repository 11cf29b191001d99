"""Studies on an existing Dask cluster: a `concurrent.futures.Executor`; nothing else knows how clusters work.

    python -m distributed.cli.dask_scheduler --port 8786                                 on one machine
    python -m distributed.cli.dask_worker tcp://HOST:8786 --nthreads 1 --nworkers=-1     on each, in RegDash's folder
    REGDASH_SCHEDULER=tcp://HOST:8786 streamlit run app.py                               the page, or a script of yours

`python -m` puts the folder on the workers' path, so that they find this package. Workers have one thread each, and the
process that Dask starts for each sets `OMP_NUM_THREADS=1`; a task asks for one thread once more, since the number of
threads can change a sum's last bit. On machines of the same kind results are those of this machine, bit for bit.

- A worker that dies loses nothing: the scheduler gives its tasks to another, also those whose results were not fetched.
  A task that was on more than three workers when they died is given up with an error (Dask's `allowed-failures`).
- A cancelled task ends in a moment, on the worker too, and so do the tasks of a process that is gone.
- A scheduler that does not answer, or goes, is `ClusterUnreachable`.

`distributed` is imported only when a cluster is used; `requirements-cluster.txt` pins it.
"""

import functools
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from weakref import WeakSet

import torch
from threadpoolctl import ThreadpoolController

from regdash.errors import ClusterUnreachable, RegdashError, TrainingCancelled

if TYPE_CHECKING:
    from distributed import Client

VARIABLE = "REGDASH_SCHEDULER"
TIMEOUT = 3.0  # seconds to wait for the scheduler, and then for a worker

P = ParamSpec("P")
T = TypeVar("T")


def scheduler_address() -> str | None:
    """The scheduler that the environment variable REGDASH_SCHEDULER names, such as tcp://127.0.0.1:8786, or None."""
    return os.environ.get(VARIABLE, "").strip() or None


@contextmanager
def executor(address: str, timeout: float = TIMEOUT) -> Iterator["ClusterExecutor"]:
    """Connect for the length of a `with` block; an error that leaves it cancels what is still pending.

    Raises `ClusterUnreachable` if no scheduler answers within `timeout` seconds, or none of its workers.
    """
    cluster = Cluster(address, timeout)
    try:
        with cluster.executor() as connected:
            yield connected
    finally:
        cluster.close()


class Cluster:
    """This process's one connection to a cluster, made when first needed and again after it was lost. Thread-safe.

    address  of the scheduler, such as tcp://127.0.0.1:8786
    timeout  seconds to wait for the scheduler, and then for a worker
    """

    def __init__(self, address: str, timeout: float = TIMEOUT) -> None:
        self.address = address
        self._timeout = timeout
        self._lock = threading.Lock()  # guards the connection
        self._client: Client | None = None

    def executor(self) -> "ClusterExecutor":
        """An executor for one study; all share the connection. Raises `ClusterUnreachable`."""
        with self._lock:
            if self._client is None or self._client.status != "running":
                self._disconnect()
                self._client = _connect(self.address, self._timeout)
            return ClusterExecutor(self._client, self.address)

    @property
    def n_workers(self) -> int:
        """How many chunks the cluster trains at the same time; 0 if it cannot be asked."""
        client = self._client
        if client is None or client.scheduler is None or client.status != "running":
            return 0
        try:
            return sum(client.sync(client.scheduler.ncores, callback_timeout=self._timeout).values())
        except OSError:  # a timeout, too
            return 0

    def close(self) -> None:
        """Disconnect; the cluster drops what this process still wanted."""
        with self._lock:
            self._disconnect()

    def _disconnect(self) -> None:
        if self._client is not None:
            self._client.close(timeout=self._timeout)
            self._client = None


def _connect(address: str, timeout: float) -> "Client":
    """A client whose scheduler answers and has a worker, or `ClusterUnreachable`."""
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterUnreachable(
            f"The cluster at {address} needs the package `distributed`: pip install -r requirements-cluster.txt, "
            "or train on this machine."
        ) from error
    client = Client.__new__(Client)  # at hand also where its start fails
    try:
        Client.__init__(client, address, timeout=timeout, set_as_default=False)
    except (OSError, ValueError) as error:  # OSError: refused, unknown host, no answer in time; ValueError: no address
        _end(client, timeout)
        raise ClusterUnreachable(
            f"No Dask scheduler answers at {address}: start it, correct {VARIABLE}, or train on this machine."
        ) from error
    try:
        client.wait_for_workers(1, timeout)
    except OSError as error:
        client.close(timeout=timeout)
        raise ClusterUnreachable(
            f"The Dask scheduler at {address} has no worker: start one, or train on this machine."
        ) from error
    return client


def _end(client: "Client", timeout: float) -> None:
    """End a client whose start has failed. Left to the garbage collector, it would keep a thread, or wait for a lock
    that the next client holds while it starts, and that one for it.
    """
    client.close(timeout=timeout)
    client._loop_runner.stop()  # `close` leaves it running where the scheduler was not reached


class ClusterExecutor(Executor):
    """Dask's own executor, with errors in RegDash's words. Made by `Cluster`; leaving it keeps the connection."""

    def __init__(self, client: "Client", address: str) -> None:
        self._inner = client.get_executor(pure=False)  # not pure: a task is never an older one of the same content
        self._address = address
        self._futures: WeakSet[_RemoteFuture[Any]] = WeakSet()

    @staticmethod
    def on_epoch(_epoch: int) -> None:
        """For a task to call every few epochs, where it runs: ends it when nobody wants its result any more."""
        _stop_if_unwanted()

    def submit(self, task: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `task(*args, **kwargs)` on a worker; the task and its arguments are pickled.

        The future can be cancelled until its result is here, also while the task runs.
        """
        remote = self._inner.submit(_on_worker, task, args, kwargs)
        future = _RemoteFuture[T](remote)
        self._futures.add(future)
        remote.add_done_callback(lambda _: future.settle(remote, self._address))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; wait for those there, or cancel them, running ones too. The connection stays."""
        if cancel_futures:
            for future in list(self._futures):
                future.cancel()
        self._inner.shutdown(wait=wait)

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        self.shutdown(cancel_futures=error is not None)


class _RemoteFuture(Future[T]):
    """The future of a task on the cluster: pending until the result is here."""

    def __init__(self, remote: Future[T]) -> None:
        super().__init__()
        self._remote = remote
        self._deciding = threading.RLock()

    def cancel(self) -> bool:
        """Withdraw the task; returns whether it is cancelled."""
        with self._deciding:
            cancelled = super().cancel()
        if cancelled:
            self._remote.cancel()
        return cancelled

    def settle(self, remote: Future[T], address: str) -> None:
        """Take over the outcome of Dask's future, unless the caller has withdrawn."""
        with self._deciding:
            if not self.set_running_or_notify_cancel():
                return
        error = CancelledError() if remote.cancelled() else remote.exception()
        if error is None:
            self.set_result(remote.result())
        else:
            self.set_exception(_explained(error, address))


def _explained(error: BaseException, address: str) -> BaseException:
    """The cluster's own troubles in a sentence; the task's errors as they are."""
    from distributed import KilledWorker

    if isinstance(error, CancelledError):  # not by the caller: then nobody would ask
        sentence = f"The Dask scheduler at {address} has gone: start it again, or train on this machine."
        return _caused(ClusterUnreachable(sentence), error)
    if isinstance(error, KilledWorker):
        return _caused(RegdashError(f"A part of the study was lost again and again with its worker: {error}"), error)
    if isinstance(error, ModuleNotFoundError):
        sentence = f"A worker lacks what RegDash needs ({error}): start workers in RegDash's folder with `python -m`."
        return _caused(RegdashError(sentence), error)
    return error


def _caused(error: Exception, cause: BaseException) -> Exception:
    error.__cause__ = cause
    return error


def _on_worker(task: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> T:
    """What a worker runs: the task, with one thread for torch and BLAS however the worker was started."""
    torch.get_num_threads()  # sets up this thread's own count, which would otherwise happen later and undo the limit
    with _thread_pools().limit(limits=1):
        return task(*args, **kwargs)


@functools.cache
def _thread_pools() -> ThreadpoolController:
    """Finding those of a process takes milliseconds, so once."""
    return ThreadpoolController()


def _stop_if_unwanted() -> None:
    """Raise `TrainingCancelled` in a worker's task if the scheduler has taken the task back.

    A worker marks such a task as cancelled and lets its function end by itself. Looking at the mark takes a microsecond
    and no message, and it is also there when the client has vanished.
    """
    from distributed import get_worker

    worker = get_worker()
    task = worker.state.tasks.get(worker.get_current_task())
    if task is None or task.state == "cancelled":
        raise TrainingCancelled("the client no longer wants the result")
