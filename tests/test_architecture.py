"""The architecture, read from the source: imports point one way, nothing is shared by accident, nothing grows too long.

Each rule is a function from a syntax tree to complaints, so that every rule is also shown a file that breaks it.
"""

import ast
import sys
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

# From the bottom up; a layer imports itself and what lies below it.
CORE = (
    "errors", "config", "results", "keyframes", "cost", "data", "model", "training", "export", "ensemble",
    "cluster", "study", "teaching", "words", "__init__",
)  # fmt: skip
LAYERS = ("core", "figures", "serving", "ui", "app")
TORCHLESS = {"config", "errors", "keyframes", "cost", "results", "figures", "words"}
SHARED_STATE = {
    "torch.manual_seed", "torch.random.manual_seed", "torch.seed", "torch.set_rng_state", "torch.set_default_dtype",
    "torch.set_default_device", "torch.set_default_tensor_type", "torch.use_deterministic_algorithms",
    "np.random.seed", "numpy.random.seed", "np.random.set_state", "numpy.random.set_state", "random.seed",
}  # fmt: skip
THREADS = {"torch.set_num_threads", "torch.set_num_interop_threads"}


def tree(name: str) -> ast.Module:
    return ast.parse(FILES[name].read_text(encoding="utf-8"))


def part(name: str) -> str:
    """ "regdash/figures/theme.py" is of the part figures, "regdash/config.py" of config, "app.py" of app."""
    pieces = name.removesuffix(".py").split("/")
    return pieces[0] if len(pieces) == 1 else pieces[1]


def layer(name: str) -> str:
    """The layer of a file."""
    return "core" if part(name) in CORE else part(name)


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


def wrong_direction(name: str, module: ast.Module) -> list[str]:
    """Own modules of a higher layer, and streamlit, plotly or torch where they do not belong."""
    mine = layer(name)
    complaints = [
        f"imports {dotted}, which lies above {mine}"
        for dotted in imports(module)
        for above in LAYERS[LAYERS.index(mine) + 1 :]
        if f"{dotted}.".startswith((f"regdash.{above}.", f"{above}."))
    ]
    if mine == "core":
        above = CORE[CORE.index(part(name)) + 1 : -1]
        found = {dotted.split(".")[1] for dotted in imports(module) if dotted.startswith("regdash.")} & set(above)
        complaints += [f"imports regdash.{other}, which lies above regdash.{part(name)}" for other in sorted(found)]
    top_level = {dotted.split(".")[0] for dotted in imports(module)}
    if "streamlit" in top_level and mine not in ("ui", "app"):
        complaints.append("streamlit belongs in app.py and regdash/ui")
    if "plotly" in top_level and part(name) not in ("figures", "export"):
        complaints.append("plotly belongs in regdash/figures and regdash/export.py")
    if "torch" in top_level and part(name) in TORCHLESS:
        complaints.append("torch does not belong here")
    if part(name) in ("config", "errors"):
        foreign = top_level - sys.stdlib_module_names - {"regdash"}
        complaints += [f"{dotted} is not the standard library" for dotted in sorted(foreign)]
    if part(name) == "results":
        foreign = top_level - sys.stdlib_module_names - {"regdash", "numpy", "pandas"}
        complaints += [f"{dotted} is neither numpy nor pandas" for dotted in sorted(foreign)]
    return complaints


def process_wide_calls(name: str, module: ast.Module) -> list[str]:
    """Calls, or imports for calling, of what changes state that all visitors share."""
    forbidden = SHARED_STATE | (set() if layer(name) in ("ui", "app") else THREADS)
    calls = {ast.unparse(node.func) for node in ast.walk(module) if isinstance(node, ast.Call)}
    return sorted((calls | set(imports(module))) & forbidden)


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


def crowded_fragments(_: str, module: ast.Module) -> list[str]:
    """Calls of `st.fragment` that are not alone in a container: `regdash.ui.study.page` says why they must be."""
    fragment = "st.fragment("
    alone = {
        node.body[0].lineno
        for node in ast.walk(module)
        if isinstance(node, ast.With) and len(node.body) == 1 and ast.unparse(node.items[0]) == "st.container()"
    }
    calls = [node for node in ast.walk(module) if isinstance(node, ast.Expr) and fragment in ast.unparse(node)]
    decorated = [
        node.name
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and any("st.fragment" in ast.unparse(each) for each in node.decorator_list)
    ]
    return decorated + [ast.unparse(node) for node in calls if node.lineno not in alone]


