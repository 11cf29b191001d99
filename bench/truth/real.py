"""Studies of settings that differ: what `bench.truth` sees them say, and whether it is so.

A pool's own mean is the truth here. So studies are drawn from it with replacement: without, they would know too much.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.truth.pools import Pool, looks, share, won
from regdash.study.metrics import COMPARABLE
from regdash.study.stats.intervals import Centre, Floats, centres
from regdash.study.stats.paired import MATTERS, Comparison, Verdict, compare_cells, judge, shown_interval
from regdash.study.stats.reach import MAX_MORE, chance, reach
from regdash.study.stats.sameness import share_interval
from regdash.study.stats.spending import STEP

LONGEST = 50  # looks at which sameness may be said: up to 1,000 seeds, the most that the page takes
FINER = 4  # times as many studies: of many shares the smallest and the largest are told


def _pairs(pools: Mapping[str, Pool]) -> Iterator[tuple[Pool, str, Floats, NDArray[np.bool_]]]:
    """Every other cell of a pool against its first: differences (S,), and where a run of the pair collapsed (S,)."""
    for pool in pools.values():
        if pool.name == "equal":
            continue
        values, fell, cells = pool.values(), pool.result.collapsed, pool.result.spec.cells
        for cell in range(1, len(values)):
            name = f"{pool.name}: {' '.join(f'{v:g}' for v in cells[cell])} vs {' '.join(f'{v:g}' for v in cells[0])}"
            keep = np.isfinite(values[cell] - values[0])
            yield pool, name, (values[cell] - values[0])[keep], (fell[cell] | fell[0])[keep]


def winners(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """What is said of pairs that differ by what they do, by the tenth look at the latest."""
    lines = [
        "Added 20 by 20 until decided or 200; one comparison.",
        "",
        "| pair | truth, points | pairs with a collapse | right winner | wrong sign | alike so far | cannot tell |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for _, name, differences, apart in _pairs(pools):
        truth = differences.mean()
        found = rng.choice(differences, (studies, 200))
        verdicts = np.array([judge(found[:, :n], looks=look) for look, n in looks()])  # (10, studies)
        first = np.where(won(verdicts).any(axis=0), won(verdicts).argmax(axis=0), -1)
        said = verdicts[first, np.arange(verdicts.shape[1])]
        right = Verdict.BETTER if truth > 0 else Verdict.WORSE
        wrong = won(said) & (said != right)
        lines.append(
            f"| {name} | {100 * truth:+.2f} ± {196 * differences.std() / len(differences) ** 0.5:.2f} | "
            f"{apart.mean():.3f} | {share(said == right)} | {share(wrong)} | {share(said == Verdict.ALIKE)} | "
            f"{share(said == Verdict.UNDECIDED)} |"
        )
    return lines


def sameness(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """How often pairs are called the same that are not, and that are; looks up to 1,000 seeds."""
    lines = [
        "Each pair's differences moved so that they just matter (0.5 points), where none may be called the same; where "
        "runs collapse, their share is thinned instead, until it just matters. Then moved to 0, where all should be in "
        "the end.",
        "",
        "| pair | sd, points | wrongly the same | alike so far, though it matters | the same, if equal, by 1,000 |",
        "|---|---:|---:|---:|---:|",
    ]
    steps = [n for _, n in looks(LONGEST)]
    for _, name, differences, apart in _pairs(pools):
        just = _just_mattering(differences, apart, rng)
        wrong, alike = _ever(just, rng, studies // 2, steps)
        calm = differences[~apart] if apart.any() else differences
        same, _ = _ever(calm - calm.mean(), rng, studies // 4, steps)
        lines.append(f"| {name} | {100 * differences.std():.2f} | {wrong:.3f} | {alike:.3f} | {same:.3f} |")
    return lines


def _just_mattering(differences: Floats, apart: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """Differences whose mean is MATTERS to one side.

    With collapses that make a difference: those of the others as they are, moved to a mean of 0, and as many of the
    collapsed ones as bring it there.
    """
    if not apart.any() or apart.mean() > 0.2:
        return differences - differences.mean() + MATTERS
    calm, fallen = differences[~apart] - differences[~apart].mean(), differences[apart]
    fallen = fallen * np.sign(fallen.mean())
    thinned = MATTERS / fallen.mean()
    count = max(1, round(thinned * len(calm) / (1 - thinned)))
    mixed = np.concatenate([calm, rng.choice(fallen, count)])
    return mixed + (MATTERS - mixed.mean())


def _ever(differences: Floats, rng: np.random.Generator, studies: int, steps: Sequence[int]) -> tuple[float, float]:
    """The share of studies that ever say "the same", and ever "alike so far", over looks at `steps` seeds."""
    same, alike = np.zeros(studies, dtype=bool), np.zeros(studies, dtype=bool)
    rows = rng.choice(differences, (studies, steps[-1]))
    for look, n in enumerate(steps, start=1):
        verdicts = judge(rows[:, :n], looks=look)
        same |= verdicts == Verdict.SAME
        alike |= verdicts == Verdict.ALIKE
    return float(same.mean()), float(alike.mean())


def coverage(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """How often the 95 % interval that is shown holds the truth."""
    lines = [
        "Smallest, middle and largest over all pairs of the pools.",
        "",
        "| number | pools | n = 5 | 10 | 20 | 50 |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for metric in ("fresh_accuracy", "val_accuracy", "val_loss", "train_loss"):
        for collapses in (False, True):
            chosen = [pool for pool in pools.values() if pool.collapses == collapses and pool.name != "equal"]
            shares = [_covered(pool, metric, rng, FINER * studies) for pool in chosen]
            if shares:
                ends = np.concatenate(shares).T  # (4, pairs)
                cells = " | ".join(f"{row.min():.3f} {np.median(row):.3f} {row.max():.3f}" for row in ends)
                named = "with collapses" if collapses else "without"
                lines.append(f"| {COMPARABLE[metric].label} | {named} | {cells} |")
    return lines


def _covered(pool: Pool, metric: str, rng: np.random.Generator, studies: int) -> Floats:
    """(pairs, 4) the share of studies of 5, 10, 20, 50 seeds whose interval covers, for each cell against the first."""
    centre, values, found = COMPARABLE[metric].centre, pool.values(metric), []
    for cell in range(1, len(values)):
        differences = values[cell] - values[0]
        differences = differences[np.isfinite(differences)]
        truth, row = float(centres(differences, centre)), []
        for n in (5, 10, 20, 50):
            _, low, high = shown_interval(rng.choice(differences, (studies, n)), centre)
            known = np.isfinite(low)
            row.append(np.mean((low <= truth) & (truth <= high), where=known) if known.any() else np.nan)
        found.append(row)
    return np.array(found)


def collapses(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """What is said of collapses: how often they happen, and what the other pairs differ by."""
    lines = [
        "| pair | share of pairs | its interval covers, n = 20 | n = 50 | that of the others, n = 20 | n = 50 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for _, name, differences, apart in _pairs(pools):
        if not apart.any() or (~apart).sum() < 200:
            continue
        rate, rest, cells = apart.mean(), differences[~apart].mean(), []
        for n in (20, 50):
            seeds = rng.integers(len(differences), size=(studies, n))
            low, high = share_interval(apart[seeds].sum(axis=1), n)
            _, under, over = shown_interval(np.where(apart[seeds], np.nan, differences[seeds]), Centre.MEAN)
            cells.append((np.mean((low <= rate) & (rate <= high)), np.mean((under <= rest) & (rest <= over))))
        (rate20, rest20), (rate50, rest50) = cells
        lines.append(f"| {name} | {rate:.3f} | {rate20:.3f} | {rate50:.3f} | {rest20:.3f} | {rest50:.3f} |")
    return lines


def outlooks(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """How often the seeds that `reach` names decide, and what becomes of those that "may not" or "would hardly"."""
    told: dict[str, list[bool]] = {}
    for _, _, differences, _ in _pairs(pools):
        for study in rng.choice(differences, (max(20, studies // 20), 20 + MAX_MORE)):
            found = _compared(study[:20], looks=1)
            if found.verdict != Verdict.UNDECIDED:
                continue
            more = reach(found)
            what = _kind(more, chance(found))
            verdict = judge(study[: 20 + (more or MAX_MORE)], looks=2).item()
            told.setdefault(what, []).append(verdict != Verdict.UNDECIDED)
    lines = ["| after 20 seeds it is said | times | decided after as many more, at once |", "|---|---:|---:|"]
    return lines + [f"| {what} | {len(decided)} | {share(decided)} |" for what, decided in sorted(told.items())]


def _kind(more: int | None, likely: float) -> str:
    if more is None:
        return '"would hardly decide it"' if likely < 0.2 else '"may not decide it"'
    return (
        f'"about {STEP} more"' if more == STEP else '"about 40 to 80 more"' if more <= 80 else '"about 100 to 200 more"'
    )


def _compared(differences: Floats, looks: int) -> Comparison:
    done = np.ones((2, len(differences)), dtype=bool)
    values = np.stack([np.zeros_like(differences), differences])
    return compare_cells(values, done=done, diverged=~done, looks=looks)[0]
