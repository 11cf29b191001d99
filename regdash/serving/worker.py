"""Training for a page with many visitors (`regdash.serving.pictures`), in a process of its own when it is busy.

The threads of one Python process share one lock. A page's scripts hold it for some 20 ms a move. Epochs are trained
without it, but data, curves and surfaces are made of many short calls that want it back after each: with a hundred
visitors, training waits for it a good part of the time. So once several visitors are there, `Worker`s start processes
of their own and send the configurations there; a visitor alone hardly ever pays for it. The numbers are the same, to
the bit: the same code trains.

The two processes talk over the child's standard input and output, one pickled message at a time, and take turns:

    parent                              child
    Train(configs, starts)    →
                              ←         Progress(done, total)     some 20 times a second
    Train(others), GO or STOP →         (others are trained at once, in between)
                              ←         Done(runs) or Failed(error)

The child ends when the parent does, since nothing can be read any more, and when it has had nothing to do for a while
(not on Windows). Whatever goes wrong with the child (it is killed, it hangs, memory runs out) costs time only: the
parent trains instead.

`multiprocessing` would not do: its children run what stands in the place of `__main__`, and there Streamlit puts the
page's script; and nothing ends its `Connection.send` when the child hangs before it has read a long message.
"""

import contextlib
import gc
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from regdash.config import RunConfig
from regdash.ensemble.schedule import REPORT_EVERY
from regdash.errors import TrainingCancelled
from regdash.results import Run
from regdash.serving.pictures import joined, train_for_pictures, train_rest
from regdash.training import Progress

log = logging.getLogger(__name__)

IDLE = 600.0  # seconds without work after which a child ends: it holds some 250 MB
PAUSE = 60.0  # seconds from the loss of a child to the next one
SILENCE = 10.0  # seconds without a word, which come 20 times a second, after which a child at work is given up
LOOK = 1.0  # seconds between two looks whether it is silent
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_CHILD = """
import os, sys
sys.path.insert(0, {home!r})  # this package, whatever folder the server was started in
if hasattr(os, 'nice'):
    os.nice(5)  # the page comes first: its scripts are short
from regdash.serving import worker
worker.main({idle})
"""
GO, STOP = "go", "stop"
_ENDED_IDLE = -signal.SIGALRM if hasattr(signal, "SIGALRM") else None  # the exit code of a child that had no work


@dataclass(frozen=True)
class _Train:
    configs: list[RunConfig]
    starts: list[Run]
    workers: int | None


@dataclass(frozen=True)
class _Progress:
    done: int
    total: int


@dataclass(frozen=True)
class _Done:
    runs: list[Run]


@dataclass(frozen=True)
class _Failed:
    error: BaseException


class _Lost(Exception):
    """The child is gone."""


