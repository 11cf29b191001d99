import math
import re
from dataclasses import replace

import numpy as np
import pytest

from regdash import RunConfig
from regdash.config import FIELDS
from regdash.study import StudySpec
from regdash.study.comparisons import best, compare
from regdash.study.metrics import COMPARABLE
from regdash.study.spec import NOT_SWEPT
from regdash.study.stats.bands import median_band
from regdash.study.stats.intervals import Interval
from regdash.study.stats.paired import Comparison, Verdict
from regdash.study.stats.rivals import Best
from regdash.study.stats.single_seed import SingleSeed
from regdash.teaching.scenarios import NOISY
from regdash.words.runs import NBSP
from regdash.words.studies import band_label, collapsed_sentence, diverged_sentence, headline, one_seed_sentence
from regdash.words.terms import amount, cell_text, difference
from regdash.words.verdicts import verdict_sentence
from tests.study import synthetic

DROPOUTS = StudySpec(base=NOISY, sweep={"dropout": [0.0, 0.3, 0.5, 0.7, 0.8]}, seeds=20)
FRESH, LOSS = COMPARABLE["fresh_accuracy"], COMPARABLE["val_loss"]


def plain(text):
    return text.replace(NBSP, " ")


def comparison(mean, low, high, verdict, *, strict=(math.nan, math.nan), n=20, **changes):
    """A comparison of dropout 0.3 with dropout 0 whose numbers are given, in points."""
    shape = np.linspace(-1, 1, n)
    return Comparison(
        **{
            "cell": 1, "baseline": 0, "metric": "fresh_accuracy", "replicates": np.arange(n),
            "differences": mean / 100 + 0.05 * shape, "mean": mean / 100, "low": low / 100, "high": high / 100,
            "strict": Interval(mean / 100, strict[0] / 100, strict[1] / 100), "n_diverged": 0, "n_missing": 0,
            "looks": 1, "comparisons": 4, "complete": True, "verdict": verdict, **changes,
        }
    )  # fmt: skip


def best_at(cell, mean, rivals=(), runner_up=0):
    return Best(
        cell=cell, mean=mean, low=mean - 0.01, high=mean + 0.01, rivals=rivals, runner_up=runner_up, lead=None
    )  # fmt: skip


RESTS = (
    "The verdict rests on a wider interval, [3.5, 8.7], which allows for 4 comparisons at once and looking again after "
    "adding seeds."
)
WINS = comparison(6.14, 4.02, 8.21, Verdict.BETTER, strict=(3.5, 8.7))
LOSES = comparison(-6.14, -8.21, -4.02, Verdict.WORSE, strict=(-8.7, -3.5))
EVEN = comparison(0.04, -0.21, 0.3, Verdict.SAME, strict=(-0.3, 0.4))
ALIKE = comparison(0.04, -0.21, 0.3, Verdict.ALIKE, strict=(-0.3, 0.4))
OPEN = comparison(2.0, -1.0, 5.0, Verdict.UNDECIDED, strict=(-2.0, 6.0))


def test_a_win_with_its_uncertainty():
    assert verdict_sentence(DROPOUTS, WINS) == (
        f"Dropout 0.3 beats dropout 0 on fresh data by 6.1 points [4.0, 8.2] over 20 paired seeds. {RESTS}"
    )


def test_a_loss_is_said_as_plainly_as_a_win():
    assert verdict_sentence(DROPOUTS, LOSES) == (
        f"Dropout 0.3 loses to dropout 0 on fresh data by 6.1 points [4.0, 8.2] over 20 paired seeds. {RESTS}"
    )


def test_a_difference_that_does_not_matter():
    assert verdict_sentence(DROPOUTS, EVEN) == (
        "No difference that matters between dropout 0.3 and dropout 0 on fresh data: 0.0 points [−0.2, 0.3] over 20 "
        "paired seeds, so less than 0.5 points either way. The verdict rests on a wider interval, [−0.3, 0.4], which "
        "allows for 4 comparisons at once and looking again after adding seeds."
    )


