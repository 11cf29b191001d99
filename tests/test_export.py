"""What visitors take home: the scripts are executed, and print what RegDash computes."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from regdash import Run, RunConfig, export, train
from regdash.config import DATASET_KEYS
from tests.oracle import torch_threads

pytestmark = pytest.mark.equality

NOISY = RunConfig(n_samples=200, train_fraction=0.5, label_noise=0.2, width=64, learning_rate=0.02, epochs=40)
# Every data set and every regularizer, alone and together.
CONFIGS = {
    "article": RunConfig(),
    "noisy": NOISY,
    "no dropout": NOISY.but(dataset="circles", dropout=0.0, weight_decay=0.02),
    "decoupled": RunConfig(dataset="parabola-2", weight_decay=0.3, decay="decoupled", depth=1, epochs=20),
    "decoupled, none": RunConfig(dataset="xor", decay="decoupled", dropout=0.0, depth=1, width=7, epochs=20),
    "everything": NOISY.but(
        dataset="moons", depth=3, dropout=0.3, weight_decay=0.1 + 0.2, decay="decoupled", label_smoothing=0.1
    ),
    "smallest": RunConfig(n_samples=20, train_fraction=0.1, width=1, epochs=1, seed=0, data_seed=0),
    "hardly any noise": RunConfig(dataset="spirals", label_noise=0.001, epochs=3, data_seed=2**31 - 1, seed=2**31 - 1),
    "odd numbers": RunConfig(dataset="blobs", dropout=1 / 3, learning_rate=1e-2 / 3, weight_decay=1e-7 / 3, epochs=5),
}
# Plays the part of many command lines at once: importing torch and matplotlib takes seconds.
DRIVER = """
import contextlib, io, json, runpy, sys, matplotlib.pyplot as plt
printed = []
for path in sys.argv[1:]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        left = runpy.run_path(path, run_name="__main__")
    axes = plt.gcf().axes
    lines = [[float(y) for y in line.get_ydata()] for line in axes[0].lines]
    plt.close("all")
    printed.append({"out": out.getvalue(), "lines": lines, "axes": len(axes)})
print(json.dumps(printed))
"""


def run_python(*arguments: str) -> str:
    """Standard output of a headless Python in which warnings are errors."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments], env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.fixture(autouse=True, scope="module")
def _one_thread() -> Iterator[None]:
    with torch_threads(1):
        yield


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What each config's script prints and draws."""
    folder = tmp_path_factory.mktemp("scripts")
    paths = []
    for i, config in enumerate(CONFIGS.values()):
        paths.append(folder / f"{i}.py")
        paths[-1].write_text(export.script(config), encoding="utf-8")
    return dict(zip(CONFIGS, json.loads(run_python("-c", DRIVER, *map(str, paths))), strict=True))


def assert_prints(run: Run, printed: str) -> None:
    """Four decimals tell any two shares of up to 4,000 points apart, so equal text is equal numbers."""
    header, *lines = printed.splitlines()
    epochs, rest = lines[: run.config.epochs], lines[run.config.epochs :]
    assert header.startswith("epoch ")
    assert "train" in header
    assert ("dropout on" in header) == (run.config.dropout > 0)
    columns = run.curves[:3].T
    expected = [[str(i), *(f"{value:.4f}" for value in row)] for i, row in enumerate(columns, start=1)]
    assert [line.split() for line in epochs] == expected
    last = [f"fresh-data accuracy: {run.test_accuracy:.4f}"]
    if not np.isnan(run.flipped[-1]):
        last.append(f"flipped labels memorised: {run.flipped[-1]:.4f}")
    assert rest == last


def test_no_data_set_is_left_out() -> None:
    assert {config.dataset for config in CONFIGS.values()} == set(DATASET_KEYS)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_prints_and_plots_the_numbers_of_the_run(name: str, outcomes: dict[str, dict]) -> None:
    run = train(CONFIGS[name])
    assert_prints(run, outcomes[name]["out"])
    np.testing.assert_array_equal(outcomes[name]["lines"], run.curves[:3])
    assert outcomes[name]["axes"] == 3  # curves, plane, colour bar


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_can_be_printed_and_saved_in_any_encoding(name: str) -> None:
    text = export.script(CONFIGS[name])
    for encoding in ("ascii", "cp1252", "cp437", "gbk", "cp932", "utf-8"):
        assert text.encode(encoding).decode("ascii") == text


def test_rules_are_written_as_python_writes_them() -> None:
    assert "Class 1 is where this holds: x0**2 - 0.7*x1 > 0.3." in export.script(RunConfig(dataset="parabola-2"))
    assert "Class 1 is where this holds: x0*x1 > 0." in export.script(RunConfig(dataset="xor"))


