"""One lesson: idea, code, a question answered before anything is shown, and then the reveal."""

from collections.abc import Mapping

import streamlit as st

from regdash.errors import RegdashError
from regdash.teaching import glossary
from regdash.teaching.lessons import Lesson
from regdash.teaching.lessons.rules import marked
from regdash.ui.common.press import pressed
from regdash.ui.lessons import progress, reveal, runs, seeds
from regdash.ui.lessons.views import link
from regdash.ui.lessons.ways import Ways


def show(lesson: Lesson, lessons: Mapping[str, Lesson], ways: Ways) -> None:
    """Draw it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        link("All lessons", ":material/arrow_back:")
        link("Worksheet", ":material/print:", lesson=lesson.key, worksheet="true")
        if pressed("Ask a class", icon=":material/groups:", key=f"lesson_class_{lesson.key}"):
            ways.ask(lesson.key)
    st.title(lesson.title)
    st.markdown(lesson.idea)
    _code(lesson)
    _words(lesson)
    st.header("Predict first")
    answered = _question(lesson)
    if answered:
        reveal.show(lesson, runs.of(lesson), ways)
    elif not _shown(lesson):
        right(lesson)  # so that the runs are there when the answer is, and a lesson without an answer is refused
        seeds.prepare(lesson)
    if answered:  # not before: it would be an invitation to skip the question
        _next(lesson, lessons)


def _code(lesson: Lesson) -> None:
    with st.expander("The code: plain PyTorch, to run yourself", icon=":material/code:"):
        st.code(lesson.code, language="python", wrap_lines=True)  # no keyboard could scroll it sideways
        st.download_button(
            "Download", lesson.code, f"{lesson.key}.py", "text/x-python", icon=":material/download:", on_click="ignore",
            key=f"lesson_code_{lesson.key}",
        )  # fmt: skip


def _words(lesson: Lesson) -> None:
    with st.expander("Words used here", icon=":material/dictionary:"):
        st.markdown("\n".join(f"- **{term}**: {glossary.find(term)}." for term in marked(lesson)))


def _question(lesson: Lesson) -> bool:
    """The question; returns whether what follows it may be shown."""
    if _shown(lesson):
        st.markdown(lesson.question.text)
        bets: list[str] = st.session_state.get(_tries(lesson), [])
        if bets:
            st.caption("You said: " + ", then ".join(f"“{bet}”" for bet in bets) + ".")
        st.button(
            "Ask me again", icon=":material/replay:", key=f"lesson_again_{lesson.key}", on_click=_again, args=(lesson,)
        )
        return True
    tried: list[str] = st.session_state.get(_tries(lesson), [])
    if tried and tried[-1] == right(lesson):
        _open(lesson, len(tried))
        return _question(lesson)
    if tried:  # above the question, where the eyes are
        number = min(len(tried), len(lesson.hints))
        st.warning(
            f"**Not “{tried[-1]}”.** Hint {number} of {len(lesson.hints)}: {lesson.hints[number - 1]}",
            icon=":material/lightbulb:",
        )
    chosen = st.radio(lesson.question.text, lesson.question.choices, index=None, key=_choice(lesson))
    with st.container(horizontal=True):
        st.button(
            "Answer", type="primary", key=f"lesson_check_{lesson.key}", disabled=chosen is None,
            on_click=_answer, args=(lesson,),
        )  # fmt: skip
        if tried:
            st.button("Show me", key=f"lesson_show_{lesson.key}", on_click=_open, args=(lesson, 0))
    return False


def _answer(lesson: Lesson) -> None:
    chosen = st.session_state.get(_choice(lesson))
    if chosen in lesson.question.choices:
        st.session_state[_tries(lesson)] = [*st.session_state.get(_tries(lesson), []), chosen]


def right(lesson: Lesson) -> str:
    """The right choice, computed from the runs; raises `RegdashError` if the lesson's own function cannot say it."""
    refused = f"the lesson {lesson.key!r} is refused: its question's function"
    try:
        found = lesson.question.right(runs.of(lesson))
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise RegdashError(f"{refused} raised {error!r}") from error
    if found not in lesson.question.choices:
        raise RegdashError(f"{refused} found no choice, but {found!r}")
    return found


def _open(lesson: Lesson, tries: int) -> None:
    """What follows the question is shown from now on. Nobody gets worse by looking again."""
    before = progress.of(lesson.key)
    better = tries and (not before.get("done") or not before.get("tries") or tries < before["tries"])
    st.session_state[f"lesson_open_{lesson.key}"] = True
    progress.note(lesson.key, done=True, tries=tries if better else before.get("tries", 0))


def _again(lesson: Lesson) -> None:
    st.session_state[f"lesson_open_{lesson.key}"] = False
    st.session_state[_tries(lesson)] = []
    st.session_state[_choice(lesson)] = None


def _shown(lesson: Lesson) -> bool:
    """Whether it has been answered, now or in an earlier visit."""
    found: bool = st.session_state.get(f"lesson_open_{lesson.key}", bool(progress.of(lesson.key).get("done")))
    return found


def _tries(lesson: Lesson) -> str:
    return f"lesson_tried_{lesson.key}"


def _choice(lesson: Lesson) -> str:
    return f"lesson_answer_{lesson.key}"


def _next(lesson: Lesson, lessons: Mapping[str, Lesson]) -> None:
    keys = list(lessons)
    after = keys[keys.index(lesson.key) + 1 :][:1]
    for key in after:
        link(f"Next: {lessons[key].title}", ":material/arrow_forward:", lesson=key)
