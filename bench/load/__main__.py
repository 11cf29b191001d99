"""How many visitors one process holds: `python -m bench load --visitors 120`.

Starts the page, opens that many websocket sessions as a browser would (see `visitor`), and lets each visitor move
a random control about every `period` seconds, each in a rhythm of its own: a slider by some stops (`--reach`; 0 is
anywhere), a number to any value. Like a human, a visitor waits for the picture before the next move; moves held back by
a late picture are counted, because they make the load lighter than it was meant to be. The server has just been
started, so at first no run is kept yet. Ends with exit code 1 if anything went wrong, 2 if it could not begin.

Client and server share this machine's cores, so the server alone would do a little better.
"""

import argparse
import asyncio
import ipaddress
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from bench.load.crowd import CONTROLS, Plan, Result, load
from bench.load.training import PATHS, page
from bench.machine import load_average
from bench.server import ServerError, serve
from regdash.ensemble.processors import n_processors

MAX_SHOWN = 5  # errors printed


def report(plan: Plan, result: Result, what: str) -> str:
    """The table."""
    times = sorted(answer.finished for _, answer in result.answers)
    pictures = sorted(answer.picture for _, answer in result.answers if answer.picture is not None)
    moves = max(1, len(times))
    rows = [
        ("visitors", f"{len(result.arrivals)} of {plan.visitors}, a move every {plan.period:g} s, {result.wall:.0f} s"),
        ("server", what),
        ("moves", f"{len(times)} ({len(times) / max(result.wall, 1e-9):.1f} a second; {result.held_back} held back)"),
        ("errors", str(len(result.errors))),
        ("opening the page", _spread(sorted(result.arrivals))),
        ("move to new picture", _spread(pictures)),
        ("move to end of run", _spread(times)),
    ]
    for key in plan.controls:
        own = sorted(answer.finished for name, answer in result.answers if name == key)
        rows.append((f"  of these, {key}", _spread(own)))
    traffic, asked = result.traffic, Counter(opinion.outcome for opinion in result.opinions)
    judged = sorted(opinion.seconds for opinion in result.opinions if opinion.outcome == "judged")
    rows += [
        ("second opinions", f"{len(result.opinions)} asked for; " + ", ".join(f"{n} {of}" for of, n in asked.items())),
        ("  the judged ones", _spread(judged)),
        ("received", f"{traffic.messages} messages ({traffic.references} references), {traffic.bytes / 1e6:.1f} MB, "
                     f"{traffic.bytes / 1e3 / moves:.0f} kB a move"),
        ("server's processor", _processor(result.cpu, moves, result.wall)),
        ("  of this, the page", _processor(result.page_cpu, moves, result.wall)),
        ("this client's", _processor(result.own_cpu, moves, result.wall)),
        ("server's memory", "not known" if result.usage is None else
         f"{result.usage.memory / 1e6:.0f} MB, at most {result.usage.peak / 1e6:.0f} MB"),
    ]  # fmt: skip
    wide = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{wide}}  {value}" for name, value in rows)


def _spread(times: list[float]) -> str:
    if len(times) < 2:
        return f"{len(times)} only"
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return (
        f"median {1e3 * cuts[49]:6.0f}   95 % {1e3 * cuts[94]:6.0f}   99 % {1e3 * cuts[98]:6.0f}   "
        f"max {1e3 * times[-1]:6.0f} ms"
    )


def _processor(cpu: float | None, moves: int, wall: float) -> str:
    if cpu is None:
        return "not known"
    return f"{cpu:.1f} s, {1e3 * cpu / moves:.0f} ms a move, {100 * cpu / max(wall, 1e-9):.0f} % of a core"


def loopback(url: str) -> str:
    """host:port of `url`, which must be on this machine: nobody else's server is to be put under load."""
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    try:
        here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    if not here or parts.scheme not in ("", "http") or parts.path.strip("/"):
        raise argparse.ArgumentTypeError(f"{url!r} is not a page on this machine's loopback, as http://127.0.0.1:8501")
    return f"[{host}]:{parts.port or 8501}" if ":" in host else f"{host}:{parts.port or 8501}"


def _number(low: float, high: float, kind: type = float) -> "type":
    def check(text: str) -> float:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be from {low:g} to {high:g}")
        return value

    return check  # type: ignore[return-value]


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench load", description=__doc__.split("\n\n")[0])
    parser.add_argument("--visitors", type=_number(1, 500, int), default=120)
    parser.add_argument("--period", type=_number(0.2, 600), default=5.0, help="seconds between two moves of a visitor")
    parser.add_argument("--seconds", type=_number(1, 900), default=60.0, help="how long they move controls")
    parser.add_argument("--warmup", type=_number(0, 900), default=0.0, help="seconds before, which are not counted")
    parser.add_argument("--moves", type=_number(1, 1000, int), help="at most so many a visitor")
    parser.add_argument("--controls", default=",".join(CONTROLS), help="which controls are moved")
    parser.add_argument(
        "--reach",
        type=_number(0, 10_000, int),
        default=3,
        help="move sliders so many stops at most from where the page put them; 0: anywhere",
    )
    parser.add_argument("--wander", action="store_true", help="so many stops from where they stand")
    parser.add_argument("--query", default="", help="of the link by which visitors arrive, as width=32&epochs=80")
    parser.add_argument("--seed", type=int, default=1, help="of the visitors' choices")
    parser.add_argument("--path", choices=PATHS, default="batcher", help="how the page trains")
    parser.add_argument("--uvloop", action=argparse.BooleanOptionalAction, help="default: if it is installed")
    parser.add_argument("--url", type=loopback, help="a page that runs already, on this machine")
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    asked = _arguments(words)
    plan = Plan(
        visitors=asked.visitors, period=asked.period, seconds=asked.seconds, warmup=asked.warmup, moves=asked.moves,
        controls=asked.controls.split(","), reach=asked.reach or None, wander=asked.wander,
        query=asked.query.lstrip("?"), seed=asked.seed,
    )  # fmt: skip
    print(f"{n_processors()} cores, load average {load_average()} before the start", flush=True)
    try:
        if asked.url:
            result, what = asyncio.run(load(asked.url, plan)), f"at {asked.url}"
        else:
            with serve(page(asked.path, uvloop=asked.uvloop)) as server:
                result = asyncio.run(load(server.address, plan, server.process.pid))
                if result.errors:
                    print(f"the end of the server's log:\n{server.last_words()}", file=sys.stderr)
            loop = {None: "as installed", True: "uvloop", False: "asyncio"}[asked.uvloop]
            what = f"{asked.path}; event loop: {loop}"
    except ServerError as error:
        print(error, file=sys.stderr)
        return 2
    print(report(plan, result, what))
    for error in result.errors[:MAX_SHOWN]:
        print(f"error: {error}", file=sys.stderr)
    return 1 if result.errors or not result.answers else 0


if __name__ == "__main__":
    sys.exit(main())
