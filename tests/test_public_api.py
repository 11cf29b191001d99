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
    "article": types.ModuleType, "data": types.ModuleType, "export": types.ModuleType,
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


def test_errors_form_one_tree() -> None:
    for error in (regdash.ConfigError, regdash.SnapshotError, regdash.TrainingCancelled):
        assert issubclass(error, regdash.RegdashError)
    assert issubclass(regdash.ConfigError, ValueError)
    assert issubclass(regdash.SnapshotError, LookupError)


def test_importing_regdash_loads_neither_streamlit_nor_plotly_nor_matplotlib() -> None:
    code = "import sys, regdash; print(*sorted({'streamlit', 'plotly', 'matplotlib', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["torch"]
