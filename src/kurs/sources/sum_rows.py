"""Rows that hold the sum of the others beside an empty name, as in reports with a row for each campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.delimited import ORDINAL
from kurs.sources.files import Kind
from kurs.sources.forms import named, quoted
from kurs.sources.look_totals import PLAIN_WORDS
from kurs.sources.stage import PART

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.settled import Settled
    from kurs.sources.stage import Stage

_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_SUMMED_UP = 2  # rows that make a sum of more than a copy
_BY_CHANCE = 100  # a sum of fewer units may be one by chance, if it is the only one
_CLOSE = 1e-9  # of sums of floats


def sum_rows(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> tuple[Problem, ...]:
    """Look at table ``typed``; return ``sum_rows`` for the first column that is empty in rows of sums.

    Such a row is the only one of its file, or of its day, with an empty name; and a number of it is, in all
    of them, the sum of the other rows. Where sums stand in sums, it is the only one of the names before it:
    of the rows of a campaign that are without an ad group.
    """
    names = [column for column in columns if column.data.kind is ColumnType.TEXT]
    numbers = [column for column in columns if column.is_summable]
    days = [column for column in columns if column.data.kind in _TIMES]
    if not names or not numbers:
        return ()
    empties = ", ".join(f"count(*) FILTER ({_is_empty(column)})" for column in names)
    ((rows, *counts),) = connection.execute(f"SELECT count(*), {empties} FROM typed").fetchall()
    by_day = [f"CAST({named(day.name)} AS DATE)" for day in days]
    for n, (column, count) in enumerate(zip(names, counts, strict=True)):
        if not 0 < 2 * count <= rows:
            continue
        for by in ([], *([day] for day in by_day)):
            if count <= len(stage.files) or by:
                summed = _summed(connection, _is_empty(column), "typed", [PART, *by], numbers)
                if summed:
                    return (_problem(connection, source, stage, column, count, summed),)
        if n and counts[n - 1] < count:  # where that one is empty, too, are the sums of the sums
            inner = f"(SELECT * FROM typed WHERE NOT {_is_empty(names[n - 1])})"
            before = [named(other.name) for other in names[:n]]
            for by in (before[-1:], *([*before, day] for day in by_day), before):
                summed = _summed(connection, _is_empty(column), inner, [PART, *by], numbers)
                if summed:
                    return (_problem(connection, source, stage, column, count, summed),)
    return _by_word(connection, source, stage, names, numbers, days)


def _by_word(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    names: Sequence[Settled],
    numbers: Sequence[Settled],
    days: Sequence[Settled],
) -> tuple[Problem, ...]:
    """Return ``sum_rows_by_word`` where a name such as ``Total`` stands in rows of sums, of each day say."""
    if stage.files[0].kind not in (Kind.CSV, Kind.SHEET):
        return ()
    listed = ", ".join(quoted(word) for word in PLAIN_WORDS)
    tests = [f"{named(column.name)} IN ({listed})" for column in names]
    counts = ", ".join(f"count(*) FILTER ({test})" for test in tests)
    ((rows, *found),) = connection.execute(f"SELECT count(*), {counts} FROM typed").fetchall()
    for n, (column, count) in enumerate(zip(names, found, strict=True)):
        if not 0 < 2 * count <= rows:
            continue
        left = [named(one.name) for one in (*days, *names[:n])]
        is_sum = f"coalesce({tests[n]}, FALSE)"
        summed = _summed(connection, is_sum, "typed", [PART, *left], numbers)
        if not summed and count <= len(stage.files):
            summed = _summed(connection, is_sum, "typed", [PART], numbers)
        if summed:
            first = f"SELECT {PART}, {ORDINAL}, {named(column.name)} FROM typed WHERE {tests[n]}"
            ((part, ordinal, word),) = connection.execute(f"{first} ORDER BY 1, 2 LIMIT 1").fetchall()
            row = stage.rows_of(part, [ordinal]).get(ordinal)
            place = {"source": source.key, "column": column.header, "file": stage.name_of(part), "row": row}
            said = {**place, "count": count, "sums": tuple(summed), "word": word}
            return (Problem("sum_rows_by_word", said, Severity.WARNING),)
    return ()


def _summed(
    connection: DuckDBPyConnection,
    empty: str,
    relation: str,
    groups: Sequence[str],
    numbers: Sequence[Settled],
) -> list[str]:
    """Return the headers of the numbers that are, in every row that is ``empty``, the sum of the others."""
    by = ", ".join(groups)
    several = f"SELECT 1 FROM {relation} WHERE {empty} GROUP BY {by} HAVING count(*) > 1 LIMIT 1"
    if connection.execute(several).fetchall():
        return []
    sums = "".join(
        f", sum({named(c.name)}) FILTER ({empty}) AS said_{n}, "
        f"sum({named(c.name)}) FILTER (NOT {empty}) AS sum_{n}"
        for n, c in enumerate(numbers)
    )
    groups_of_rows = (
        f"SELECT count_if(NOT {empty}) AS others{sums} FROM {relation} "
        f"GROUP BY {by} HAVING count_if({empty}) > 0"
    )
    tests: list[str] = []
    for n, column in enumerate(numbers):
        said, total = f"said_{n}", f"sum_{n}"
        equal = f"{said} = {total}"
        if column.data.kind is ColumnType.FLOAT:
            equal = f"abs({said} - {total}) <= {_CLOSE} * abs({total})"
        scale = column.data.scale if column.data.kind is ColumnType.DECIMAL else 0
        units = f"abs(CAST({total} AS DOUBLE)) * {10**scale}"
        tests.append(
            f"count_if(coalesce({said}, 0) <> 0 OR coalesce({total}, 0) <> 0), "
            f"count_if({equal} AND {said} <> 0), "
            f"count_if({equal} AND {said} <> 0 AND others >= {_SUMMED_UP}), "
            f"count_if({equal} AND {units} >= {_BY_CHANCE} AND others >= {_SUMMED_UP})"
        )
    (row,) = connection.execute(f"SELECT {', '.join(tests)} FROM ({groups_of_rows})").fetchall()
    found = [
        (column.header, telling, sure)
        for column, filled, equal, telling, sure in zip(
            numbers, row[::4], row[1::4], row[2::4], row[3::4], strict=True
        )
        if filled == equal and telling
    ]
    if sum(telling for _, telling, _ in found) > 1 or any(sure for *_, sure in found):
        return [header for header, *_ in found]
    return []


def _problem(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    column: Settled,
    count: int,
    summed: Sequence[str],
) -> Problem:
    ((part, ordinal),) = connection.execute(
        f"SELECT {PART}, {ORDINAL} FROM typed WHERE {_is_empty(column)} ORDER BY 1, 2 LIMIT 1"
    ).fetchall()
    row = stage.rows_of(part, [ordinal]).get(ordinal)
    place = {"source": source.key, "column": column.header, "file": stage.name_of(part), "row": row}
    return Problem("sum_rows", {**place, "count": count, "sums": tuple(summed)}, Severity.WARNING)


def _is_empty(column: Settled) -> str:
    return f"(coalesce(trim({named(column.name)}), '') = '')"
