"""Every lesson, by the same rules; its question is answered by its runs, and its code prints what they say."""

import dataclasses
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from regdash.results import HISTORY_COLUMNS
from regdash.teaching import glossary
from regdash.teaching.lessons import LESSONS, printed, shelf
from regdash.teaching.lessons.rules import RULES, complaint
from tests.oracle import article_curves, torch_threads

TABLE = [
    "demo-1", "demo-2", "demo-3", "demo-4", "exercise-1", "exercise-2", "exercise-3", "exercise-4",
    "overfit-it", "too-much", "memorised-lies", "inside-dropout", "two-decays", "one-seed-lies",
]  # fmt: skip
REPLAYS = {
    "demo-1": ["demo-1"], "demo-2": ["demo-1", "demo-2"], "demo-3": ["demo-3", "demo-1"],
    "demo-4": [f"demo-4/{p}" for p in (0.0, 0.3, 0.5, 0.7)],
    "exercise-1": ["exercise-1"], "exercise-2": ["exercise-1", "exercise-2"], "exercise-3": [],
    "exercise-4": [f"exercise-4/{p}" for p in (0.0, 0.2, 0.5, 0.7)],
}  # fmt: skip


def test_the_lessons_stand_in_teaching_order():
    assert list(LESSONS) == TABLE
    assert {key: list(LESSONS[key].replays) for key in TABLE if LESSONS[key].replays or key in REPLAYS} == REPLAYS
    assert shelf().refused == ()


@pytest.mark.parametrize("key", TABLE)
def test_a_lesson_keeps_the_rules(key):
    assert [rule.__name__ for rule in RULES if rule(LESSONS[key])] == []
    assert complaint(LESSONS[key]) == ""


@pytest.mark.parametrize("key", TABLE)
def test_what_it_needs_first_stands_before_it(key):
    assert set(LESSONS[key].needs) <= set(TABLE[: TABLE.index(key)])


def test_the_glossary_finds_plurals_and_capitals_and_nothing_else():
    assert glossary.find("Flipped labels") == glossary.find("flipped label") is not None
    assert glossary.find("paired seeds") is not None
    assert glossary.find("learning rate warmup") is None


@pytest.mark.parametrize("key", TABLE)
def test_the_right_choice_is_read_off_the_runs(key, runs_of):
    question = LESSONS[key].question
    assert question.right(runs_of(key)) in question.choices


@pytest.mark.parametrize("key", [key for key in REPLAYS if LESSONS[key].replays])
def test_the_replay_alone_answers_the_articles_lessons(key, replayed, runs_of):
    assert LESSONS[key].question.right(replayed) == LESSONS[key].question.right(runs_of(key))


RUN_ALL = """
import contextlib, io, json, runpy, sys
said = {}
for file in sys.argv[1:]:
    with contextlib.redirect_stdout(io.StringIO()) as out:
        runpy.run_path(file, run_name="__main__")
    said[file] = out.getvalue()
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    """What the code of each lesson prints, run as a file: all in one process, since importing torch takes seconds."""
    folder = tmp_path_factory.mktemp("code")
    for key in TABLE:
        (folder / f"{key}.py").write_text(LESSONS[key].code, encoding="utf-8")
    command = [sys.executable, "-W", "error", "-c", RUN_ALL, *(f"{key}.py" for key in TABLE)]
    environment = os.environ | {"PYTHONPATH": "", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.equality
@pytest.mark.parametrize("key", TABLE)
def test_the_code_run_as_a_file_prints_what_the_page_shows(key, runs_of, output):
    assert output[f"{key}.py"].splitlines() == printed(LESSONS[key], runs_of(key))


@pytest.mark.equality
def test_the_figures_of_the_article_have_the_numbers_of_its_script(replayed):
    with torch_threads(1):
        plain = article_curves()
    for lesson in LESSONS.values():
        for curve in (curve for curve in lesson.curves if curve.run in replayed):
            row = {"train_accuracy_dropout_on": 0, "val_accuracy": 1}[curve.column]
            drawn = replayed[curve.run].curves[HISTORY_COLUMNS.index(curve.column)]
            np.testing.assert_array_equal(drawn, plain[curve.run][row])


@pytest.mark.parametrize(
    ("key", "name", "change"),
    [
        ("demo-1", "demo-1", {"curves": np.ones((5, 80))}),
        ("exercise-3", "No regularization", {"test_accuracy": 0.1}),
        ("memorised-lies", "No regularization", {"flipped": np.ones(200)}),
        ("two-decays", "L2, Adam", {"flipped": np.ones(200)}),
        ("overfit-it", "Four times as wide", {"test_accuracy": 0.1}),
    ],
)
def test_runs_that_say_something_else_are_believed(key, name, change, runs_of):
    lesson, runs = LESSONS[key], dict(runs_of(key))
    runs[name] = dataclasses.replace(runs[name], **change)
    assert lesson.question.right(runs) in lesson.question.choices
    assert lesson.question.right(runs) != lesson.question.right(runs_of(key))
