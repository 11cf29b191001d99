"""The sentences of a study, from its numbers alone: what is best, how sure that is, and what cannot be told yet.

Differences of accuracies are in points, each with the interval that belongs to it in brackets.
"""

import math
from collections.abc import Sequence

from regdash.study.metrics import COMPARABLE, DEFAULT_METRIC, Metric
from regdash.study.spec import StudySpec
from regdash.study.stats.bands import Band
from regdash.study.stats.paired import Comparison, Verdict
from regdash.study.stats.rivals import Best
from regdash.study.stats.sameness import share_interval
from regdash.study.stats.single_seed import SingleSeed
from regdash.words.runs import NBSP
from regdash.words.terms import amount, bracket, capital, cell_text, count
from regdash.words.verdicts import apart, left_out, over_pairs, rests_on, size, verdict_sentence

SAME_POINTS = "All seeds trained on the same points, so this speaks of these data only."
MOST_NAMED = 3  # a sentence names so many cells and counts the others
STILL_BEFORE = "Below is still the study from before."


def small_ones(seconds: float) -> str:
    """Which studies need no button: those that take less than so many seconds."""
    return f"Below {seconds:g}{NBSP}s, a study starts by itself."


def headline(
    spec: StudySpec,
    found: Best | None,
    comparisons: Sequence[Comparison],
    *,
    n_done: int,
    metric: str = DEFAULT_METRIC,
) -> str:
    """What the study says: the best cell and how sure that is, then the verdict against the baseline.

    `found` and `comparisons` are `best` and `compare` of the same result and `metric`; there are no comparisons in a
    study of one cell. `n_done` counts the runs that are there.
    """
    described = COMPARABLE[metric]
    if n_done == 0:
        return f"No run is finished yet, of {spec.n_runs:,}."
    if found is None:
        return _nothing(spec, n_done, metric)
    if n_done < spec.n_runs:
        name = cell_text(spec, found.cell)
        return (
            f"So far, with {n_done:,} of {spec.n_runs:,} runs, {name} is ahead {described.phrase} "
            f"({amount(described, found.mean)}); part of a study gives no verdict."
        )
    if spec.n_cells == 1:
        return f"{capital(cell_text(spec, found.cell))} reaches {_level(described, found)} {described.phrase}."
    by_cell = {comparison.cell: comparison for comparison in comparisons}
    against = by_cell.get(found.cell) or by_cell.get(-1 if found.runner_up is None else found.runner_up)
    sentences = [_best_sentence(spec, found, described, against)]
    if against and not (against.cell == found.cell and against.verdict == Verdict.BETTER):
        sentences.append(verdict_sentence(spec, against))
    if spec.data_seeds == "fixed":
        sentences.append(SAME_POINTS)
    return " ".join(sentences)


def _nothing(spec: StudySpec, n_done: int, metric: str) -> str:
    """Why no run has a value."""
    if metric == "memorised" and not any(spec.cell_config(cell).label_noise for cell in range(spec.n_cells)):
        return "No labels are flipped here, so there is nothing to memorise."
    runs = "All runs" if n_done == spec.n_runs else f"All {n_done:,} runs so far"
    return f"{runs} diverged: the loss stopped being a finite number. Try a smaller learning rate."


def _level(metric: Metric, found: Best) -> str:
    ends = "" if math.isnan(found.low) else f" {bracket(metric, found.low, found.high)}"
    return f"{amount(metric, found.mean)}{ends}"


def _best_sentence(spec: StudySpec, found: Best, metric: Metric, against: Comparison | None) -> str:
    """Which cell is best, which may be as good, and, if it beats the baseline, by how much."""
    name, level = capital(cell_text(spec, found.cell)), amount(metric, found.mean)
    typical = f" {metric.typical}" if spec.n_seeds > 1 else ""
    *first, last = [cell_text(spec, cell) for cell in found.rivals] or [""]
    named = f"{', '.join(first)} or {last}" if first else last
    also = named if len(found.rivals) <= MOST_NAMED else f"{len(found.rivals)} others"
    if against and against.cell == found.cell and against.verdict == Verdict.BETTER:
        beats = f"beats {cell_text(spec, against.baseline)} by {size(metric, against)}"
        rest = " ".join(
            filter(None, [f"{over_pairs(metric, against)}.", rests_on(against), apart(against), left_out(against)])
        )
        name = f"Where no run of a pair diverged, {cell_text(spec, found.cell)}" if against.n_diverged else name
        if found.clear:
            return f"{name} is best {metric.phrase} ({level}{typical}): it {beats} {rest}"
        stricter = "When all pairs of settings count, not only those with the baseline, "
        doubt = f"{stricter}{also}" if against.baseline in found.rivals else capital(also)
        return f"{name} does best {metric.phrase} ({level}{typical}) and {beats} {rest} {doubt} may be as good."
    if found.clear:
        others = " All others do worse." if spec.n_cells > 2 else ""
        return f"{name} is best {metric.phrase} ({level}{typical}).{others}"
    return f"{name} is ahead {metric.phrase} ({level}{typical}), but {also} may be as good."


