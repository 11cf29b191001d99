"""What the README shows is executed."""

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_library_example_runs(capsys):
    (example,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    exec(compile(example.replace("range(200)", "range(2)"), "README.md", "exec"), {})
    assert "nn.Sequential" in capsys.readouterr().out


def test_the_check_runs_the_readmes_own_test_command():
    check = (Path(__file__).parents[1] / ".ci" / "run").read_text(encoding="utf-8")
    pattern = re.search(r"grep -m 1 '(.*)' README.md", check)
    assert pattern
    command = next(line for line in README.splitlines() if re.search(pattern[1], line))
    install = "pip install -r requirements-dev.txt && python -m tests.browser.install"
    assert command == f"{install} && python -m pytest -n 2 --dist worksteal"


@pytest.mark.parametrize("path", re.findall(r"`((?:regdash|tests|docs|static|\.ci|\.streamlit)/[^`\s]*)`", README))
def test_the_files_it_names_exist(path):
    assert (Path(__file__).parents[1] / path).exists()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/engine.md"])
def test_the_kinds_of_tests_that_pages_name_exist(page, pytestconfig):
    named = re.findall(
        r'pytest (?:-n 2 )?-m "?(?:not )?(\w+)', (Path(__file__).parents[1] / page).read_text(encoding="utf-8")
    )
    assert named
    assert {*named} <= {line.partition(":")[0] for line in pytestconfig.getini("markers")}
