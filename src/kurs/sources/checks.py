"""What must hold before rows are taken in: every value has its type, the key is unique."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from kurs.model.source import Keep
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError, closest
from kurs.sources.delimited import ORDINAL
from kurs.sources.forms import named
from kurs.sources.stage import PART

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.settled import Settled
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


def type_rows(connection: DuckDBPyConnection, columns: Sequence[Settled]) -> int:
    """Make table ``typed`` of all rows, and return how many have a value without their column's type."""
    texts = "".join(f", {column.text} AS {named(column.name)}" for column in columns)
    values = "".join(f", {column.value} AS {named(column.name)}" for column in columns)
    # Layer by layer: DuckDB would work out a text anew wherever it stands in the expression for its value.
    connection.execute(f"CREATE TEMP VIEW texts AS SELECT {PART}, {ORDINAL}{texts} FROM stage")
    connection.execute(f"CREATE TABLE typed AS SELECT {PART}, {ORDINAL}{values} FROM texts")
    names = ", ".join(f"count({named(column.name)})" for column in columns if not column.sure)
    if not names:
        return 0
    (filled,) = connection.execute(f"SELECT {names} FROM texts").fetchall()
    (fitting,) = connection.execute(f"SELECT {names} FROM typed").fetchall()
    if filled == fitting:
        return 0
    lost = " OR ".join(_lost(column) for column in columns if not column.sure)
    connection.execute(
        f"CREATE TABLE misfits AS SELECT typed.{PART}, typed.{ORDINAL} "
        f"FROM typed JOIN texts USING ({PART}, {ORDINAL}) WHERE {lost}"
    )
    connection.execute(
        f"DELETE FROM typed WHERE ({PART}, {ORDINAL}) IN (SELECT ({PART}, {ORDINAL}) FROM misfits)"
    )
    ((count,),) = connection.execute("SELECT count(*) FROM misfits").fetchall()
    return count


def check_types(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    columns: Sequence[Settled],
    rejects_file: Path | None,
) -> tuple[int, int]:
    """Make table ``typed``, if need be; return how many rows were read and how many are rejected.

    Beyond ``max_rejects``, raises SourceError with the first rows (``untypable``, ``ragged_row``,
    ``type_changed``) and, if there are more, ``more_rejects`` with the count of all.
    """
    ragged = sum(stage.ragged)
    read = sum(stage.counts) + ragged
    rejected = ragged if stage.settled else type_rows(connection, columns) + ragged
    said = source.max_rejects
    allowed = said.count if said.share is None else int(said.share * read)
    if rejected > allowed:
        rejects = [*_ragged(stage, LISTED), *_untypable(connection, stage, columns, LISTED)][:LISTED]
        problems = [_problem(source, reject, columns) for reject in rejects]
        if rejected > LISTED:
            values = {"source": source.key, "shown": LISTED, "total": rejected}
            problems.append(Problem("more_rejects", values))
        raise SourceError(*problems)
    if rejected and rejects_file is not None:
        ragged_rows = _ragged(stage)
        if any(column.keep is not Keep.PLAIN for column in source.columns):
            ragged_rows = [replace(row, value="") for row in ragged_rows]  # they hold what is to be protected
        _write(rejects_file, [*_untypable(connection, stage, columns), *ragged_rows])
    return read, rejected


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
        values = [
            {"column": n, "source": source.key, "suggestion": closest(n, stage.columns)} for n in absent
        ]
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
    values = {**said, "examples": _examples(stage, rows), "total": total}
    raise SourceError(Problem("key_not_unique", values))


def _lost(column: Settled) -> str:
    name = named(column.name)
    return f"(texts.{name} IS NOT NULL AND typed.{name} IS NULL)"


def _examples(stage: Stage, found: Sequence[tuple[object, ...]]) -> tuple[str, ...]:
    """Write keys, how often each stands, and where: ``2026-01-01 · a (2: ads.csv:4, ads.csv:9)``.

    ``found`` are rows of the key's values and, last, the list of its (file, ordinal).
    """
    keys = [(row[:-1], cast("list[tuple[int, int]]", row[-1])) for row in found]
    wanted: dict[int, list[int]] = {}
    for _, places in keys:
        for part, ordinal in places[:_ROWS_SHOWN]:
            wanted.setdefault(part, []).append(ordinal)
    rows = {part: stage.rows_of(part, ordinals) for part, ordinals in wanted.items()}
    examples: list[str] = []
    for key, places in keys:
        shown = (f"{stage.name_of(part)}:{rows[part].get(n)}" for part, n in places[:_ROWS_SHOWN])
        examples.append(f"{' · '.join(map(str, key))} ({len(places)}: {', '.join(shown)})")
    return tuple(examples)


def _untypable(
    connection: DuckDBPyConnection, stage: Stage, columns: Sequence[Settled], limit: int | None = None
) -> list[Reject]:
    """Find the values without their type, in order of file and row."""
    found: list[tuple[int, int, Settled, str]] = []
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'misfits'").fetchall():
        return []
    for column in columns:
        if column.sure:
            continue
        name = named(column.name)
        sql = (
            f"SELECT {PART}, {ORDINAL}, CAST({name} AS VARCHAR) "
            f"FROM texts JOIN misfits USING ({PART}, {ORDINAL}) "
            f"WHERE {name} IS NOT NULL AND ({column.value}) IS NULL ORDER BY 1, 2"
        )
        rows = connection.execute(sql if limit is None else f"{sql} LIMIT {limit}").fetchall()
        found.extend((part, ordinal, column, value) for part, ordinal, value in rows)
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
        return Problem("type_changed", {**values, "was": reject.expected, "now": reject.value})
    if column.data.kind is ColumnType.TIMESTAMPTZ and re.fullmatch(_NAIVE, reject.value):
        return Problem("timezone_needed", values)
    digits = rf"[+-]?\d*(?:{re.escape(source.format.decimal)}\d+)?"
    if column.data.kind is ColumnType.DECIMAL and re.fullmatch(digits, reject.value):
        return Problem("untypable_decimal", {**values, "type": reject.expected})
    return Problem("untypable", {**values, "type": reject.expected})


def _write(path: Path, rejects: Sequence[Reject]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "row", "column", "value", "expected"))
        writer.writerows((r.file, r.row, r.column, r.value, r.expected) for r in rejects)
