"""The names that other code may rely on, and what importing them costs."""

import inspect
import subprocess
import sys
import types

import pytest

import regdash

PROMISED = {
    "ConfigError": type, "RegdashError": type, "SnapshotError": type, "TrainingCancelled": type,
    "Run": type, "RunConfig": type, "train": types.FunctionType, "train_many": types.FunctionType, "QueueFull": type,
    "ClusterUnreachable": type, "StudyError": type, "StudyTooLarge": type,
    "StudySpec": type, "StudyResult": type, "run_study": types.FunctionType,
    "article": types.ModuleType, "data": types.ModuleType, "export": types.ModuleType, "study": types.ModuleType,
}  # fmt: skip


@pytest.mark.parametrize("name", PROMISED)
def test_every_promised_name_is_public(name: str) -> None:
    assert name in regdash.__all__
    assert isinstance(getattr(regdash, name), PROMISED[name])


def test_all_lists_names_that_exist_once_and_in_order() -> None:
    assert regdash.__all__ == sorted(set(regdash.__all__))
    assert all(hasattr(regdash, name) for name in regdash.__all__)


@pytest.mark.parametrize(
    ("function", "parameters"),
    [
        ("train", ["config", "on_progress", "snapshots"]),
        ("data.make", ["config"]),
        ("article.replay", []),
        ("export.script", ["config", "threads"]),
        ("export.history_csv", ["run"]),
        ("export.file_stem", ["config"]),
        ("Run.boundary", ["self", "epoch"]),
        ("StudySpec", ["base", "sweep", "seeds", "data_seeds"]),
        ("run_study", ["spec", "executor", "on_progress", "on_result", "known"]),
        ("StudyResult.values", ["self", "metric"]),
        ("StudyResult.config", ["self", "cell", "seed_index"]),
        ("study.compare", ["result", "baseline", "metric", "looks"]),
        ("study.publish_one_seed", ["result", "cell", "baseline"]),
        ("study.export.script", ["spec"]),
    ],
)
def test_signatures(function: str, parameters: list[str]) -> None:
    target = regdash
    for part in function.split("."):
        target = getattr(target, part)
    assert list(inspect.signature(target).parameters) == parameters


def test_a_run_offers_what_the_design_names() -> None:
    run = regdash.train(regdash.RunConfig(epochs=2))
    assert isinstance(run, regdash.Run)
    assert run.config == regdash.RunConfig(epochs=2)
    assert run.history.shape == (2, 5)
    assert 0 <= run.test_accuracy <= 1
    assert run.flipped.shape == (2,)
    assert run.diverged is False
    assert run.boundary(2).ndim == 2


def test_a_study_offers_what_the_design_names() -> None:
    spec = regdash.StudySpec(base=regdash.RunConfig(epochs=2), sweep={"dropout": [0.0, 0.5]}, seeds=3)
    result = regdash.run_study(spec)
    assert isinstance(result, regdash.StudyResult)
    assert result.spec == spec
    assert result.complete
    assert result.runs.shape[0] == spec.n_runs == 6
    assert result.curves.shape == (2, 3, 5, 2)
    assert result.surfaces.shape == (2, result.axis.shape[1], result.axis.shape[1])
    assert result.values("fresh_accuracy").shape == (2, 3)


def test_every_public_name_of_studies_exists_once() -> None:
    assert sorted(set(regdash.study.__all__)) == sorted(regdash.study.__all__)
    assert all(hasattr(regdash.study, name) for name in regdash.study.__all__)


def test_errors_form_one_tree() -> None:
    errors = (regdash.ConfigError, regdash.SnapshotError, regdash.TrainingCancelled, regdash.ClusterUnreachable)
    for error in errors:
        assert issubclass(error, regdash.RegdashError)
    assert issubclass(regdash.StudyError, regdash.ConfigError)
    assert issubclass(regdash.StudyTooLarge, regdash.StudyError)
    assert issubclass(regdash.ConfigError, ValueError)
    assert issubclass(regdash.SnapshotError, LookupError)


@pytest.mark.slow
def test_importing_regdash_loads_nothing_heavy_but_torch() -> None:
    heavy = ["streamlit", "plotly", "matplotlib", "scipy", "distributed", "torch"]
    code = f"import sys, regdash; print(*sorted(set({heavy}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["torch"]
