"""Many visitors, each of whom moves a control now and then, and what they and the server took meanwhile."""

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.load.visitor import Answer, Opinion, Traffic, VisitError, Visitor
from bench.machine import Usage

CONTROLS = ("width", "dropout", "weight_decay", "epochs")
ARRIVALS = 10.0  # visitors a second
PATIENCE = 60.0  # seconds without an answer are an error


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the visitors do."""

    visitors: int = 120
    period: float = 5.0  # seconds from move to move, on average
    seconds: float = 60.0
    warmup: float = 0.0  # seconds before, in which they move controls too, but nothing is counted
    moves: int | None = None  # at most so many a visitor
    controls: Sequence[str] = CONTROLS
    reach: int | None = 3  # how many stops a slider is moved at most from where the page put it; None: anywhere
    wander: bool = False  # from where it stands instead
    query: str = ""  # of the link by which they arrive
    seed: int = 1


@dataclass(kw_only=True)
class Result:
    """What was measured; times in seconds."""

    arrivals: list[float] = field(default_factory=list)
    answers: list[tuple[str, Answer]] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)  # that the page asked for while its visitors rested
    held_back: int = 0  # moves that had to wait for the picture before
    errors: list[str] = field(default_factory=list)
    traffic: Traffic = field(default_factory=Traffic)
    wall: float = 0.0
    cpu: float | None = None  # seconds of the server while visitors moved
    page_cpu: float | None = None  # of these, of the process with the page's scripts
    own_cpu: float = 0.0  # seconds of this process meanwhile
    usage: Usage | None = None  # of the server at the end

    def clear(self) -> None:
        """Count from here on, but for errors."""
        self.answers.clear()
        self.opinions.clear()
        self.held_back = 0
        self.traffic.clear()


async def load(address: str, plan: Plan, process: int | None = None) -> Result:
    """Put `plan` on the page at `address` (host:port); `process` is the server's, to read what it uses."""
    result = Result()
    async with contextlib.AsyncExitStack() as stack:
        arriving = [_arrive(stack, address, plan, index, result) for index in range(plan.visitors)]
        visitors = [visitor for visitor in await asyncio.gather(*arriving) if visitor]
        moving = asyncio.gather(*[_stay(visitor, plan, index, result) for index, visitor in enumerate(visitors)])
        await asyncio.sleep(plan.warmup if visitors else 0)
        result.clear()
        before, own, begun = process and Usage.of(process), time.process_time(), time.perf_counter()
        await moving
        result.wall, result.own_cpu = time.perf_counter() - begun, time.process_time() - own
        result.usage = Usage.of(process) if process else None
        if before and result.usage:
            result.cpu, result.page_cpu = result.usage.cpu - before.cpu, result.usage.own - before.own
    return result


async def _arrive(
    stack: contextlib.AsyncExitStack, address: str, plan: Plan, index: int, result: Result
) -> Visitor | None:
    await asyncio.sleep(index / ARRIVALS)
    begun = time.perf_counter()
    visitor = Visitor(
        address, random.Random(f"{plan.seed}:{index}"), result.traffic, patience=PATIENCE, query=plan.query
    )
    try:
        await stack.enter_async_context(visitor)
        await visitor.arrive()
    except Exception as error:  # whatever it is: it is a visitor who did not see the page
        result.errors.append(f"on arrival: {_words(error)}")
        return None
    result.arrivals.append(time.perf_counter() - begun)
    return visitor


async def _stay(visitor: Visitor, plan: Plan, index: int, result: Result) -> None:
    """Move controls until the time is over or something goes wrong."""
    rhythm = random.Random(f"{plan.seed}:{index}:rhythm")
    begun, moves, end = time.perf_counter(), 0, plan.warmup + plan.seconds
    due = rhythm.uniform(0, plan.period)
    while due < end and (plan.moves is None or moves < plan.moves):
        early = due - (time.perf_counter() - begun)
        result.held_back += early < 0
        try:
            opinion = await visitor.rest(early) if early > 0 else None
            result.opinions += [opinion] if opinion else []
            if time.perf_counter() - begun > end:
                return
            result.answers.append(await visitor.move(plan.controls, plan.reach, wander=plan.wander))
        except Exception as error:
            result.errors.append(_words(error))
            return
        moves += 1
        due += rhythm.uniform(0.5, 1.5) * plan.period


def _words(error: Exception) -> str:
    return str(error) if isinstance(error, VisitError) else f"{type(error).__name__}: {error}"
