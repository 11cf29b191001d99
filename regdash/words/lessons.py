"""What the numbers of a lesson say: sentences from its runs and its study, and for those who cannot see its charts."""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from regdash.config import RunConfig
from regdash.results import Run
from regdash.study import StudyResult, paired_interval
from regdash.study.stats.peeking import peeking_share
from regdash.teaching.lessons import Lesson, Runs
from regdash.teaching.lessons.lesson import late
from regdash.words.runs import NBSP, overfitting

Says = Callable[[Lesson, Runs], list[str]]
LITTLE = 0.05  # of an accuracy, learnt by heart: less is not called overfitted


def numbers(lesson: Lesson, runs: Runs) -> list[str]:
    """What the lesson's runs say, a sentence or a line each."""
    return SAYS[lesson.kind](lesson, runs)


def share(value: float, digits: int = 1) -> str:
    """ "96.7 %", or "not defined" for NaN."""
    return "not defined" if math.isnan(value) else f"{100 * value:.{digits}f}{NBSP}%"


def _n_val(config: RunConfig) -> int:
    return config.n_samples - config.n_train


def _of_the_article(name: str, run: Run) -> str:
    n = _n_val(run.config)
    right = round(n * run.curves[2, -1])
    return (
        f"**{name}** in the article: train {share(run.curves[1, -1])} as the article measures it, "
        f"{share(run.curves[0, -1])} in eval mode; validation {share(run.curves[2, -1])}, which is {right} of {n} "
        f"points, and {share(late(run, 'val_accuracy'))} on average over the last ten epochs; fresh data "
        f"{share(run.test_accuracy)}."
    )


def _own(name: str, run: Run) -> str:
    if run.diverged:
        return f"**{name}**: the loss stopped being a finite number."
    flipped = "" if math.isnan(run.flipped[-1]) else f", {share(run.flipped[-1], 0)} of the flipped labels memorised"
    return f"**{name}**: train {share(run.curves[0, -1])}, fresh data {share(run.test_accuracy)}{flipped}."


def _article(lesson: Lesson, runs: Runs) -> list[str]:
    lines = [_of_the_article(name, runs[name]) for name in lesson.replays]
    own = [_own(name, runs[name]) for name in lesson.trains]
    return [*lines, "From the same first weights, as the picture shows them: " + " ".join(own), *_best(lesson, runs)]


def _each(lesson: Lesson, runs: Runs) -> list[str]:
    return [*(_own(name, runs[name]) for name in lesson.trains), *_best(lesson, runs)]


def _best(lesson: Lesson, runs: Runs) -> list[str]:
    """Which of the lesson's own runs does best on fresh data, and how far the last is behind: of this one race."""
    order = sorted(lesson.trains, key=lambda name: -np.nan_to_num(runs[name].test_accuracy))
    if len(order) < 2:
        return []
    ahead = runs[order[0]].test_accuracy - runs[order[-1]].test_accuracy
    return [
        f"In this one race, {order[0]} is first on fresh data, {100 * ahead:.1f} points before the last, {order[-1]}."
    ]


def _lies(lesson: Lesson, runs: Runs) -> list[str]:
    lines = []
    for name in lesson.trains:
        run = runs[name]
        best, n = run.summary.best_epoch, round(run.config.label_noise * run.config.n_train)
        there = (
            "" if best is None else f" {round(n * run.flipped[best - 1])} in epoch {best}, its lowest validation loss;"
        )
        lines.append(
            f"**{name}**, of {n} lies:{there} {round(n * run.flipped[-1])} after the last epoch, and fresh data "
            f"{share(run.test_accuracy)} then."
        )
    return lines


def _subnetworks(lesson: Lesson, runs: Runs) -> list[str]:
    (run,) = (runs[name] for name in lesson.trains)
    typical, average = lesson.more(runs) if lesson.more else ("", "")
    return [
        f"{typical[:1].upper()}{typical[1:]}.",
        f"{average[:1].upper()}{average[1:]}. The whole network, in eval mode: {run.test_accuracy:.2f}.",
    ]


def mean_size(run: Run, epoch: int) -> float:
    """The mean absolute value of all weights, biases left out."""
    return float(np.mean(np.concatenate([np.abs(weight).ravel() for weight, _ in run.layers(epoch)])))


def _decays(lesson: Lesson, runs: Runs) -> list[str]:
    lines = []
    for name in lesson.trains:
        run = runs[name]
        config, last = run.config, mean_size(run, run.config.epochs)
        shrink = config.learning_rate * config.weight_decay
        each = (
            f" By itself, decay takes {shrink:.4g} of each weight an epoch, "
            f"{share(1 - (1 - shrink) ** config.epochs, 0)} "
            "over all epochs."
            if config.decay == "decoupled" and config.weight_decay
            else ""
        )
        lines.append(
            f"**{name}**: mean size of a weight {last:.3f} at the end; {share(run.flipped[-1], 0)} of the flipped "
            f"labels memorised; fresh data {share(run.test_accuracy)}.{each}"
        )
    return lines


