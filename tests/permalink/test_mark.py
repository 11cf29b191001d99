"""The fingerprint: equal for equal numbers, another one for the least of differences, and in the link as one word."""

import dataclasses

import numpy as np
import pytest

from regdash import RunConfig, StudySpec, run_study, train
from regdash.permalink import View, decode, encode, mark
from regdash.permalink.mark import Likeness


@pytest.fixture(scope="module")
def run():
    return train(RunConfig(epochs=3, width=4))


def test_the_same_training_again_is_identical(run):
    again = train(run.config)
    assert mark.of_runs([run]) == mark.of_runs([again])
    assert mark.of_runs([run]).likeness(mark.of_runs([again])) is Likeness.IDENTICAL


def test_one_bit_makes_other_numbers(run):
    curves = run.curves.copy()
    curves[4, 1] = np.nextafter(curves[4, 1], 2)
    other = dataclasses.replace(run, curves=curves)
    assert mark.of_runs([run]).likeness(mark.of_runs([other])) is Likeness.OTHER_NUMBERS
    worse = dataclasses.replace(run, test_accuracy=0.0)
    assert mark.of_runs([run]).likeness(mark.of_runs([worse])) is Likeness.OTHER_NUMBERS


@pytest.mark.parametrize("changes", [{"dropout": 0.45}, {"seed": 8}, {"label_smoothing": 0.05}, {"decay": "decoupled"}])
def test_other_settings_are_other_settings_even_with_the_same_numbers(run, changes):
    other = dataclasses.replace(run, config=run.config.but(**changes))
    assert mark.of_runs([run]).likeness(mark.of_runs([other])) is Likeness.OTHER_SETTINGS


def test_so_it_is_with_studies():
    spec = StudySpec(base=RunConfig(epochs=2, width=2), sweep={"dropout": [0.0, 0.5]}, seeds=2)
    result = run_study(spec)
    assert mark.of_study(result) == mark.of_study(run_study(spec))
    more = run_study(spec.with_seeds(3))
    assert mark.of_study(result).likeness(mark.of_study(more)) is Likeness.OTHER_SETTINGS


def test_a_link_carries_it(run):
    found = mark.of_runs([run])
    view = View(mark=found.text)
    assert mark.read(decode(encode(view)).mark) == found
    assert found.torch[0].isdigit()
    assert mark.read("") is None
    assert mark.read("x" * 40) is None


def test_it_is_the_one_of_old_links():
    """Hashes of settings stay: an old link is not told that settings differ. (Written down when links were new.)"""
    from regdash.teaching.scenarios import NOISY

    made = train(NOISY.but(epochs=1))
    assert mark.of_runs([dataclasses.replace(made, config=NOISY)]).settings == "f2680a"
