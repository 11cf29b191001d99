"""Processors that this process may use: the real ones by `taskset`, quotas by files such as Linux writes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from regdash.ensemble.processors import n_processors

ROOT = Path(__file__).parents[2]
V1 = "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc\n"


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A made-up machine: `machine(8, group, {"cpu.max": "…"})`, files relative to /sys/fs/cgroup."""

    def make(scheduled, group, files):
        monkeypatch.setattr(os, "process_cpu_count", lambda: scheduled, raising=False)
        for name, text in {"../../../proc/self/cgroup": group, **files}.items():
            path = tmp_path / "sys/fs/cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return n_processors(tmp_path)

    return make


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 8),  # the top of all groups has no such file
        ({"cpu.max": "max 100000\n"}, 8),
        ({"cpu.max": "200000 100000\n"}, 2),
        ({"cpu.max": "150000 100000\n"}, 2),  # rounded up
        ({"cpu.max": "50000 100000\n"}, 1),
        ({"cpu.max": "1000 100000\n"}, 1),  # at least one
        ({"cpu.max": "3200000 100000\n"}, 8),  # a quota that is no limit here
    ],
)
def test_a_container_with_groups_of_the_second_version(machine, files, expected):
    assert machine(8, "0::/\n", files) == expected


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"system.slice/regdash.service/cpu.max": "100000 100000"}, 1),  # CPUQuota=100%
        ({"system.slice/cpu.max": "300000 100000"}, 3),  # of the slice around it
        ({"system.slice/cpu.max": "300000 100000", "system.slice/regdash.service/cpu.max": "max 100000"}, 3),
        ({"system.slice/cpu.max": "300000 100000", "system.slice/regdash.service/cpu.max": "200000 100000"}, 2),
        ({"system.slice/other.service/cpu.max": "100000 100000"}, 8),
        ({"cpu.max": "400000 100000"}, 4),  # a container that knows only the host's name of its group
    ],
)
def test_a_service_within_groups_within_groups(machine, files, expected):
    assert machine(8, "0::/system.slice/regdash.service\n", files) == expected


@pytest.mark.parametrize("folder", ["cpu,cpuacct", "cpu,cpuacct/docker", "cpu,cpuacct/docker/abc"])
@pytest.mark.parametrize(("quota", "expected"), [(-1, 8), (250000, 3), (20000, 1)])
def test_groups_of_the_first_version(machine, folder, quota, expected):
    files = {f"{folder}/cpu.cfs_quota_us": f"{quota}\n", f"{folder}/cpu.cfs_period_us": "100000\n"}
    assert machine(8, V1, files) == expected


def test_other_controllers_and_both_versions_at_once(machine):
    files = {
        "memory/docker/abc/cpu.cfs_quota_us": "100000",  # not the processors' controller
        "memory/docker/abc/cpu.cfs_period_us": "100000",
        "cpu,cpuacct/cpu.cfs_quota_us": "500000",
        "cpu,cpuacct/cpu.cfs_period_us": "100000",
    }
    assert machine(8, V1 + "0::/docker/abc\n", files) == 5


def test_a_group_outside_of_what_can_be_seen_is_left_out(machine):
    assert machine(8, "0::/../other\n", {"../other/cpu.max": "100000 100000", "cpu.max": "300000 100000"}) == 3


def test_fewer_processors_than_the_quota_grants(machine):
    assert machine(2, "0::/\n", {"cpu.max": "400000 100000"}) == 2


def test_without_control_groups_the_system_is_asked_alone(tmp_path):
    assert 1 <= n_processors(tmp_path) <= os.cpu_count()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to a processor")
def test_bound_to_one_processor_nothing_starts_more_threads_or_processes():
    code = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import threading
from regdash import RunConfig, train_many
from regdash.ensemble.processors import n_processors
from regdash.serving.studies.pool import LocalPool
from regdash.ui.common import cache
print(n_processors(), LocalPool()._max_workers, cache._n_processes())
threads = set()
note = lambda *_: threads.update(thread.name for thread in threading.enumerate())
train_many([RunConfig(width=width, epochs=200) for width in (4, 8)], on_progress=note)
print(*threads)
"""
    environment = {name: value for name, value in os.environ.items() if name != "REGDASH_PROCESSES"}
    command = [sys.executable, "-c", code]
    said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    assert said.stdout.splitlines() == ["1 1 1", "MainThread"]