def test_pairs_that_are_alike_say_what_they_may_not_have_shown():
    assert verdict_sentence(DROPOUTS, ALIKE) == (
        "Dropout 0.3 and dropout 0 are alike so far on fresh data: 0.0 points [−0.2, 0.3] over 20 paired seeds. The "
        "verdict rests on a wider interval, [−0.3, 0.4], which allows for 4 comparisons at once and looking "
        "again after adding seeds. But a failure in fewer than one seed in 7 need not have shown itself, and "
        "may cost up to 60 points: to prove that no difference matters takes 569 seeds as alike as these, at least."
    )
    seen = replace(ALIKE, n_collapsed=(1, 0), n_apart=1, rest=Interval(0.0001, -0.002, 0.002))
    assert "In 1 pair a run gave one answer everywhere (1 of the first setting, 0 of the second)" in (
        verdict_sentence(DROPOUTS, seen)
    )
    assert "need not have shown itself" not in verdict_sentence(DROPOUTS, seen)


def test_collapsed_runs_are_told_apart_from_the_rest():
    some = replace(WINS, n_collapsed=(2, 3), n_apart=4, rest=Interval(0.05, 0.03, 0.07))
    assert verdict_sentence(DROPOUTS, some).endswith(
        "In 4 pairs a run gave one answer everywhere (2 of the first setting, 3 of the second); the other 16 differ by "
        "+5.0 points [3.0, 7.0]."
    )
    every = replace(WINS, n_collapsed=(20, 3), n_apart=20)
    assert "In every pair a run gave one answer everywhere" in verdict_sentence(DROPOUTS, every)


def test_how_often_runs_collapse_has_its_interval():
    assert collapsed_sentence(DROPOUTS, [0] * 5, [20] * 5) == ""
    assert plain(collapsed_sentence(DROPOUTS, [0, 0, 1, 0, 10], [20] * 5)) == (
        "11 runs collapsed: each gives all points one answer, and has learned nothing (10 of 20 at dropout 0.8, 50 % "
        "[27, 73]; 1 of 20 at dropout 0.5, 5.0 % [0.1, 24.9]; 95 % intervals of how often that happens). They count in "
        "every mean and median here."
    )
    assert collapsed_sentence(DROPOUTS, [1, 0, 0, 0, 0], [20] * 5).startswith("1 run collapsed: it gives all points")


def test_what_cannot_be_told_yet_says_what_may_help():
    sentence = verdict_sentence(DROPOUTS, OPEN)
    assert re.fullmatch(
        r"Cannot tell yet whether dropout 0\.3 or dropout 0 is better on fresh data: the difference is \+2\.0 points "
        r"\[−1\.0, 5\.0\] over 20 paired seeds\. About \d*[02468]0 more seeds, added at once, may decide it\.",
        sentence,
    )


def test_a_hopeless_difference_does_not_ask_for_seeds():
    unsure = comparison(0.1, -1.0, 1.2, Verdict.UNDECIDED, strict=(-1.3, 1.5))
    assert verdict_sentence(DROPOUTS, unsure).endswith("Even 200 more seeds may not decide it.")
    hopeless = comparison(0.1, -0.3, 0.5, Verdict.UNDECIDED, strict=(-0.6, 0.8), n=100, looks=5)
    assert "Even 200 more seeds would hardly decide it" in verdict_sentence(DROPOUTS, hopeless)


