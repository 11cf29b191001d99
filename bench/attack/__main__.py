"""What honest visitors notice of an attack: `python -m bench attack`, some four minutes.

Starts the page (or takes one on this machine, `--url`, with `--process` its process), and lets one hostile client try
what `kinds` has, one attack after the other, while honest visitors move sliders. Then thirty pupils start a study each.
Only on this machine's loopback. Ends with exit code 1 if an honest visitor saw an error or waited too long.
"""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.attack.kinds import ATTACKS
from bench.attack.pupil import Pupil
from bench.load.__main__ import loopback
from bench.load.visitor import Traffic, Visitor
from bench.machine import Usage
from bench.server import ServerError, serve

HONEST = 3  # visitors
PERIOD = 1.0  # seconds between two moves of each
SECONDS = 12.0  # that an attack goes on
AFTER = 5.0  # seconds after it until the server must have come to rest
PUPILS = 30
SLOW = 1.5  # seconds: 95 % of honest answers must come sooner


@dataclass(kw_only=True)
class Seen:
    """What honest visitors saw."""

    answers: list[float] = field(default_factory=list)  # seconds
    errors: list[str] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        """Whether nothing went wrong and nearly all came soon."""
        return not self.errors and bool(self.answers) and self.late < SLOW

    @property
    def late(self) -> float:
        """The time within which 95 % of the answers came."""
        return sorted(self.answers)[int(0.95 * (len(self.answers) - 1))] if self.answers else float("inf")


async def honest(address: str, seed: int, until: float, seen: Seen) -> None:
    """One visitor who moves a slider every second."""
    try:
        async with Visitor(address, random.Random(seed), Traffic(), patience=60) as visitor:
            await visitor.arrive()
            while time.perf_counter() < until:
                _, answer = await visitor.move(("dropout", "weight_decay"), 3)
                seen.answers.append(answer.finished)
                await asyncio.sleep(max(0.0, PERIOD - answer.finished))
    except Exception as error:  # whatever it is: an honest visitor did not see the page
        seen.errors.append(f"{type(error).__name__}: {error}"[:200])


async def under(address: str, name: str | None, process: int | None) -> tuple[list[str], bool]:
    """A row of the table, and whether all was well, under an attack or without one."""
    seen, until = Seen(), time.perf_counter() + SECONDS
    before = Usage.of(process) if process else None
    visitors = [honest(address, seed, until, seen) for seed in range(HONEST)]
    attack = ATTACKS[name](address, SECONDS) if name else asyncio.sleep(SECONDS, "nothing")
    did, *_ = await asyncio.gather(attack, *visitors)
    memory = cpu = "not known"
    if process and before:
        await asyncio.sleep(AFTER)
        one = Usage.of(process)
        await asyncio.sleep(1)
        two = Usage.of(process)
        memory = f"{before.memory / 1e6:.0f} → {two.memory / 1e6:.0f}"
        cpu = f"{100 * (two.cpu - one.cpu):.0f} %"
    answers = sorted(seen.answers) or [float("nan")]
    times = f"{1e3 * answers[len(answers) // 2]:.0f} / {1e3 * seen.late:.0f} / {1e3 * answers[-1]:.0f}"
    row = [name or "none", str(did), str(len(seen.answers)), times, str(len(seen.errors)), memory, cpu]
    for error in seen.errors:
        print(f"{name}: {error}", file=sys.stderr)
    return row, seen.is_fine


async def pupils(address: str) -> tuple[list[str], bool]:
    """A class in which everybody starts a study of their own at once."""

    async def one(seed: int) -> float:
        async with Pupil(address, seed, patience=120) as pupil:
            return await pupil.study()

    found = await asyncio.gather(*[one(seed) for seed in range(PUPILS)], return_exceptions=True)
    times = sorted(each for each in found if isinstance(each, float))
    for error in (each for each in found if not isinstance(each, float)):
        print(f"a pupil: {type(error).__name__}: {error}", file=sys.stderr)
    last = f"{times[-1]:.1f} s" if times else "never"
    return [f"{PUPILS} pupils", "a study each", f"{len(times)} served", f"the last after {last}", "", "", ""], len(
        times
    ) == PUPILS


async def run(address: str, names: Sequence[str], process: int | None) -> bool:
    """All of them, one after the other; prints a table."""
    head = [
        "attack",
        "what it did",
        "honest moves",
        "median / 95 % / max, ms",
        "errors",
        "memory, MB",
        "busy after 5 s",
    ]
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head), flush=True)
    fine = True
    for name in (None, *names):
        row, well = await under(address, name, process)
        fine &= well
        print("| " + " | ".join(row) + " |", flush=True)
    row, well = await pupils(address)
    print("| " + " | ".join(row) + " |", flush=True)
    return fine and well


def main(words: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench attack", description=__doc__.split("\n\n")[0])
    parser.add_argument("--only", choices=ATTACKS, action="append", help="one of the attacks; may be given again")
    parser.add_argument("--url", type=loopback, help="a page that runs already, on this machine")
    parser.add_argument("--process", type=int, help="its process, to read what it uses")
    asked = parser.parse_args(words)
    names = asked.only or list(ATTACKS)
    try:
        if asked.url:
            return 0 if asyncio.run(run(asked.url, names, asked.process)) else 1
        with serve() as server:
            fine = asyncio.run(run(server.address, names, server.process.pid))
            if complaints := server.complaints():
                print(f"the server's log has a traceback:\n{complaints[-2000:]}", file=sys.stderr)
            return 0 if fine and not complaints else 1
    except ServerError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
