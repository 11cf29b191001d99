"""A class that joins and votes at once: `python -m bench classes`.

Starts two replicas behind nginx, opens a class of one lesson, and lets `--students` come within `--within` seconds;
each opens the link, answers some seconds later, and goes on looking how the class stands, as phones do. The teacher's
page looks once a second: how long after the last answer does it have all? With `--explore N`, so many visitors move
sliders on Explore meanwhile. Client and servers share this machine's cores. Ends with exit code 1 if anything went
wrong.
"""

import argparse
import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.classes.student import Student
from bench.load.crowd import Plan, load
from bench.load.visitor import VisitError
from bench.machine import load_average
from bench.server import ROOT, Server, ServerError, serve
from regdash.classes.room import State
from regdash.classes.store import Store
from regdash.ensemble.processors import n_processors

SERVE = (sys.executable, str(ROOT / "deploy" / "serve"), "--replicas", "2", "--port", "{port}")
READY = 120.0  # seconds in which the replicas must be warm
THINKS = (2.0, 6.0)  # seconds from the question to the answer
STAYS = 10.0  # seconds that students go on looking after the last answer


@dataclass(kw_only=True)
class Result:
    """What was measured, in seconds."""

    joins: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    last: float = 0.0  # when the last answer was in
    complete: float | None = None  # from then until the teacher's page had all
    moves: list[float] = field(default_factory=list)  # of Explore's visitors, until the picture


@contextmanager
def hosted(folder: Path) -> Iterator[Server]:
    """Two replicas that are warm, with their classes in `folder`."""
    with serve(SERVE, environment={"REGDASH_DATA": str(folder)}) as server:
        latest = time.monotonic() + READY
        while f"ready {server.url}" not in server.last_words():
            if time.monotonic() > latest:
                raise ServerError(server.last_words())
            time.sleep(0.1)
        yield server


async def hold(address: str, store: Store, asked: argparse.Namespace) -> Result:
    """The whole class."""
    result, rng, over = Result(), random.Random(1), asyncio.Event()
    code, key = store.start("demo-3", 3)
    store.step(code, key, 1, State.OPEN)
    explore = asyncio.create_task(_explore(address, asked, result)) if asked.explore else None
    await asyncio.sleep(10 if explore else 0)  # its visitors have come
    students = [
        _student(address, code, rng.uniform(0, asked.within - THINKS[1]), random.Random(n), result, over)
        for n in range(asked.students)
    ]
    await asyncio.gather(_teacher(address, code, asked, result, over), *students)
    if explore:
        await explore
    votes = store.counts(code, key)[0].votes
    if sum(votes) != asked.students:
        result.errors.append(f"{sum(votes)} answers were kept of {asked.students}")
    return result


async def _student(
    address: str, code: str, comes: float, rng: random.Random, result: Result, over: asyncio.Event
) -> None:
    await asyncio.sleep(comes)
    try:
        begun = time.perf_counter()
        async with Student(address, code) as student:
            await student.join()
            result.joins.append(time.perf_counter() - begun)
            await asyncio.sleep(rng.uniform(*THINKS))
            begun = time.perf_counter()
            await student.answer(rng.choice(student.choices))
            if not any("Your answer is in" in text for text in student.texts):
                raise VisitError(f"the answer was not taken: {student.texts}")
            result.last = time.perf_counter()
            result.answers.append(result.last - begun)
            while not over.is_set():
                begun = time.perf_counter()
                found = await student.look()
                result.looks.append(time.perf_counter() - begun)
                await asyncio.sleep(found["after"] * rng.uniform(0.8, 1.2))
    except Exception as error:  # whatever it is: it is a student who could not answer
        result.errors.append(f"{type(error).__name__}: {error}")


async def _teacher(address: str, code: str, asked: argparse.Namespace, result: Result, over: asyncio.Event) -> None:
    """Look once a second, as the teacher's page does, until all have answered."""
    latest = time.perf_counter() + asked.within + 120
    try:
        async with Student(address, code, who='"a-browser-that-only-looks"') as page:
            page._page.path = f"app/class/{code}"
            while time.perf_counter() < latest:
                found = await page._get(f"/{page._page.path}")
                if found["answered"] + len(result.errors) >= asked.students:
                    result.complete = max(0.0, time.perf_counter() - result.last)
                    break
                await asyncio.sleep(random.uniform(0.8, 1.2))
        await asyncio.sleep(STAYS)
    finally:
        over.set()


async def _explore(address: str, asked: argparse.Namespace, result: Result) -> None:
    plan = Plan(visitors=asked.explore, seconds=asked.within + 15, warmup=10)
    found = await load(address, plan)
    result.moves = [answer.picture for _, answer in found.answers if answer.picture is not None]
    result.errors += found.errors


def report(asked: argparse.Namespace, result: Result) -> str:
    """The table."""
    rows = [
        ("students", f"{len(result.answers)} of {asked.students} joined and answered within {asked.within:g} s"),
        ("errors", str(len(result.errors))),
        ("opening the link", _spread(result.joins)),
        ("tap to “your answer is in”", _spread(result.answers)),
        ("a look", f"{_spread(result.looks)}, {len(result.looks)} looks"),
        ("teacher's count complete", "never" if result.complete is None else
         f"{result.complete:.1f} s after the last answer"),
    ]  # fmt: skip
    if asked.explore:
        rows.append((f"{asked.explore} on Explore: a picture", _spread(result.moves)))
    wide = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{wide}}  {value}" for name, value in rows)


def _spread(times: list[float]) -> str:
    if len(times) < 2:
        return f"{len(times)} only"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return f"median {1e3 * cuts[49]:.0f}, 95 % {1e3 * cuts[94]:.0f}, max {1e3 * max(times):.0f} ms"


def main(words: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench classes", description=__doc__.split("\n\n")[0])
    parser.add_argument("--students", type=int, default=250)
    parser.add_argument("--within", type=float, default=30.0, help="seconds in which all come and answer")
    parser.add_argument("--explore", type=int, default=0, help="visitors who move sliders on Explore meanwhile")
    asked = parser.parse_args(words)
    print(f"{n_processors()} cores, load average {load_average()} before the start", flush=True)
    try:
        with tempfile.TemporaryDirectory() as folder, hosted(Path(folder)) as server:
            store = Store(Path(folder))
            result = asyncio.run(hold(server.address, store, asked))
            store.close()
            complaints = server.complaints()
    except ServerError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(asked, result))
    for error in [*result.errors[:5], *([complaints] if complaints else [])]:
        print(f"error: {error}", file=sys.stderr)
    return 1 if result.errors or complaints or result.complete is None else 0


if __name__ == "__main__":
    sys.exit(main())