RULES: tuple[Callable[[str, ast.Module], list[str]], ...] = (
    wrong_direction,
    process_wide_calls,
    long_functions,
    undocumented,
    mutable_globals,
    crowded_fragments,
)
OFFENCES = [
    (wrong_direction, "regdash/data.py", "import streamlit as st"),
    (wrong_direction, "regdash/data.py", "def f():\n    from streamlit import cache_data"),
    (wrong_direction, "regdash/data.py", "from regdash.ensemble import train_many"),
    (wrong_direction, "regdash/study/run.py", "from regdash import serving"),
    (wrong_direction, "regdash/figures/explore/curves.py", "from regdash.ui import controls"),
    (wrong_direction, "regdash/figures/explore/curves.py", "import torch.nn"),
    (wrong_direction, "regdash/words/runs.py", "from regdash import figures"),
    (wrong_direction, "regdash/ui/common/cache.py", "import app"),
    (wrong_direction, "regdash/ui/common/cache.py", "import plotly.graph_objects as go"),
    (wrong_direction, "regdash/results.py", "import torch"),
    (wrong_direction, "regdash/results.py", "import scipy"),
    (wrong_direction, "regdash/config.py", "import numpy as np"),
    (process_wide_calls, "regdash/data.py", "import torch\ntorch.manual_seed(1)"),
    (process_wide_calls, "regdash/ui/common/cache.py", "def f():\n    np.random.seed(1)"),
    (process_wide_calls, "regdash/ui/common/cache.py", "from torch import manual_seed"),
    (process_wide_calls, "regdash/training.py", "torch.set_num_threads(1)"),
    (long_functions, "regdash/data.py", "def f():\n" + "    x = 1\n" * 45),
    (undocumented, "regdash/data.py", '"""Doc."""\ndef f():\n    pass'),
    (undocumented, "regdash/data.py", '"""Doc."""\nclass A:\n    """Doc."""\n    def f(self): pass'),
    (undocumented, "regdash/data.py", "x = 1"),
    (mutable_globals, "regdash/data.py", "CACHE = {}"),
    (mutable_globals, "regdash/data.py", "A = B = [1]"),
    (mutable_globals, "regdash/data.py", "CACHE: dict[str, int] = dict()"),
    (mutable_globals, "regdash/data.py", "CACHE = collections.defaultdict(list)"),
    (mutable_globals, "regdash/data.py", "def f():\n    global x"),
    (crowded_fragments, "regdash/ui/study/page.py", "st.fragment(f, run_every=1)(x)"),
    (crowded_fragments, "regdash/ui/study/page.py", "with st.container():\n    st.fragment(f)(x)\n    st.text(x)"),
    (crowded_fragments, "regdash/ui/study/page.py", "@st.fragment\ndef f():\n    pass"),
]
INNOCENT = '''"""Texts and generators of one's own are no offence."""
import torch
from types import MappingProxyType
SCRIPT = "torch.manual_seed(7)"
TABLE = MappingProxyType({"a": 1})
NAMES = ("a", "b")
__all__ = ["f"]
def f():
    """Doc."""
    return torch.Generator().manual_seed(7), [1]
'''


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", FILES)
def test_every_file_keeps_the_rule(name: str, rule: Callable[[str, ast.Module], list[str]]) -> None:
    assert rule(name, tree(name)) == []


@pytest.mark.parametrize(("rule", "name", "source"), OFFENCES)
def test_the_rule_notices_an_offence(rule: Callable[[str, ast.Module], list[str]], name: str, source: str) -> None:
    assert rule(name, ast.parse(source))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_lets_the_innocent_pass(rule: Callable[[str, ast.Module], list[str]]) -> None:
    assert rule("regdash/data.py", ast.parse(INNOCENT)) == []


@pytest.mark.parametrize("name", FILES)
def test_every_file_has_its_place(name: str) -> None:
    """A new module must be put into a layer, here and in the design, before it is used."""
    assert layer(name) in LAYERS
    assert Path(name).stem not in ("utils", "util", "helpers", "helper", "common", "misc")


@pytest.mark.parametrize("name", SOURCES)
def test_every_file_can_be_read_in_one_go(name: str) -> None:
    lines = SOURCES[name].read_text(encoding="utf-8").count("\n")
    assert lines <= (40 if name == "app.py" else 300)


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
