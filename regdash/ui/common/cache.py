"""Thin, bounded caches between the page and the core, keyed on configs only. All training goes through one batcher."""

import gc
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import wait
from contextlib import contextmanager, suppress
from functools import lru_cache

import numpy as np
import streamlit as st
import torch
from threadpoolctl import threadpool_limits

from regdash import data
from regdash.config import DATA_FIELDS, RunConfig
from regdash.cost import cost
from regdash.ensemble.processors import n_processors
from regdash.errors import QueueFull, RegdashError
from regdash.figures.explore.boundary import Points
from regdash.results import GRID_SIDE, Run
from regdash.serving.batcher import CROWD, Batcher, Ticket
from regdash.serving.once import Once
from regdash.serving.pictures import train_for_pictures
from regdash.serving.run_cache import RunCache
from regdash.serving.worker import Worker
from regdash.ui.common import moves, turns

MOMENT = 0.25  # seconds of training, roughly
PATIENCE = 0.7  # seconds without an answer before a progress bar appears
SOON, LATE = 0.03, 0.5  # seconds between looks whether the visitor has moved on: alone, and in a large crowd
CALM = 0.005  # seconds more for each training that is wanted: a hundred threads that look often leave no core to train
PROCESSES = "REGDASH_PROCESSES"  # in the environment: how many processes may train, 0 where memory is short
MAX_PROCESSES = 4  # unless the environment says so: more than the page's own scripts, on one core, can keep busy
BAR_EVERY = 0.5  # seconds between its updates, and `LOOKS` looks at least: with many visitors waiting, their messages
LOOKS = 5  # would be the load


@contextmanager
def begun(configs: Sequence[RunConfig]) -> Iterator[bool]:
    """In the body, those of `configs` that are not there yet train already. Yields whether that takes longer than a
    moment: in a moment, anything else would only take the core away.
    """
    known = kept()
    missing = [config for config in configs if known.recall(config) is None]
    tickets: list[Ticket] = []
    try:
        with suppress(QueueFull):  # `runs` will say so
            tickets.extend(batcher().submit(config, known.start(config)) for config in missing)
        yield bool(missing) and (sum(map(cost, missing)) > MOMENT or batcher().n_wanted > CROWD)
    finally:
        for ticket in tickets:
            ticket.cancel()


def runs(configs: Sequence[RunConfig]) -> list[Run]:
    """The runs of `configs`, from the cache or trained now; a progress bar appears where the page stands.

    When the visitor moves another control meanwhile, Streamlit ends this script here and the trainings are withdrawn.
    """
    known = kept()
    found = {config: known.recall(config) for config in configs}
    tickets: dict[RunConfig, Ticket] = {}
    try:
        for config, run in found.items():
            if run is None:
                tickets[config] = _submit(config, known.start(config))
        moves.meter().runs.labels("kept").inc(len(found) - len(tickets))
        moves.meter().runs.labels("trained").inc(len(tickets))
        if tickets:
            turns.rest()
        with moves.now().part("training"):
            _wait(list(tickets.values()))
        return [found[config] or tickets[config].result() for config in configs]
    finally:
        for ticket in tickets.values():
            if not ticket.cancel() and ticket.exception() is None:
                known.keep(ticket.result())  # whatever became of the others


def points(config: RunConfig, half: float) -> Points:
    """The points of `config` and its true boundary on the grid from -half to half."""
    return _points(RunConfig(**{name: getattr(config, name) for name in DATA_FIELDS}), half)


@lru_cache(maxsize=64)  # a function of its arguments alone; Streamlit's caches take 1 ms to hash a config
def _points(config: RunConfig, half: float) -> Points:  # a config of its data only: no other setting makes an entry
    drawn = data.make(config)
    axis = np.linspace(-half, half, GRID_SIDE, dtype=np.float32)
    return Points(
        x=torch.cat([drawn.x_train, drawn.x_val]).numpy(),
        labels=torch.cat([drawn.y_train, drawn.y_val]).numpy().astype(np.uint8),
        n_train=config.n_train,
        flipped=drawn.flipped.numpy(),
        truth=data.true_scores(config.dataset, axis),
    )


@Once
def kept() -> RunCache:
    """The runs that this process remembers."""
    return RunCache()


def _submit(config: RunConfig, start: Run | None) -> Ticket:
    """Ask for a run. Where too many visitors wait already, say so and ask again; the picture stays as it is."""
    place = None
    while True:
        try:
            ticket = batcher().submit(config, start)
        except QueueFull as full:
            moves.meter().runs.labels("refused").inc()
            place = place or st.empty()
            place.info(f"Many visitors are training at this moment: {full}. Yours begins by itself.")
            time.sleep(BAR_EVERY)
        else:
            if place:
                place.empty()
            return ticket


def _wait(tickets: list[Ticket]) -> None:
    due, bar = time.monotonic() + PATIENCE, None
    while wait(tickets, timeout=(pause := _pause())).not_done:
        _ = "scenario" in st.session_state  # a yield point: here Streamlit ends a script that has been superseded
        if time.monotonic() >= due:
            due += max(BAR_EVERY, LOOKS * pause)
            share, place = min(ticket.progress for ticket in tickets), max(ticket.place for ticket in tickets)
            bar = bar or st.progress(0.0)
            bar.progress(share, text=_turn(place) if place else f"Training … {100 * share:.0f}\N{NO-BREAK SPACE}%")
    if bar:
        bar.empty()


def _pause() -> float:
    """Seconds until the next look at whether a visitor who waits has moved on."""
    return min(LATE, SOON + CALM * max(0, batcher().n_wanted - CROWD))


def _turn(place: int) -> str:
    """What is said while a training waits: small networks come first, so that most visitors wait for a moment only."""
    return f"Number {place:,} in line: smaller networks come first …"


@Once.closing(Batcher.close)
def batcher() -> Batcher:
    """The one batcher of this process, with one arithmetic thread and a worker for each process that may train.

    Networks this small train faster on one thread each. numpy's matrix products would start threads of their own, which
    wait for each other when visitors keep the cores busy: measured, three times the work per move of a slider.
    """
    torch.set_num_threads(1)
    threadpool_limits(limits=1, user_api="blas")
    gc.freeze()  # what is imported stays: each collection that looks through it holds up all visitors for 0.2 s
    workers = [Worker() for _ in range(_n_processes())]

    def start() -> None:
        for worker in workers:
            worker.start()

    trainer = workers[0] if workers else train_for_pictures
    made = Batcher(trainer=trainer, helpers=workers[1:], on_crowd=start)
    moves.meter().watch("regdash_waiting", "Trainings that wait or run", lambda: made.n_wanted)
    return made


def _n_processes() -> int:
    """What the environment says; if nothing, one per processor that we may use, but no more than `MAX_PROCESSES`."""
    said = os.environ.get(PROCESSES, "").strip()
    if said and not (said.isascii() and said.isdecimal()):
        raise RegdashError(f"{PROCESSES} says how many processes may train, 0 or more; it is {said!r}")
    return int(said) if said else min(n_processors(), MAX_PROCESSES)
