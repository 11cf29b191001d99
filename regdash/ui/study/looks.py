"""How often a study has been looked at. Verdicts need to know: each look is another chance for luck.

Looks are counted per family: studies that differ in the number of their seeds alone. Each number of seeds whose result
was seen has its own look, so whoever goes back and forth between settings finds the count, and the verdicts, as they
were. What is written down lasts as long as a session; see `from_seeds` for what a reload or another tab knows.
"""

from typing import Any

from regdash.study import StudySpec
from regdash.study.stats.paired import STEP

MOST_FAMILIES = 100  # remembered; the one that was looked at longest ago is forgotten first

Looks = dict[Any, dict[int, int]]  # family → number of seeds → which look that was


def from_seeds(n_seeds: int) -> int:
    """The look at which a study of so many seeds is seen by somebody of whom nothing is known: at least 1.

    A study starts with 20 seeds or fewer, and a press on the button adds 20. So a link to a study of 100 seeds, a
    reload or another tab may come after looks at 20, 40, 60 and 80, and this is the fifth. Who planned 100 seeds from
    the start is judged more strictly than need be, which costs a wider interval but never a false winner; the interval
    still narrows with every seed. Had the first visit's count been handed on in the address, anybody could change it.
    """
    return max(1, 1 + -(-(n_seeds - STEP) // STEP))


def count(seen: Looks, spec: StudySpec) -> int:
    """Which look at its family `spec` is: the same as before for a number of seeds seen before, else the next one."""
    known = seen.get(family(spec), {})
    following = 1 + max(known.values(), default=0)
    return known.get(spec.n_seeds, max(following, from_seeds(spec.n_seeds)))


def remember(seen: Looks, spec: StudySpec, looks: int) -> None:
    """Write down in `seen` that the result of `spec` was seen at this look."""
    key = family(spec)
    seen[key] = seen.pop(key, {}) | {spec.n_seeds: looks}  # at the end: the last to be forgotten
    while len(seen) > MOST_FAMILIES:
        del seen[next(iter(seen))]


def family(spec: StudySpec) -> Any:
    """What studies have in common that differ in the number of their seeds alone."""
    return spec.base, spec.sweep, spec.data_seeds, spec.seeds[0]
