"""Downloads read back as the numbers they were; the script that repeats a study is run, and gives the same numbers."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from regdash import RunConfig, StudyResult, StudySpec, StudyTooLarge, run_study
from regdash.results import HISTORY_COLUMNS
from regdash.study import compare, export
from regdash.teaching.studies import STUDIES
from tests.study import synthetic

ROOT = Path(__file__).parents[2]
SPEC = StudySpec(
    base=RunConfig(n_samples=60, width=6, epochs=8, dataset="moons", label_noise=0.2, decay="decoupled"),
    sweep={"weight_decay": [0, 0.1], "dropout": [0.0, 0.4]},
    seeds=4,
)


@pytest.fixture(scope="module")
def result() -> StudyResult:
    return run_study(SPEC)


@pytest.fixture(scope="module")
def ragged() -> StudyResult:
    """Runs of different lengths, one diverged, one not done."""
    spec = StudySpec(base=RunConfig(width=4), sweep={"epochs": [3, 6]}, seeds=3)
    return synthetic.result(spec, diverged=[[0, 1, 0], [0, 0, 0]], done=[[1, 1, 1], [1, 1, 0]])


@pytest.mark.parametrize("name", ["result", "ragged"])
def test_the_runs_as_csv_read_back_the_same(name, request):
    made = request.getfixturevalue(name)
    text = export.runs_csv(made)
    assert text.count("\n") == 1 + made.spec.n_runs
    assert "nan" not in text.lower()
    again = pd.read_csv(io.StringIO(text), index_col="run", dtype={"best_epoch": "Int64"})
    pd.testing.assert_frame_equal(again, made.runs, check_exact=True, check_index_type=False, check_dtype=False)


@pytest.mark.parametrize("name", ["result", "ragged"])
def test_the_runs_as_parquet_read_back_the_same(name, request):
    made = request.getfixturevalue(name)
    pd.testing.assert_frame_equal(pd.read_parquet(io.BytesIO(export.runs_parquet(made))), made.runs, check_exact=True)


@pytest.mark.parametrize("name", ["result", "ragged"])
def test_the_curves_read_back_the_same(name, request):
    made = request.getfixturevalue(name)
    expected = made.curves_frame()
    parquet = pd.read_parquet(io.BytesIO(export.curves_parquet(made)))
    pd.testing.assert_frame_equal(parquet, expected, check_exact=True)
    csv = pd.read_csv(io.StringIO(export.curves_csv(made)))
    assert list(csv.columns) == list(expected.columns)
    np.testing.assert_array_equal(csv[list(HISTORY_COLUMNS)], expected[list(HISTORY_COLUMNS)].astype("float64"))


def test_too_many_rows_are_refused_in_words(ragged, monkeypatch):
    assert export.curve_rows(ragged) == len(ragged.curves_frame()) == 21
    monkeypatch.setattr(export, "MAX_CURVE_ROWS", 20)
    monkeypatch.setattr(export, "MAX_CSV_ROWS", 20)
    for download in (export.curves_csv, export.curves_parquet):
        with pytest.raises(StudyTooLarge, match="21 rows cannot be downloaded: 20 is the limit"):
            download(ragged)
    monkeypatch.setattr(export, "MAX_CURVE_ROWS", 21)
    assert len(pd.read_parquet(io.BytesIO(export.curves_parquet(ragged)))) == 21


def run_script(text: str, folder: Path, *arguments: str, **environment: str) -> str:
    path = folder / "study.py"
    path.write_text(text, encoding="ascii")
    done = start_script(path, *arguments, cwd=folder, **environment)
    done.check_returncode()
    assert done.stderr == ""
    return done.stdout


def start_script(path: Path, *arguments: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run a script as a student does, who has no `PYTHONPATH` unless it is given."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-W", "error", str(path), *arguments], cwd=cwd, env=clean | environment,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


@pytest.mark.slow
def test_the_script_runs_from_anywhere(tmp_path):
    text = export.script(SPEC.but(sweep={"decay": ["l2"]}, seeds=[4]))
    named = run_script(text, tmp_path, str(ROOT))
    assert named.startswith("1 runs, 0 diverged")
    assert run_script(text, tmp_path, PYTHONPATH=str(ROOT)) == named
    # And in RegDash's folder, from wherever it was saved. A copy stands for it: the script writes there.
    folder = tmp_path / "regdash's folder"
    shutil.copytree(ROOT / "regdash", folder / "regdash", ignore=shutil.ignore_patterns("__pycache__"))
    there = start_script(tmp_path / "study.py", cwd=folder)
    assert (there.stdout, there.stderr) == (named, "")
    assert (folder / "study-runs.csv").read_text() == (tmp_path / "study-runs.csv").read_text()


@pytest.mark.slow
def test_without_regdash_the_script_says_in_a_sentence_what_it_needs(tmp_path):
    path = tmp_path / "study.py"
    path.write_text(export.script(SPEC), encoding="ascii")
    for arguments in ((), ("elsewhere",)):
        done = start_script(path, *arguments, cwd=tmp_path)
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith("No module named 'regdash': run this in RegDash's folder (the one with app.py)")
        assert f"python {path} path/to/RegDash" in done.stderr
        assert "pip install -r requirements.txt" in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_the_script_repeats_the_study_to_the_last_bit(result, tmp_path):
    printed = run_script(export.script(SPEC), tmp_path, str(ROOT))
    assert (tmp_path / "study-runs.csv").read_text(encoding="utf-8") == export.runs_csv(result)
    head, table, _ = printed.split("\n\n")
    assert head.startswith("16 runs, 0 diverged; ")
    columns = ["train_accuracy", "val_accuracy", "fresh_accuracy"]
    numbers = [[float(word) for word in line.split()[-3:]] for line in head.splitlines()[3:]]
    expected = [[result.values(column)[cell].mean() for column in columns] for cell in range(4)]
    np.testing.assert_allclose(numbers, expected, atol=5.1e-7)
    for line, pair in zip(table.splitlines()[1:], compare(result), strict=True):
        assert line.startswith(str(dict(zip(SPEC.fields, SPEC.cells[pair.cell], strict=True))))
        mean, low, high = (float(number) for number in re.findall(r"[+-]\d\.\d{6}", line))
        assert (mean, low, high) == pytest.approx((pair.mean, pair.low, pair.high), abs=5.1e-7)
        assert line.endswith(str(pair.verdict))


@pytest.mark.slow
def test_a_script_of_a_single_cell_runs(tmp_path):
    spec = SPEC.but(sweep={"decay": ["l2"]}, seeds=[4, 2])
    assert run_script(export.script(spec), tmp_path, str(ROOT)).startswith("2 runs, 0 diverged")


@pytest.mark.parametrize(
    "spec",
    [
        *(study.spec for study in STUDIES.values()), SPEC.but(seeds=[9, 1, 4]), SPEC.but(seeds=[3]),
        SPEC.but(data_seeds="fixed"), SPEC.but(seeds=range(70, 90)), SPEC.with_seeds(9),
        SPEC.but(sweep={"dataset": ["moons", "xor"], "learning_rate": [1e-7, 0.1 + 0.2]}),
        SPEC.but(sweep={"width": [4]}),
    ],
    ids=lambda spec: export.file_stem(spec),
)  # fmt: skip
def test_the_study_in_the_script_is_the_study(spec):
    text = export.script(spec)
    names: dict[str, object] = {"__name__": "read, not run"}
    exec(compile(text, "study.py", "exec"), names)
    assert names["spec"] == spec
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("study", STUDIES.values(), ids=list(STUDIES))
def test_the_script_can_be_printed_and_saved_in_any_encoding(study):
    text = export.script(study.spec)
    for encoding in ("ascii", "cp1252", "cp437", "gbk", "cp932"):
        assert text.encode(encoding).decode("ascii") == text


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_a_sweep_in_steps_has_short_numbers_in_all_files(dtype):
    steps = np.arange(0, 0.6, 0.1).astype(dtype)
    made = run_study(StudySpec(base=SPEC.base.but(epochs=2), sweep={"dropout": steps}, seeds=1))
    assert "[0.0, 0.1, 0.2, 0.3, 0.4, 0.5]" in export.script(made.spec)
    for text in (export.runs_csv(made), export.curves_csv(made)):
        written = pd.read_csv(io.StringIO(text), dtype=str)["dropout"]
        assert list(written.unique()) == ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]
    assert list(pd.read_parquet(io.BytesIO(export.runs_parquet(made)))["dropout"]) == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]


def test_file_names_are_plain():
    stems = {export.file_stem(study.spec) for study in STUDIES.values()}
    assert len(stems) == len(STUDIES)
    assert all(re.fullmatch(r"[a-z0-9_-]+", stem) for stem in stems)
