"""Worksheets: a lesson's question with room to write, and the teacher's notes, as HTML made from the lesson alone."""

import re
from html import escape

from regdash.teaching import glossary
from regdash.teaching.lessons import Lesson
from regdash.teaching.lessons.rules import marked

LINES = 3
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")


def worksheet(lesson: Lesson) -> str:
    """Two pages: what students get, then what the teacher keeps. No answer is in it: the runs give that."""
    return f'<div class="sheet">{_students(lesson)}<section class="teacher">{_teachers(lesson)}</section></div>'


def _students(lesson: Lesson) -> str:
    choices = "".join(f"<li>{_text(choice)}</li>" for choice in lesson.question.choices)
    return (
        f"<h1>{_text(lesson.title)}</h1>"
        '<div class="name">Name <span></span> Date <span></span></div>'
        f"<p>{_text(lesson.idea)}</p>"
        f"<h2>1. Predict, before you look</h2><p>{_text(lesson.question.text)}</p>"
        f'<ol class="choices">{choices}</ol><p>Why do you think so?</p>{_room()}'
        f"<h2>2. Look</h2><p>What do the runs say? Which reading of the picture shows it?</p>{_room()}"
        "<h2>3. Many seeds</h2><p>What does the verdict over 20 paired seeds say, and what can it not tell?</p>"
        f"{_room()}<h2>4. Try it yourself</h2><p>{_text(lesson.try_it)}</p>{_room()}"
    )


def _teachers(lesson: Lesson) -> str:
    terms = "".join(f"<li><b>{escape(term)}</b>: {escape(glossary.find(term) or '')}</li>" for term in marked(lesson))
    hints = "".join(f"<li>{_text(hint)}</li>" for hint in lesson.hints)
    return (
        f"<h1>For the teacher: {_text(lesson.title)}</h1><p>{lesson.minutes} minutes.</p><p>{_text(lesson.notes)}</p>"
        f"<h2>How the picture answers it</h2><p>{_text(lesson.question.reading)}</p>"
        f"<h2>What is claimed, and holds over 200 seeds</h2><p>{_text(lesson.surprise.text)}</p>"
        f"<h2>Hints</h2><ul>{hints}</ul><h2>Words</h2><ul>{terms}</ul>"
    )


def _text(text: str) -> str:
    """A lesson's text as HTML: nothing of it is markup but its **terms** and *emphasis*."""
    return _EMPHASIS.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", escape(text)))


def _room() -> str:
    return '<div class="write"></div>' * LINES