def test_an_interval_that_would_convince_alone_is_explained():
    nearly = comparison(2.0, 0.1, 3.9, Verdict.UNDECIDED, strict=(-0.6, 4.6))
    sentence = verdict_sentence(DROPOUTS, nearly)
    assert "Verdicts rest on a wider interval, [−0.6, 4.6], because 4 comparisons at once" in sentence
    alone = comparison(2.0, 0.1, 3.9, Verdict.UNDECIDED, strict=(-0.6, 4.6), comparisons=1)
    assert "because looking again after adding seeds gives luck more chances" in verdict_sentence(DROPOUTS, alone)
    assert "wider" not in verdict_sentence(DROPOUTS, OPEN)
    small = comparison(0.4, 0.2, 0.6, Verdict.UNDECIDED, strict=(0.1, 0.7))
    assert "It is above 0, but whether by 0.5 points, as much as matters, is open." in verdict_sentence(DROPOUTS, small)
    none = comparison(0.0, math.nan, math.nan, Verdict.ALIKE, strict=(0.0, 0.0))
    assert "alike so far on fresh data: 0.0 points over 20 paired seeds. No pair differs at all. But" in (
        verdict_sentence(DROPOUTS, none)
    )
    equal = comparison(2.0, math.nan, math.nan, Verdict.UNDECIDED, strict=(-math.inf, math.inf), n=4)
    assert "Among so few seeds, this may be luck alone." in verdict_sentence(DROPOUTS, equal)


def test_part_of_a_study_promises_nothing():
    part = comparison(2.0, 1.0, 3.0, Verdict.UNDECIDED, complete=False, n=7)
    sentence = verdict_sentence(DROPOUTS, part)
    assert sentence.endswith("The study is not finished, and part of it gives no verdict.")
    assert "may decide" not in sentence


@pytest.mark.parametrize(
    ("n", "n_diverged", "words"),
    [
        (0, 0, "no pair of runs has a value. There can be none."),
        (0, 1, "no pair of runs has a value. Add seeds. 1 pair is left out, because a run diverged."),
        (1, 0, "+2.0 points over 1 paired seed. Add seeds."),
        (2, 18, "Add seeds. 18 pairs are left out, because a run diverged."),
        (0, 20, "Nearly all runs diverged; try a smaller learning rate."),
    ],
)
def test_too_few_pairs(n, n_diverged, words):
    few = comparison(2.0, math.nan, math.nan, Verdict.UNDECIDED, n=n, n_diverged=n_diverged)
    assert words in verdict_sentence(DROPOUTS, few)


def test_pairs_left_out_are_counted():
    one = comparison(6.0, 4.0, 8.0, Verdict.BETTER, strict=(3.5, 8.5), n_diverged=1, n=19)
    assert verdict_sentence(DROPOUTS, one).endswith("adding seeds. 1 pair is left out, because a run diverged.")


def test_losses_are_no_points():
    lower = comparison(-3.14, -4.02, -2.21, Verdict.BETTER, metric="val_loss", strict=(-4.5, -1.9))
    assert verdict_sentence(DROPOUTS, lower) == (
        "Dropout 0.3 beats dropout 0 in validation loss by 0.031 [0.022, 0.040] in the median of 20 paired seeds. "
        "The verdict rests on a wider interval, [0.019, 0.045], which allows for 4 comparisons at once and looking "
        "again after adding seeds."
    )


def test_the_headline_of_a_clear_winner():
    assert plain(headline(DROPOUTS, best_at(1, 0.861), [WINS], n_done=100)) == (
        "Dropout 0.3 is best on fresh data (86.1 % on average): it beats dropout 0 by 6.1 points [4.0, 8.2] over 20 "
        f"paired seeds. {RESTS}"
    )


def test_the_headline_names_rivals():
    assert plain(headline(DROPOUTS, best_at(1, 0.861, rivals=(2,)), [WINS], n_done=100)) == (
        "Dropout 0.3 does best on fresh data (86.1 % on average) and beats dropout 0 by 6.1 points [4.0, 8.2] over 20 "
        f"paired seeds. {RESTS} Dropout 0.5 may be as good."
    )
    three = headline(DROPOUTS, best_at(1, 0.861, rivals=(2, 3, 0)), [OPEN], n_done=100)
    assert "but dropout 0.5, dropout 0.7 or dropout 0 may be as good" in three
    many = headline(DROPOUTS, best_at(1, 0.861, rivals=(2, 3, 4, 0)), [OPEN], n_done=100)
    assert "but 4 others may be as good" in many
    assert many.endswith(verdict_sentence(DROPOUTS, OPEN))


