"""The ready-made studies are what their lessons promise: affordable, and about data that show it."""

import pytest

from regdash import RunConfig
from regdash.teaching import article, scenarios
from regdash.teaching.studies import STUDIES


@pytest.mark.parametrize("key", STUDIES)
def test_each_is_described_and_affordable(key):
    study = STUDIES[key]
    assert len(study.label) <= 40
    assert 60 < len(study.lesson) < 260
    assert study.lesson.endswith((".", "?"))
    assert study.spec.cost < 10, "seconds of one core"
    assert study.spec.n_seeds == 20, "with fewer there is hardly a verdict"


def test_they_differ():
    assert len({study.label for study in STUDIES.values()}) == len(STUDIES)
    assert len({study.spec for study in STUDIES.values()}) == len(STUDIES)


def test_demo_4_is_the_articles_but_for_its_seeds():
    spec = STUDIES["demo-4"].spec
    recipes = [article.DEMOS[f"demo-4/{p}"] for p in (0.0, 0.3, 0.5, 0.7)]
    assert [spec.config(cell, 0) for cell in range(4)] == recipes
    assert spec.n_seeds == 20


@pytest.mark.parametrize("key", STUDIES)
def test_a_lesson_says_of_the_data_what_is_so(key):
    """Only a study whose replicates share their points may speak of somebody's own data."""
    study = STUDIES[key]
    assert ("own data" in study.lesson) <= (study.spec.data_seeds == "fixed")
    assert ("drawn anew" in study.lesson) <= (study.spec.data_seeds == "varied")


def test_the_grid_is_500_runs_on_noisy_labels():
    spec = STUDIES["grid"].spec
    assert spec.fields == ("dropout", "weight_decay")
    assert (spec.shape, spec.n_runs) == ((5, 5), 500)
    assert (spec.base.width, spec.base.epochs) == (32, 80)
    assert spec.base.label_noise == scenarios.NOISY.label_noise


def test_each_grid_has_the_unregularized_cell_to_compare_with():
    for key in ("demo-4", "grid", "width", "useless"):
        cells = [STUDIES[key].spec.cell_config(cell) for cell in range(STUDIES[key].spec.n_cells)]
        assert any((cell.dropout, cell.weight_decay, cell.label_smoothing) == (0, 0, 0) for cell in cells)
        assert cells[0].but(dropout=0.0, weight_decay=0.0) == cells[0], "and it comes first: the default baseline"


def test_width_and_noise_cover_their_range():
    assert STUDIES["width"].spec.sweep[0] == ("width", (2, 4, 8, 16, 32, 64, 128))
    useless = dict(STUDIES["useless"].spec.sweep)
    assert useless["label_noise"][0] == 0, "clean labels: where weight decay has nothing to do"
    assert isinstance(STUDIES["useless"].spec.base, RunConfig)
