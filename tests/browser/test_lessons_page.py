"""Lessons in a real browser, as a student goes through them: wrong, hint, right, on in Explore, back, reload."""

import itertools
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from regdash.config import FIELDS
from regdash.teaching.lessons import LESSONS
from tests.browser.axe import TALL, open_all, violations
from tests.browser.explore import Visit
from tests.browser.lessons import Student
from tests.lesson_runs import runs_of

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def right():
    """The right choice of each lesson, from runs made here."""
    return {key: lesson.question.right(runs_of(key)) for key, lesson in LESSONS.items()}


def wrong(key: str, right: dict[str, str]) -> str:
    return next(choice for choice in LESSONS[key].question.choices if choice != right[key])


COUNTED = """
  let library;
  Object.defineProperty(window, "Plotly", {
    get: () => library,
    set: (value) => {
      const { react, newPlot } = (library = value);
      library.react = (plot, ...rest) => {
        plot.reacts = (plot.reacts ?? 0) + 1;
        return react.call(library, plot, ...rest);
      };
      library.newPlot = async (plot, ...rest) => {
        window.rehearsals = [...(window.rehearsals ?? []), plot];
        await newPlot.call(library, plot, ...rest);
        plot.marks = plot.querySelectorAll("svg path, svg image").length;
        plot.seen = plot.checkVisibility({ visibilityProperty: true });
      };
    },
  });
"""


@pytest.mark.parametrize("key", ["exercise-3", "demo-3"])
def test_a_figure_is_drawn_once(key: str, visit: Visit, right: dict[str, str]) -> None:
    """The first drawing takes longest; a second one would make it twice as long."""
    visitor = visit(None, viewport={"width": 1280, "height": 900})
    visitor.page.add_init_script(COUNTED)
    student = Student(visitor).open(f"?lesson={key}").answer(right[key])
    student.revealed.wait_for()
    student.charts()
    figures = student.page.locator(".regdash-picture .plot, .regdash-chart .plot")
    assert [plot.evaluate("(plot) => plot.reacts") for plot in figures.all()] == [1] * figures.count()


def test_a_figure_is_rehearsed_unseen_while_a_student_reads(visit: Visit) -> None:
    """A browser compiles the chart library when it first draws: not when somebody waits for a figure."""
    visitor = visit(None, viewport={"width": 1280, "height": 900})
    visitor.page.add_init_script(COUNTED)
    student = Student(visitor).open("?lesson=demo-3")
    student.page.wait_for_function("() => window.rehearsals?.every((plot) => 'seen' in plot && !plot.isConnected)")
    student.page.get_by_test_id("stRadio").locator("label").nth(1).click()  # the page's scripts run again
    student.idle()
    (rehearsal,) = student.page.evaluate("() => window.rehearsals.map(({ marks, seen }) => ({ marks, seen }))")
    assert rehearsal["marks"] > 10
    assert not rehearsal["seen"]


def accessible(student: Student) -> None:
    """axe finds nothing on the lesson as it stands, with all folds open, dark or light."""
    page, before = student.page, student.page.viewport_size
    page.set_viewport_size(TALL["viewport"])
    open_all(page)
    for mode in ("dark", "light"):
        page.emulate_media(color_scheme=mode)
        for _ in range(10):  # Python sends the figures' colours of this mode a moment later
            student.idle().charts()
            if not (found := violations(page)):
                break
        assert found == [], mode
    page.set_viewport_size(before)


@pytest.mark.parametrize("key", LESSONS)
def test_a_student_goes_through_a_lesson(key: str, visit: Visit, right: dict[str, str]) -> None:
    lesson, visitor = LESSONS[key], visit(None, viewport={"width": 1280, "height": 900})
    student = Student(visitor).open(f"?lesson={key}")
    page = student.page
    assert page.locator(".regdash-chart, .regdash-picture").count() == 0, "nothing is shown before the prediction"

    student.answer(wrong(key, right))
    page.get_by_text(re.sub(r"\*+", "", lesson.hints[0])).wait_for()
    assert student.revealed.count() == 0
    student.answer(right[key])
    student.revealed.wait_for()
    student.charts()
    page.get_by_text("Verdict over 20 paired seeds").wait_for()
    student.idle().charts()
    assert page.get_by_test_id("stException").count() == 0
    accessible(student)

    student.button("Continue in Explore").click()
    page.wait_for_function(
        "() => location.pathname === '/' && document.querySelectorAll('.regdash-picture').length === 1"
    )
    visitor.wait_for_picture()
    asked = parse_qs(urlsplit(page.url).query)
    assert urlsplit(page.url).path == "/"
    defaults = {name: field.text(getattr(lesson.explore, name)) for name, field in FIELDS.items()}
    assert {name: texts[0] for name, texts in asked.items() if name in FIELDS}.items() <= defaults.items()
    assert visitor.value("width") == FIELDS["width"].text(lesson.explore.width)
    assert float(visitor.value("dropout")) == lesson.explore.dropout
    assert float(visitor.value("weight_decay")) == lesson.explore.weight_decay
    assert visitor.value("epochs") == FIELDS["epochs"].text(lesson.explore.epochs)