def diverged_sentence(spec: StudySpec, n_diverged: Sequence[int]) -> str:
    """How many runs diverged and where, from the count of each cell (V,); "" if none did."""
    total = int(sum(n_diverged))
    if not total:
        return ""
    worst = sorted((cell for cell in range(len(n_diverged)) if n_diverged[cell]), key=lambda cell: -n_diverged[cell])
    named = [f"{n_diverged[cell]} at {cell_text(spec, cell)}" for cell in worst[:MOST_NAMED]]
    rest = sum(n_diverged[cell] for cell in worst[MOST_NAMED:])
    where = ", ".join([*named, f"{rest} elsewhere"] if rest else named)
    pronoun = "Its loss" if total == 1 else "Their loss"
    return (
        f"{total:,} of {spec.n_runs:,} runs diverged ({where}). {pronoun} stopped being a finite number, "
        "so there is no accuracy to average: the numbers here are those of the other runs."
    )


def collapsed_sentence(spec: StudySpec, n_collapsed: Sequence[int], n_done: Sequence[int]) -> str:
    """How many runs gave one answer everywhere and how often a setting does that, from counts of each cell (V,).

    "" if none did.
    """
    total = int(sum(n_collapsed))
    if not total:
        return ""
    cells = [cell for cell in range(len(n_collapsed)) if n_collapsed[cell]]
    worst = sorted(cells, key=lambda cell: -n_collapsed[cell])
    named = []
    for cell in worst[:MOST_NAMED]:
        low, high = (float(end) for end in share_interval(n_collapsed[cell], n_done[cell]))
        digits = 1 if 100 * low < 1 else 0  # a share of 0 is what has been ruled out
        ends = f"[{100 * low:.{digits}f}, {100 * high:.{digits}f}]"
        share = f"{100 * n_collapsed[cell] / n_done[cell]:.{digits}f}{NBSP}% {ends}"
        named.append(f"{n_collapsed[cell]} of {n_done[cell]} at {cell_text(spec, cell)}, {share}")
    rest = sum(n_collapsed[cell] for cell in worst[MOST_NAMED:])
    where = "; ".join([*named, f"{rest} elsewhere"] if rest else named)
    what = "1 run collapsed: it gives" if total == 1 else f"{total:,} runs collapsed: each gives"
    return (
        f"{what} all points one answer, and has learned nothing ({where}; 95{NBSP}% intervals of how often that "
        f"happens). {'It counts' if total == 1 else 'They count'} in every mean and median here."
    )


def band_label(band: Band) -> str:
    """The band's name, and how many replicates it leaves out."""
    return f"{band.name}; {band.n_left_out} left out" if band.n and band.n_left_out else band.name


def one_seed_sentence(single: SingleSeed, verdict: Verdict, *, cell: str, baseline: str) -> str:
    """What publishing one seed would have said; `verdict` is that of all pairs together. "" if there is no pair.

    `cell` and `baseline` name the two settings that `single` compares.
    """
    if not single.n:
        return ""
    judged = f"judged on {single.n_points} validation points"
    ties = f"; {single.tied} more would have been {'a tie' if single.tied == 1 else 'ties'}" if single.tied else ""
    if verdict in (Verdict.BETTER, Verdict.WORSE):
        wrong = f"{single.wrong} of {count(single.n, 'single run')}"
        return f"In {wrong}, {judged}, the wrong setting would have won{ties}."
    known = {
        Verdict.SAME: "Neither setting is better by anything that matters",
        Verdict.ALIKE: "The two settings are alike so far",
    }.get(verdict, "Which setting is better is not known")
    wins = (
        [(single.right, cell), (single.wrong, baseline)]
        if single.truth > 0
        else [(single.wrong, cell), (single.right, baseline)]
    )
    (more, first), (fewer, second) = sorted(wins, key=lambda won: -won[0])
    split = f"{more} of {count(single.n, 'single run')} would have named {first} the winner, {fewer} {second}"
    return f"{known}. {capital(judged)}, {split}{ties}."
