"""What is said of a study that sweeps data alone; and of one of a kind."""

import math
import re

import pytest

from regdash.study import StudySpec
from regdash.study.by_data import is_between_data_sets
from regdash.study.metrics import COMPARABLE
from regdash.teaching.scenarios import NOISY
from regdash.words.by_data import levels
from regdash.words.terms import amount, value_text

DATA_SETS = StudySpec(base=NOISY, sweep={"dataset": ["moons", "xor", "spirals"]}, seeds=1)


@pytest.mark.parametrize(
    ("sweep", "between"),
    [({"dataset": ["moons", "xor"]}, True), ({"dataset": ["moons"], "label_noise": [0.0, 0.2]}, True),
     ({"dataset": ["moons", "xor"], "dropout": [0.0, 0.5]}, False), ({"label_noise": [0.0, 0.2]}, False)],
)  # fmt: skip
def test_a_study_of_data_alone_is_known(sweep, between):
    assert is_between_data_sets(StudySpec(base=NOISY, sweep=sweep, seeds=1)) is between


def test_levels_name_the_easiest_and_the_hardest_and_no_best():
    said = levels(DATA_SETS, [0.9, 0.95, math.nan], n_done=3, counts=[1, 1, 0]).replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith(
        "Accuracy on fresh data goes from 90.0 % (data set moons) to 95.0 % (data set xor), on average"
    )
    assert "over the seeds, 0 to 1 by value." in said
    assert not re.search("best|beats", said)
    assert levels(DATA_SETS, [0.9, math.nan, math.nan], n_done=1, counts=[1, 0, 0]).startswith(
        "So far, with 1 of 3 runs: "
    )
    assert levels(DATA_SETS, [math.nan] * 3, n_done=3, counts=[1, 1, 0]) == "No run has a value, of 3 that are done."


def test_a_gap_is_in_points_and_an_accuracy_in_percent():
    assert amount(COMPARABLE["gap"], 0.123) == "12.3 points"
    assert amount(COMPARABLE["gap"], -0.02) == "−2.0 points"
    assert amount(COMPARABLE["train_accuracy"], 0.123) == "12.3\N{NO-BREAK SPACE}%"


def test_one_epoch_is_no_plural():
    assert value_text("epochs", 1) == "training for 1 epoch"
    assert value_text("epochs", 5) == "training for 5 epochs"
