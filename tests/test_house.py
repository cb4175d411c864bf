"""The house itself: its public face, what its imports cost, the size of its files, what it must not name."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import kurs

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "src" / "kurs"
SOURCES = sorted(HOUSE.rglob("*.py"))

QUERY_LIBRARIES = frozenset({"duckdb", "sqlglot", "pyarrow", "numpy", "deltalake"})
HEAVY_LIBRARIES = QUERY_LIBRARIES | {"pydantic", "yaml", "rich", "babel", "fastapi"}

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
EDGES = ("cli/", "web/", "workflows/watch.py")


def test_the_public_face_is_a_short_list() -> None:
    assert kurs.__all__ == ["__version__", "open"]
    assert all(hasattr(kurs, name) for name in kurs.__all__)


FRESH = """
import json, sys
try:
{code}
except SystemExit as end:
    assert not end.code, end.code
print()
print(json.dumps(sorted({{name.partition(".")[0] for name in sys.modules}})))
"""


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after the code, however it ended."""
    script = FRESH.format(code=textwrap.indent(code, "    "))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_kurs_loads_no_heavy_library() -> None:
    modules = loaded_by("import kurs")
    assert "kurs" in modules
    assert not modules & HEAVY_LIBRARIES


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_the_command_line_answers_without_a_query_library(argument: str) -> None:
    modules = loaded_by(
        f"import kurs.cli.main\nsys.argv = ['kurs', {argument!r}]\nsys.exit(kurs.cli.main.run())"
    )
    assert "kurs" in modules
    assert not modules & QUERY_LIBRARIES


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    sizes = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION} == {}


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Does it catch everything, by its bare form or by name, alone or in a tuple?"""
    if handler.type is None:
        return True
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(name, ast.Name) and name.id in ("Exception", "BaseException") for name in names)


@pytest.mark.parametrize("caught", ["", " Exception", " BaseException as e", " (ValueError, Exception)"])
def test_a_broad_except_is_seen(caught: str) -> None:
    (handler,) = [
        node
        for node in ast.walk(ast.parse(f"try: pass\nexcept{caught}: pass"))
        if isinstance(node, ast.ExceptHandler)
    ]
    assert is_broad(handler)


def test_only_the_edges_catch_everything() -> None:
    inner = [path for path in SOURCES if not path.relative_to(HOUSE).as_posix().startswith(EDGES)]
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in inner
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    ]
    assert broad == []


def tracked_texts() -> dict[str, str]:
    """Every text file that git tracks, by its name."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    texts = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue  # deleted, and not committed yet
        content = path.read_bytes()
        if b"\0" not in content:
            texts[name] = content.decode("utf-8", "replace")
    return texts


def test_no_file_names_a_registry_host_or_a_place_on_one_machine() -> None:
    # In two halves, so that this list is not itself a find.
    hosts = ["py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "crates" + ".io"]
    places = ["/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/", "/Us" + "ers/", "/opt/" + "py"]
    found = [
        f"{name}: {needle}"
        for name, text in tracked_texts().items()
        for needle in hosts + places
        if needle in text
    ]
    assert found == []
