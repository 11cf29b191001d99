"""The architecture, read from the source: imports point one way, nothing is shared by accident, nothing grows too long.

Which room may import which says `pyproject.toml`, and import-linter reads it. The rules here are our own: each is a
function from a syntax tree to complaints. Every contract and every rule is also shown a file that breaks it.
"""

import ast
import functools
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {path.relative_to(ROOT).as_posix(): path for path in [*(ROOT / "regdash").rglob("*.py"), ROOT / "app.py"]}
FILES = {name: path for name, path in sorted(FILES.items()) if path.exists()}
SOURCES = {
    name: path
    for name in ("*.js", "*.css")
    for path in (ROOT / "regdash").rglob(name)
    for name in [path.relative_to(ROOT).as_posix()]
} | FILES

SHARED_STATE = {
    "torch.manual_seed", "torch.random.manual_seed", "torch.seed", "torch.set_rng_state", "torch.set_default_dtype",
    "torch.set_default_device", "torch.set_default_tensor_type", "torch.use_deterministic_algorithms",
    "np.random.seed", "numpy.random.seed", "np.random.set_state", "numpy.random.set_state", "random.seed",
}  # fmt: skip
THREADS = {"torch.set_num_threads", "torch.set_num_interop_threads"}


@functools.cache
def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def imports(module: ast.Module) -> Iterator[str]:
    """Dotted names of all that a file imports, also inside functions; `from a import b` counts as a and a.b."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports are not used here"
            assert node.module
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(module: ast.Module) -> set[str]:
    """The files of this project that a file imports."""
    found = set()
    for dotted in imports(module):
        path = dotted.replace(".", "/")
        found |= {candidate for candidate in (f"{path}.py", f"{path}/__init__.py") if candidate in FILES}
    return found


def heavy_imports(name: str, module: ast.Module) -> list[str]:
    """What plain data need not import: `config` and `errors` do with the standard library, `results` with arrays."""
    allowed = {"config": set(), "errors": set(), "results": {"numpy", "pandas"}}.get(Path(name).stem)
    if allowed is None or name.count("/") > 1:
        return []
    foreign = {dotted.split(".")[0] for dotted in imports(module)} - sys.stdlib_module_names - {"regdash"} - allowed
    return [f"{dotted} is more than it needs" for dotted in sorted(foreign)]


def process_wide_calls(name: str, module: ast.Module) -> list[str]:
    """Calls, or imports for calling, of what changes state that all visitors share."""
    forbidden = SHARED_STATE | (set() if name == "app.py" or name.startswith("regdash/ui/") else THREADS)
    calls = {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    return sorted((calls | set(imports(module))) & forbidden)


def undecided_dtypes(_: str, module: ast.Module) -> list[str]:
    """New tensors whose dtype is the process's default, which is the caller's to choose."""
    makers = {"tensor", "empty", "empty_strided", "zeros", "ones", "full", "rand", "randn", "arange", "linspace", "eye"}
    return [
        ast.unparse(node)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {f"torch.{maker}" for maker in makers}
        and "dtype" not in {keyword.arg for keyword in node.keywords}
    ]


def long_functions(_: str, module: ast.Module) -> list[str]:
    """Functions of more than 45 lines, docstring included."""
    return [
        f"{node.name} has {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 45
    ]


def undocumented(name: str, module: ast.Module) -> list[str]:
    """Public modules, classes, functions and methods without a docstring."""
    missing = [] if ast.get_docstring(module) or name.endswith("__init__.py") else ["the module itself"]
    scopes: list[ast.Module | ast.ClassDef] = [module]
    while scopes:
        for node in scopes.pop().body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                missing += [] if ast.get_docstring(node) else [node.name]
                scopes += [node] if isinstance(node, ast.ClassDef) else []
    return missing


def mutable_globals(_: str, module: ast.Module) -> list[str]:
    """Lists, dicts and sets bare at module level, and `global`: all visitors of a process would share them."""
    displays = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
    makers = {"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"}
    found = [f"global {', '.join(node.names)}" for node in ast.walk(module) if isinstance(node, ast.Global)]
    for node in module.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        made = ast.unparse(node.value.func).split(".")[-1] in makers if isinstance(node.value, ast.Call) else False
        if made or isinstance(node.value, displays):
            found += [name for name in map(ast.unparse, targets) if name != "__all__"]
    return found


def careless_parts(name: str, module: ast.Module) -> list[str]:
    """Uses of `st.fragment`, in place of which `ui/common/parts.py` has `part`; and parts that are not alone in a
    container: `regdash.ui.study.page` says why they must be.
    """
    if name == "regdash/ui/common/parts.py":
        return []
    alone = {
        node.body[0].lineno
        for node in ast.walk(module)
        if isinstance(node, ast.With) and len(node.body) == 1 and ast.unparse(node.items[-1]) == "st.container()"
    }
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Expr) and "parts.part(" in ast.unparse(node)]
    crowded = [ast.unparse(node) for node in calls if node.lineno not in alone]
    named = [ast.unparse(node) for node in ast.walk(module) if isinstance(node, ast.Attribute)]
    return crowded + [each for each in named if each == "st.fragment"]


def guesses_of_the_host(name: str, module: ast.Module) -> list[str]:
    """Whatever depends on the folder where the server was started, or counts processors that others may use."""
    guesses = {"os.getcwd", "Path.cwd", "os.chdir", "os.cpu_count", "multiprocessing.cpu_count"}
    calls = {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    allowed = {"regdash/ensemble/processors.py": {"os.cpu_count"}, "app.py": {"os.chdir"}}.get(name, set())
    texts = {node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    paths = {text for text in texts if "/" in text[1:] and len(text) < 100 and (ROOT / text).exists()}
    return sorted(((calls | set(imports(module))) & guesses) - allowed | paths)


RULES: tuple[Callable[[str, ast.Module], list[str]], ...] = (
    heavy_imports,
    process_wide_calls,
    undecided_dtypes,
    long_functions,
    undocumented,
    mutable_globals,
    careless_parts,
    guesses_of_the_host,
)
OFFENCES = [
    (heavy_imports, "regdash/results.py", "import scipy"),
    (heavy_imports, "regdash/config.py", "import numpy as np"),
    (heavy_imports, "regdash/errors.py", "def f():\n    from pandas import isna"),
    (process_wide_calls, "regdash/data.py", "import torch\ntorch.manual_seed(1)"),
    (process_wide_calls, "regdash/ui/common/cache.py", "def f():\n    np.random.seed(1)"),
    (process_wide_calls, "regdash/ui/common/cache.py", "from torch import manual_seed"),
    (process_wide_calls, "regdash/training.py", "torch.set_num_threads(1)"),
    (undecided_dtypes, "regdash/data.py", "import torch\nx = torch.zeros(3, device='cpu')"),
    (long_functions, "regdash/data.py", "def f():\n" + "    x = 1\n" * 45),
    (undocumented, "regdash/data.py", '"""Doc."""\ndef f():\n    pass'),
    (undocumented, "regdash/data.py", '"""Doc."""\nclass A:\n    """Doc."""\n    def f(self): pass'),
    (undocumented, "regdash/data.py", "x = 1"),
    (mutable_globals, "regdash/data.py", "CACHE = {}"),
    (mutable_globals, "regdash/data.py", "A = B = [1]"),
    (mutable_globals, "regdash/data.py", "CACHE: dict[str, int] = dict()"),
    (mutable_globals, "regdash/data.py", "CACHE = collections.defaultdict(list)"),
    (mutable_globals, "regdash/data.py", "def f():\n    global x"),
    (careless_parts, "regdash/ui/study/page.py", "parts.part(f, run_every=1)(x)"),
    (careless_parts, "regdash/ui/study/page.py", "with st.container():\n    parts.part(f)(x)\n    st.text(x)"),
    (careless_parts, "regdash/ui/study/page.py", "with st.container():\n    st.fragment(f)(x)"),
    (careless_parts, "regdash/ui/study/page.py", "@st.fragment\ndef f():\n    pass"),
    (guesses_of_the_host, "regdash/study/run.py", "import os\nn = os.cpu_count() or 1"),
    (guesses_of_the_host, "regdash/study/run.py", "from multiprocessing import cpu_count"),
    (guesses_of_the_host, "regdash/cluster.py", "folder = Path.cwd()"),
    (guesses_of_the_host, "app.py", 'st.logo("static/logo.svg")'),
]
INNOCENT = '''"""Texts and generators of one's own are no offence."""
import torch
from types import MappingProxyType
SCRIPT = "torch.manual_seed(7)"
TABLE = MappingProxyType({"a": 1})
NAMES = ("a", "b", "one/other", "/")
__all__ = ["f"]
def f():
    """Doc."""
    return torch.Generator().manual_seed(7), [1]
