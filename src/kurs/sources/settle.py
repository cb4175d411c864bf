"""Which type each column gets: as stated, as the lake has it, or by the one form that all values share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kurs.model.source import Bounds, DataType, Digits, Keep
from kurs.model.table import ColumnType
from kurs.model.written_days import WrittenDays
from kurs.problems import Problem, SourceError
from kurs.sources.files import Kind
from kurs.sources.forms import INFERRED, NOT_NUMBERS, Forms, cast, named, quoted
from kurs.sources.numerals import latin_digits
from kurs.sources.pseudonyms import pseudonym
from kurs.sources.settled import Settled
from kurs.sources.stage import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.stage import Stage, Staged

_SAMPLE = 2_000
_NUMBERS = (ColumnType.INT, ColumnType.DECIMAL, ColumnType.FLOAT)
_WIDENING = {
    (ColumnType.INT, ColumnType.DECIMAL),
    (ColumnType.INT, ColumnType.FLOAT),
    (ColumnType.DECIMAL, ColumnType.DECIMAL),
    (ColumnType.DECIMAL, ColumnType.FLOAT),
}


def settle(
    connection: DuckDBPyConnection, source: Source, stage: Stage, known: Mapping[str, DataType]
) -> tuple[tuple[Settled, ...], tuple[str, ...]]:
    """Give each staged column its type; also return the names of those without any value.

    Raises SourceError ``type_changed`` where the plan now states another type than the lake has.
    """
    problems: list[Problem] = []
    given: dict[str, DataType | None] = {}
    for name, column in stage.columns.items():
        stated, recorded = _stated(column), known.get(name)
        if stated is not None and recorded is not None and not _fits_into(stated, recorded):
            values = {"column": name, "was": str(recorded), "now": str(stated), "source": source.key}
            problems.append(Problem("type_changed", {**values, **_first_row(connection, stage, name)}))
        given[name] = recorded or stated or _own(column)
    if problems:
        raise SourceError(*problems)
    forms = {name: _forms_of(source, column, stage.files[0].kind) for name, column in stage.columns.items()}
    open_columns = [stage.columns[name] for name, data in given.items() if data is None]
    inferred = _infer(connection, source, open_columns, forms)
    settled: list[Settled] = []
    for name, column in stage.columns.items():
        data = given[name] or inferred.get(name)
        if data is not None:
            leads = column.placed.declared is None and name in known
            sure = name in inferred
            settled.append(_settled(source, forms[name], column, data, recorded=leads, sure=sure))
    names = {column.name for column in settled}
    return tuple(settled), tuple(name for name in stage.columns if name not in names)


def settle_ahead(source: Source, kind: Kind, known: Mapping[str, DataType], column: Staged) -> Settled | None:
    """Give a column its type before its rows are read; None where the rows decide, or have to be shown."""
    name, stated = column.placed.name, _stated(column)
    recorded = known.get(name)
    if stated is not None and recorded is not None and not _fits_into(stated, recorded):
        return None
    data = recorded or stated or _own(column)
    if data is None:
        return None
    leads = column.placed.declared is None and recorded is not None
    settled = _settled(source, _forms_of(source, column, kind), column, data, recorded=leads, sure=False)
    return settled if settled.bounds is None else None


def _stated(column: Staged) -> DataType | None:
    return TEXT if column.placed.keep is Keep.HASHED else column.placed.declared


def _own(column: Staged) -> DataType | None:
    return column.native or (None if column.data == TEXT else column.data)


def _fits_into(stated: DataType, recorded: DataType) -> bool:
    return stated == recorded or (stated.kind, recorded.kind) in _WIDENING


def _forms_of(source: Source, column: Staged, kind: Kind) -> Forms:
    """Return the stated forms for one column; numbers of JSON always have the point."""
    said, own = source.format, column.placed.date_format
    if column.native not in (None, TEXT):
        return Forms(zone=source.account.timezone)
    is_json = kind in (Kind.JSONL, Kind.JSON)
    return Forms(
        decimal="." if is_json else said.decimal,
        thousands=None if is_json else said.thousands,
        date=own or said.date,
        timestamp=own or said.timestamp,
        zone=source.account.timezone,
        currency_signs=column.placed.currency_signs or said.currency_signs,
        negatives=said.negatives,
        bounds=said.bounds,
        percent=column.placed.percent,
        days=WrittenDays(said.calendar, said.locale, said.years_from),
        full_moments=kind is Kind.SHEET,
    )


def _settled(
    source: Source, forms: Forms, column: Staged, data: DataType, *, recorded: bool, sure: bool
) -> Settled:
    name, bounds = named(column.placed.name), None
    if column.placed.keep is Keep.HASHED:
        text = _text(source, f"CAST({name} AS VARCHAR)")
        value = pseudonym(name)
    elif column.data.kind is ColumnType.INT and data.kind in NOT_NUMBERS and forms.states(data.kind):
        text = f"CAST({name} AS VARCHAR)"  # 20260105 or a count since 1970, as a number
        value = forms.value(name, data)
    elif column.data != TEXT:
        text = name
        if column.data.kind is ColumnType.FLOAT:  # a missing number is NaN to many writers of Parquet
            text = f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
        value = cast(name, column.data, data, forms.zone)
        if data.kind is ColumnType.FLOAT:
            value = f"CASE WHEN isfinite({value}) THEN {value} END"
    elif data.kind is ColumnType.TEXT:
        text, value = _text(source, name), name
    else:
        text = _readable(source, name)
        if data.kind in _NUMBERS and (bound := forms.numbers.bound(text)):
            bounds = bound
            if source.format.bounds is Bounds.EMPTY:
                text = f"CASE WHEN NOT {bound} THEN {text} END"
        value = forms.inferred(name, data) if sure else forms.value(name, data)
    sure = sure or data.kind is ColumnType.TEXT
    return Settled(column.placed.name, column.placed.header, data, text, value, recorded, sure, bounds)


def _infer(
    connection: DuckDBPyConnection, source: Source, columns: Sequence[Staged], forms: Mapping[str, Forms]
) -> dict[str, DataType]:
    """Return the first form that all values of a column have, or TEXT; nothing for one without values."""
    possible = {
        column.placed.name: [data for data in INFERRED if not column.is_string or data.kind in NOT_NUMBERS]
        for column in columns
    }
    sample = f"(SELECT * FROM stage LIMIT {_SAMPLE})"
    for name, candidates in possible.items():
        # A sample rules out most forms cheaply.
        _, fits = _counts(connection, source, sample, [(name, data) for data in candidates], forms)
        possible[name] = [data for data, fit in zip(candidates, fits, strict=True) if fit]
    inferred: dict[str, DataType] = {}
    while possible:
        # What is left is held against every value, the likeliest form of all columns in one pass.
        tests = [(name, candidates[0] if candidates else TEXT) for name, candidates in possible.items()]
        filled, fits = _counts(connection, source, "stage", tests, forms)
        for (name, data), some, fit in zip(tests, filled, fits, strict=True):
            if fit:
                del possible[name]
            else:
                possible[name] = possible[name][1:]
            if fit and some:
                inferred[name] = data
    return inferred


def _counts(
    connection: DuckDBPyConnection,
    source: Source,
    relation: str,
    tests: Sequence[tuple[str, DataType]],
    forms: Mapping[str, Forms],
) -> tuple[list[bool], list[bool]]:
    """Say for each (column, type) whether there is any value, and whether all values have the form."""
    names = list(dict.fromkeys(name for name, _ in tests))
    if not names:
        return [], []
    texts = ", ".join(f"{_readable(source, named(name))} AS {named(name)}" for name in names)
    sums: list[str] = []
    for name, to in tests:
        fits = "TRUE" if to == TEXT else forms[name].inferable(named(name), to)
        sums.append(f"count({named(name)}), count(*) FILTER ({named(name)} IS NOT NULL AND {fits})")
    (row,) = connection.execute(f"SELECT {', '.join(sums)} FROM (SELECT {texts} FROM {relation})").fetchall()
    pairs = list(zip(row[::2], row[1::2], strict=True))
    return [count > 0 for count, _ in pairs], [count == fit for count, fit in pairs]


def _text(source: Source, name: str) -> str:
    """A text keeps every character; only an exact null mark is null."""
    return _without(name, source.format.nulls)


def _readable(source: Source, name: str) -> str:
    """What is no text, with the digits that SQL can read."""
    text = _trimmed(source, name)
    return text if source.format.digits is Digits.LATIN else latin_digits(text)


def _trimmed(source: Source, name: str) -> str:
    """What is no text is read without blanks around it; an empty cell is null whatever the marks."""
    return _without(f"trim({name})", ("", *(mark.strip() for mark in source.format.nulls)))


def _without(text: str, nulls: Sequence[str]) -> str:
    marks = ", ".join(quoted(mark) for mark in dict.fromkeys(nulls))
    return f"CASE WHEN {text} IN ({marks}) THEN NULL ELSE {text} END" if marks else text


def _first_row(connection: DuckDBPyConnection, stage: Stage, name: str) -> dict[str, object]:
    sql = f"SELECT _part, _ordinal FROM stage WHERE {named(name)} IS NOT NULL ORDER BY 1, 2 LIMIT 1"
    found = connection.execute(sql).fetchall()
    for part, ordinal in found:
        return {"file": stage.name_of(part), "row": stage.rows_of(part, [ordinal]).get(ordinal)}
    return {"file": stage.name_of(0), "row": None}