class Worker:
    """A trainer for `regdash.serving.batcher.Batcher`. One thread calls it; any thread may start and close it.

    idle    seconds without work after which the child ends
    """

    def __init__(self, *, idle: float = IDLE) -> None:
        self._idle = idle
        self._lock = threading.RLock()  # guards what follows against being started and lost at once
        self._child: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()  # the child has imported what it needs
        self._not_before = 0.0  # the next child is started, by `time.monotonic`
        self._since: float | None = None  # it depends on the child to go on, by `time.monotonic`

    def __call__(
        self,
        configs: Sequence[RunConfig],
        *,
        starts: Sequence[Run] = (),
        workers: int | None = None,
        on_progress: Progress | None = None,
    ) -> list[Run]:
        """`train_for_pictures`, here or in the child; what `on_progress` raises stops it and passes through.

        Called again from within `on_progress`, it trains the new configurations in between.
        """
        child = self._child
        if child is not None and self.is_ready:
            try:
                request = _Train(list(configs), [start.without_pictures() for start in starts], workers)
                return joined(starts, self._ask(child, request, on_progress))
            except _Lost:
                self._lose(child)
        return train_for_pictures(configs, starts=starts, workers=workers, on_progress=on_progress)

    @property
    def is_ready(self) -> bool:
        """Whether a child is there and trains."""
        child = self._child
        return child is not None and self._ready.is_set() and child.poll() is None

    def start(self) -> None:
        """Start the child, unless there is one, or one was lost a moment ago.

        It imports torch for some seconds; until it says that it is ready, training stays here.
        """
        with self._lock:
            if self._child is not None and self._child.poll() is not None:
                self._lose(self._child)
            if self._child is None and time.monotonic() >= self._not_before:
                try:
                    self._start()
                except (OSError, RuntimeError):  # no room for a process or a thread: the same as one that is lost
                    log.warning("no process could be started for training", exc_info=True)
                    self.close()
                    self._not_before = time.monotonic() + PAUSE

    def close(self) -> None:
        """End the child, if there is one."""
        with self._lock:
            child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # what could not be sent any more
                    pipe.close()

    def _lose(self, child: "subprocess.Popen[bytes]") -> None:
        """Clean up after a child that is gone. A machine that kills one shall not be asked for another at once."""
        with self._lock:
            if self._child is not child:  # another one is there already
                return
            self.close()
            if child.returncode != _ENDED_IDLE:
                self._not_before = time.monotonic() + PAUSE

    def _start(self) -> None:
        self._ready = ready = threading.Event()
        self._child = child = subprocess.Popen(
            [sys.executable, "-c", _CHILD.format(home=str(Path(__file__).parents[2]), idle=self._idle)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=os.environ | dict.fromkeys(ONE_THREAD, "1"),
        )  # fmt: skip

        def watch() -> None:
            with contextlib.suppress(_Lost):
                _receive(child.stdout)
                ready.set()
            while child.poll() is None:
                since = self._since
                if since is not None and time.monotonic() - since > SILENCE:
                    log.warning("a training process has said nothing for %g s; it is ended", SILENCE)
                    child.kill()
                time.sleep(LOOK)

        threading.Thread(target=watch, name="regdash-worker-watch", daemon=True).start()

    def _ask(self, child: "subprocess.Popen[bytes]", request: _Train, on_progress: Progress | None) -> list[Run]:
        raised: BaseException | None = None
        self._say(child, request)
        while isinstance(answer := self._hear(child), _Progress):
            try:
                if on_progress:
                    on_progress(answer.done, answer.total)
            except BaseException as error:
                raised = error
            self._say(child, STOP if raised else GO)
        if raised:
            raise raised
        if isinstance(answer, _Failed):
            raise answer.error
        runs: list[Run] = answer.runs
        return runs

    def _say(self, child: "subprocess.Popen[bytes]", message: object) -> None:
        with self._depending_on_it():
            _send(child.stdin, message)

    def _hear(self, child: "subprocess.Popen[bytes]") -> Any:
        with self._depending_on_it():
            return _receive(child.stdout)

    @contextlib.contextmanager
    def _depending_on_it(self) -> Iterator[None]:
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None


def _send(pipe: IO[bytes] | None, message: object) -> None:
    assert pipe is not None  # the child was started with pipes
    try:
        pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
        pipe.flush()
    except (OSError, ValueError) as error:  # ValueError: it was closed meanwhile
        raise _Lost from error


def _receive(pipe: IO[bytes] | None) -> Any:
    assert pipe is not None
    try:
        return pickle.load(pipe)
    except (OSError, EOFError, pickle.UnpicklingError, ValueError) as error:  # ValueError: it was closed meanwhile
        raise _Lost from error


def serve(requests: IO[bytes], answers: IO[bytes], idle: float) -> None:
    """The child: train what is asked, until the parent is gone or `idle` seconds without a request have passed."""
    gc.freeze()  # what is imported stays: no collection needs to look through it
    _send(answers, GO)  # ready
    while True:
        _end_after(idle)
        request = _receive(requests)
        _end_after(0.0)
        _answer(request, requests, answers)


def _end_after(seconds: float) -> None:
    """Let the system end this process after so many seconds; 0: never."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _answer(request: _Train, requests: IO[bytes], answers: IO[bytes]) -> None:
    begun = time.monotonic()

    def report(done: int, total: int) -> None:
        if time.monotonic() < begun + REPORT_EVERY:
            return  # a short batch reports nothing: each report waits for an answer
        _send(answers, _Progress(done, total))
        while isinstance(order := _receive(requests), _Train):
            _answer(order, requests, answers)
        if order == STOP:
            raise TrainingCancelled("the caller no longer wants the result")

    try:
        outcome: _Done | _Failed = _Done(
            train_rest(request.configs, starts=request.starts, workers=request.workers, on_progress=report)
        )
    except (_Lost, MemoryError, OSError, RuntimeError):  # torch calls a lack of memory a RuntimeError
        raise  # and this process ends: where there is no room, the parent trains instead
    except Exception as error:  # it belongs to those who asked
        outcome = _Failed(error)
    _send(answers, outcome)


def main(idle: float) -> None:
    """What the child runs."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever prints, prints into the log
    with contextlib.suppress(_Lost, KeyboardInterrupt):
        serve(sys.stdin.buffer, answers, idle)
