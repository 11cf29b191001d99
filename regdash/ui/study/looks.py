"""How often a study has been looked at, and how much was compared. Verdicts need to know: each is a chance for luck.

Looks are counted per question: the settings that are swept, and all others but the seeds. Each number of seeds whose
result was seen has its own look, so whoever goes back and forth between settings finds the count, and the verdicts, as
they were. Two ways round that are counted, too:

- Whoever has seen 25 values and takes two of them has chosen among all pairs, so all pairs count as compared.
- Whoever tries another first seed has new luck, all of it: that counts as two looks, since looks after adding seeds
  share most of their luck and are charged less for it. Ten first seeds together name a winner among equals in 4.6 % of
  cases.

What is written down lasts as long as a session; see `from_seeds` for what a reload or another tab knows. Not counted:
another baseline, another metric, other settings that are not swept. The page's help names them.
"""

from dataclasses import dataclass, field
from typing import Any

from regdash.study import StudySpec
from regdash.study.stats.spending import STEP

MOST_QUESTIONS = 100  # remembered; the one that was looked at longest ago is forgotten first


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look at a study.

    number  which look it is, from 1
    cells   how many cells of the same question have been seen, those of this study included
    """

    number: int = 1
    cells: int = 1

    def comparisons(self, n_cells: int) -> int | None:
        """How many comparisons count for a study of `n_cells`: None if no more than its own."""
        return None if self.cells <= n_cells else self.cells * (self.cells - 1) // 2


@dataclass(kw_only=True)
class Seen:
    """What was seen of one question: each study with its look, and all cells.

    A study is its cells, its first seed and how many seeds. It keeps its look, whatever is seen later.
    """

    looks: dict[tuple[frozenset[tuple[Any, ...]], int, int], Look] = field(default_factory=dict)
    cells: set[tuple[Any, ...]] = field(default_factory=set)


Looks = dict[Any, Seen]  # question → what was seen of it


def from_seeds(n_seeds: int) -> int:
    """The look at which a study of so many seeds is seen by somebody of whom nothing is known: at least 1.

    A study starts with 20 seeds or fewer, and a press on the button adds 20. So a link to a study of 100 seeds, a
    reload or another tab may come after looks at 20, 40, 60 and 80, and this is the fifth. Who planned 100 seeds from
    the start is judged more strictly than need be, which costs a wider interval but never a false winner; the interval
    still narrows with every seed, without end. Had the first visit's count been handed on in the address, anybody could
    change it.
    """
    return max(1, 1 + -(-(n_seeds - STEP) // STEP))


def count(seen: Looks, spec: StudySpec) -> Look:
    """Which look at its question `spec` is: the same as before for seeds seen before, else the next one."""
    known = seen.get(question(spec), Seen())
    cells, first, n_seeds = frozenset(spec.cells), spec.seeds[0], spec.n_seeds
    if (cells, first, n_seeds) in known.looks:
        return known.looks[cells, first, n_seeds]
    numbers = {(seed, n): look.number for (_, seed, n), look in known.looks.items()}
    following = max(numbers.values(), default=-1) + (1 if any(seed == first for seed, _ in numbers) else 2)
    number = numbers.get((first, n_seeds), max(following, from_seeds(n_seeds)))
    return Look(number=number, cells=len(known.cells | cells))


def remember(seen: Looks, spec: StudySpec, look: Look) -> None:
    """Write down in `seen` that the result of `spec` was seen at this look."""
    key = question(spec)
    known = seen.pop(key, Seen())
    known.looks[frozenset(spec.cells), spec.seeds[0], spec.n_seeds] = look
    known.cells |= set(spec.cells)
    seen[key] = known  # at the end: the last to be forgotten
    while len(seen) > MOST_QUESTIONS:
        del seen[next(iter(seen))]


def question(spec: StudySpec) -> Any:
    """What studies have in common that ask the same: all but the seeds and the values of the swept settings."""
    kept = {name: getattr(spec.base, name) for name in spec.base.__dataclass_fields__ if name not in spec.fields}
    return tuple(sorted((name, value) for name, value in kept.items() if name not in ("seed", "data_seed"))), (
        spec.fields,
        spec.data_seeds,
    )


def family(spec: StudySpec) -> Any:
    """What studies have in common that differ in the number of their seeds alone."""
    return spec.base, spec.sweep, spec.data_seeds, spec.seeds[0]
