"""A link gives back the view it was made from, whatever that is, and says it in keys, in full."""

import dataclasses
from urllib.parse import parse_qs

import pytest
from hypothesis import given, settings

from regdash.config import FIELDS, RunConfig
from regdash.errors import ConfigError
from regdash.figures.explore.curves import VIEWS
from regdash.figures.study.curves import CURVE_VIEWS
from regdash.permalink import Explore, Lesson, Study, View, decode, encode
from regdash.permalink import vocabulary as say
from regdash.permalink.view import default_config
from regdash.study.metrics import COMPARABLE
from regdash.study.spec import DATA_SEEDS, StudySpec
from regdash.teaching.arms import ARMS
from regdash.teaching.scenarios import DEFAULT, SCENARIOS
from regdash.ui.study.keys import DIFFERENCE_VIEWS
from tests.permalink.states import explores, pages, studies, views


@given(views)
@settings(max_examples=300)
def test_a_view_comes_back_from_its_link(view):
    query = encode(view)
    assert decode(query) == view
    assert decode(query).notes == ()
    assert query.isascii()
    assert len(query) <= say.LONGEST


@given(views)
@settings(max_examples=60)
def test_a_link_may_be_given_in_each_of_its_forms(view):
    query = encode(view)
    as_lists = parse_qs(query, keep_blank_values=True)
    for form in (
        f"?{query}",
        f"http://example.org:8501/reg/study?{query}#top",
        as_lists,
        {**as_lists, "fbclid": ["x"]},
    ):
        assert decode(form) == view
        assert decode(form).notes == ()
    alone = {name: texts[0] if len(texts) == 1 else texts for name, texts in as_lists.items()}
    assert decode(alone) == view


@given(explores() | studies())
@settings(max_examples=60)
def test_every_setting_is_written_out_whether_or_not_at_its_default(page):
    said = parse_qs(encode(View(page=page)))
    assert said.keys() >= {"v", "page", *FIELDS}
    own = {"scenario", "arms", "view"} if isinstance(page, Explore) else {"sweep", "values", "data_seeds", "metric"}
    assert own <= said.keys()


def test_two_views_that_differ_in_one_thing_have_different_links():
    plain = View(page=Explore())
    others = [
        View(page=Explore(config=default_config().but(dropout=0.1 + 0.2))),
        View(page=Explore(config=default_config().but(dropout=0.3))),
        View(page=Explore(epoch=200)), View(page=Explore(arms=("yours",))), View(page=Explore(view="loss")),
        View(page=Explore(pins=((1, default_config()),))), View(page=Explore(scenario=None)), View(page=Study()),
        View(present=True), View(controls=("seed",)), View(hide=("seed",)), View(lock=("seed",)),
        View(page=Lesson(key="a")),
    ]  # fmt: skip
    links = {encode(view) for view in [plain, *others]}
    assert len(links) == len(others) + 1


def test_labels_are_nowhere_in_a_link():
    for label in [*(scenario.label for scenario in SCENARIOS.values()), *(arm.label for arm in ARMS.values())]:
        for view in (View(page=Explore(scenario=key, arms=tuple(ARMS))) for key in SCENARIOS):
            assert label.replace(" ", "+") not in encode(view)


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (say.SCENARIOS, SCENARIOS), (say.ARMS, ARMS), (say.VIEWS, VIEWS), (say.CURVES, CURVE_VIEWS),
        (say.METRICS, COMPARABLE), (say.DATA_SEEDS, DATA_SEEDS), (tuple(say.SETTINGS), FIELDS),
        (say.DIFFERENCES, DIFFERENCE_VIEWS),
    ],
)  # fmt: skip
def test_the_vocabulary_has_what_the_pages_have(said, known):
    """What is new there is added to the vocabulary; what went there has to be kept, for links that say it."""
    assert sorted(said) == sorted(known)


def test_a_link_without_settings_opens_what_the_page_opens_with():
    assert default_config() == SCENARIOS[DEFAULT].config


def test_what_has_no_link_cannot_be_made():
    spec = StudySpec(base=RunConfig(), sweep={"dropout": [0.0, 0.5]}, seeds=1001)
    for make in (
        lambda: Study(spec=spec), lambda: Explore(epoch=201), lambda: Explore(arms=()), lambda: Explore(view="x"),
        lambda: Explore(pins=((0, RunConfig()),)), lambda: Explore(pins=((1, RunConfig()), (1, RunConfig()))),
        lambda: Lesson(key="A b"), lambda: View(hide=("nothing",)), lambda: View(mark="x"),
        lambda: Explore(scenario="x"),
        lambda: Study(baseline=99), lambda: Study(at=1), lambda: Study(along="width"), lambda: Study(metric="luck"),
        lambda: Study(differences="luck"),
    ):  # fmt: skip
        with pytest.raises(ConfigError):
            make()


def test_a_link_that_would_be_too_long_is_refused():
    seeds = list(range(2_000_000_000, 2_000_001_000))[::-1]
    page = Study(spec=StudySpec(base=RunConfig(), sweep={"dropout": [0.0, 0.5]}, seeds=seeds))
    with pytest.raises(ConfigError, match="limit"):
        encode(View(page=page))


@given(pages)
@settings(max_examples=30)
def test_hidden_controls_are_not_locked_as_well(page):
    view = View(page=page, hide=("width", "seed"), lock=("seed", "dropout"))
    assert (view.hide, view.lock) == (("width", "seed"), ("dropout",))
    assert view.fixed == {"width", "seed", "dropout"}
    assert dataclasses.replace(decode(encode(view)), notes=()) == view
