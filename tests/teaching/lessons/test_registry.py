"""The registry: files of a folder, in teaching order; what breaks a rule is refused in a sentence, others stay."""

import pytest

from regdash.teaching.lessons import LESSONS, load, registry

SOURCE = (registry.FOLDER / "demo_3.py").read_text(encoding="utf-8").replace('key="demo-3"', 'key="mine"')


def refused(tmp_path, text):
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    (tmp_path / "good.py").write_text(SOURCE.replace('key="mine"', 'key="good"'), encoding="utf-8")
    found = load(tmp_path)
    assert list(found.lessons) == ["good"]
    (sentence,) = found.refused
    assert sentence.startswith("bad.py is refused: ")
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('key="mine"', 'key="My lesson"', "its key must be small letters"),
        ('title="No regularization against dropout"', 'title=" "', "its title must not be empty"),
        ("The article's points are clean", "One. Two. The article's points are clean", "it has 5"),
        ("choices=(FREE, DROPPED, EQUAL)", "choices=(FREE, FREE)", "all different"),
        ("choices=(FREE, DROPPED, EQUAL)", 'choices=("accidental", FREE)', "a hint must not repeat a choice"),
        ("code=demos(", 'code="if" + demos(', "its code must be Python"),
        ('replays=("demo-3", "demo-1")', 'replays=("demo-9", "demo-1")', "it replays demo-9"),
        ('Curve(run="demo-3"', 'Curve(run="demo-2"', "it speaks of demo-2"),
        ('column="val_accuracy"', 'column="validation"', "must name numbers that a run has"),
        ('kind="article"', 'kind="poem"', "its kind must be one of"),
        ("without **dropout**", "without **batch normalisation**", "the glossary must explain batch normalisation"),
        ("explore=DEMO,", 'explore="demo",', "explore must be settings"),
        ("minutes=7", "minutes=90", "1 to 60 minutes"),
        ("minutes=7", "minuets=7", "it cannot be run: TypeError"),
        ("DEMO.but(dropout=0.0), \"Dropout", "DEMO.but(dropout=7), \"Dropout", "it cannot be run: ConfigError"),
        ("LESSON = Lesson", "OTHER = Lesson", "it must define LESSON"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_the_rule_that_it_breaks(old, new, rule, tmp_path):
    assert old in SOURCE
    assert rule in refused(tmp_path, SOURCE.replace(old, new))


def test_a_file_that_is_no_python_is_refused(tmp_path):
    assert "it cannot be run: SyntaxError" in refused(tmp_path, "LESSON = (")


def test_two_lessons_with_one_key_are_one_too_many(tmp_path):
    (tmp_path / "again.py").write_text(SOURCE.replace('key="mine"', 'key="demo-3"'), encoding="utf-8")
    found = load(tmp_path, LESSONS)
    assert found.refused == ("again.py is refused: another lesson has its key already.",)
    assert found.lessons["demo-3"] is LESSONS["demo-3"]


def test_a_lesson_stands_where_its_place_says(tmp_path):
    (tmp_path / "mine.py").write_text(SOURCE.replace("place=30", "place=35"), encoding="utf-8")
    keys = list(load(tmp_path, LESSONS).lessons)
    assert keys[keys.index("demo-3") : keys.index("demo-4") + 1] == ["demo-3", "mine", "demo-4"]


def test_a_folder_that_is_not_there_is_said(tmp_path):
    assert load(tmp_path / "nowhere").refused == ("The folder of lessons, nowhere, is not there.",)
