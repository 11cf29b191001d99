"""Whether anything grows while visitors come and go: `python -m bench soak`, some 22 minutes.

Starts two replicas behind nginx and lets `--visitors` move sliders for `--minutes`; each stays three minutes, then
another one with a seed of its own comes. Once a minute it prints what each replica has: visitors, memory, its
children's memory, threads, open files. After the last one has left, it looks until all but memory is as it was before
(or five minutes have passed). Ends with exit code 1 if a visitor saw an error, or something has stayed.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.classes.__main__ import hosted
from bench.load.crowd import Plan, load
from bench.machine import load_average
from bench.server import Server, ServerError

STAY = 180.0  # seconds, of one visitor
REST = 60.0  # seconds after the first few visitors, who are not counted
LOOK = 60.0  # seconds between two rows
PATIENCE = 300.0  # seconds in which all must be as it was
SPARE = 3  # threads and files more than before: pools that were begun, a file of the log


@dataclass(frozen=True, kw_only=True)
class Row:
    """One replica at one time; memory in bytes."""

    visitors: int
    memory: int
    children: int
    threads: int
    files: int

    def has_stayed(self, before: "Row") -> bool:
        """Whether something of the visitors is still there; memory is judged by eye, from row to row."""
        return self.visitors > 0 or self.threads > before.threads + SPARE or self.files > before.files + SPARE


def look(server: Server) -> dict[int, Row]:
    """All replicas by their process, in the order they were started."""
    found = {}
    for process in sorted(psutil.Process(server.process.pid).children(), key=lambda each: each.create_time()):
        if "uvicorn" in process.cmdline():
            port = int(process.cmdline()[process.cmdline().index("--port") + 1])
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
                text = answer.read().decode()
            visitors = re.search(r"^regdash_visitors (\S+)$", text, re.MULTILINE)
            children = [child.memory_info().rss for child in process.children(recursive=True)]
            found[process.pid] = Row(
                visitors=int(float(visitors[1])) if visitors else 0, memory=process.memory_info().rss,
                children=sum(children), threads=process.num_threads(), files=process.num_fds(),
            )  # fmt: skip
    return found


def show(minute: float, rows: dict[int, Row]) -> None:
    """One line a replica."""
    for process, row in rows.items():
        print(
            f"{minute:5.1f} min  replica {process}: {row.visitors:3} visitors  {row.memory / 1e6:5.0f} MB  children "
            f"{row.children / 1e6:5.0f} MB  {row.threads:3} threads  {row.files:3} files",
            flush=True,
        )


async def soak(server: Server, asked: argparse.Namespace) -> int:
    """The whole of it; returns the exit status."""
    errors = (await load(server.address, Plan(visitors=20, seconds=20))).errors  # pools and children are begun
    await asyncio.sleep(REST)
    begun, before = time.monotonic(), look(server)
    show(0, before)

    async def place(number: int) -> None:
        for turn in range(max(1, round(60 * asked.minutes / STAY))):
            plan = Plan(visitors=1, period=asked.period, seconds=STAY, wander=True, seed=1000 * number + turn)
            errors.extend((await load(server.address, plan)).errors)

    async def arrive(number: int) -> None:
        await asyncio.sleep(number * STAY / asked.visitors)  # so that somebody comes and goes all the time
        await place(number)

    visits = asyncio.gather(*map(arrive, range(asked.visitors)))
    while not visits.done():
        await asyncio.wait([visits], timeout=LOOK)
        show((time.monotonic() - begun) / 60, await asyncio.to_thread(look, server))
    latest = time.monotonic() + PATIENCE
    while (left := stayed(server, before)) and time.monotonic() < latest:
        await asyncio.sleep(10)
    show((time.monotonic() - begun) / 60, look(server))
    print(f"errors: {len(errors)}" + "".join(f"\n  {error}" for error in errors[:5]))
    print("something has stayed" if left else "nothing of the visitors has stayed")
    return int(bool(errors or left))


def stayed(server: Server, before: dict[int, Row]) -> bool:
    """Whether a replica has still something of its visitors, or is another one."""
    now = look(server)
    return now.keys() != before.keys() or any(row.has_stayed(before[process]) for process, row in now.items())


def main(options: Sequence[str] | None = None) -> int:
    """Run it and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=60)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--period", type=float, default=5.0, help="seconds from move to move")
    asked = parser.parse_args(options)
    print(f"load average {load_average()} before the start", flush=True)
    try:
        with tempfile.TemporaryDirectory() as folder, hosted(Path(folder)) as server:
            return asyncio.run(soak(server, asked))
    except ServerError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