@pytest.mark.parametrize("key", ["exercise-3", "two-decays"])
def test_what_a_student_has_answered_is_there_on_the_way_back_and_after_reloads(
    key: str, visit: Visit, right: dict[str, str]
) -> None:
    visitor = visit(None, viewport={"width": 1280, "height": 900})
    student = Student(visitor).open(f"?lesson={key}").answer(wrong(key, right)).answer(right[key])
    page = student.page
    student.revealed.wait_for()
    student.button("Continue in Explore").click()
    page.wait_for_function("() => location.pathname === '/' && document.querySelector('.regdash-picture')")
    visitor.wait_for_picture()
    for _ in range(len(FIELDS) + 5):  # Explore may have left entries of its own in the browser's history
        if urlsplit(page.url).path == "/lessons":
            break
        page.go_back()
        page.wait_for_timeout(200)
    student.revealed.wait_for()
    page.reload()
    student.revealed.wait_for()
    student.open()
    page.get_by_text("1 of 14 lessons done, 1 star.").wait_for()


def test_a_lesson_goes_on_in_study_with_its_own_study(visit: Visit, right: dict[str, str]) -> None:
    student = Student(visit(None, viewport={"width": 1280, "height": 900})).open("?lesson=demo-4")
    student.answer(right["demo-4"])
    student.button("Continue in Study").click()
    student.button("Run study").wait_for()
    student.idle()
    asked = parse_qs(urlsplit(student.page.url).query)
    assert asked["values"] == ["0", "0.3", "0.5", "0.7"]
    assert student.page.get_by_text("Article: Demo 4, honestly").count() > 0


@pytest.mark.parametrize("key", ["demo-3", "memorised-lies"])
def test_a_lesson_on_a_phone(key: str, visit: Visit, right: dict[str, str]) -> None:
    student = Student(visit(None, **PHONE)).open(f"?lesson={key}")
    student.answer(wrong(key, right)).answer(right[key])
    student.revealed.wait_for()
    student.charts()
    width = student.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390, "nothing sticks out to the side"


@pytest.mark.parametrize("key", ["demo-1", "two-decays"])
def test_a_lesson_by_keyboard_alone(key: str, visit: Visit, right: dict[str, str]) -> None:
    student = Student(visit(None, viewport={"width": 1280, "height": 900})).open(f"?lesson={key}")
    page = student.page
    choices = LESSONS[key].question.choices
    page.get_by_test_id("stRadio").locator("input").first.focus()
    page.keyboard.press("Space")
    for _ in range(choices.index(right[key])):
        page.keyboard.press("ArrowDown")
    student.idle()
    for _ in range(6):  # the button is the next thing that can have the focus, or one of the next
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "Answer":
            break
    page.keyboard.press("Enter")
    student.revealed.wait_for()


def test_a_worksheet_prints_students_first_and_notes_on_a_page_of_their_own(visit: Visit) -> None:
    student = Student(visit(None, viewport={"width": 1280, "height": 900}))
    sheets = {}
    for key in LESSONS:
        student.open(f"?lesson={key}&worksheet=true")
        student.page.get_by_role("heading", name="The answer").wait_for()
        for size in ("A4", "Letter"):
            sheets[key, size] = len(re.findall(rb"/Type\s*/Page\b", student.page.pdf(format=size)))
    assert sheets == dict.fromkeys(itertools.product(LESSONS, ("A4", "Letter")), 2)


def test_start_over_forgets_what_the_browser_kept(visit: Visit, right: dict[str, str]) -> None:
    student = Student(visit(None, viewport={"width": 1280, "height": 900})).open("?lesson=demo-3")
    student.answer(right["demo-3"])
    student.open()
    student.page.get_by_text("1 of 14 lessons done, 2 stars.").wait_for()
    student.button("Start over").click()
    student.page.get_by_text("0 of 14 lessons done").wait_for()
    student.open()
    student.page.get_by_text("0 of 14 lessons done").wait_for()