def test_the_headline_when_the_baseline_is_best():
    clear = plain(headline(DROPOUTS, best_at(0, 0.861, runner_up=1), [LOSES], n_done=100))
    assert clear.startswith("Dropout 0 is best on fresh data (86.1 % on average). All others do worse.")
    assert clear.endswith(verdict_sentence(DROPOUTS, LOSES))
    doubtful = plain(headline(DROPOUTS, best_at(0, 0.861, rivals=(1,), runner_up=1), [EVEN], n_done=100))
    assert doubtful.startswith("Dropout 0 is ahead on fresh data (86.1 % on average), but dropout 0.3 may be as good.")
    assert doubtful.endswith(verdict_sentence(DROPOUTS, EVEN))


def test_the_headline_of_one_data_set_speaks_of_it_alone():
    fixed = DROPOUTS.but(data_seeds="fixed")
    assert "speaks of these data only" in headline(fixed, best_at(1, 0.861), [WINS], n_done=100)
    assert "data only" not in headline(DROPOUTS, best_at(1, 0.861), [WINS], n_done=100)


def test_the_headline_of_part_of_a_study_is_no_verdict():
    text = plain(headline(DROPOUTS, best_at(1, 0.861), [WINS], n_done=37))
    assert text == (
        "So far, with 37 of 100 runs, dropout 0.3 is ahead on fresh data (86.1 %); part of a study gives no verdict."
    )
    assert headline(DROPOUTS, None, [], n_done=0) == "No run is finished yet, of 100."


def test_the_headline_when_everything_diverged():
    assert headline(DROPOUTS, None, [], n_done=100).startswith("All runs diverged")
    assert headline(DROPOUTS, None, [], n_done=9).startswith("All 9 runs so far diverged")


def test_the_headline_where_no_label_is_flipped():
    clean = DROPOUTS.but(base=NOISY.but(label_noise=0.0))
    assert "nothing to memorise" in headline(clean, None, [], n_done=100, metric="memorised")
    assert "diverged" in headline(DROPOUTS, None, [], n_done=100, metric="memorised")


def test_the_headline_of_one_cell():
    alone = StudySpec(base=NOISY, sweep={"dropout": [0.3]}, seeds=20)
    assert plain(headline(alone, best_at(0, 0.861, runner_up=None), [], n_done=20)) == (
        "Dropout 0.3 reaches 86.1 % [85.1, 87.1] on fresh data."
    )


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("metric", COMPARABLE)
def test_whatever_comes_out_has_its_sentences(seed, metric):
    """Random studies: some diverge, some are unfinished, and every one has words that are words."""
    rng = np.random.default_rng(seed)
    spec = synthetic.spec(int(rng.integers(1, 6)), int(rng.integers(1, 12)), data_seeds=rng.choice(["varied", "fixed"]))
    shape = spec.n_cells, spec.n_seeds
    result = synthetic.result(
        spec,
        seed=seed,
        diverged=rng.random(shape) < rng.choice([0, 0.3, 1]),
        done=rng.random(shape) < rng.choice([0.5, 1]),
    )
    baseline = int(rng.integers(spec.n_cells))
    comparisons = compare(result, metric=metric, baseline=baseline)
    texts = [headline(spec, best(result, metric), comparisons, n_done=result.n_done, metric=metric)]
    texts += [verdict_sentence(spec, each) for each in comparisons]
    texts.append(diverged_sentence(spec, result.diverged.sum(axis=1)))
    for text in filter(None, texts):
        assert text[0] == text[0].upper()
        assert text.endswith(".")
        assert not re.search(r"nan|inf\b|None|-\d|−0\.0\b|  |\[\]|[{}]", text), text


@pytest.mark.parametrize("name", sorted(set(FIELDS) - set(NOT_SWEPT)))
def test_every_setting_has_a_name_with_its_value(name):
    field = FIELDS[name]
    values = field.choices[:2] or (field.kind(field.high), field.kind(field.high) - field.kind(field.step) / 2)
    values = [field.kind(value) for value in values]
    spec = StudySpec(base=RunConfig(), sweep={name: values}, seeds=1)
    for cell, value in enumerate(values):
        text = cell_text(spec, cell)
        assert field.text(value) in text
        assert text[0].islower()
        assert "{" not in text


