"""Benchmarks are found by name."""

import re
from pathlib import Path

from bench.__main__ import KNOWN, main
from regdash.teaching.quoted import COMMAND

FOLDER = Path(__file__).parents[1] / "bench"


def test_every_benchmark_can_be_called_by_its_name():
    files = [path for path in FOLDER.rglob("*.py") if "\ndef main(" in path.read_text(encoding="utf-8")]
    modules = {".".join(path.relative_to(FOLDER.parent).with_suffix("").parts) for path in files}
    assert {*KNOWN.values()} == modules - {"bench.__main__"}


def test_an_unknown_one_is_refused_with_those_there_are(capsys):
    assert main(["nothing"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in KNOWN)


def test_every_benchmark_that_a_text_names_can_be_run():
    texts = [
        path.read_text(encoding="utf-8")
        for room in ("", "bench", "docs")
        for path in (FOLDER.parent / room).glob("*.md")
    ]
    named = {name for text in [*texts, COMMAND] for name in re.findall(r"python -m bench\s+([a-z]+)", text)}
    assert {"truth", "headline", "quoted"} <= named <= KNOWN.keys()
