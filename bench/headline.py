"""Is what Explore says of a comparison true? `python -m bench headline` trains random settings and counts.

Each setting gets 200 pairs of runs, as the page would train them: the judgement is that of the first 20, the truth that
of the others. Tables go to `docs/truth.md`. Options: `--settings N` (2,000), `--minutes M` stops earlier and says so.
"""

import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch

from bench.engine import machine
from bench.headline_settings import MAX_COST, N_SEEDS, Setting, random_configs, trained
from regdash.config import RunConfig
from regdash.results import Summary
from regdash.serving.opinions import SEEDS
from regdash.study.stats.paired import MATTERS, Verdict
from regdash.study.stats.sameness import share_interval
from regdash.words import runs as run_words

SETTINGS = 2000
ONE_PAIR = 0.025  # a difference of one pair from which a headline that judged by it would speak
CLAIMS = (Verdict.BETTER, Verdict.WORSE)
JUDGING = ("gain", "give up", "gives up", "lose", "loses", "cost", "better", "worse", "help", "because", "thanks to")


@dataclass(kw_only=True)
class Tally:
    """What was counted so far."""

    rows: list[tuple[str, float, float]] = field(default_factory=list)  # verdict, truth and its standard error
    single: list[tuple[float, float]] = field(default_factory=list)  # difference of one pair, and the truth
    openings: Counter[str] = field(default_factory=Counter)
    misfits: Counter[str] = field(default_factory=Counter)
    causes: int = 0  # descriptions with a word that judges

    def add(self, setting: Setting) -> None:
        """Count one setting: its judgement, single pairs, and what is said of 20 of them."""
        truth, error = setting.truth
        if not np.isfinite(truth):
            return
        self.rows.append((str(setting.judged.verdict), truth, error))
        self.single += [(each, truth) for each in setting.differences[:SEEDS].tolist() if np.isfinite(each)]
        for free, yours in setting.summaries(SEEDS):
            kind, wrong = misfit(free, setting.config)
            self.openings[kind] += 1
            self.misfits[kind] += wrong
            said = run_words.described(free, yours, setting.config)
            self.causes += any(word in said for word in JUDGING)


def main(words: Sequence[str] | None = None) -> int:
    """Train settings, one after another, and print the tables."""
    words = list(words or [])
    torch.set_num_threads(1)
    asked = int(words[words.index("--settings") + 1]) if "--settings" in words else SETTINGS
    minutes = float(words[words.index("--minutes") + 1]) if "--minutes" in words else np.inf
    tally, latest = Tally(), time.monotonic() + 60 * minutes
    configs = random_configs(np.random.default_rng(1))
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        for count in range(1, asked + 1):
            tally.add(trained(next(configs), executor=executor))
            if count % 50 == 0:
                print(f"{count} of {asked} settings", file=sys.stderr, flush=True)
            if time.monotonic() > latest:
                break
    print(machine())
    print(f"\n{len(tally.rows)} random settings of {asked} asked for, {N_SEEDS} pairs of runs each, none costlier than")
    print(f"{MAX_COST:g} s of one core.")
    for lines in (judgements(tally), sizes(tally), openings(tally)):
        print("\n" + "\n".join(lines), flush=True)
    return 0


