"""Studies on a Dask cluster: a real scheduler and real workers on this machine."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor, wait

import numpy as np
import pytest

from bench.dask_processes import DaskProcesses, dask_processes
from regdash import RunConfig
from regdash.cluster import Cluster, ClusterExecutor, executor, scheduler_address
from regdash.errors import ClusterUnreachable, RegdashError, TrainingCancelled
from regdash.serving.studies import StudyQueue
from regdash.study import StudyResult, StudySpec
from regdash.study.run import run_study
from tests.cluster_tasks import epochs_without_end, fail, kill_worker, torch_threads

pytestmark = pytest.mark.slow

PATIENCE = 60  # seconds after which a test gives up; nothing here waits that long unless something is wrong
SPEC = StudySpec(
    base=RunConfig(n_samples=60, width=8, epochs=30, label_noise=0.1),
    sweep={"dropout": [0.0, 0.5], "weight_decay": [0.0, 0.1]},
    seeds=30,
)
LONG = StudySpec(base=RunConfig(n_samples=2000, width=256, epochs=1000), sweep={"depth": [2, 3]}, seeds=3)
ARRAYS = (
    "curves", "memorised", "fresh_accuracy", "val_60_accuracy", "diverged", "collapsed", "done", "surfaces", "axis",
)  # fmt: skip


@pytest.fixture(scope="module")
def dask() -> Iterator[DaskProcesses]:
    with dask_processes(2) as processes:
        yield processes


@pytest.fixture(scope="module")
def cluster(dask: DaskProcesses) -> Iterator[Cluster]:
    cluster = Cluster(dask.address, timeout=PATIENCE)
    with cluster.executor():
        until(lambda: cluster.n_workers == 2)
    yield cluster
    cluster.close()


@pytest.fixture(scope="module")
def local() -> StudyResult:
    return run_study(SPEC)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def tasks_running(cluster: Cluster) -> int:
    """How many tasks the workers' threads are busy with, cancelled ones included."""
    client = cluster._client
    assert client is not None
    return sum(client.run(lambda dask_worker: dask_worker.state.executing_count).values())


def assert_same_bits(one: StudyResult, other: StudyResult) -> None:
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


def test_a_study_on_two_workers_has_the_bits_of_a_local_one(cluster, local):
    seen: list[int] = []
    with cluster.executor() as remote:
        result = run_study(SPEC, executor=remote, on_result=lambda partial: seen.append(partial.n_done))
    assert result.complete
    assert_same_bits(result, local)
    assert seen == sorted(seen), "results come as they complete"


def test_dasks_own_executor_does_as_well(cluster, local):
    with cluster.executor():
        assert_same_bits(run_study(SPEC, executor=cluster._client.get_executor(pure=False)), local)


def test_a_worker_that_dies_in_mid_study_loses_nothing(local, monkeypatch):
    monkeypatch.setattr(
        "regdash.study.plan.CHUNK_SECONDS", 0.002
    )  # many chunks, so that the other worker has some left

    def kill_one(partial: StudyResult) -> None:
        if processes.workers[0].poll() is None:
            done_at_death.append(partial.n_done)
            processes.workers[0].kill()
            processes.workers[0].wait()

    done_at_death: list[int] = []
    with dask_processes(2) as processes:
        cluster = Cluster(processes.address, timeout=PATIENCE)
        with cluster.executor() as remote:
            until(lambda: cluster.n_workers == 2)
            result = run_study(SPEC, executor=remote, on_result=kill_one)
        assert cluster.n_workers == 1
        cluster.close()
    assert 0 < done_at_death[0] < SPEC.n_runs / 2
    assert_same_bits(result, local)


def test_a_task_has_one_thread_however_the_worker_was_started():
    with dask_processes(1, threads=3) as processes, executor(processes.address, PATIENCE) as remote:
        assert remote.submit(torch_threads).result(PATIENCE) == 1


