"""Values that fit another reading better than the stated one: told at each load, with file and row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType
from kurs.model.written_days import CalendarKind, WrittenDays
from kurs.problems import Problem, Severity
from kurs.sources.delimited import ORDINAL, Records
from kurs.sources.files import Kind
from kurs.sources.forms import Forms, named
from kurs.sources.stage import PART, TEXT
from kurs.sources.stream import nothing_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.settle import Settled
    from kurs.sources.stage import Stage

_NUMBERS = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT)
_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_SAMPLE = 2_000  # rows that rule out another reading in most files, before all are looked at
_FEWEST = 3  # values that speak for it
_JALALI_YEARS = (1300, 1450)
_MONTH = re.compile(r"month|monat|miesi|månad|maaned|måned|mois|\bmes\b|ماه", re.IGNORECASE)


def other_readings(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> tuple[Problem, ...]:
    """Look at the texts of a load and at table ``typed``; return warnings with both readings.

    Where the texts were typed as they came, the first ones of each file are read again, and all of them only
    where those are in doubt.
    """
    days: Iterator[Problem] = iter(())
    if source.format.calendar is CalendarKind.GREGORIAN:
        days = _calendar(connection, source, stage, [c for c in columns if c.data.kind in _TIMES])
    kept = connection.execute("SELECT 1 FROM duckdb_views() WHERE view_name = 'texts'").fetchall()
    if kept:
        return (*_of_texts(connection, source, stage, columns), *days)
    if any(file.kind is not Kind.CSV for file in stage.files):
        return tuple(days)
    found: tuple[Problem, ...] = ()
    for only_first in (True, False):
        _read_again(connection, source, stage, columns, only_first=only_first)
        found = tuple(_of_texts(connection, source, stage, columns))
        connection.execute("DROP TABLE texts")
        if not found:
            break
    return (*found, *days)


def _read_again(
    connection: DuckDBPyConnection,
    source: Source,
    stage: Stage,
    columns: Sequence[Settled],
    *,
    only_first: bool,
) -> None:
    """Make table ``texts`` of the columns that can be read in two ways, with rows of the files."""
    wanted = [c for c in columns if c.data.kind in (*_NUMBERS, *_TIMES)]
    names = "".join(f", {named(column.name)} VARCHAR" for column in wanted)
    connection.execute(f"CREATE TEMP TABLE texts ({PART} INTEGER, {ORDINAL} BIGINT{names})")
    for part, file in enumerate(stage.files):
        records = Records(source, file, nothing_told)
        places = {header: n for n, header in enumerate(records.headers)}
        there = [column for column in wanted if column.header in places]
        cells = "".join(f", c{places[column.header]} AS {named(column.name)}" for column in there)
        texts = "".join(f", {column.text} AS {named(column.name)}" for column in there)
        aside = records.dialect.aside_sql("c0") or "FALSE"
        limit = f" LIMIT {_SAMPLE}" if only_first else ""
        connection.register("again", records.batches(places[column.header] for column in there))
        try:
            connection.execute(
                f"INSERT INTO texts BY NAME SELECT {part} AS {PART}, {ORDINAL}{texts} FROM "
                f"(SELECT {ORDINAL}{cells} FROM again WHERE ({aside}) IS NOT TRUE{limit})"
            )
        finally:
            connection.unregister("again")


def _of_texts(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> Iterator[Problem]:
    texts = [column for column in columns if stage.columns[column.name].data == TEXT]
    if stage.files and stage.files[0].kind in (Kind.CSV, Kind.SHEET) and source.format.decimal in ".,":
        numbers = [column for column in texts if column.data.kind in _NUMBERS]
        yield from _marks(connection, source, stage, numbers)
    for column in texts:
        form = stage.columns[column.name].placed.date_format or source.format.date
        if column.data.kind in _TIMES and form is not None:
            yield from _order(connection, source, stage, column, form)


def _marks(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> Iterator[Problem]:
    """Tell of numbers whose decimal mark always stands before three digits, as one between thousands does.

    A number of another form in any column (1.5, 0.125, 12345, or with the other mark) confirms the profile.
    """
    mark = source.format.decimal
    other = "," if mark == "." else "."
    grouped = f"[1-9]\\d{{0,2}}(?:{re.escape(mark)}\\d{{3}})+"
    small = "\\d{1,3}"
    bare = {c.name: f"regexp_replace({named(c.name)}, '[^0-9.,]+', '', 'g')" for c in columns}
    against = " OR ".join(f"NOT regexp_full_match({text}, '{grouped}|{small}|')" for text in bare.values())
    for rows in (f"(SELECT * FROM texts LIMIT {_SAMPLE})", "texts"):
        if not columns or connection.execute(f"SELECT 1 FROM {rows} WHERE {against} LIMIT 1").fetchall():
            return
    for column in columns:
        found = connection.execute(
            f"SELECT {PART}, {ORDINAL}, {named(column.name)}, count(*) OVER () FROM texts "
            f"WHERE regexp_full_match({bare[column.name]}, '{grouped}') ORDER BY 1, 2 LIMIT 1"
        ).fetchall()
        for part, ordinal, value, count in found:
            if count >= _FEWEST:
                digits = re.sub(r"[^\d.,]", "", value)
                readings = {"read": digits.replace(mark, "."), "other": digits.replace(mark, "")}
                marks = {"mark": mark, "decimal": other, "count": count, "value": value}
                yield _problem("other_marks_fit", source, stage, column, part, ordinal, **readings, **marks)


def _order(
    connection: DuckDBPyConnection, source: Source, stage: Stage, column: Settled, form: str
) -> Iterator[Problem]:
    """Tell of days that lie close together once day and month change places, and far apart as stated."""
    if not {"%d", "%m"} <= set(re.findall("%.", form)):
        return
    swapped = form.translate({ord("d"): "m", ord("m"): "d"})
    said = source.format
    days = WrittenDays(said.calendar, said.locale, said.years_from)
    forms = Forms(date=swapped, timestamp=swapped, zone=source.account.timezone, days=days)
    other = forms.value(named(column.name), column.data)
    values = f"{named(column.name)} AS v, CAST({column.value} AS DATE) AS a, CAST({other} AS DATE) AS b"
    for rows in (f"(SELECT * FROM texts LIMIT {_SAMPLE})", "texts"):
        pairs = f"(SELECT DISTINCT {values} FROM {rows} WHERE {named(column.name)} IS NOT NULL)"
        ((count, unfit, stated, near, within),) = connection.execute(
            "SELECT count(DISTINCT b), count_if(b IS NULL), max(a) - min(a), max(b) - min(b), "
            f"count_if(day(a) > 1) FROM {pairs}"
        ).fetchall()
        if not within and _MONTH.search(column.header):
            return
        if unfit or count < _FEWEST or 2 * near >= stated or near >= _FEWEST * count:
            return
    ((part, ordinal, value, read, meant),) = connection.execute(
        f"SELECT {PART}, {ORDINAL}, v, a, b FROM (SELECT {PART}, {ORDINAL}, {values} FROM texts) "
        "WHERE a <> b ORDER BY 1, 2 LIMIT 1"
    ).fetchall()
    spans = {"days": stated + 1, "other_days": near + 1, "form": swapped, "value": value}
    yield _problem("other_days_fit", source, stage, column, part, ordinal, read=read, other=meant, **spans)


def _calendar(
    connection: DuckDBPyConnection, source: Source, stage: Stage, columns: Sequence[Settled]
) -> Iterator[Problem]:
    """Tell of years that are those of the Jalali calendar."""
    first, last = _JALALI_YEARS
    for column in columns:
        year = f"year({named(column.name)})"
        rows = connection.execute(
            f"SELECT {PART}, {ORDINAL}, CAST({named(column.name)} AS DATE), count(*) OVER () FROM typed "
            f"WHERE {year} BETWEEN {first} AND {last} ORDER BY 1, 2 LIMIT 1"
        ).fetchall()
        for part, ordinal, day, count in rows:
            meant = _from_jalali(day)
            if meant is not None:
                values = {"value": day.isoformat(), "other": meant, "count": count}
                yield _problem("jalali_days_fit", source, stage, column, part, ordinal, **values)


def _from_jalali(day: date) -> date | None:
    from persiantools.jdatetime import JalaliDate

    try:
        return JalaliDate(day.year, day.month, day.day).to_gregorian()
    except ValueError:
        return None


def _problem(
    code: str, source: Source, stage: Stage, column: Settled, part: int, ordinal: int, **values: object
) -> Problem:
    row = stage.rows_of(part, [ordinal]).get(ordinal)
    place = {"source": source.key, "column": column.header, "file": stage.name_of(part), "row": row}
    return Problem(code, {**place, **values}, Severity.WARNING)