def _one_seed(lesson: Lesson, runs: Runs) -> list[str]:
    said = lesson.more(runs)[0] if lesson.more else ""
    return [f"The {len(lesson.trains) // 2} pairs, each judged alone: {said}."]


SAYS: Mapping[str, Says] = MappingProxyType(
    {
        "article": _article,
        "race": _each,
        "ladder": _each,
        "lies": _lies,
        "subnetworks": _subnetworks,
        "decays": _decays,
        "one-seed": _one_seed,
    }
)


def surprise(lesson: Lesson, result: StudyResult) -> str:
    """The lesson's claim, and what the seeds of its study say of it."""
    values = lesson.surprise.measure(result)
    found = paired_interval(values)
    there = values[np.isfinite(values)]
    verdict = {
        True: "So the claim holds in these seeds.",
        False: "In these seeds it is the other way round.",
        None: f"{len(there)} seeds leave the claim open.",
    }[lesson.surprise.holds(found)]
    unit = "" if lesson.surprise.found.endswith("cases.") else " points"
    measured = lesson.surprise.found.format(f"{_one(found.mean)}{unit} [{_one(found.low)}, {_one(found.high)}]")
    return (
        f"*The claim.* {lesson.surprise.text}\n\n*Measured over {len(there)} seeds, mean and 95 % interval.* "
        f"{measured} {verdict}"
    )


def _one(value: float) -> str:
    """A number with one digit, a true minus sign, and without "−0.0"."""
    return f"{round(value, 1) + 0.0:.1f}".replace("-", "−")


def peeking(result: StudyResult) -> str:
    """How often peeking names a winner where there is none, measured on the pairs of the study's first two cells."""
    fresh = result.values("fresh_accuracy")
    differences = fresh[1] - fresh[0]
    n = int(np.isfinite(differences).sum())
    return (
        f"**Peeking.** Let a coin decide in each of these {n} pairs which run is called A: then nothing differs "
        "between A and B. Whoever looks after every pair with a plain 95 % interval, and stops when it leaves out "
        f"zero, still names a winner in {share(peeking_share(differences), 0)} of cases, not in 5{NBSP}%."
    )


def chart_alt(title: str, names: Sequence[str], ends: NDArray[np.float64]) -> str:
    """A chart of lines or bars in words: where each ends."""
    parts = (f"{name} {'none' if math.isnan(end) else f'{end:.3g}'}" for name, end in zip(names, ends, strict=True))
    return f"{title}. At the end: " + ", ".join(parts) + "."


def overfit_says(config: RunConfig, train: float, fresh: float, *, by_heart: float) -> str:
    """What a try at overfitting came to, and what explains it."""
    if math.isnan(train):
        return "The network diverged: its loss stopped being a finite number. Try a smaller network."
    if train < by_heart:
        return (
            f"This does not count: train accuracy is {share(train)}, below {share(by_heart, 0)}. A network that has "
            "not learnt its points is bad for another reason, so this is not **overfitting**."
        )
    if train - fresh < LITTLE:
        return f"**Learnt by heart, and hardly worse for it: fresh data {share(fresh)}.** The labels say the rule."
    opening = f"**Overfitted: fresh data {share(fresh)}.**"
    if config.label_noise >= 0.4:
        return (
            f"{opening} {share(config.label_noise, 0)} of the labels are lies, and the network has learnt them: where "
            "half are, the labels say nothing about the rule; whoever learns them all tosses a coin on fresh points."
        )
    if config.label_noise == 0:
        return f"{opening} All labels are true, so there is little to learn that is wrong."
    return f"{opening} Every lie that is learnt is an island of the wrong class around one point."


def collapse_says(run: Run) -> str:
    """Whether a network has collapsed, and what that is."""
    if run.diverged:
        return "The network diverged: its loss stopped being a finite number."
    if run.summary.one_answer:
        return (
            "**That is a collapse.** Every point gets the same class; the network's own data no longer count. Does it "
            "still with a smaller value?"
        )
    excess = overfitting(run.summary, run.config)
    near = (
        " It is as good on its own points as it should be on fresh ones, which **regularization** is for."
        if abs(excess) < LITTLE
        else ""
    )
    return f"No collapse: the network still tells the classes apart.{near}"


def published(pairs: Sequence[tuple[Run, Run]]) -> str:
    """What a paper on the last of these pairs would say, and the tally of all: baseline first, then dropout."""
    claims = [round(_n_val(b.config) * (d.curves[2, -1] - b.curves[2, -1])) for b, d in pairs]
    wins, ties = sum(c > 0 for c in claims), sum(c == 0 for c in claims)
    last, seed = claims[-1], pairs[-1][0].config.seed
    noun = "point" if abs(last) == 1 else "points"
    said = (
        "a tie"
        if last == 0
        else f"“{'dropout' if last > 0 else 'no regularization'} wins, by {abs(last)} validation {noun}”"
    )
    return (
        f"Seed {seed}: {said}. So far, of {len(claims)} published: dropout wins {wins}, no regularization "
        f"{len(claims) - wins - ties}, ties {ties}."
    )
