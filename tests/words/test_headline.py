"""A small part of `python -m bench headline`: random settings, what the page says of them, and what more seeds know."""

from itertools import islice

import numpy as np
import pytest

from bench.headline import JUDGING, Tally, is_wrong, judgements, misfit, openings, sizes, wrongs
from bench.headline_settings import random_configs, trained
from regdash import RunConfig
from regdash.config import FIELDS
from regdash.ensemble import train_many
from regdash.results import Summary
from regdash.serving.opinions import FIRST_SEED, SEEDS
from regdash.study.stats.paired import Verdict
from regdash.teaching.arms import ARMS
from regdash.teaching.scenarios import SCENARIOS
from regdash.words.runs import REGULARIZERS

pytestmark = pytest.mark.slow

N_SETTINGS, N_SEEDS, MOST = 30, 60, 0.15  # the last: seconds that a setting may cost


@pytest.fixture(scope="module")
def settings():
    configs = random_configs(np.random.default_rng(3), N_SEEDS, MOST)
    return [trained(config, N_SEEDS) for config in islice(configs, N_SETTINGS)]


@pytest.fixture(scope="module")
def tally(settings):
    found = Tally()
    for setting in settings:
        found.add(setting)
    return found


def test_winners_of_20_pairs_are_those_of_the_other_seeds(tally):
    named = [row for row in tally.rows if row[0] in (Verdict.BETTER, Verdict.WORSE)]
    assert len(tally.rows) > N_SETTINGS - 4
    assert len(named) >= 5, "else nothing was tested"
    surely = [row for row in named if is_wrong(*row) and abs(row[1]) > 2 * row[2]]
    assert surely == []
    assert wrongs(tally) <= 1


def test_one_pair_names_wrong_winners(tally):
    """The negative control: these settings do lead a judgement by one pair astray."""
    claims = [(one, truth) for one, truth in tally.single if abs(one) >= 0.025]
    assert np.mean([one * truth < 0 for one, truth in claims]) > 0.03


def test_opening_words_fit_and_descriptions_name_no_cause(tally):
    assert sum(tally.openings.values()) > 20 * (N_SETTINGS - 4)
    assert len([kind for kind, count in tally.openings.items() if count]) >= 6
    assert tally.misfits.total() == 0
    assert tally.causes == 0


def test_words_that_do_not_fit_are_noticed(monkeypatch):
    """The oracle does not rest on the rule that it checks."""
    liar = Summary(
        train_accuracy=0.92, val_accuracy=0.87, fresh_accuracy=0.87, gap=0.05, best_epoch=3, memorised=0.6
    )  # fmt: skip
    monkeypatch.setattr("regdash.words.runs.opening", lambda *_: "Without regularization the network already does well")
    assert misfit(liar, RunConfig(label_noise=0.2)) == ("does well", True)
    monkeypatch.setattr("regdash.words.runs.opening", lambda *_: "the network learns little here")
    assert misfit(liar, RunConfig(label_noise=0.2)) == ("learns little", True)
    assert any(word in "Dropout gains 8 points" for word in JUDGING)


def test_the_judgement_is_that_of_the_page_and_the_truth_that_of_other_seeds(settings):
    setting = settings[0]
    assert setting.judged.n + setting.judged.n_diverged == SEEDS
    np.testing.assert_array_equal(setting.judged.differences, setting.differences[:SEEDS][setting.judged.replicates])
    rest = setting.differences[SEEDS:]
    assert setting.truth[0] == pytest.approx(np.nanmean(rest))
    assert setting.truth[1] == pytest.approx(np.nanstd(rest, ddof=1) / np.sqrt(np.isfinite(rest).sum()))


def test_summaries_are_those_of_the_runs(settings):
    setting = settings[1]
    arms = [ARMS["none"].config(setting.config), setting.config]
    runs = train_many([arm.but(seed=FIRST_SEED + 1, data_seed=FIRST_SEED + 1) for arm in arms], snapshots=1)
    for mine, run in zip(list(setting.summaries(2))[1], runs, strict=True):
        for name in ("train_accuracy", "val_accuracy", "fresh_accuracy", "memorised"):
            assert getattr(mine, name) == pytest.approx(getattr(run.summary, name), abs=1e-6, nan_ok=True), name
        assert mine.one_answer == run.summary.one_answer


def test_settings_are_anywhere_and_regularized():
    configs = list(islice(random_configs(np.random.default_rng(0)), 300))
    assert all(any(getattr(config, name) for name in REGULARIZERS) for config in configs)
    for name, field in FIELDS.items():
        if name not in ("seed", "data_seed"):
            assert len({getattr(config, name) for config in configs}) >= min(3, len(field.choices) or 3), name
    assert {config.dataset for config in configs} > {scenario.config.dataset for scenario in SCENARIOS.values()}


def test_every_table_has_its_rows(tally):
    for lines in (judgements(tally), sizes(tally), openings(tally)):
        rows = [line for line in lines if line.startswith("|")]
        assert len(rows) > 6
        assert len({row.count("|") for row in rows}) == 1
