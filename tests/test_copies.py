"""Results, settings and errors can be copied, pickled and sent, at any time of their lives."""

import copy
import dataclasses
import functools
import inspect
import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import regdash
from regdash import RunConfig, StudySpec, data, errors, study
from regdash.config import FIELDS
from regdash.study import by_data
from regdash.study.chunk import train_chunk
from regdash.teaching import scenarios, studies
from regdash.teaching.arms import Arm

CONFIG = RunConfig(width=4, epochs=4, n_samples=40, label_noise=0.2)
SPEC = StudySpec(base=CONFIG, sweep={"dropout": [0.0, 0.3], "label_noise": [0.0, 0.2]}, seeds=3)
RESULT, RUN = regdash.run_study(SPEC), regdash.train(CONFIG)

COPIES: dict[str, Callable[[Any], Any]] = {"copy": copy.copy, "deepcopy": copy.deepcopy} | {
    f"pickle {protocol}": functools.partial(
        lambda protocol, value: pickle.loads(pickle.dumps(value, protocol=protocol)), protocol
    )
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
}
KEPT = {  # what an object may have been asked for before, and has kept since
    "study": ["runs", "epochs", "_metrics"],
    "spec": ["cells", "cost"],
    "run": ["history", "summary", "grid", "surfaces"],
}
MADE: dict[str, Callable[[], Any]] = {
    "study": lambda: dataclasses.replace(RESULT),
    "part of a study": lambda: study.StudyResult.empty(SPEC),
    "spec": lambda: SPEC.but(),
    "run": lambda: dataclasses.replace(RUN),
    "run without weights": lambda: regdash.train(CONFIG).without_weights(),
    "beginning of a run": lambda: regdash.train(CONFIG).until(4),
    "config": lambda: CONFIG.but(),
    "field": lambda: FIELDS["dropout"],
    "data": lambda: data.make(CONFIG),
    "data set": lambda: data.DATASETS["moons"],
    "arm": lambda: Arm(key="yours", run=RUN),
    "chunk": lambda: train_chunk([CONFIG], [0]),
    "comparisons": lambda: study.compare(RESULT),
    "best": lambda: study.best(RESULT),
    "bands": lambda: study.curve_bands(RESULT),
    "one seed": lambda: study.publish_one_seed(RESULT, 1),
    "within": lambda: by_data.within(RESULT),
    "interval": lambda: study.paired_interval([0.1, 0.2]),
    "verdicts": lambda: list(study.Verdict),
    "metrics": lambda: dict(study.COMPARABLE),
    "scenarios": lambda: dict(scenarios.SCENARIOS),
    "ready-made studies": lambda: dict(studies.STUDIES),
}


def same(one: Any, other: Any) -> bool:
    """Whether two things are of the same kind and hold the same numbers."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, pd.DataFrame):
        return one.equals(other)
    if dataclasses.is_dataclass(one) and not inspect.isclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return all(same(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other or (one != one and other != other))


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("name", MADE)
def test_a_copy_is_the_same(name: str, how: str) -> None:
    made = MADE[name]()
    assert same(COPIES[how](made), made)


@given(data=st.data(), kind=st.sampled_from(list(KEPT)), how=st.sampled_from(list(COPIES)))
def test_whatever_was_asked_before_a_copy_is_the_same_and_answers_the_same(data, kind, how):
    made = MADE[kind]()
    asked = data.draw(st.lists(st.sampled_from(KEPT[kind]), unique=True))
    answers = {name: getattr(made, name) for name in asked}
    copied = COPIES[how](made)
    assert same(copied, made)
    for name in KEPT[kind]:
        assert same(getattr(copied, name), answers.get(name, getattr(MADE[kind](), name)))


@pytest.mark.parametrize("how", COPIES)
def test_what_a_copy_of_a_study_hands_out_is_read_only_too(how: str) -> None:
    made = MADE["study"]()
    assert not made.values("gap").flags.writeable
    assert not COPIES[how](made).values("gap").flags.writeable


def test_a_study_that_was_looked_at_is_no_heavier_to_send() -> None:
    made = MADE["study"]()
    before = len(pickle.dumps(made))
    assert made.runs is made.runs
    assert len(pickle.dumps(made)) == before


def test_a_run_keeps_its_surfaces_when_it_has_no_weights_any_more() -> None:
    light = MADE["run without weights"]()
    for how in COPIES.values():
        np.testing.assert_array_equal(how(light).surfaces, RUN.surfaces)


ERRORS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, Exception)]


@pytest.mark.parametrize("how", COPIES)
@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_errors_arrive_with_their_words(kind: type[Exception], how: str) -> None:
    error = COPIES[how](kind("width=0 cannot be used"))
    assert type(error) is kind
    assert str(error) == "width=0 cannot be used"


def test_errors_raised_in_earnest_arrive_too() -> None:
    def raised(make: Callable[[], object]) -> Exception:
        with pytest.raises(errors.RegdashError) as caught:
            make()
        return caught.value

    for make in (
        lambda: RunConfig(width=0),
        lambda: StudySpec(base=CONFIG, sweep={"width": [0]}),
        lambda: RUN.boundary(99),
        lambda: RESULT.values("beauty"),
    ):
        error = raised(make)
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again)) == (type(error), str(error))


def _looked_at(result: study.StudyResult) -> study.StudyResult:
    assert len(result.runs) == result.spec.n_runs
    return result


@pytest.mark.slow
def test_a_study_travels_to_another_process_and_back() -> None:
    made = MADE["study"]()
    assert made.runs is not None
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert same(pool.submit(_looked_at, made).result(timeout=120), made)
