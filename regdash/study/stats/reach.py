"""How many more seeds may decide a comparison, and how likely a number of them is to."""

import math
from statistics import NormalDist

from regdash.study.stats.intervals import NO_SPREAD, Centre, half_width, moments, quantile
from regdash.study.stats.paired import Comparison, Verdict
from regdash.study.stats.sameness import pairs_needed
from regdash.study.stats.spending import MIN_PAIRS, STEP, error_share
from regdash.surroundings.arithmetic import usual_arithmetic

MAX_MORE = 200  # more seeds than this are not asked for
POWER = 0.8  # the chance to be decided that `reach` asks for


@usual_arithmetic
def reach(comparison: Comparison) -> int | None:
    """How many more seeds may decide a comparison, in steps of 20: 0 if it is decided, None if 200 may not do.

    The smallest number that has a `chance` of four in five, added all at once. With too few pairs for a standard
    deviation: one step, unless all runs diverge or have no value. Pairs that are alike so far need as many as prove it.
    """
    if comparison.verdict not in (Verdict.UNDECIDED, Verdict.ALIKE):
        return 0
    seeds = comparison.n + comparison.n_diverged
    if comparison.n < MIN_PAIRS:
        undefined = comparison.complete and not seeds  # such as memorised labels where none is flipped
        return STEP if not undefined and (comparison.n or seeds < MIN_PAIRS) else None
    if comparison.verdict == Verdict.ALIKE:
        more = math.ceil((seeds_to_prove(comparison) - seeds) / STEP) * STEP
        return max(more, STEP) if more <= MAX_MORE else None
    return next((more for more in range(STEP, MAX_MORE + 1, STEP) if chance(comparison, more) >= POWER), None)


@usual_arithmetic
def chance(comparison: Comparison, more: int = MAX_MORE) -> float:
    """The chance that `more` seeds, added at once (one more look), decide a comparison of 3 pairs or more.

    Decided is a winner, or alike. What the pairs so far say is uncertain, and they stay among the pairs: the centre
    of all is foretold from them (normal, with a flat prior). That is a little hopeful where small differences are the
    rule: what is called four in five was two in three among the real ones of `docs/truth.md`. To take the present mean
    for the true one would promise far more than the pairs hold.
    """
    seeds, n = comparison.n + comparison.n_diverged, comparison.n
    centre, error = _centre_and_error(comparison)
    pairs = int((seeds + more) * n / seeds)  # as many of the new ones may diverge
    spread = error * math.sqrt(max(1 / n - 1 / pairs, 0.0))
    return _chance(centre, spread, _half(comparison, pairs), comparison.measure.matters)


@usual_arithmetic
def seeds_to_prove(comparison: Comparison) -> int:
    """How many seeds in all it takes at least to prove that pairs as alike as these do not differ: each by the mean."""
    needed = pairs_needed(
        matters=comparison.measure.matters, widest=comparison.measure.widest, comparisons=comparison.comparisons,
        mean=comparison.mean,
    )  # fmt: skip
    return math.ceil(needed * (comparison.n + comparison.n_diverged) / max(comparison.n, 1))


def _centre_and_error(comparison: Comparison) -> tuple[float, float]:
    """The centre of the differences, and its standard error with one pair (the median's is that of a normal one)."""
    _, mean, sd = moments(comparison.differences)
    if comparison.measure.centre == Centre.MEAN:
        return float(mean), float(sd)
    low, middle, high = (float(quantile(comparison.differences, share)) for share in (0.25, 0.5, 0.75))
    return middle, math.sqrt(math.pi / 2) * (high - low) / 1.349  # 1.349: a normal one's quartiles, in sd


def _half(comparison: Comparison, pairs: int) -> float:
    """Half the interval that the verdict will rest on at the next look, with so many pairs."""
    alpha = error_share(comparison.looks + 1, comparison.comparisons, pairs)
    return float(half_width(pairs, _centre_and_error(comparison)[1], alpha))


def _chance(centre: float, error: float, half: float, matters: float) -> float:
    """The chance that a normal centre with this standard error falls where `judge` decides."""
    below = NormalDist(centre, max(error, NO_SPREAD)).cdf
    room = matters - half  # so close to 0, pairs are alike
    edge = max(half, matters)  # a winner is ahead by what matters
    winner = 1 - (below(edge) - below(-edge))
    return winner + (below(room) - below(-room) if room > 0 else 0.0)
