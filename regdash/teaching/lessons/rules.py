"""The rules that every lesson keeps, whoever wrote it. Each is a function from a lesson to a complaint, "" if there is
none; the first complaint refuses the lesson.
"""

import ast
import re
from collections.abc import Callable, Collection

from regdash.config import RunConfig
from regdash.results import HISTORY_COLUMNS
from regdash.study.spec import StudySpec
from regdash.teaching import glossary
from regdash.teaching.article import DEMOS, EXERCISES
from regdash.teaching.lessons.lesson import PRINTED, Lesson, Question

MOST_SENTENCES = 3
MOST_CODE_LINES = 80
MOST_ARMS = 4  # that one picture shows
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
KINDS = ("article", "race", "ladder", "lies", "subnetworks", "decays", "one-seed")
ACTIVITIES = ("overfit", "collapse", "masks", "publish")
VIEWS = ("accuracy", "loss", "memorised")
_SENTENCE = re.compile(r"[.!?](?=\s|$)")

Rule = Callable[[Lesson], str]


def key_can_be_in_an_address(lesson: Lesson) -> str:
    """Small letters, digits and hyphens."""
    return "" if KEY.fullmatch(lesson.key) else "its key must be small letters, digits and single hyphens"


def idea_is_short(lesson: Lesson) -> str:
    """Three sentences at most."""
    n = len(_SENTENCE.findall(lesson.idea))
    return "" if 1 <= n <= MOST_SENTENCES else f"its idea must be one to three sentences, and it has {n}"


def nothing_is_empty(lesson: Lesson) -> str:
    """Texts that a student or a teacher needs are there."""
    texts = ("title", "idea", "code", "notes", "try_it")
    empty = [name for name in texts if not getattr(lesson, name).strip()]
    empty += [] if lesson.hints and all(hint.strip() for hint in lesson.hints) else ["hints"]
    return f"its {' and '.join(empty)} must not be empty" if empty else ""


def question_can_be_answered(lesson: Lesson) -> str:
    """At least two choices, all different, and a function that finds the right one."""
    asked = lesson.question
    if not isinstance(asked, Question) or not callable(asked.right):
        return "its question must have a function from the runs to the right choice"
    if not 2 <= len(asked.choices) <= 6 or len(set(asked.choices)) < len(asked.choices):
        return "its question must have two to six choices, all different"
    return "" if asked.text.strip() and asked.reading.strip() else "its question must have a text and a reading"


def hints_keep_the_secret(lesson: Lesson) -> str:
    """No hint repeats a choice word for word."""
    told = any(choice.lower() in hint.lower() for hint in lesson.hints for choice in lesson.question.choices)
    return "a hint must not repeat a choice of the question" if told else ""


def code_can_be_read(lesson: Lesson) -> str:
    """Python that parses, short enough to be read."""
    try:
        ast.parse(lesson.code)
    except SyntaxError as error:
        return f"its code must be Python, and line {error.lineno} is not"
    lines = lesson.code.count("\n")
    return "" if lines <= MOST_CODE_LINES else f"its code must have {MOST_CODE_LINES} lines at most, and it has {lines}"


def runs_are_known(lesson: Lesson) -> str:
    """There are runs, all with known names, and curves and printed lines name only those."""
    unknown = sorted(set(lesson.replays) - {*DEMOS, *EXERCISES})
    if unknown:
        return f"it replays {', '.join(unknown)}, which the article has not"
    if not lesson.replays and not lesson.trains:
        return "it must replay runs of the article or train its own"
    if any(not isinstance(config, RunConfig) for config in lesson.trains.values()):
        return "what it trains must be settings, RunConfig, by name"
    names = {*lesson.replays, *lesson.trains}
    strangers = {curve.run for curve in lesson.curves} | set(lesson.printed_of)
    if strangers - names:
        return f"it speaks of {', '.join(sorted(strangers - names))}, which it neither replays nor trains"
    if {curve.column for curve in lesson.curves} - set(HISTORY_COLUMNS) or set(lesson.prints) - set(PRINTED):
        return "its curves and prints must name numbers that a run has"
    return ""


def terms_are_in_the_glossary(lesson: Lesson) -> str:
    """Every term in **bold** in the idea, the question or the reading is explained."""
    unknown = [term for term in marked(lesson) if glossary.find(term) is None]
    return f"the glossary must explain {', '.join(unknown)}" if unknown else ""


def marked(lesson: Lesson) -> list[str]:
    """The terms that a lesson sets in bold, in its order; at the start of a sentence or not, they are the same."""
    texts = (lesson.idea, lesson.question.text, lesson.question.reading, lesson.surprise.text, lesson.try_it)
    found: dict[str, str] = {}
    for term in re.findall(r"\*\*(.+?)\*\*", "\n".join(texts)):
        found.setdefault(term.lower(), term)
    return list(found.values())


def goes_on_elsewhere(lesson: Lesson) -> str:
    """Settings for Explore, and a study for Study."""
    if not isinstance(lesson.explore, RunConfig):
        return "explore must be settings, a RunConfig"
    return "" if isinstance(lesson.study, StudySpec) else "study must be a StudySpec"


def kinds_are_known(lesson: Lesson) -> str:
    """Figures, sentences, activity and view go by names that there are."""
    if lesson.kind not in KINDS:
        return f"its kind must be one of {', '.join(KINDS)}"
    if lesson.activity is not None and lesson.activity not in ACTIVITIES:
        return f"its activity must be one of {', '.join(ACTIVITIES)}, or None"
    return "" if lesson.view in VIEWS else f"its view must be one of {', '.join(VIEWS)}"


def takes_a_lesson_hour(lesson: Lesson) -> str:
    """Minutes and hour are whole numbers that people can plan with."""
    fits = 1 <= lesson.minutes <= 60 and lesson.hour in (1, 2)
    return "" if fits else "it must take 1 to 60 minutes, in hour 1 or 2"


RULES: tuple[Rule, ...] = (
    key_can_be_in_an_address,
    nothing_is_empty,
    idea_is_short,
    question_can_be_answered,
    hints_keep_the_secret,
    code_can_be_read,
    runs_are_known,
    kinds_are_known,
    terms_are_in_the_glossary,
    goes_on_elsewhere,
    takes_a_lesson_hour,
)


def complaint(lesson: Lesson, others: Collection[str] = ()) -> str:
    """The first rule that a lesson breaks, in words; "" if it keeps all. `others` are keys that are taken or known."""
    for rule in RULES:
        if found := rule(lesson):
            return found
    return "another lesson has its key already" if lesson.key in others else ""