def test_two_settings_are_named_as_everywhere():
    both = StudySpec(base=NOISY, sweep={"dropout": [0.0, 0.3], "weight_decay": [0.0, 0.02]}, seeds=2)
    assert cell_text(both, 3) == "dropout 0.3 with weight decay 0.02"


def test_differences_and_amounts():
    assert difference(FRESH, Interval(-0.0612, -0.0821, -0.04)) == "−6.1 points [−8.2, −4.0]"
    assert difference(FRESH, Interval(0.1, math.nan, math.nan)) == "+10.0 points"
    assert difference(FRESH, Interval(-0.0001, -0.01, 0.01)) == "0.0 points [−1.0, 1.0]"
    assert difference(LOSS, Interval(0.0314, 0.02, 0.04)) == "+0.031 [0.020, 0.040]"
    assert plain(amount(FRESH, 0.8614)) == "86.1 %"
    assert amount(LOSS, 0.3141) == "0.314"
    assert amount(FRESH, math.nan) == "not defined"


def test_diverged_runs_are_counted_where_they_are():
    assert diverged_sentence(DROPOUTS, [0, 0, 0, 0, 0]) == ""
    assert diverged_sentence(DROPOUTS, [0, 1, 0, 0, 0]).startswith(
        "1 of 100 runs diverged (1 at dropout 0.3). Its loss stopped being a finite number"
    )
    assert "8 of 100 runs diverged (3 at dropout 0.7, 2 at dropout 0.8, 1 at dropout 0, 2 elsewhere)" in (
        diverged_sentence(DROPOUTS, np.array([1, 1, 1, 3, 2]))
    )


def test_a_band_says_what_it_leaves_out():
    assert band_label(median_band([0.1, 0.2, math.nan])) == "line: median; band: middle half of 2 seeds; 1 left out"
    assert band_label(median_band([0.1, 0.2])) == "line: median; band: middle half of 2 seeds"
    assert band_label(median_band([math.nan])) == "no finished run"


def judged(wrong, tied, right, truth=1):
    return SingleSeed(n=wrong + tied + right, wrong=wrong, tied=tied, right=right, n_points=60, truth=truth)


def one_seed(single, verdict):
    return one_seed_sentence(single, verdict, cell="dropout 0.3", baseline="dropout 0")


def test_publishing_one_seed():
    assert one_seed(judged(6, 0, 14), Verdict.BETTER) == (
        "In 6 of 20 single runs, judged on 60 validation points, the wrong setting would have won."
    )
    assert one_seed(judged(6, 1, 13), Verdict.WORSE).endswith("won; 1 more would have been a tie.")
    assert one_seed(judged(6, 2, 12), Verdict.WORSE).endswith("won; 2 more would have been ties.")


@pytest.mark.parametrize(
    ("single", "split"),
    [
        (judged(11, 0, 9), "11 of 20 single runs would have named dropout 0 the winner, 9 dropout 0.3"),
        (judged(9, 0, 11), "11 of 20 single runs would have named dropout 0.3 the winner, 9 dropout 0"),
        (judged(11, 0, 9, truth=-1), "11 of 20 single runs would have named dropout 0.3 the winner, 9 dropout 0"),
        (judged(0, 0, 8, truth=-1), "8 of 8 single runs would have named dropout 0 the winner, 0 dropout 0.3"),
    ],
)
def test_nobody_can_be_wrong_where_nothing_is_known(single, split):
    assert one_seed(single, Verdict.UNDECIDED) == (
        f"Which setting is better is not known. Judged on 60 validation points, {split}."
    )
    assert one_seed(single, Verdict.SAME) == (
        f"Neither setting is better by anything that matters. Judged on 60 validation points, {split}."
    )


def test_one_seed_without_a_pair_says_nothing():
    assert one_seed(judged(0, 0, 0), Verdict.UNDECIDED) == ""
