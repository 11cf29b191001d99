"""Links that have been printed: each is decoded to what it meant when it was made. The list only ever grows."""

import dataclasses
import json
from pathlib import Path

import pytest

from regdash.permalink import Explore, Lesson, Lessons, Study, decode, encode
from regdash.permalink import vocabulary as say
from regdash.teaching.lessons import shelf

GOLDEN = json.loads(Path(__file__).with_name("golden_links.json").read_text(encoding="utf-8"))["links"]
SINCE = 95  # how many there were when the list was last added to; raise it with the list


def meaning(view):
    """A view as JSON writes it. What settings of younger versions are is in `RunConfig`, not in old links."""
    found = dataclasses.asdict(view)
    del found["notes"]
    found["page"] = {"is": type(view.page).__name__, **found["page"]}
    return json.loads(json.dumps(found))


def holds(found, expected):
    """Whether all that was expected is there: a setting added since may be there, too."""
    if isinstance(expected, dict):
        return found.keys() >= expected.keys() and all(holds(found[name], each) for name, each in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(map(holds, found, expected))
    return found == expected


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: golden["state"])
def test_an_old_link_means_what_it_meant(golden):
    view = decode(golden["link"])
    assert view.notes == ()
    assert holds(meaning(view), golden["means"])
    assert decode(encode(view)) == view


def test_the_list_never_shrinks():
    assert len(GOLDEN) >= SINCE
    assert len({golden["link"] for golden in GOLDEN}) >= SINCE - 5  # a few say the same in two words


def test_every_page_and_state_is_among_them():
    views = [decode(golden["link"]) for golden in GOLDEN]
    pages = [view.page for view in views]
    assert {type(page) for page in pages} == {Explore, Study, Lessons, Lesson}
    explores = [page for page in pages if isinstance(page, Explore)]
    studies = [page for page in pages if isinstance(page, Study)]
    lessons = [page for page in pages if isinstance(page, Lesson)]
    assert {page.scenario for page in explores} == {None, *say.SCENARIOS}
    assert {page.view for page in explores} == set(say.VIEWS)
    assert {arm for page in explores for arm in page.arms} == set(say.ARMS)
    assert any(page.epoch for page in explores)
    assert any(page.pins for page in explores)
    assert {page.metric for page in studies} == set(say.METRICS)
    assert {page.curves for page in studies} == set(say.CURVES)
    assert {page.differences for page in studies} == set(say.DIFFERENCES)
    assert {page.spec.data_seeds for page in studies} == set(say.DATA_SEEDS)
    assert {len(page.spec.fields) for page in studies} == {1, 2}
    assert any(page.at for page in studies)
    assert any(page.baseline for page in studies)
    assert {page.key for page in lessons} >= set(shelf().lessons)
    assert {(page.worksheet, page.answer) for page in lessons} >= {(False, False), (True, False), (False, True)}
    assert {name for view in views for name in view.lock} == set(say.CONTROLS)
    assert {name for view in views for name in view.hide} == set(say.CONTROLS)
    assert any(view.mark for view in views)
    assert any(view.controls for view in views)
    assert {type(view.page) for view in views if view.present} == {Explore, Study, Lessons, Lesson}
