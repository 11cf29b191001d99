"""Grids that sweep a setting of the data: the best of the other setting, for each kind of data."""

import numpy as np
import pytest

from regdash.study import StudySpec
from regdash.study.by_data import data_field, within
from regdash.study.comparisons import compare
from regdash.study.stats.paired import Verdict
from regdash.words.by_data import findings, headline
from regdash.words.runs import NBSP
from tests.study import synthetic

DECAYS, NOISES = (0.0, 0.02, 0.1), (0.0, 0.2, 0.4)
SWEEP = {"weight_decay": DECAYS, "label_noise": NOISES}
SPEC = StudySpec(base=synthetic.BASE, sweep=SWEEP, seeds=20)
# Rows are decays, columns shares of flipped labels. Clean: all alike. 0.2: decay 0.02 wins. 0.4: the more, the worse.
MEANS = np.array([[0.95, 0.80, 0.70], [0.95, 0.90, 0.65], [0.95, 0.70, 0.60]])


def made(spec=SPEC, means=MEANS, spread=0.01, **arrays):
    rng = np.random.default_rng(5)
    luck = rng.normal(0, 0.05, spec.n_seeds) + rng.normal(0, spread, (spec.n_cells, spec.n_seeds))
    return synthetic.result(spec, fresh_accuracy=means.ravel()[:, None] + luck, **arrays)


def plain(texts):
    return [text.replace(NBSP, " ") for text in texts]


@pytest.mark.parametrize(
    ("sweep", "field"),
    [
        (SWEEP, "label_noise"), ({"n_samples": [60, 100], "dropout": [0.0, 0.5]}, "n_samples"),
        ({"dropout": [0.0, 0.5], "dataset": ["moons", "xor"]}, "dataset"), ({"label_noise": NOISES}, None),
        ({"dropout": [0.0, 0.5], "width": [2, 4]}, None), ({"dataset": ["moons", "xor"], "label_noise": NOISES}, None),
    ],
)  # fmt: skip
def test_which_studies_have_kinds_of_data(sweep, field):
    spec = StudySpec(base=synthetic.BASE, sweep=sweep, seeds=2)
    assert data_field(spec) == field
    assert bool(within(synthetic.result(spec))) == (field is not None)


@pytest.mark.parametrize("order", [("weight_decay", "label_noise"), ("label_noise", "weight_decay")])
def test_each_kind_of_data_has_the_best_of_its_own_cells(order):
    spec = SPEC.but(sweep={name: SWEEP[name] for name in order})
    result = made(spec, MEANS if order[0] == "weight_decay" else MEANS.T)
    found = within(result, looks=2)
    for each, noise in zip(found, NOISES, strict=True):
        configs = [spec.cell_config(cell) for cell in each.cells]
        assert [(config.weight_decay, config.label_noise) for config in configs] == [(d, noise) for d in DECAYS]
        means = [result.fresh_accuracy[cell].astype(float).mean() for cell in each.cells]
        assert each.best == each.cells[int(np.argmax(means))]
        assert each.mean == pytest.approx(max(means))
        expected = {pair.cell: pair for pair in compare(result, baseline=each.cells[0], looks=2)}[each.against.cell]
        assert (each.against.verdict, each.against.strict) == (expected.verdict, expected.strict)
        assert each.against.comparisons == spec.n_cells - 1, "all cells count as compared at once"
        assert (each.best == each.against.cell) == (each.best != each.cells[0])
    assert [spec.cell_config(each.best).weight_decay for each in found[1:]] == [0.02, 0.0]
    assert [each.against.verdict for each in found[1:]] == [Verdict.BETTER, Verdict.WORSE]


def test_what_is_said_of_each_kind_of_data():
    found = within(made())
    assert headline(SPEC, found, n_done=SPEC.n_runs) == (
        "Weight decay 0 is shown to be beaten on fresh data at 1 of 3 values of flipped labels."
    )
    clean, some, many = plain(findings(SPEC, found))
    assert clean.startswith("With a flipped share of 0: ")
    assert "cannot tell yet whether weight decay 0" in clean or "no difference that matters between" in clean
    assert some.startswith("With a flipped share of 0.2: weight decay 0.02 is best (")
    assert " and beats weight decay 0 by " in some
    assert some.endswith("].")
    assert many.startswith("With a flipped share of 0.4: weight decay 0 is best (")
    assert "; weight decay 0.02, the next, loses to it by " in many


def test_one_set_of_points_speaks_of_itself_alone():
    spec = SPEC.but(data_seeds="fixed")
    assert headline(spec, within(made(spec)), n_done=spec.n_runs).endswith("so this speaks of these data only.")
    assert "these data" not in headline(SPEC, within(made()), n_done=SPEC.n_runs)


def test_nothing_is_claimed_where_luck_is_large():
    found = within(made(spread=0.3, means=np.full((3, 3), 0.5)))
    assert "at none of 3 values" in headline(SPEC, found, n_done=SPEC.n_runs)
    assert all("cannot tell yet whether weight decay" in text for text in findings(SPEC, found))


def test_equal_results_are_alike_so_far():
    texts = findings(SPEC, within(made(spread=0.0005, means=np.full((3, 3), 0.5))))
    assert all("are alike so far: " in text for text in texts)


def test_part_of_a_study_gives_no_verdict():
    done = np.ones((SPEC.n_cells, SPEC.n_seeds), dtype=bool)
    done[0, -1] = False
    result = made(done=done)
    found = within(result)
    assert headline(SPEC, found, n_done=result.n_done) == (
        "So far, there are 179 of 180 runs; part of a study gives no verdict."
    )
    assert all("is ahead (" in text for text in findings(SPEC, found))


def test_data_on_which_all_runs_diverged_are_said():
    diverged = np.zeros((SPEC.n_cells, SPEC.n_seeds), dtype=bool)
    diverged[[1, 4, 7]] = True
    found = within(made(diverged=diverged))
    assert found[1].best is None
    assert findings(SPEC, found)[1] == "With a flipped share of 0.2: no run has a value."


def test_runs_that_diverged_at_the_first_value_leave_nothing_to_compare_with():
    diverged = np.zeros((SPEC.n_cells, SPEC.n_seeds), dtype=bool)
    diverged[1] = True
    text = findings(SPEC, within(made(diverged=diverged)))[1]
    assert text.endswith(
        "beats weight decay 0: no pair of runs has a value. 20 pairs are left out, because a run diverged."
    )


def test_one_value_beside_the_data_is_not_compared():
    spec = SPEC.but(sweep={"weight_decay": (0.02,), "label_noise": NOISES})
    found = within(made(spec, MEANS[1]))
    assert plain(findings(spec, found))[1].startswith("With a flipped share of 0.2: weight decay 0.02 reaches ")
    assert headline(spec, found, n_done=spec.n_runs) == (
        "What weight decay 0.02 reaches on fresh data, for each of 3 values of flipped labels."
    )