@pytest.mark.slow
def test_the_readmes_line_prints_on_an_old_windows_terminal() -> None:
    line = "import regdash; print(regdash.export.script(regdash.RunConfig()))"
    done = subprocess.run(
        [sys.executable, "-c", line], env=os.environ | {"PYTHONIOENCODING": "cp437", "PYTHONUTF8": "0"},
        cwd=Path(__file__).parents[1], capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    assert done.stdout.decode("cp437").splitlines() == [*export.script(RunConfig()).splitlines(), ""]


@pytest.mark.slow
def test_the_script_runs_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / f"{export.file_stem(NOISY)}.py"
    path.write_text(export.script(NOISY), encoding="utf-8")
    assert_prints(train(NOISY), run_python(str(path)))


def test_every_script_passes_ruff_and_needs_only_torch_and_matplotlib(tmp_path: Path) -> None:
    for i, config in enumerate(CONFIGS.values()):
        text = export.script(config)
        (tmp_path / f"{i}.py").write_text(text, encoding="utf-8")
        imported = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
        }
        assert imported - {"math"} == {"torch", "matplotlib"}
        assert ("math" in imported) == (config.dataset in ("moons", "spirals"))
        assert "regdash" not in text
        assert max(map(len, text.splitlines())) <= 100
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", str(tmp_path)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", CONFIGS)
def test_the_script_holds_only_what_the_settings_need(name: str) -> None:
    config, text = CONFIGS[name], export.script(CONFIGS[name])
    flips = round(config.label_noise * config.n_train) > 0
    assert ("flipped" in text) == ("N_FLIPPED" in text) == ("memorised" in text) == flips
    assert ("nn.Dropout" in text) == ("DROPOUT" in text) == ("model.eval()" in text) == (config.dropout > 0)
    assert ("label_smoothing" in text) == ("LABEL_SMOOTHING" in text) == (config.label_smoothing > 0)
    assert ("weight_decay" in text) == ("WEIGHT_DECAY" in text) == (config.weight_decay > 0)
    assert ("AdamW(" in text) == (config.decay == "decoupled" and config.weight_decay > 0)
    assert text.count("nn.ReLU()") == config.depth
    assert "generator" not in text
    assert "set_num_threads" not in text


@pytest.mark.parametrize("name", CONFIGS)
def test_constants_are_the_settings_exactly(name: str) -> None:
    config, text = CONFIGS[name], export.script(CONFIGS[name])
    constants = dict(re.findall(r"^([A-Z_]+) = (\S+)  # \S", text, flags=re.MULTILINE))
    expected = {
        "N_SAMPLES": config.n_samples, "N_TRAIN": config.n_train, "N_FRESH": 4000, "DATA_SEED": config.data_seed,
        "N_FLIPPED": round(config.label_noise * config.n_train), "WIDTH": config.width, "DROPOUT": config.dropout,
        "WEIGHT_DECAY": config.weight_decay, "LABEL_SMOOTHING": config.label_smoothing,
        "LEARNING_RATE": config.learning_rate, "EPOCHS": config.epochs, "SEED": config.seed,
    }  # fmt: skip
    optional = {"N_FLIPPED", "DROPOUT", "WEIGHT_DECAY", "LABEL_SMOOTHING"}
    assert {key: ast.literal_eval(value) for key, value in constants.items()} == {
        key: value for key, value in expected.items() if value or key not in optional
    }


def test_the_script_can_fix_the_number_of_threads() -> None:
    text = export.script(RunConfig(), threads=3)
    assert "    torch.set_num_threads(3)" in text
    assert text.replace(next(line for line in text.splitlines() if "threads" in line) + "\n", "") == export.script(
        RunConfig()
    )


def test_writing_a_script_draws_no_random_numbers() -> None:
    before = torch.get_rng_state()
    assert export.script(NOISY) == export.script(NOISY)
    assert torch.equal(torch.get_rng_state(), before)


def test_the_history_survives_csv_to_the_last_bit() -> None:
    run = train(NOISY)
    text = export.history_csv(run)
    lines = text.splitlines()
    assert lines[0] == "epoch,train_accuracy,train_accuracy_dropout_on,val_accuracy,train_loss,val_loss"
    assert len(lines) == 1 + run.config.epochs
    assert "\r" not in text
    rows = [[float(cell) for cell in line.split(",")] for line in lines[1:]]
    assert rows == run.history.reset_index().to_numpy().tolist()


def test_a_diverged_runs_missing_numbers_are_empty_cells() -> None:
    run = train(RunConfig(epochs=3))
    run.curves[:, 1:] = np.nan
    lines = export.history_csv(run).splitlines()
    assert lines[2:] == ["2,,,,,", "3,,,,,"]
    assert "" not in lines[1].split(",")


def test_file_stems_are_short_plain_and_telling() -> None:
    config = RunConfig(width=64, dropout=0.5, weight_decay=0.02)
    assert export.file_stem(config) == "regdash-parabola-w64-p0.5-wd0.02-seed7"
    assert export.file_stem(config.but(decay="decoupled")) == "regdash-parabola-w64-p0.5-adamw0.02-seed7"
    assert export.file_stem(RunConfig(dropout=0.0)) == "regdash-parabola-w32-p0-wd0-seed7"
    for config in CONFIGS.values():
        assert re.fullmatch(r"[a-z0-9.-]{1,80}", export.file_stem(config))
