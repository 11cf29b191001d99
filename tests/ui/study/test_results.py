import numpy as np
import pytest

from regdash.figures.study.slices import slices
from regdash.study import StudyResult, StudySpec
from regdash.study.comparisons import best
from regdash.teaching.scenarios import NOISY
from regdash.ui.study.looks import Look
from regdash.ui.study.results import SENTENCE_END, View


def view(sweep, means, *, done=True):
    """A study of 12 seeds whose cells have these means, each with the same small scatter."""
    spec = StudySpec(base=NOISY.but(epochs=1), sweep=sweep, seeds=12)
    result = StudyResult.empty(spec)
    rng = np.random.default_rng(5)
    result.done[:] = True
    result.fresh_accuracy[:] = rng.normal(np.array(means)[:, None], 0.005, (len(means), 12))
    if not done:
        result.done[0, -1], result.fresh_accuracy[0, -1] = False, np.nan
    return View(
        result=result, metric="fresh_accuracy", look=Look(), piece=slices(spec)[0], baseline=0, curve="validation",
        differences="seed_by_seed", mode="light",
    )  # fmt: skip


GRID = {"dropout": [0.0, 0.5], "weight_decay": [0.0, 0.1]}


def test_the_heat_map_marks_all_cells_that_may_be_as_good():
    shown = view(GRID, [0.7, 0.9, 0.9, 0.6])
    top = best(shown.result)
    assert sorted([*shown.framed, *shown.rivals]) == [1, 2]
    assert shown.framed == [top.cell]
    assert tuple(shown.rivals) == top.rivals


def test_of_a_part_of_a_study_none_is_marked():
    assert view(GRID, [0.7, 0.9, 0.9, 0.6], done=False).rivals == []


def test_where_a_setting_makes_the_data_each_kind_has_rivals_of_its_own():
    """Dropout 0, 0.3, 0.5 × flipped labels 0, 0.2: the best of one kind says nothing of the other."""
    sweep = {"dropout": [0.0, 0.3, 0.5], "label_noise": [0.0, 0.2]}
    shown = view(sweep, [0.97, 0.70, 0.97, 0.90, 0.80, 0.80])
    assert sorted([shown.framed[0], *[cell for cell in shown.rivals if cell % 2 == 0]]) == [0, 2]
    assert shown.framed[1] == 3
    assert [cell for cell in shown.rivals if cell % 2] == []


@pytest.mark.parametrize(
    ("headline", "first"),
    [
        ("Dropout 0.2 does best (91.7 % on average) over 20 paired seeds. 7 others may be as good.",
         "Dropout 0.2 does best (91.7 % on average) over 20 paired seeds."),
        ("It beats dropout 0 by 6.1 points [4.0, 8.2] over 19 paired seeds. 1 pair is left out.",
         "It beats dropout 0 by 6.1 points [4.0, 8.2] over 19 paired seeds."),
        ("Dropout 0.3 is best. All others do worse.", "Dropout 0.3 is best."),
        ("Dropout 0.5 has the best average (86.1 %), but 7 others may be as good.",
         "Dropout 0.5 has the best average (86.1 %), but 7 others may be as good."),
    ],
)  # fmt: skip
def test_only_the_first_sentence_is_the_heading(headline, first):
    assert SENTENCE_END.split(headline, maxsplit=1)[0] == first
