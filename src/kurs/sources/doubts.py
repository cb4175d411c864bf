"""What was taken in but looks wrong: days to come, days without a row, several currencies, other totals."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from kurs.model.coverage import merged
from kurs.model.currency_columns import by_currency_column, is_currency_column
from kurs.model.days import Days, grain_of_rows
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.delimited import ORDINAL, Dialect, Records
from kurs.sources.files import Kind
from kurs.sources.forms import named, quoted
from kurs.sources.layout import layout, position_of
from kurs.sources.readings import other_readings
from kurs.sources.sheets import sheet_of
from kurs.sources.stage import PART
from kurs.sources.stream import nothing_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

    from duckdb import DuckDBPyConnection
    from pyarrow import RecordBatchReader

    from kurs.model.source import Source
    from kurs.model.window import Window
    from kurs.sources.settled import Settled
    from kurs.sources.stage import Stage

_LAST_DAY = date(2199, 12, 31)
_AMOUNTS = (ColumnType.DECIMAL, ColumnType.FLOAT)
_CURRENCIES_SHOWN = 5
_GAPS_SHOWN = 5
_FILES_SHOWN = 5
_FEW_WEEKS = 2  # so often a weekday must come up before its absence is a habit
_SPARSE = 4  # a source without rows on one day in four has no gaps, but is sparse
_MOST_DAYS = 40_000  # more than a century of them holds a slip, which is told elsewhere
_EXPECTED_EMPTY = 0.1  # empty days by chance alone, from which on one is no wonder
_CLOSE = 1e-9  # of sums of floats


def doubts(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    columns: Sequence[Settled],
    kept: str,
    window: Window | None,
    covered: Sequence[Days],
    today: date | None,
) -> tuple[Problem, ...]:
    """Look at table ``typed`` where ``kept``; return warnings, each with its file and row or its days."""
    found: list[Problem] = []
    if window is not None and today is not None:
        found += _to_come(connection, source, stage, kept, window, today)
    if window is not None and sum(len(days) for days in covered) <= _MOST_DAYS:
        there = _rows_by_day(connection, kept, window)
        found += _gaps(source, covered, there)
        found += _of_weeks(source, there)
    found += _below(source, stage)
    found += _currencies(connection, source, columns, kept)
    if source.format.totals is not None or source.format.sums_where_empty is not None:
        for part, file in enumerate(stage.files):
            if file.kind in (Kind.CSV, Kind.SHEET):
                found += _other_totals(connection, source, stage, columns, part)
    return tuple(found)


def unseen(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> tuple[Problem, ...]:
    """Look at the texts of table ``stage``; return warnings about what their values do not tell."""
    found: list[Problem] = []
    for column in columns:
        if column.bounds is None:
            continue
        rows = connection.execute(
            f"SELECT {PART}, {ORDINAL}, trim({named(column.name)}), count(*) OVER () FROM stage "
            f"WHERE {column.bounds} ORDER BY 1, 2 LIMIT 1"
        ).fetchall()
        for part, ordinal, value, count in rows:
            row = stage.rows_of(part, [ordinal]).get(ordinal)
            said = {"source": source.key, "column": column.header, "count": count, "value": value}
            taken = {"file": stage.name_of(part), "row": row, "bounds": str(source.format.bounds)}
            found.append(Problem("bounds_taken", {**said, **taken}, Severity.WARNING))
    found += other_readings(connection, source, stage, columns)
    old = [file.name for file in stage.files if file.name.lower().removesuffix(".gz").endswith(".xls")]
    if old:  # its reader shows an error as an empty cell
        values = {"source": source.key, "files": tuple(old[:_FILES_SHOWN]), "count": len(old)}
        found.append(Problem("errors_not_seen", values, Severity.WARNING))
    return tuple(found)


def _to_come(
    connection: DuckDBPyConnection, source: Source, stage: Stage, kept: str, window: Window, today: date
) -> Iterator[Problem]:
    """Tell of rows that are later than today."""
    if today >= _LAST_DAY:
        return
    later = window.holds((Days(today + timedelta(days=1), _LAST_DAY),))
    rows = connection.execute(
        f"SELECT {PART}, {ORDINAL}, CAST({named(window.column)} AS VARCHAR), count(*) OVER () FROM typed "
        f"WHERE {kept} AND {later} ORDER BY 1, 2 LIMIT 1"
    ).fetchall()
    for part, ordinal, value, count in rows:
        row = stage.rows_of(part, [ordinal]).get(ordinal)
        place = {"file": stage.name_of(part), "row": row, "value": value}
        said = {"source": source.key, "column": window.column, "count": count, "today": today}
        yield Problem("days_to_come", {**said, **place}, Severity.WARNING)


def _of_weeks(source: Source, there: Mapping[date, int]) -> Iterator[Problem]:
    """Tell of rows that may stand for whole weeks or months: no part of one can be read."""
    grain = grain_of_rows(there)
    if grain is not None and (source.covers is None or source.covers.rows is None):
        yield Problem(f"rows_of_{grain}s", {"source": source.key}, Severity.WARNING)


def _below(source: Source, stage: Stage) -> Iterator[Problem]:
    """Tell of rows below the blank row that ends a table, which look as if they were of it."""
    for part, (count, row) in enumerate(stage.below):
        if count:
            values = {"source": source.key, "file": stage.name_of(part), "count": count, "row": row}
            yield Problem("rows_below_end", values, Severity.WARNING)


def _gaps(source: Source, covered: Sequence[Days], there: Mapping[date, int]) -> Iterator[Problem]:
    """Tell of days without a row among the days that a load speaks of, unless such days are its habit."""
    everything = [day for days in covered for day in days]
    missing = [day for day in everything if day not in there]
    if not missing or _may_be_empty(list(there.values())):
        return
    weekdays, absent = Counter(d.weekday() for d in everything), Counter(d.weekday() for d in missing)
    habits = {d for d, n in absent.items() if weekdays[d] >= _FEW_WEEKS and 2 * n >= weekdays[d]}
    missing = [day for day in missing if day.weekday() not in habits]
    expected = sum(count for day, count in weekdays.items() if day not in habits)
    if not missing or _SPARSE * len(missing) > expected:
        return
    gaps = merged(Days(day, day) for day in missing)
    shown = tuple(str(days) if len(days) > 1 else str(days.first) for days in gaps[:_GAPS_SHOWN])
    values = {"source": source.key, "count": len(missing), "days": shown}
    yield Problem("gap_days", values, Severity.WARNING)


def _rows_by_day(connection: DuckDBPyConnection, kept: str, window: Window) -> dict[date, int]:
    # Zones are off by whole quarters of an hour, so there are few moments to be put into days.
    micros = f"epoch_us(CAST({named(window.column)} AS TIMESTAMP))"
    quarter = f"CAST(floor({micros} / 900000000) AS BIGINT)"
    moment = "make_timestamp(quarter * 900000000)"
    if window.kind is ColumnType.TIMESTAMPTZ:
        moment = f"({moment} AT TIME ZONE 'UTC') AT TIME ZONE {quoted(window.zone)}"
    rows = connection.execute(
        f"SELECT CAST({moment} AS DATE), CAST(sum(n) AS BIGINT) FROM "
        f"(SELECT {quarter} AS quarter, count(*) AS n FROM typed "
        f"WHERE {kept} AND {named(window.column)} IS NOT NULL GROUP BY 1) GROUP BY 1"
    ).fetchall()
    return dict(rows)


def _may_be_empty(counts: Sequence[int]) -> bool:
    """Say whether a day without a row is no wonder: single events, and few of them.

    A table of so many rows a day is regular (its variance is far below that of events), and has no such
    days; events are taken for Poisson's, of which a day is empty with the chance exp(-mean).
    """
    if not counts:
        return True
    mean = sum(counts) / len(counts)
    variance = sum((count - mean) ** 2 for count in counts) / len(counts)
    return variance > mean / 2 and len(counts) * math.exp(-mean) >= _EXPECTED_EMPTY


def _currencies(
    connection: DuckDBPyConnection, source: Source, columns: Sequence[Settled], kept: str
) -> Iterator[Problem]:
    """Tell of amounts in several currencies, where nobody says which one the account has."""
    if source.account.currency is not None:
        return
    # A currency in the key is what the rows are about: rates, prices by country.
    spoken = [c.name for c in columns if c.data.kind is ColumnType.TEXT and c.name not in source.unique_key]
    amounts = [column.name for column in columns if column.data.kind in _AMOUNTS]
    owned = by_currency_column(amounts, [name for name in spoken if is_currency_column(name)])
    for column, theirs in owned.items():
        if not theirs:
            continue
        name = named(column)
        rows = connection.execute(
            f"SELECT {name}, count(*) FROM typed WHERE {kept} AND {name} IS NOT NULL "
            f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {_CURRENCIES_SHOWN + 1}"
        ).fetchall()
        if len(rows) > 1:
            shown = tuple(f"{currency} ({count})" for currency, count in rows[:_CURRENCIES_SHOWN])
            values = {"source": source.key, "column": column, "currencies": shown, "amounts": theirs}
            yield Problem("mixed_currencies", values, Severity.WARNING)


def _other_totals(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled], part: int
) -> Iterator[Problem]:
    """Hold the totals rows that were left out against the sums of the rows above them."""
    summed = [c for c in columns if c.is_summable and c.name not in source.unique_key]
    rows = _totals_rows(connection, source, stage, summed, part)
    if not rows:
        return
    parts = "".join(f", sum({named(c.name)}), min({named(c.name)}), max({named(c.name)})" for c in summed)
    ((count, *values),) = connection.execute(
        f"SELECT count(*){parts} FROM typed WHERE {PART} = {part}"
    ).fetchall()
    for n, column in enumerate(summed):
        total, least, most = values[3 * n : 3 * n + 3]
        stated = [(ordinal, row[column.name]) for ordinal, row in rows if column.name in row]
        if not stated or total is None or _states(total, [value for _, value in stated]):
            continue
        # A mean or a share lies between the least and the greatest value, as no sum of several does.
        sums = [(ordinal, value) for ordinal, value in stated if count == 1 or not least <= value <= most]
        if not sums:
            continue
        ordinal, value = sums[-1]
        place = {"file": stage.name_of(part), "row": stage.rows_of(part, [ordinal]).get(ordinal)}
        said = {"source": source.key, "column": column.header, "total": value, "sum": total}
        yield Problem("totals_differ", {**said, **place}, Severity.WARNING)


def _totals_rows(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled], part: int
) -> list[tuple[int, dict[str, Decimal | float]]]:
    """Read the totals rows of one file once more, as (ordinal, its values by column)."""
    file, said = stage.files[part], source.format
    wanted = {column.header for column in columns}
    if file.kind is Kind.SHEET:
        with sheet_of(source, file) as sheet:
            placed = layout(source, sheet.headers, file.name)
            positions = {c.header: sheet.positions[c.position] for c in placed}
            sums = position_of(said.sums_where_empty, sheet.headers, file.name)
            at = position_of(said.totals_in, sheet.headers, file.name)
            empty = None if sums is None else f"c{sheet.positions[sums]}"
            word = sheet.first if at is None else f"c{sheet.positions[at]}"
            is_total = Dialect.of(source, file).totals_sql(word, empty)
            return _read_again(connection, columns, positions, is_total, sheet.batches(placed))
    records = Records(source, file, nothing_told)
    placed = layout(source, records.headers, file.name)
    positions = {column.header: column.position for column in placed}
    sums = position_of(said.sums_where_empty, records.headers, file.name)
    at = position_of(said.totals_in, records.headers, file.name) or 0
    is_total = records.dialect.totals_sql(f"c{at}", None if sums is None else f"c{sums}")
    there = {n for header, n in positions.items() if header in wanted}
    return _read_again(connection, columns, positions, is_total, records.batches({*there, at, sums or 0}))


def _read_again(
    connection: DuckDBPyConnection,
    columns: Sequence[Settled],
    positions: Mapping[str, int],
    is_total: str,
    batches: RecordBatchReader,
) -> list[tuple[int, dict[str, Decimal | float]]]:
    if any(column.header not in positions for column in columns):
        return []
    texts = "".join(f", {column.text} AS {named(column.name)}" for column in columns)
    values = "".join(f", {column.value} AS {named(column.name)}" for column in columns)
    cells = "".join(f", c{positions[column.header]} AS {named(column.name)}" for column in columns)
    connection.register("again", batches)
    try:
        rows = connection.execute(
            f"SELECT {ORDINAL}{values} FROM (SELECT {ORDINAL}{texts} FROM "
            f"(SELECT {ORDINAL}{cells} FROM again WHERE {is_total})) ORDER BY 1"
        ).fetchall()
    finally:
        connection.unregister("again")
    names = [column.name for column in columns]
    return [(n, {k: v for k, v in zip(names, row, strict=True) if v is not None}) for n, *row in rows]


def _states(total: Decimal | float, stated: Sequence[Decimal | float]) -> bool:
    """Say whether one of the totals rows has the sum, or those of the days have it together."""
    return any(_equal(value, total) for value in (*stated, sum(map(Fraction, stated))))


def _equal(one: Decimal | Fraction | float, other: Decimal | float) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return abs(float(one) - float(other)) <= _CLOSE * max(abs(float(one)), abs(float(other)))
    return one == other
