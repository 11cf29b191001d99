"""What a process has done and does, in numbers for Prometheus (https://prometheus.io): nothing about anybody.

Counters count from the start of the process; gauges are read when somebody asks.
"""

import threading
from collections.abc import Callable

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)  # upper ends of the bins of times


class Meter:
    """For any number of threads, with a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._lock, self._gauges = threading.Lock(), dict[str, Gauge]()
        self.moves = self._counter("regdash_moves", "Runs of a page, by how they ended", "page", "end")
        self.runs = self._counter("regdash_runs", "Runs that pages asked for, by where they were", "found")
        self.opinions = self._counter("regdash_opinions", "Second opinions, by what became of them", "end")
        self.lines = self._counter("regdash_log_lines", "Moves written to the log, or not", "end")
        self.picture_bytes = Counter("regdash_picture_bytes", "Sent as pictures", registry=self.registry)
        self.seconds = Histogram(
            "regdash_move_seconds", "What the parts of a move took", ["part"], buckets=SECONDS, registry=self.registry
        )
        self.visitors = Gauge("regdash_visitors", "Open connections of pages", registry=self.registry)
        self._process = psutil.Process()
        self.watch("regdash_started", "When the process was started, in seconds since 1970", self._process.create_time)
        self.watch("regdash_memory_bytes", "Of the process with the pages", lambda: self._process.memory_info().rss)
        self.watch("regdash_children", "Training processes", lambda: len(self._children()))
        self.watch("regdash_children_memory_bytes", "Of the training processes", self._memory_of_children)
        self.watch("regdash_threads", "Of the process with the pages", threading.active_count)
        if hasattr(self._process, "num_fds"):  # not on Windows
            self.watch("regdash_open_files", "Files and sockets of the process with the pages", self._process.num_fds)

    def watch(self, name: str, words: str, read: Callable[[], float]) -> None:
        """Have a gauge that is read whenever somebody asks for the numbers, instead of an earlier one of that name."""
        with self._lock:
            if name not in self._gauges:
                self._gauges[name] = Gauge(name, words, registry=self.registry)
            self._gauges[name].set_function(read)

    def text(self) -> bytes:
        """All numbers, in Prometheus' text format."""
        return bytes(generate_latest(self.registry))

    def _counter(self, name: str, words: str, *labels: str) -> Counter:
        return Counter(name, words, labels, registry=self.registry)

    def _children(self) -> list[psutil.Process]:
        return list(self._process.children(recursive=True))

    def _memory_of_children(self) -> float:
        return sum(_memory(child) for child in self._children())


def _memory(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0
