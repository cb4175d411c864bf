"""The days that each file speaks of, and which file speaks for a day that several hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kurs.model.days import Days
from kurs.model.table import ColumnType
from kurs.model.window import Window
from kurs.problems import Problem, SourceError, closest
from kurs.sources.delimited import ORDINAL
from kurs.sources.forms import named
from kurs.sources.stage import PART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.settled import Settled
    from kurs.sources.stage import Stage

_DAYS = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_EARLIEST, _LATEST = date(1900, 1, 1), date(2199, 12, 31)
_SUMMED = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT)


def window_of(source: Source, stage: Stage, columns: Sequence[Settled], zone: str) -> Window:
    """Return the source's window. Raises SourceError: ``window_missing``, ``window_type``."""
    assert source.window is not None
    column = next((column for column in columns if column.name == source.window), None)
    values = {"window": source.window, "source": source.key}
    if column is None:
        near = closest(source.window, stage.columns)
        raise SourceError(Problem("window_missing", {**values, "suggestion": near}))
    if column.data.kind not in _DAYS:
        raise SourceError(Problem("window_type", {**values, "type": str(column.data)}))
    return Window(source.window, column.data.kind, zone)


def days_by_file(
    connection: DuckDBPyConnection, source: Source, stage: Stage, window: Window
) -> tuple[Days | None, ...]:
    """Return the first to the last day of each file; None for a file without a row.

    Raises SourceError: ``window_is_null`` and ``window_far`` (a day before 1900 or after 2199) with the row.
    """
    column = named(window.column)
    days: list[Days | None] = [None] * len(stage.files)
    sql = f"SELECT {PART}, epoch_us(min({column})), epoch_us(max({column})) FROM typed GROUP BY {PART}"
    if window.kind is ColumnType.DATE:
        sql = sql.replace(column, f"CAST({column} AS TIMESTAMP)")
    values = {"window": window.column, "source": source.key}
    null = connection.execute(
        f"SELECT {PART}, {ORDINAL}, count(*) OVER () FROM typed WHERE {column} IS NULL ORDER BY 1, 2 LIMIT 1"
    ).fetchall()
    for part, ordinal, count in null:
        row = stage.rows_of(part, [ordinal]).get(ordinal)
        place = {"file": stage.name_of(part), "row": row, "count": count}
        raise SourceError(Problem("window_is_null", {**values, **place}))
    for part, first, last in connection.execute(sql).fetchall():
        found = Days(window.day_of(first), window.day_of(last))
        if found.first < _EARLIEST or found.last > _LATEST:
            far = found.first if found.first < _EARLIEST else found.last
            raise SourceError(Problem("window_far", {**values, "file": stage.name_of(part), "day": far}))
        days[part] = found
    return tuple(days)


def check_overlap(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    window: Window,
    days: Sequence[Days | None],
    columns: Sequence[Settled],
) -> None:
    """Raise SourceError ``overlapping_files`` with the totals of both files over the days they share."""
    known = sorted((span, part) for part, span in enumerate(days) if span is not None)
    for n, (span, part) in enumerate(known[1:], 1):
        widest, other = max(known[:n], key=lambda entry: entry[0].last)
        shared = widest.overlap(span)
        if shared is None:
            continue
        first, second = sorted((part, other))
        rows, total = _total(connection, first, window, shared, columns)
        other_rows, other_total = _total(connection, second, window, shared, columns)
        values = {
            "source": source.key,
            "files": (stage.name_of(first), stage.name_of(second)),
            "from": shared.first,
            "to": shared.last,
            "rows": rows,
            "total": total,
            "other_rows": other_rows,
            "other_total": other_total,
        }
        raise SourceError(Problem("overlapping_files", values))


def winners(window: Window, days: Sequence[Days | None]) -> str:
    """Return SQL that keeps a row if no later file holds its day."""
    tests: list[str] = []
    for part, span in enumerate(days):
        later = tuple(
            shared for other in days[part + 1 :] if span and other and (shared := span.overlap(other))
        )
        if later:
            tests.append(f"({PART} = {part} AND {window.holds(later)})")
    return f"NOT ({' OR '.join(tests)})" if tests else "TRUE"


def _total(
    connection: DuckDBPyConnection, part: int, window: Window, days: Days, columns: Sequence[Settled]
) -> tuple[int, tuple[str, ...]]:
    summed = [column.name for column in columns if column.data.kind in _SUMMED]
    sums = "".join(f", sum({named(name)})" for name in summed)
    condition = f"{PART} = {part} AND {window.holds((days,))}"
    (row,) = connection.execute(f"SELECT count(*){sums} FROM typed WHERE {condition}").fetchall()
    pairs = zip(summed, row[1:], strict=True)
    return row[0], tuple(f"{name} {value}" for name, value in pairs if value is not None)
