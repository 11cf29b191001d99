"""Components' scripts as a browser asks for them; that pages work with them is seen there."""

import ast
import asyncio
from pathlib import Path

import pytest
from starlette.requests import Request

from regdash.ui.components import route
from regdash.ui.components.script import PLACES, Script, small

COMPONENTS = Path(route.__file__).parent


def asked(file):
    answer = route.scripts().endpoint(Request({"type": "http", "method": "GET", "path_params": {"file": file}}))
    return asyncio.run(answer)


@pytest.mark.parametrize("file", route.SCRIPTS)
def test_a_browser_gets_each_script_and_keeps_it(file):
    answer = asked(file)
    assert answer.body.decode() == route.SCRIPTS[file]
    assert answer.headers["content-type"].startswith("text/javascript")  # else it is no module
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("file", ["picture.js", "../component.py", "picture-0000000000000000.js"])
def test_nothing_else_is_there(file):
    answer = asked(file)
    assert answer.status_code == 404
    assert "cache-control" not in answer.headers


def test_another_text_has_another_address():
    one, other = Script("name", "export default 1;"), Script("name", "export default 2;")
    assert one.file != other.file
    assert one.file in one.loader
    assert Script("name", "export default 1;").loader == one.loader


def test_the_files_of_a_script_stand_one_after_the_other(tmp_path):
    for name in "ab":
        (tmp_path / name).write_text(name, encoding="utf-8")
    assert Script.of("x", [tmp_path / "a", tmp_path / "b"], first="0").text == f"{PLACES}\n0\na\nb"
    assert Script.of("x", [tmp_path / "a"]).text == f"{PLACES}\na"


def test_each_script_that_a_component_is_registered_with_is_served():
    """It is all that such a module has of this name."""
    names = {
        file.parent.name
        for file in COMPONENTS.glob("*/component.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "loader"
    }
    assert {file.rpartition("-")[0] for file in route.SCRIPTS} == names
    assert names


@pytest.mark.parametrize("folder", sorted(COMPONENTS.glob("*/")), ids=lambda folder: folder.name)
def test_who_keeps_an_object_for_a_place_has_it_from_one_hand(folder):
    """Whose own map it would be would close what a later call of Streamlit's has."""
    files = [file.read_text(encoding="utf-8") for file in folder.glob("component.*")]
    if any("parentElement" in text for text in files):
        assert any("new Places()" in text for text in files)
        assert any("Script.of(" in text or "small(" in text for text in files)
    assert not any("new WeakMap()" in text for text in files)
    if (folder / "component.js").exists():
        assert small(folder).startswith(PLACES)
