"""The recipes of docs/architecture.md, followed step by step in a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("app.py", "regdash", "static", ".streamlit")

LOOK = """
from streamlit.testing.v1 import AppTest
import regdash
from regdash.teaching.scenarios import SCENARIOS

assert regdash.__file__.startswith({folder!r}), regdash.__file__
app = AppTest.from_file("regdash/ui/script.py", default_timeout=60).run()
app.selectbox(key="scenario").select("A toy").run()
assert not app.exception, app.exception
assert app.selectbox(key="dataset").value == "halves"
assert any("Left and right" in caption.value for caption in app.caption)
config = SCENARIOS["toy"].config
single, (batched,) = regdash.train(config), regdash.train_many([config])
assert single.history.equals(batched.history)
assert single.test_accuracy > 0.9
exec(compile(regdash.export.script(config).replace("plt.show()", ""), "script", "exec"), {{"__name__": "__main__"}})
"""


def insert(file: Path, before: str, line: str) -> None:
    """Add `line` before the first line that begins with `before`."""
    text = file.read_text(encoding="utf-8")
    start = text.index(f"\n{before}") + 1
    file.write_text(text[:start] + line + text[start:], encoding="utf-8")


@pytest.mark.slow
def test_a_data_set_and_a_scenario_that_are_added_as_told_are_on_the_page(tmp_path: Path) -> None:
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    package = tmp_path / "regdash"
    score = 'def score_halves(x: Tensor) -> Tensor:\n    """Right of the middle."""\n    return x[:, 0] + 0.0\n\n\n'
    insert(package / "data.py", "@dataclass(frozen=True, kw_only=True)\nclass DatasetSpec", score)
    insert(
        package / "data.py",
        '        "blobs": _row(',
        '        "halves": _row("Halves", "x₀ > 0", draw_normal, score_halves, 0.1),\n',
    )
    keys = package / "config.py"
    text = keys.read_text(encoding="utf-8")
    keys.write_text(text.replace('"blobs")', '"blobs", "halves")', 1), encoding="utf-8")
    config = 'DEMO.but(dataset="halves", epochs=20)'
    toy = f'        "toy": Scenario(label="A toy", lesson="Left and right.", config={config}),\n'
    insert(package / "teaching" / "scenarios.py", '        "spirals": Scenario(', toy)

    look = [sys.executable, "-c", LOOK.format(folder=str(tmp_path))]
    found = subprocess.run(
        look,
        cwd=tmp_path,
        env=os.environ | {"MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
