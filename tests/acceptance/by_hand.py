"""A drafted project read by hand: YAML, Python's own csv, and fractions. Nothing here is of kurs."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Cell = str | Fraction | date | None
Row = dict[str, Cell]

_NUMBERS = re.compile(r"int|float|decimal.*")
_LEAF = re.compile(
    r"(?P<what>sum|avg|count)\((?P<table>\w+)(?:\.(?P<column>\w+))?\)"
    r"(?: filter \(where \w+\.(?P<only>\w+)(?: = '(?P<value>\w+)')?\))?"
)
_TOKEN = re.compile(r"nullif\((?P<divisor>.+), 0\)$|(?P<number>\d+)|(?P<name>\w+)")


@dataclass(frozen=True)
class Table:
    """The rows of one table: numbers as fractions, its time as a day, all else as text; "" is None."""

    rows: list[Row]
    numbers: tuple[str, ...]
    left_as_text: tuple[str, ...]
    time: str | None
    dimensions: dict[str, str]


class Plan:
    """The tables and metrics of a drafted project."""

    def __init__(self, folder: Path, delimiter: str = ",") -> None:
        written: dict[str, Any] = {}
        for path in sorted(folder.glob("*.yaml")):
            written |= yaml.safe_load(path.read_text("utf-8")) or {}
        self.tables = {
            name: _table(folder, said, written["sources"][said["from"]], delimiter)
            for name, said in written["tables"].items()
        }
        self.metrics: dict[str, str] = {name: said["expr"] for name, said in written["metrics"].items()}

    def home(self, metric: str) -> str:
        """Return the table of a metric's first aggregate."""
        expr = self.metrics[metric]
        if leaf := _LEAF.search(expr):
            return leaf["table"]
        return self.home(next(word for word in re.findall(r"[a-z]\w*", expr) if word in self.metrics))

    def value(self, metric: str, rows: Sequence[Row]) -> Fraction | None:
        """Work out a metric over some rows of its table."""
        result: Fraction | None = Fraction(1)
        sign = "*"
        for part in re.split(r" ([*/]) ", self.metrics[metric]):
            if part in ("*", "/"):
                sign = part
                continue
            value = self._factor(part, rows)
            if result is None or value is None or (sign == "/" and value == 0):
                result = None
            else:
                result = result * value if sign == "*" else result / value
        return result

    def _factor(self, text: str, rows: Sequence[Row]) -> Fraction | None:
        if leaf := _LEAF.fullmatch(text):
            return _aggregate(leaf, rows)
        token = _TOKEN.fullmatch(text)
        assert token, f"by hand, {text} is not understood"
        if token["number"]:
            return Fraction(token["number"])
        return self._factor(token["divisor"], rows) if token["divisor"] else self.value(token["name"], rows)


def _aggregate(leaf: re.Match[str], rows: Sequence[Row]) -> Fraction | None:
    only, wanted = leaf["only"], leaf["value"]
    if only:
        rows = [row for row in rows if str(row[only]) == wanted or str(row[only]).lower() == "true"]
    if not leaf["column"]:
        return Fraction(len(rows))
    values = [value for row in rows if isinstance(value := row[leaf["column"]], Fraction)]
    if leaf["what"] == "sum":
        return sum(values, Fraction())
    return sum(values, Fraction()) / len(values) if values else None


def _table(folder: Path, said: dict[str, Any], source: dict[str, Any], delimiter: str) -> Table:
    files = source["files"] if isinstance(source["files"], list) else [source["files"]]
    paths = sorted({path for pattern in files for path in folder.glob(pattern)})
    columns: dict[str, Any] = source.get("columns", {})
    types: dict[str, dict[str, str]] = {}
    for header, given in columns.items():
        types[header] = given if isinstance(given, dict) else {"type": given}
    names = {header: given.get("name", _plain(header)) for header, given in types.items()}
    numbers = [header for header, given in types.items() if _NUMBERS.fullmatch(given.get("type", ""))]
    texts = [header for header, given in types.items() if given == {"type": "text"}]
    nulls = source["format"].get("nulls", [""])
    time = said.get("time")
    rows: list[Row] = []
    numeric: dict[str, bool] = dict.fromkeys(texts, False)
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(file, delimiter=delimiter)
            headers = _told_apart(next(lines))
            for line in lines:
                record = dict(zip(headers, line, strict=True))
                row: Row = {}
                for header, name in names.items():
                    text = record[header]
                    row[name] = None if text in nulls else text
                    if header in numbers:
                        row[name] = Fraction(text.strip()) if text.strip() not in nulls else None
                    if name == time:
                        row[name] = _day(text, types[header].get("date"))
                rows.append(row)
    numeric = {h: _all_numbers(row[names[h]] for row in rows) for h in texts}
    dimensions: dict[str, str] = {}
    for entry in said.get("dimensions", []):
        dimensions |= entry if isinstance(entry, dict) else {entry: entry}
    left = tuple(names[header] for header, all_numbers in numeric.items() if all_numbers)
    return Table(rows, tuple(names[header] for header in numbers), left, time, dimensions)


def _told_apart(headers: Sequence[str]) -> list[str]:
    """Return the headers as a plan names them: the second of the same name has its number behind it."""
    before: Counter[str] = Counter()
    told: list[str] = []
    for header in headers:
        before[header] += 1
        told.append(f"{header} ({before[header]})" if before[header] > 1 else header)
    return told


def _plain(header: str) -> str:
    name = re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")
    return f"column_{name}" if name[0].isdigit() else name


def _day(text: str, form: str | None) -> date:
    return (datetime.strptime(text, form) if form else datetime.fromisoformat(text.strip())).date()  # noqa: DTZ007


def _all_numbers(cells: Iterable[Cell]) -> bool:
    texts = [cell for cell in cells if isinstance(cell, str)]
    return bool(texts) and all(re.fullmatch(r"\s*-?\d+(\.\d+)?\s*", text) for text in texts)