def test_a_tasks_own_error_comes_back(cluster):
    with cluster.executor() as remote, pytest.raises(ValueError, match="a mistake"):
        remote.submit(fail, "a mistake").result(PATIENCE)


def test_cancelling_stops_what_waits_and_what_runs(cluster):
    def stop(_done: int, _total: int) -> None:
        if tasks_running(cluster) == 2:
            raise TrainingCancelled("enough")

    with cluster.executor() as remote, pytest.raises(TrainingCancelled, match="enough"):
        run_study(LONG, executor=remote, on_progress=stop)
    until(lambda: tasks_running(cluster) == 0)


def test_a_cancelled_future_counts_as_done(cluster):
    with cluster.executor() as remote:
        running = remote.submit(epochs_without_end, on_epoch=remote.on_epoch)
        until(lambda: tasks_running(cluster) == 1)
        assert running.cancel()
        assert running.cancel(), "cancelling twice is harmless"
        assert wait([running], PATIENCE).done == {running}
        with pytest.raises(CancelledError):
            running.result()
        done = remote.submit(abs, -1)
        assert done.result(PATIENCE) == 1
        assert not done.cancel(), "it is too late"
    until(lambda: tasks_running(cluster) == 0)


def test_an_error_that_leaves_the_block_stops_everything(cluster):
    futures = []

    def give_up_in_the_middle() -> None:
        with cluster.executor() as remote:
            futures.extend(remote.submit(epochs_without_end, on_epoch=remote.on_epoch) for _ in range(4))
            until(lambda: tasks_running(cluster) == 2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        give_up_in_the_middle()
    until(lambda: tasks_running(cluster) == 0)
    assert all(future.cancelled() for future in futures)


def test_an_executor_that_was_shut_down_takes_no_more_tasks_and_the_next_one_does(cluster):
    with cluster.executor() as remote:
        last = remote.submit(abs, -1)
    assert last.done()
    with pytest.raises(RuntimeError, match="after shutdown"):
        remote.submit(abs, -1)
    with cluster.executor() as remote:
        assert remote.submit(abs, -2).result(PATIENCE) == 2


def test_tasks_of_a_client_that_is_gone_end(cluster, dask):
    other = Cluster(dask.address, PATIENCE)
    remote = other.executor()
    cut_off = remote.submit(epochs_without_end, on_epoch=remote.on_epoch)
    until(lambda: tasks_running(cluster) == 1)
    other.close()
    until(lambda: tasks_running(cluster) == 0)
    with pytest.raises(ClusterUnreachable):
        cut_off.result(PATIENCE)


def test_a_queued_study_that_nobody_watches_stops_on_the_cluster_too(cluster, local):
    with StudyQueue(executor_factory=cluster.executor, max_cost=1e6, workers=lambda: cluster.n_workers) as studies:
        long = studies.submit(LONG)
        with long.watch(patience=PATIENCE):
            until(lambda: tasks_running(cluster) == 2)
        assert long.wait(PATIENCE)
        assert long.state == "cancelled"
        until(lambda: tasks_running(cluster) == 0)
        short = studies.submit(SPEC)
        with short.watch(patience=PATIENCE):
            assert short.wait(PATIENCE)
        assert_same_bits(short.result, local)


def test_a_scheduler_that_hangs_counts_as_without_workers(cluster, dask, monkeypatch):
    assert cluster.n_workers == 2
    monkeypatch.setattr(cluster, "_timeout", 0.1)
    dask.scheduler.send_signal(signal.SIGSTOP)
    try:
        assert cluster.n_workers == 0
    finally:
        dask.scheduler.send_signal(signal.SIGCONT)
    monkeypatch.undo()
    assert cluster.n_workers == 2


def test_a_scheduler_that_does_not_answer_is_one_clear_sentence():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # taken, and nobody listens
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(ClusterUnreachable) as caught, executor(address, timeout=0.5):
            pass
    assert str(caught.value) == (
        f"No Dask scheduler answers at {address}: start it, correct REGDASH_SCHEDULER, or train on this machine."
    )


@pytest.mark.parametrize("address", ["nonsense", "tcp://", "carrier-pigeon://loft:1", "tcp://host.invalid:8786"])
def test_an_address_that_is_none_is_the_same_sentence(address):
    with pytest.raises(ClusterUnreachable, match="No Dask scheduler answers at"), executor(address, timeout=0.5):
        pass


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:9"])
def test_a_client_that_could_not_start_leaves_no_thread(address):
    before = [thread.name for thread in threading.enumerate()].count("IO loop")
    for _ in range(2):
        with pytest.raises(ClusterUnreachable) as caught, executor(address, timeout=0.5):
            pass
        assert caught.value.__traceback__, "as long as somebody looks at the error, its client is there"
    assert [thread.name for thread in threading.enumerate()].count("IO loop") == before


def test_a_scheduler_without_workers_says_so_and_one_that_goes_is_missed():
    with dask_processes(0) as processes:
        cluster = Cluster(processes.address, timeout=0.5)
        with pytest.raises(ClusterUnreachable, match="has no worker"):
            cluster.executor()
        cluster.close()
    assert cluster.n_workers == 0


def test_a_scheduler_that_goes_in_mid_study_is_one_clear_sentence():
    with dask_processes(1) as processes:
        cluster = Cluster(processes.address, PATIENCE)
        remote = cluster.executor()
        future = remote.submit(epochs_without_end, on_epoch=remote.on_epoch)
        processes.scheduler.kill()
        with pytest.raises(ClusterUnreachable, match="has gone: start it again, or train on this machine"):
            future.result(PATIENCE)
        cluster._timeout = 0.5
        with pytest.raises(ClusterUnreachable, match="No Dask scheduler answers"):
            cluster.executor()
    cluster.close()


def test_without_the_package_the_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(ClusterUnreachable, match=r"pip install -r requirements-cluster\.txt"),
        executor("tcp://127.0.0.1:8786"),
    ):
        pass


