"""Equal cells, in `bench.truth`: how often studies of them err, and how many seeds find a difference of some size."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bench.truth.pools import Pool, drawn, looks, share, won
from regdash.study.stats.intervals import Floats
from regdash.study.stats.paired import Verdict, judge, shown_interval
from regdash.study.stats.rivals import best_of
from regdash.study.stats.spending import STEP

MOST = 20 + STEP * 9  # seeds at the tenth look


def equal_cells(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """Errors where nothing differs: at the first look at 20 seeds, and at any of ten looks."""
    lines = [
        "Nothing differs, so every winner is false, and so is ruling a value out of those that may be as good.",
        "",
        "| cells | a winner, first look | ten looks | ruled out, first look | ten looks | in any slice, ten looks |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for n_cells in (2, 4, 8, 25):
        many = studies if n_cells > 8 else 8 * studies  # winners are counted fast, what is ruled out is not
        values = exchanged(pools["equal"].values(), rng, n_cells, MOST, many)
        named, out = false_winners(values), ruled_out(values[:studies])
        sliced = "–" if n_cells < 25 else share([_slices_rule_out(study) for study in values[: studies // 2]])
        lines.append(
            f"| {n_cells} | {share(named[0])} | {share(named.any(axis=0))} | {share(out[0])} | "
            f"{share(out.any(axis=0))} | {sliced} |"
        )
    values = exchanged(pools["equal"].values(), rng, 2, MOST, studies)
    ten, every = careless(values[:, 1] - values[:, 0])
    return [
        *lines, "",
        f"A negative control, with two cells: the plain 95 % interval excludes 0 at any of ten looks in {share(ten)}, "
        f"and after any of the seeds 3 to {MOST} in {share(every)} of studies.",
    ]  # fmt: skip


def false_winners(values: Floats) -> NDArray[np.bool_]:
    """(10, studies) whether any of the equal cells `values` (studies, V, n) is told from the first one, by look."""
    differences, others = values[:, 1:] - values[:, :1], values.shape[1] - 1
    return np.array(
        [won(judge(differences[..., :n], looks=look, comparisons=others)).any(axis=1) for look, n in looks()]
    )


def ruled_out(values: Floats) -> NDArray[np.bool_]:
    """(10, studies) whether any of the equal cells `values` (studies, V, n) is said not to be as good, by look."""
    return np.array([[_rules_out(study[:, :n], look, len(study)) for study in values] for look, n in looks()])


def exchanged(pool: Floats, rng: np.random.Generator, n_cells: int, n: int, studies: int) -> Floats:
    """(studies, n_cells, n): at every seed the cells of `pool` (V, S) in an order of its own, so all are equal."""
    values = np.moveaxis(pool[:, drawn(rng, pool.shape[1], n, studies)], 0, 1)  # (studies, V, n)
    return rng.permuted(values, axis=1)[:, :n_cells]


def _rules_out(values: Floats, look: int, n_cells: int) -> bool:
    found = best_of(values, looks=look, n_cells=n_cells)
    return found is not None and len(found.rivals) < len(values) - 1


def _slices_rule_out(study: Floats) -> bool:
    """Whether any row or column of a 5×5 grid (25, n) rules a value out at any of ten looks."""
    grid = study.reshape(5, 5, -1)
    pieces = [*grid, *np.swapaxes(grid, 0, 1)]
    return any(_rules_out(piece[:, :n], look, 25) for look, n in looks() for piece in pieces)


def careless(differences: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The negative control: in which studies (studies, n) the plain 95 % interval excludes 0, at any of ten looks and
    after any seed from the third on.
    """
    ten = np.any([_excludes_0(differences[:, :n]) for _, n in looks()], axis=0)
    every = np.any([_excludes_0(differences[:, :n]) for n in range(3, differences.shape[-1] + 1)], axis=0)
    return ten, every


def _excludes_0(differences: Floats) -> NDArray[np.bool_]:
    _, low, high = shown_interval(differences)
    return (low > 0) | (high < 0)


def power(pools: Mapping[str, Pool], rng: np.random.Generator, studies: int) -> list[str]:
    """How many seeds decide a difference of a given size, in standard deviations of the differences."""
    lines = [
        "Real differences of equal cells, moved by so many of their standard deviations; looks at 20, 40, … seeds.",
        "",
        "| difference | comparisons | seeds until 80 % are decided | decided by 100 | by 200 | wrong sign |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for size, most in ((0.55, 10), (0.4, 12), (0.2, 30)):
        n_seeds = 20 + STEP * (most - 1)
        values = exchanged(pools["equal"].values(), rng, 2, n_seeds, studies)
        differences = values[:, 1] - values[:, 0]
        differences += size * differences.std()
        for comparisons in (1, 3, 24):
            verdicts = np.array(
                [judge(differences[:, :n], looks=k, comparisons=comparisons, matters=0.0) for k, n in looks(most)]
            )
            decided = np.logical_or.accumulate(won(verdicts)).mean(axis=1)
            wrong = (verdicts == Verdict.WORSE).any(axis=0)
            by = [f"{decided[(n - 20) // STEP]:.2f}" for n in (100, 200)]
            lines.append(f"| {size} sd | {comparisons} | {_reached(decided)} | {by[0]} | {by[1]} | {share(wrong)} |")
    return lines


def _reached(decided: Floats, wanted: float = 0.8) -> str:
    """The number of seeds at which so many are decided, between looks by straight lines."""
    points = [(20 + STEP * at, value) for at, value in enumerate(decided.tolist())]
    for (n, before), (_, after) in pairwise(points):
        if before < wanted <= after:
            return f"{n + STEP * (wanted - before) / (after - before):.0f}"
    return "20 or fewer" if points[0][1] >= wanted else f"more than {points[-1][0]}"
