"""Worksheets: a lesson's question with room to write, and the teacher's notes with the answer, as HTML."""

import re
from collections.abc import Mapping
from html import escape

from regdash.results import Run
from regdash.teaching import glossary
from regdash.teaching.lessons import Lesson
from regdash.teaching.lessons.rules import marked
from regdash.words.runs import percent

LINES = 3
MOST_RUNS = 8  # in a table; a lesson with more of them is about their spread
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")


def worksheet(lesson: Lesson, runs: Mapping[str, Run]) -> str:
    """Two pages: what students get, with a table to fill in, then what the teacher keeps, with the answer."""
    students, teachers = _students(lesson, runs), _teachers(lesson, runs)
    return f'<div class="sheet">{students}<section class="teacher">{teachers}</section></div>'


def _students(lesson: Lesson, runs: Mapping[str, Run]) -> str:
    choices = "".join(f"<li>{_text(choice)}</li>" for choice in lesson.question.choices)
    return (
        f"<h1>{_text(lesson.title)}</h1>"
        '<div class="name">Name <span></span> Date <span></span></div>'
        f"<p>{_text(lesson.idea)}</p>"
        f"<h2>1. Predict, before you look</h2><p>{_text(lesson.question.text)}</p>"
        f'<ol class="choices">{choices}</ol><p>Why do you think so?</p>{_room()}'
        f"<h2>2. Look</h2><p>What do the runs say? Which reading of the picture shows it?</p>"
        f"{_table(lesson, dict.fromkeys(runs))}{_room(1 if 3 < len(runs) <= MOST_RUNS else 2)}"
        "<h2>3. Many seeds</h2><p>What does the verdict over 20 paired seeds say, and what can it not tell?</p>"
        f"{_room()}<h2>4. Try it yourself</h2><p>{_text(lesson.try_it)}</p>{_room()}"
    )


def _teachers(lesson: Lesson, runs: Mapping[str, Run]) -> str:
    terms = "".join(f"<li><b>{escape(term)}</b>: {escape(glossary.find(term) or '')}</li>" for term in marked(lesson))
    hints = "".join(f"<li>{_text(hint)}</li>" for hint in lesson.hints)
    return (
        f"<h1>For the teacher: {_text(lesson.title)}</h1><p>{lesson.minutes} minutes.</p><p>{_text(lesson.notes)}</p>"
        f"<h2>The answer</h2><p><b>{_text(lesson.question.right(runs))}</b>, say the runs of this lesson, after the "
        f"last epoch, with dropout off. {_text(lesson.question.reading)}</p>{_table(lesson, runs)}"
        f"<h2>What is claimed, and holds over 200 seeds</h2><p>{_text(lesson.surprise.text)}</p>"
        f"<h2>Hints</h2><ul>{hints}</ul><h2>Words</h2><ul>{terms}</ul>"
    )


def _table(lesson: Lesson, runs: Mapping[str, Run | None]) -> str:
    """A row a run with its accuracies, or with room for them; flipped labels only where there are some."""
    if len(runs) > MOST_RUNS:
        return ""
    columns = ["Train", "Validation", "Fresh data"]
    columns += ["Flipped memorised"] if lesson.explore.label_noise else []
    head = "".join(f"<th scope=col>{name}</th>" for name in columns)
    rows = "".join(_row(_named(name, lesson), _cells(run, len(columns))) for name, run in runs.items())
    return f"<table><tr><th scope=col>Network</th>{head}</tr>{rows}</table>"


def _row(name: str, cells: list[str]) -> str:
    return f"<tr><th scope=row>{_text(name)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _named(name: str, lesson: Lesson) -> str:
    return name if name in lesson.trains else f"The article’s own: {name}"


def _cells(run: Run | None, n: int) -> list[str]:
    if run is None:
        return ["&nbsp;"] * n
    s = run.summary
    return [percent(each) for each in (s.train_accuracy, s.val_accuracy, s.fresh_accuracy, s.memorised)][:n]


def _text(text: str) -> str:
    """A lesson's text as HTML: nothing of it is markup but its **terms** and *emphasis*."""
    return _EMPHASIS.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", escape(text)))


def _room(lines: int = LINES) -> str:
    return '<div class="write"></div>' * lines