def test_a_study_goes_to_the_cluster_that_the_environment_names(dask, local, monkeypatch):
    monkeypatch.setenv("REGDASH_SCHEDULER", dask.address)
    tasks: list[str] = []
    submit = ClusterExecutor.submit
    monkeypatch.setattr(
        ClusterExecutor,
        "submit",
        lambda self, task, *args, **kwargs: (tasks.append(task.__name__), submit(self, task, *args, **kwargs))[1],
    )
    assert_same_bits(run_study(SPEC), local)
    assert set(tasks) == {"train_chunk"}
    n_tasks = len(tasks)
    with ThreadPoolExecutor(1) as pool:
        run_study(SPEC.with_seeds(1), executor=pool)
    assert len(tasks) == n_tasks, "an executor that is given comes first"


def test_a_study_says_when_the_cluster_of_the_environment_is_not_there(monkeypatch):
    monkeypatch.setenv("REGDASH_SCHEDULER", "tcp://127.0.0.1:1")
    with pytest.raises(ClusterUnreachable, match="train on this machine"):
        run_study(SPEC)


def test_the_address_comes_from_the_environment(monkeypatch):
    monkeypatch.delenv("REGDASH_SCHEDULER", raising=False)
    assert scheduler_address() is None
    monkeypatch.setenv("REGDASH_SCHEDULER", " ")
    assert scheduler_address() is None
    monkeypatch.setenv("REGDASH_SCHEDULER", " tcp://127.0.0.1:8786\n")
    assert scheduler_address() == "tcp://127.0.0.1:8786"


def test_a_task_that_kills_its_workers_is_given_up_with_a_sentence(monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")  # of the scheduler started here
    with dask_processes(1) as processes, executor(processes.address, PATIENCE) as remote:
        future = remote.submit(kill_worker)
        with pytest.raises(RegdashError, match="lost again and again with its worker"):
            future.result(PATIENCE)


def test_the_executor_is_one_of_the_standard_librarys():
    assert issubclass(ClusterExecutor, Executor)
