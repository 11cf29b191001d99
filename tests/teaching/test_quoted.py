"""The numbers that lessons and help texts quote: trained again over other seeds, and written down nowhere else.

`python -m bench quoted` compares them over all of their seeds; the few here notice what is plainly wrong.
"""

import ast
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.quoted import FAR, RECIPES, Trained, apart, measured
from regdash.config import FIELDS
from regdash.teaching import quoted
from regdash.teaching.quoted import QUOTED, Quote
from regdash.teaching.scenarios import SCENARIOS
from regdash.teaching.studies import STUDIES
from regdash.ui.explore import help as explore
from regdash.ui.study import page as study

ROOT = Path(__file__).parents[2]
N_SEEDS, FIRST = 20, 5000
NO_RESULT = {"95", "100", "l2"}  # intervals of 95 % mean what they mean, whatever is trained


@pytest.fixture(scope="module")
def trained():
    return Trained(N_SEEDS, FIRST)


def test_each_number_has_its_recipe():
    assert list(QUOTED) == list(RECIPES)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUOTED)
def test_what_is_quoted_is_measured(trained, name):
    """Within four standard errors, over seeds that were not quoted."""
    assert apart(QUOTED[name], trained.values(RECIPES[name])) < FAR


@pytest.mark.slow
def test_a_wrong_number_would_be_noticed(trained):
    """The negative control: the gains of another data set, the collapse of another regularizer."""
    gains, collapses = trained.values(RECIPES["noisy/dropout"]), trained.values(RECIPES["too-much/decay"])
    assert apart(QUOTED["article/dropout"], gains) > FAR
    assert apart(replace(QUOTED["too-much/decay"], mean=50.0, low=43.0, high=57.0), collapses) > FAR


def test_a_share_has_the_interval_of_shares():
    found = measured(RECIPES["too-much/both"], np.full(200, 100.0))
    assert (found.mean, found.high) == (100, 100)
    assert 98 < found.low < 98.3, "Clopper and Pearson: 0.025 ** (1 / 200)"


def test_a_regularizer_gains_on_noisy_labels_and_costs_on_clean_ones():
    """What the scenarios are there to show."""
    assert min(QUOTED["noisy/dropout"].low, QUOTED["noisy/decay"].low) > 8
    assert QUOTED["noisy/train"].mean - QUOTED["noisy/fresh"].mean > 15
    assert all(QUOTED[f"{name}/dropout"].high < 0 for name in ("article", "too-small", "spirals"))
    assert QUOTED["too-much/both"].mean == 100


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((9.58, 8.92, 10.24), "gains 9.6 ± 0.7 points"),
        ((-1.03, -1.18, -0.88), "costs 1.0 ± 0.1 points"),
        ((-0.09, -0.18, 0.01), "changes the mean by less than 0.5 points (−0.1 ± 0.1)"),
        ((-0.01, -0.06, 0.05), "changes the mean by less than 0.5 points (0.0 ± 0.1)"),
        ((0.4, -0.4, 1.2), "may cost or gain 0.4 ± 0.8 points"),
        ((0.3, 0.2, 0.4), "changes the mean by less than 0.5 points (+0.3 ± 0.1)"),
    ],
)
def test_the_verb_follows_the_number(monkeypatch, ends, words):
    monkeypatch.setattr(quoted, "QUOTED", {"it": Quote(mean=ends[0], low=ends[1], high=ends[2])})
    assert quoted.effect("it") == words


def test_every_number_is_quoted_somewhere():
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "regdash").rglob("*.py"))
    for name in QUOTED:
        assert re.search(rf"""\((['"]){name}\1\)""", sources), name


def typed(tree: ast.AST) -> set[str]:
    """The numbers that stand in a text as such, and were not computed."""
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    formats = [part.format_spec for part in ast.walk(tree) if isinstance(part, ast.FormattedValue) and part.format_spec]
    specs = {node.value for each in formats for node in ast.walk(each) if isinstance(node, ast.Constant)}
    return {word for text in texts if text not in specs for word in re.findall(r"(?<![\w₀₁])l?\d[\d.,]*\d|l?\d", text)}


def texts(path: str) -> list[ast.AST]:
    """The help texts and lessons in a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "lesson":
            found.append(node.value)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "HELP":
            found.append(node.value)
    return found


@pytest.mark.parametrize(
    "path", ["regdash/ui/explore/help.py", "regdash/ui/study/page.py", "regdash/teaching/scenarios.py"]
)
def test_no_number_is_typed_into_a_text(path):
    found = texts(path)
    assert found
    for text in found:
        assert typed(text) <= NO_RESULT


def test_the_rule_notices_a_typed_number():
    assert typed(ast.parse('f"reaches {x:.1f} % and 80 % or 10.2 ± 2.2"')) == {"80", "10.2", "2.2"}


@pytest.mark.parametrize("key", STUDIES)
def test_the_numbers_in_a_studys_lesson_are_its_own(key):
    spec = STUDIES[key].spec
    own = {f"{value:g}" for _, values in spec.sweep for value in values} | {str(spec.n_seeds)}
    assert set(re.findall(r"\d[\d.]*\d|\d", STUDIES[key].lesson)) <= own


def test_help_texts_name_the_command_and_the_seeds():
    assert f"`{quoted.COMMAND}`" in explore.HELP
    assert f"means over {quoted.SEEDS} seeds" in explore.HELP
    assert quoted.SEEDS >= 200


def test_help_texts_say_what_rules_say():
    assert "at most one study in 20" in " ".join(study.HELP.split())
    assert f"{100 * (1 - 0.1 / 2):g} %" in FIELDS["label_smoothing"].help
    assert "200 times" in " ".join(explore.HELP.split())


@pytest.mark.parametrize("key", SCENARIOS)
def test_a_lesson_is_short_enough_for_the_sidebar(key):
    assert len(SCENARIOS[key].lesson) < 260
