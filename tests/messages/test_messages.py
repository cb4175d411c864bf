"""Broken plans and what is said of them: one text file a case, which anybody can add.

A case lies in ``tests/messages/CODE.txt``, or ``CODE-more.txt`` for a further one: a first line about it,
the files of a plan under ``=== name.yaml``, and the answer under ``=== problems``. To write the answer,
or to write all answers anew after a text has changed: ``KURS_REWRITE=1 pytest tests/messages``, and then
read what it says aloud. Behind a file's name may stand ``(encoding latin-1)``, ``(times 9)`` for the same
text nine times, ``(copies 9)`` for nine files, ``(link other.yaml)`` for a link.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import kurs.project
from kurs.words.problems import PROBLEMS
from messages import cases

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
ROOM = Path(kurs.project.__file__).parent
EXPRESSIONS = [ROOM.parent / "metrics" / f"{name}.py" for name in ("expression", "reach", "formula", "check")]
CASES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_said(path: Path) -> None:
    case = cases.load(path)
    problems = cases.found(case)
    said = cases.rendered(problems)
    if os.environ.get("KURS_REWRITE"):
        cases.rewrite(case, said)
    else:
        assert said == case.expected
    assert case.code in {problem.code for problem in problems}
    assert "…\N{RIGHT DOUBLE QUOTATION MARK}" not in said


def emitted() -> Iterator[tuple[str, str]]:
    """Each code that is given to a problem of the plan: its place and the code."""
    makers = {"Problem", "_Stop", "_error", "error", "warning", "info", "unknown", "note"}
    for path in (*sorted(ROOM.glob("*.py")), *EXPRESSIONS):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in makers:
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield f"{path.name}:{part.lineno}", part.value


def chosen() -> Iterator[str]:
    """Each code of the files that choose one first and give it to a problem later."""
    for name in ("link.py", "syntax.py"):
        for node in ast.walk(ast.parse((ROOM / name).read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in PROBLEMS:
                yield str(node.value)


def test_every_code_of_the_room_has_its_words() -> None:
    assert [f"{place} {code}" for place, code in emitted() if code not in PROBLEMS] == []


def test_every_code_of_the_room_has_a_case() -> None:
    told = {path.stem.partition("-")[0] for path in CASES}
    elsewhere = {"not_loaded", "unreachable_dimension"}  # said of a question, not of the plan
    assert sorted({*chosen(), *(code for _, code in emitted())} - told - elsewhere) == []
