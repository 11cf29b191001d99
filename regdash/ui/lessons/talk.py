"""A lesson before a room: one step fills the screen, from the idea to what to try, and a clicker leads through them.

The question is asked of the room: the next step answers it, whether or not anybody has said something. What this
browser's own visitor has predicted, and how far, stays as it was.
"""

from collections.abc import Iterator
from string import ascii_uppercase
from typing import Any

import streamlit as st

from regdash.teaching.lessons import Lesson
from regdash.ui.lessons import runs, seeds
from regdash.ui.lessons.figures import figures
from regdash.ui.lessons.lesson import right
from regdash.words import lessons as words

MOST_LINES = 24  # of code on one screen of 768 lines


def show(lesson: Lesson) -> None:
    """All steps, each in a container of its own: presenter mode shows one of them."""
    _stay(lesson)
    with _step("idea"):
        st.title(lesson.title)
        st.markdown(lesson.idea)
    for number, piece in enumerate(pieces(lesson.code), start=1):
        with _step(f"code_{number}"):
            st.code(piece, language="python", wrap_lines=True)
    with _step("question"):
        st.header("What do you predict?")
        st.markdown(lesson.question.text)
        st.markdown("\n\n".join(f"**{letter}**  {text}" for letter, text in _choices(lesson)))
    answer, found = right(lesson), runs.of(lesson)
    letter = next(letter for letter, text in _choices(lesson) if text == answer)
    drawn = figures(lesson, found)
    with _step("answer"):
        st.success(f"The runs say: **{letter}, {answer}**.", icon=":material/check:")
        st.markdown(lesson.question.reading)
        for draw in drawn[:1]:
            draw()
    for number, draw in enumerate(drawn[1:], start=1):
        with _step(f"figure_{number}"):
            draw()
    with _step("numbers"):
        st.header("What the numbers say")
        st.markdown("\n".join(f"- {line}" for line in words.numbers(lesson, found)))
    with _step("seeds"):
        st.header("What one seed cannot say")
        seeds.show(lesson)
    with _step("try"):
        st.header("Try it yourself")
        st.markdown(lesson.try_it)


def pieces(code: str, most: int = MOST_LINES) -> Iterator[str]:
    """Code in pieces of at most `most` lines, cut at blank lines where there are some, and as even as that allows."""
    blocks = [block for block in code.strip().split("\n\n\n") for block in [block.strip("\n")] if block]
    piece: list[str] = []
    for block in blocks:
        lines = block.splitlines()
        if piece and len(piece) + 2 + len(lines) > most:
            yield "\n".join(piece)
            piece = []
        piece += ["", "", *lines] if piece else lines
        while len(piece) > most:
            yield "\n".join(piece[:most])
            piece = piece[most:]
    yield "\n".join(piece)


def _step(name: str) -> Any:
    return st.container(key=f"scene_{name}")


def _choices(lesson: Lesson) -> list[tuple[str, str]]:
    return list(zip(ascii_uppercase, lesson.question.choices, strict=False))


def _stay(lesson: Lesson) -> None:
    """What the page outside presenter mode has been told stays, although its controls are not drawn."""
    for name in list(st.session_state):
        if str(name).startswith((f"lesson_answer_{lesson.key}", f"lesson_set_{lesson.key}_")):
            st.session_state[name] = st.session_state[name]
