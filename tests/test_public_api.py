"""The names that other code may rely on, and what importing them costs."""

import ast
import importlib
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


HEAVY = ("streamlit", "plotly", "matplotlib", "scipy", "distributed", "pandas", "torch")


def loaded_by(code: str) -> list[str]:
    """What of `HEAVY` a fresh interpreter has loaded after `code`."""
    look = f"{code}; import sys; print(*(name for name in {HEAVY} if name in sys.modules))"
    return subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()


@pytest.mark.slow
def test_importing_regdash_loads_nothing_heavy() -> None:
    assert loaded_by("import regdash") == []


@pytest.mark.slow
def test_what_trains_loads_nothing_heavy_but_torch_and_pandas() -> None:
    assert loaded_by("from regdash import train, train_many") == ["pandas", "torch"]


def test_what_tools_read_of_the_package_is_what_it_does() -> None:
    """Type checkers and editors see imports that never run."""
    [block] = [node for node in ast.parse(inspect.getsource(regdash)).body if isinstance(node, ast.If)]
    for line in block.body:
        assert isinstance(line, ast.ImportFrom)
        for alias in line.names:
            module = importlib.import_module(str(line.module))
            expected = getattr(module, alias.name, None) or importlib.import_module(f"{line.module}.{alias.name}")
            assert getattr(regdash, alias.name) is expected
    assert sorted(alias.name for line in block.body for alias in line.names) == regdash.__all__


def test_a_name_that_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(AttributeError, match=r"module 'regdash' has no attribute 'trian'"):
        _ = regdash.trian
    with pytest.raises(ImportError, match="cannot import name 'trian'"):
        exec("from regdash import trian")


@pytest.mark.slow
@pytest.mark.parametrize("module", ["config", "ensemble", "errors", "results", "teaching", "training", "data", "study"])
def test_a_module_is_there_without_being_imported_by_name(module: str) -> None:
    assert loaded_by(f"import regdash; assert regdash.{module}.__name__ == 'regdash.{module}'") is not None


def test_completion_offers_the_public_names() -> None:
    assert set(regdash.__all__) <= set(dir(regdash))


MINE = """
import torch, numpy
torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_grad_enabled(False)
torch.set_float32_matmul_precision("medium")
numpy.seterr(all="raise")
"""
TRAINED = """
import hashlib
config = regdash.RunConfig(epochs=5, dropout=0.3, weight_decay=0.01)
study = regdash.run_study(regdash.StudySpec(base=config, sweep={"dropout": (0.0, 0.5)}, seeds=3))
runs = [regdash.train(config), *regdash.train_many([config])]
print(hashlib.sha256(b"".join([study.curves.tobytes(), *(run.curves.tobytes() for run in runs)])).hexdigest())
"""


@pytest.mark.slow
def test_what_is_imported_late_does_not_mind_what_a_notebook_has_set_meanwhile() -> None:
    def digest(code: str) -> str:
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert digest(f"import regdash\n{MINE}\n{TRAINED}") == digest(f"import regdash\n{TRAINED}")