'''


# What would break each contract: a file, and a line added to it.
TRESPASSES = {
    "rooms": ("regdash/data.py", "from regdash.ensemble import train_many"),
    "study": ("regdash/study/spec.py", "from regdash.study.result import StudyResult"),
    "stats": ("regdash/study/stats/bands.py", "import pandas"),
    "pages": ("regdash/ui/components/chart/component.py", "from regdash.ui.study import keys"),
    "streamlit": ("regdash/serving/pictures.py", "import streamlit"),
    "plotly": ("regdash/ui/common/cache.py", "import plotly.graph_objects"),
    "torch": ("regdash/words/runs.py", "import torch"),
}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict on the package in `folder`, by this project's contracts."""
    command = [
        str(Path(sys.executable).with_name("lint-imports")),
        "--no-cache",
        "--config",
        str(ROOT / "pyproject.toml"),
    ]
    environment = os.environ | {"PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def contracts() -> dict[str, str]:
    """The name of each contract by its id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_room_imports_only_what_it_may() -> None:
    found = lint_imports(ROOT)
    assert found.returncode == 0, found.stdout + found.stderr


def test_each_contract_bites(tmp_path: Path) -> None:
    """All trespasses at once: each breaks its own contract."""
    shutil.copytree(ROOT / "regdash", tmp_path / "regdash", ignore=shutil.ignore_patterns("__pycache__"))
    for name, line in TRESPASSES.values():
        file = tmp_path / name
        file.write_text(file.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    found = lint_imports(tmp_path)
    assert found.returncode == 1, found.stderr
    assert TRESPASSES.keys() == contracts().keys()
    kept = [key for key, name in contracts().items() if f"{name} BROKEN" not in found.stdout]
    assert kept == [], found.stdout


def test_a_room_that_the_contract_does_not_know_is_refused(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "regdash", tmp_path / "regdash", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "regdash" / "annexe.py").touch()
    assert lint_imports(tmp_path).returncode == 1


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps_the_rule(rule: Callable[[str, ast.Module], list[str]]) -> None:
    assert {name: found for name in FILES if (found := rule(name, tree(name)))} == {}


@pytest.mark.parametrize(("rule", "name", "source"), OFFENCES)
def test_the_rule_notices_an_offence(rule: Callable[[str, ast.Module], list[str]], name: str, source: str) -> None:
    assert rule(name, ast.parse(source))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_lets_the_innocent_pass(rule: Callable[[str, ast.Module], list[str]]) -> None:
    assert rule("regdash/data.py", ast.parse(INNOCENT)) == []


def test_files_are_named_for_their_purpose() -> None:
    forbidden = ("utils", "util", "helpers", "helper", "common", "misc", "manager")
    assert [name for name in SOURCES if Path(name).stem in forbidden] == []
    repeated = [name for name in SOURCES if f"{Path(name).stem}_".startswith(f"{Path(name).parent.name}_")]
    assert repeated == [], "the folder says it already"


def test_the_hall_is_not_a_store_room() -> None:
    assert len([name for name in FILES if name.count("/") == 1 and not name.endswith("__init__.py")]) <= 10


def test_every_file_can_be_read_in_one_go() -> None:
    lines = {name: path.read_text(encoding="utf-8").count("\n") for name, path in SOURCES.items()}
    assert {name: n for name, n in lines.items() if n > (40 if name == "app.py" else 300)} == {}


def test_no_module_imports_itself_round_a_corner() -> None:
    remaining = {name: own_imports(tree(name)) - {name} for name in FILES}
    while free := [name for name, needed in remaining.items() if not needed & remaining.keys()]:
        for name in free:
            del remaining[name]
    assert remaining == {}


def test_the_import_reader_sees_the_real_imports() -> None:
    assert "regdash/config.py" in own_imports(tree("regdash/data.py"))
    assert "regdash/export.py" in own_imports(tree("regdash/__init__.py"))
    assert "torch" in set(imports(tree("regdash/training.py")))
