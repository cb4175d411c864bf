"""Reads the cases of ``tests/answers/*.yaml``; README.md beside says how one is written."""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HERE = Path(__file__).parent
KEYS = frozenset({"title", "why", "plan", "data", "question", "rows", "warnings", "problem", "not_yet"})
ENGINES = ("file", "lake")
NEARLY = Fraction(1, 10**9)
PROJECT = {"name": "Case", "timezone": "UTC", "currency": "EUR", "as_of": "2026-12-31"}

_OPERATIONS: dict[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table as text: names, and rows of cells; None where a cell is empty or says ``null``."""

    names: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Grid:
        """Read lines of cells with ``|`` between them; the first line holds the names."""
        lines = [line for line in text.splitlines() if line.strip()]
        names, *rows = ([cell.strip() for cell in line.split("|")] for line in lines)
        for row in rows:
            if len(row) != len(names):
                raise ValueError(f"{len(names)} columns, but {len(row)} cells in: {' | '.join(row)}")
        return cls(
            tuple(names), tuple(tuple(None if cell in ("", "null") else cell for cell in row) for row in rows)
        )


@dataclass(frozen=True, slots=True)
class Data:
    """A table of a case: each column has a name and a type."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str | None, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Data:
        """Read a grid whose names are ``name type``, as in ``amount decimal``."""
        grid = Grid.parse(text)
        columns = [tuple(name.split()) for name in grid.names]
        for column in columns:
            if len(column) != 2:
                raise ValueError(f"a column of data needs a name and a type: {' '.join(column)}")
        return cls(tuple((name, kind) for name, kind in columns), grid.rows)


@dataclass(frozen=True, slots=True)
class Case:
    """One case: with this plan and these data, that question has these rows, or that problem."""

    title: str
    file: str
    plan: Mapping[str, Any]
    data: tuple[tuple[str, Data], ...]
    question: Mapping[str, Any]
    rows: Grid | None
    problem: str | None
    warnings: tuple[str, ...] | None
    not_yet: Mapping[str, str]  # by engine: why it does not give this answer yet


def cases() -> list[Case]:
    """Return all cases, in the order of their files."""
    return [case for file in sorted(HERE.glob("*.yaml")) for case in _cases_of(file)]


def _cases_of(file: Path) -> list[Case]:
    shared = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
    if unknown := shared.keys() - {"plan", "data", "cases"}:
        raise ValueError(f"{file.name}: unknown {sorted(unknown)}")
    return [_case(file, shared, said) for said in shared["cases"]]


def _case(file: Path, shared: Mapping[str, Any], said: Mapping[str, Any]) -> Case:
    title = said.get("title", "")
    if unknown := said.keys() - KEYS:
        raise ValueError(f"{file.name}: {title}: unknown {sorted(unknown)}")
    if not title or ("rows" in said) == ("problem" in said):
        raise ValueError(f"{file.name}: {title}: a case has a title, and either rows or a problem")
    not_yet = said.get("not_yet", {})
    if not set(not_yet) <= set(ENGINES):
        raise ValueError(f"{file.name}: {title}: engines are {ENGINES}")
    return Case(
        title=title,
        file=file.stem,
        plan=_merged({"project": PROJECT}, _merged(shared.get("plan", {}), said.get("plan", {}))),
        data=tuple((name, Data.parse(text)) for name, text in said.get("data", shared.get("data")).items()),
        question=said["question"],
        rows=Grid.parse(said["rows"]) if "rows" in said else None,
        problem=said.get("problem"),
        warnings=tuple(sorted(said["warnings"])) if "warnings" in said else None,
        not_yet=not_yet,
    )


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Lay one plan over another: within a section, a name of the upper one replaces that of the lower."""
    sections = dict.fromkeys((*below, *above))
    return {name: {**below.get(name, {}), **above.get(name, {})} for name in sections}


def same(expected: str | None, value: object) -> bool:
    """Say whether a cell is the value; a number may be written as arithmetic (``28/31 - 1``)."""
    if expected is None or value is None:
        return expected is value
    if isinstance(value, bool):
        return expected == str(value).lower()
    if isinstance(value, (int, float, Decimal)):
        number, answer = _number(expected), Fraction(value)
        return number is not None and abs(answer - number) <= NEARLY * max(abs(answer), abs(number))
    if isinstance(value, datetime):
        return expected == value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return expected == value.isoformat()
    return expected == value


def shown(value: object) -> str:
    """Return a value as a cell."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _number(text: str) -> Fraction | None:
    try:
        return _computed(ast.parse(text, mode="eval").body, text)
    except SyntaxError:
        return None


def _computed(node: ast.expr, text: str) -> Fraction | None:
    match node:
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            value = _computed(operand, text)
            return None if value is None else -value
        case ast.BinOp(left=left, op=op, right=right):
            values = _computed(left, text), _computed(right, text)
            if values[0] is None or values[1] is None:
                return None
            return _OPERATIONS[type(op)](values[0], values[1])
        case _:
            return None