def judgements(tally: Tally) -> list[str]:
    """What 20 pairs say, and what the others say of it."""
    lines = [
        "| what 20 pairs say | settings | share | of the other sign | and surely so | 0.5 points or more |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for verdict in (each.value for each in Verdict):
        rows = [row for row in tally.rows if row[0] == verdict]
        wrong = [row for row in rows if verdict in CLAIMS and is_wrong(*row)]
        sure = sum(abs(truth) > 2 * error for _, truth, error in wrong)
        large = sum(abs(truth) - 2 * error > MATTERS for _, truth, error in rows)
        counts = (str(len(wrong)), str(sure)) if verdict in CLAIMS else ("–", "–")
        share = len(rows) / len(tally.rows)
        lines.append(f"| {verdict} | {len(rows)} | {share:.3f} | {' | '.join(counts)} | {large} |")
    wrong_all, claimed = wrongs(tally), sum(row[0] in CLAIMS for row in tally.rows)
    total = of(wrong_all, len(tally.rows))
    said = f"A winner of the wrong sign: {total} of all settings, {of(wrong_all, claimed)} of those with a winner."
    return [*lines, "", said]


def wrongs(tally: Tally) -> int:
    """In how many settings 20 pairs name a winner, and the others say it is the loser."""
    return sum(is_wrong(*row) for row in tally.rows)


def is_wrong(verdict: str, truth: float, _: float = 0.0) -> bool:
    """Whether a winner is named and the truth has the other sign."""
    return (verdict == Verdict.BETTER and truth < 0) or (verdict == Verdict.WORSE and truth > 0)


def of(count: int, n: int) -> str:
    """A share with its 95 % interval, as "1.2 % [0.5, 2.4]"."""
    low, high = (100 * float(end) for end in share_interval(count, n))
    return f"{100 * count / max(n, 1):.2f} % [{low:.2f}, {high:.2f}]"


def sizes(tally: Tally) -> list[str]:
    """How often winners are named, and wrongly, by the size of the truth; beside them, what one pair would name."""
    lines = [
        f"| truth, points | settings | 20 pairs name a winner | the wrong one | one pair differs by "
        f"{100 * ONE_PAIR:g} points | the wrong way |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    edges = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 100.0)
    for low, high in [(0.0, 100.0), *pairwise(edges)]:
        rows = [row for row in tally.rows if low <= 100 * abs(row[1]) < high]
        pairs = [(one, truth) for one, truth in tally.single if low <= 100 * abs(truth) < high]
        claims = [(one, truth) for one, truth in pairs if abs(one) >= ONE_PAIR]
        named = sum(row[0] in CLAIMS for row in rows)
        wrong, one_wrong = sum(is_wrong(*row) for row in rows), sum(one * truth < 0 for one, truth in claims)
        name = "all" if high - low == 100 else f"{low:g} to {high:g}" if high < 100 else f"{low:g} or more"
        lines.append(
            f"| {name} | {len(rows)} | {named / max(len(rows), 1):.2f} | {wrong} | "
            f"{len(claims) / max(len(pairs), 1):.2f} | {one_wrong / max(len(claims), 1):.3f} |"
        )
    return lines


def misfit(free: Summary, config: RunConfig) -> tuple[str, bool]:
    """What kind of opening words a free network gets, and whether they fit badly what it has learnt by heart."""
    said = run_words.opening(free, config)
    kind = next(kind for kind, words in OPENINGS.items() if words in said)
    by_chance = 1 - free.fresh_accuracy  # a network that learns nothing by heart repeats lies where it is wrong
    beyond = 0.0 if np.isnan(free.memorised) else free.memorised - by_chance
    wrong = {
        "one answer": not free.one_answer,
        "memorises": free.train_accuracy < 0.95 or (config.label_noise == 0 and free.fresh_accuracy > 0.85),
        "repeats": beyond < 0.1,
        "a little": beyond > 0.3,
        "overfits": free.train_accuracy + config.label_noise - free.fresh_accuracy < 0.05,
        "learns little": free.fresh_accuracy > 0.8 or beyond > 0.3,
        "part": beyond > 0.3 or not 0.75 <= free.fresh_accuracy < 0.9,
        "does well": beyond > 0.3 or free.fresh_accuracy < 0.9,
    }[kind]
    return kind, wrong


OPENINGS = {
    "one answer": "the same answer everywhere",
    "memorises": "memorises its training set",
    "repeats": "of the flipped labels",
    "a little": "overfits a little",
    "overfits": "overfits",
    "learns little": "learns little",
    "part": "learns part of the rule",
    "does well": "already does well",
}


def openings(tally: Tally) -> list[str]:
    """How often each kind of opening words is said, and how often it fits badly."""
    lines = ["| the free network … | pairs of runs | fits badly |", "|---|---:|---:|"]
    lines += [f"| {words} | {tally.openings[kind]:,} | {tally.misfits[kind]:,} |" for kind, words in OPENINGS.items()]
    n = sum(tally.openings.values())
    return [
        *lines,
        "",
        f"Of {n:,} descriptions, {tally.causes} hold a word that judges or names a cause.",
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
