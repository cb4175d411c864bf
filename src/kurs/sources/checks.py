"""What must hold before rows are taken in: every value has its type, the key is unique."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity, SourceError, closest
from kurs.sources.delimited import ORDINAL
from kurs.sources.forms import named
from kurs.sources.stage import PART

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.settle import Settled
    from kurs.sources.stage import Stage

LISTED = 20  # rows that cannot be typed, of which each is shown
_KEYS_SHOWN = 5
_NAIVE = r"\d{4}-\d{2}-\d{2}(?:[ T][\d:.]+)?"
_ROWS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Reject:
    """One value that keeps its row out: ``row`` as a spreadsheet would number it."""

    file: str
    row: int | None
    column: str
    value: str
    expected: str


def misfits(columns: Iterable[Settled]) -> str:
    """Return SQL that is true for a row of which a value has not its column's type."""
    tests = [
        f"({column.text} IS NOT NULL AND {column.value} IS NULL)" for column in columns if _may_fail(column)
    ]
    return " OR ".join(tests) or "FALSE"


def check_types(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    columns: Sequence[Settled],
    rejects_file: Path | None,
) -> tuple[int, int]:
    """Return how many rows were read and how many of them are rejected: within ``max_rejects``.

    Beyond, raises SourceError with the first rows (``untypable``, ``ragged_row``, ``type_changed``) and,
    if there are more, ``more_rejects`` with the count of all.
    """
    (row,) = connection.execute(f"SELECT count(*), count_if({misfits(columns)}) FROM stage").fetchall()
    ragged = sum(stage.ragged)
    read, rejected = row[0] + ragged, row[1] + ragged
    if rejected == 0:
        return read, 0
    said = source.max_rejects
    allowed = said.count if said.share is None else int(said.share * read)
    if rejected <= allowed:
        if rejects_file is not None:
            _write(rejects_file, [*_untypable(connection, stage, columns), *_ragged(stage)])
        return read, rejected
    rejects = [*_ragged(stage, LISTED), *_untypable(connection, stage, columns, LISTED)][:LISTED]
    problems = [_problem(source, reject, columns) for reject in rejects]
    if rejected > LISTED:
        problems.append(Problem("more_rejects", {"source": source.key, "shown": LISTED, "total": rejected}))
    raise SourceError(*problems)


def check_key(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    columns: Sequence[Settled],
    *,
    per_file: bool,
) -> None:
    """Raise SourceError: ``key_missing``, ``key_is_null`` or ``key_not_unique`` with keys, rows, counts."""
    if not source.unique_key:
        return
    if absent := [name for name in source.unique_key if name not in stage.columns]:
        values = [{"column": n, "source": source.key, "nearest": closest(n, stage.columns)} for n in absent]
        raise SourceError(*(Problem("key_missing", value) for value in values))
    there = {column.name for column in columns}
    key = [named(name) for name in source.unique_key if name in there]
    nulls = " OR ".join(f"{name} IS NULL" for name in key)
    if len(key) < len(source.unique_key):
        nulls = "TRUE"
    said = {"source": source.key, "key": source.unique_key}
    found = connection.execute(
        f"SELECT {PART}, {ORDINAL}, count(*) OVER () FROM typed WHERE {nulls} ORDER BY 1, 2 LIMIT 1"
    ).fetchall()
    for part, ordinal, count in found:
        row = stage.rows_of(part, [ordinal]).get(ordinal)
        values = {**said, "count": count, "file": stage.name_of(part), "row": row}
        raise SourceError(Problem("key_is_null", values))
    group = f"GROUP BY {', '.join([PART, *key] if per_file else key)} HAVING count(*) > 1"
    ((total,),) = connection.execute(f"SELECT count(*) FROM (SELECT 1 FROM typed {group})").fetchall()
    if total == 0:
        return
    places = f"list(({PART}, {ORDINAL}) ORDER BY {PART}, {ORDINAL})"
    rows = connection.execute(
        f"SELECT {', '.join(key)}, {places} FROM typed {group} "
        f"ORDER BY count(*) DESC, min({ORDINAL}) LIMIT {_KEYS_SHOWN}"
    ).fetchall()
    examples = tuple(
        {
            "key": tuple(str(value) for value in row[:-1]),
            "count": len(row[-1]),
            "rows": tuple(_place(stage, part, ordinal) for part, ordinal in row[-1][:_ROWS_SHOWN]),
        }
        for row in rows
    )
    raise SourceError(Problem("key_not_unique", {**said, "examples": examples, "total": total}))


def _may_fail(column: Settled) -> bool:
    return column.value != column.text and column.data.kind is not ColumnType.TEXT


def _place(stage: Stage, part: int, ordinal: int) -> str:
    return f"{stage.name_of(part)}:{stage.rows_of(part, [ordinal]).get(ordinal)}"


def _untypable(
    connection: DuckDBPyConnection, stage: Stage, columns: Sequence[Settled], limit: int | None = None
) -> list[Reject]:
    """Find the values without their type, in order of file and row."""
    many = "" if limit is None else f" LIMIT {limit}"
    found: list[tuple[int, int, Settled, str]] = []
    for column in filter(_may_fail, columns):
        sql = (
            f"SELECT {PART}, {ORDINAL}, CAST({column.text} AS VARCHAR) FROM stage "
            f"WHERE {column.text} IS NOT NULL AND {column.value} IS NULL ORDER BY 1, 2{many}"
        )
        found.extend((part, n, column, value) for part, n, value in connection.execute(sql).fetchall())
    found.sort(key=lambda entry: entry[:2])
    found = found[:limit]
    rows = {
        part: stage.rows_of(part, [f[1] for f in found if f[0] == part]) for part in {f[0] for f in found}
    }
    return [
        Reject(stage.name_of(part), rows[part].get(n), column.name, value, str(column.data))
        for part, n, column, value in found
    ]


def _ragged(stage: Stage, limit: int | None = None) -> list[Reject]:
    rejects: list[Reject] = []
    for part, count in enumerate(stage.ragged):
        if count and (limit is None or len(rejects) < limit):
            ragged = stage.ragged_rows(part)[:limit]
            rejects.extend(
                Reject(stage.name_of(part), row, "", text, f"{cells}/{stage.widths[part]}")
                for row, cells, text in ragged
            )
    return rejects


def _problem(source: Source, reject: Reject, columns: Sequence[Settled]) -> Problem:
    values: dict[str, object] = {"file": reject.file, "row": reject.row, "source": source.key}
    if not reject.column:
        given, _, expected = reject.expected.partition("/")
        return Problem("ragged_row", {**values, "given": int(given), "expected": int(expected)})
    column = next(column for column in columns if column.name == reject.column)
    values |= {"column": column.header, "value": reject.value}
    if column.recorded:
        return Problem("type_changed", {**values, "was": reject.expected, "now": f"“{reject.value}”"})
    if column.data.kind is ColumnType.TIMESTAMPTZ and re.fullmatch(_NAIVE, reject.value):
        return Problem("timezone_needed", values)
    return Problem("untypable", {**values, "type": reject.expected})


def _write(path: Path, rejects: Sequence[Reject]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "row", "column", "value", "expected"))
        writer.writerows((r.file, r.row, r.column, r.value, r.expected) for r in rejects)


def rejected_warning(source: Source, rejected: int, read: int) -> Problem:
    """Say that rows were left out, as ``max_rejects`` allows."""
    values = {"source": source.key, "rejected": rejected, "read": read}
    return Problem("rows_rejected", values, Severity.WARNING)
