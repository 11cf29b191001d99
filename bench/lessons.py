"""Is what lessons claim true? `python -m bench lessons` repeats the study of each over 200 seeds; `--seeds N` over N.

The claim of a lesson is a number a seed that must be above 0 on average (see `Surprise`). The table goes to
`docs/lessons.md`. The exit status is 1 if the interval of any of them does not lie above 0.
"""

import sys
import time
from collections.abc import Sequence

import torch

from bench.engine import machine
from regdash.study import paired_interval
from regdash.study.run import run_study
from regdash.teaching.lessons import LESSONS, Lesson

SEEDS = 200


def main(words: Sequence[str] | None = None) -> int:
    """Print the table."""
    words = list(words or [])
    seeds = int(words[words.index("--seeds") + 1]) if "--seeds" in words else SEEDS
    torch.set_num_threads(1)
    print(machine(), "\n")
    print("| lesson | claim | measured | 95 % interval | claimed | seconds |")
    print("|---|---|---:|---|---:|---:|")
    holds = [row(lesson, seeds) for lesson in LESSONS.values()]
    return 0 if all(holds) else 1


def row(lesson: Lesson, seeds: int) -> bool:
    """Print a lesson's row; returns whether its claim holds."""
    started = time.perf_counter()
    values = lesson.surprise.measure(run_study(lesson.study.with_seeds(seeds)))
    surprise, found = lesson.surprise, paired_interval(values)
    claim, claimed = surprise.text.replace("**", ""), f"{'below' if surprise.below else 'above'} {surprise.limit:.2f}"
    print(
        f"| `{lesson.key}` | {claim} | {found.mean:+.2f} | {found.low:+.2f} to {found.high:+.2f} "
        f"| {claimed} | {time.perf_counter() - started:.1f} |",
        flush=True,
    )
    return surprise.holds(found) is True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
