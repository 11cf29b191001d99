"""axe finds nothing: on any page, light or dark. (On the lessons: where a student goes through them.)"""

import pytest

from tests.browser.axe import TALL, open_all, violations
from tests.browser.explore import Visit
from tests.browser.lessons import Student
from tests.browser.study import Study


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_explore(visit: Visit, mode: str) -> None:
    explore = visit(color_scheme=mode, **TALL)
    with explore.redraw():
        explore.button("Pin this run").click()
    assert violations(explore.page) == []
    open_all(explore.page)
    explore.page.get_by_text("import torch").first.wait_for()
    explore.wait_until_idle()
    assert violations(explore.page) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_study(visit: Visit, mode: str) -> None:
    study = Study(visit(None, color_scheme=mode, **TALL))
    seed = {"light": 41, "dark": 42}[mode]  # what is kept from another test has no Run button
    study.open(values=[0, 0.5], sweep2="Weight decay", values2=[0, 0.01], seeds=4, epochs=20, width=8, seed=seed)
    assert violations(study.page) == []
    study.run(charts=4)
    assert violations(study.page) == []
    open_all(study.page)
    study.idle()
    assert violations(study.page) == []


def test_a_phone(visit: Visit) -> None:
    explore = visit(viewport={"width": 390, "height": 3000}, has_touch=True, is_mobile=True)
    assert violations(explore.page) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_list_of_lessons_and_a_worksheet(visit: Visit, mode: str) -> None:
    student = Student(visit(None, color_scheme=mode, **TALL)).open()
    assert violations(student.page) == []
    student.open("?lesson=memorised-lies&worksheet=true")
    assert violations(student.page) == []
