"""Which type each column gets: as stated, as the lake has it, or by the one form that all values share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import DataType, Keep
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError
from kurs.sources.files import Kind
from kurs.sources.forms import INFERRED, NOT_NUMBERS, Forms, cast, named, quoted
from kurs.sources.stage import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Source
    from kurs.sources.stage import Stage, Staged

_SAMPLE = 2_000
_WIDENING = {
    (ColumnType.INT, ColumnType.DECIMAL),
    (ColumnType.INT, ColumnType.FLOAT),
    (ColumnType.DECIMAL, ColumnType.DECIMAL),
    (ColumnType.DECIMAL, ColumnType.FLOAT),
}


@dataclass(frozen=True, slots=True)
class Settled:
    """One column as it will be: ``text`` is SQL for its value before typing, ``value`` after.

    ``recorded`` says that the lake's type led where the plan states none.
    """

    name: str
    header: str
    data: DataType
    text: str
    value: str
    recorded: bool = False


def settle(
    connection: DuckDBPyConnection, source: Source, stage: Stage, known: Mapping[str, DataType]
) -> tuple[tuple[Settled, ...], tuple[str, ...]]:
    """Give each staged column its type; also return the names of those without any value.

    Raises SourceError: ``type_changed`` where the plan now states another type than the lake has,
    ``timezone_needed`` for a timestamptz of moments without a zone.
    """
    settled: list[Settled] = []
    problems: list[Problem] = []
    empty: list[str] = []
    forms = forms_of(source, stage)
    for name, column in stage.columns.items():
        own = forms
        if column.placed.date_format is not None:
            form = column.placed.date_format
            own = replace(forms, date=form, timestamp=form)
        stated = TEXT if column.placed.keep is Keep.HASHED else column.placed.declared
        recorded = known.get(name)
        if stated is not None and recorded not in (None, stated):
            assert recorded is not None
            if (stated.kind, recorded.kind) not in _WIDENING:
                values = {"column": name, "was": str(recorded), "now": str(stated), "source": source.key}
                first = _first_row(connection, stage, name)
                problems.append(Problem("type_changed", {**values, **first}))
                continue
        data = recorded or stated
        if data is None:
            data = _inferred(connection, source, own, column)
        if data is None:
            empty.append(name)
            continue
        settled.append(_settled(source, own, column, data, recorded=stated is None and recorded is not None))
    if problems:
        raise SourceError(*problems)
    return tuple(settled), tuple(empty)


def forms_of(source: Source, stage: Stage) -> Forms:
    """Return the stated forms; numbers of JSON always have the point."""
    said = source.format
    is_json = bool(stage.files) and stage.files[0].kind is Kind.JSONL
    return Forms(
        decimal="." if is_json else said.decimal,
        thousands=None if is_json else said.thousands,
        date=said.date,
        timestamp=said.timestamp,
        zone=source.account.timezone,
    )


def _settled(source: Source, forms: Forms, column: Staged, data: DataType, *, recorded: bool) -> Settled:
    name = named(column.placed.name)
    if column.placed.keep is Keep.HASHED:
        text = _text(source, f"CAST({name} AS VARCHAR)")
        # The same person has the same hash in all sources; reproducible from the files, so without salt.
        value = f"sha256(lower(trim({text})))"
    elif column.data != TEXT:
        # A missing number is NaN to many writers of Parquet.
        text = (
            name
            if column.data.kind is not ColumnType.FLOAT
            else f"CASE WHEN isnan({name}) THEN NULL ELSE {name} END"
        )
        value = _finite(cast(text, column.data, data, forms.zone), data)
    elif data.kind is ColumnType.TEXT:
        text = value = _text(source, name)
    else:
        text = _trimmed(source, name)
        value = forms.value(text, data)
    return Settled(column.placed.name, column.placed.header, data, text, value, recorded)


def _finite(value: str, data: DataType) -> str:
    return f"CASE WHEN isfinite({value}) THEN {value} END" if data.kind is ColumnType.FLOAT else value


def _inferred(
    connection: DuckDBPyConnection, source: Source, forms: Forms, column: Staged
) -> DataType | None:
    """Return the first form that all values have, TEXT where there is none, None without any value."""
    if column.data != TEXT:
        return column.data
    text = _trimmed(source, named(column.placed.name))
    candidates = [data for data in INFERRED if not column.is_string or data.kind in NOT_NUMBERS]
    for relation in (f"SELECT * FROM stage LIMIT {_SAMPLE}", "SELECT * FROM stage"):
        # A sample rules out most forms cheaply; what is left is held against every value.
        tests = "".join(f", count_if({forms.inferable('text', data)})" for data in candidates)
        (row,) = connection.execute(
            f"SELECT count(text){tests} FROM (SELECT {text} AS text FROM ({relation}))"
        ).fetchall()
        candidates = [data for data, fits in zip(candidates, row[1:], strict=True) if fits == row[0]]
        if not candidates:
            return TEXT
    return candidates[0] if row[0] else None


def _text(source: Source, name: str) -> str:
    """A text keeps every character; only an exact null mark is null."""
    nulls = ", ".join(quoted(mark) for mark in source.format.nulls)
    return f"CASE WHEN {name} IN ({nulls}) THEN NULL ELSE {name} END" if nulls else name


def _trimmed(source: Source, name: str) -> str:
    """What is no text is read without blanks around it; an empty cell is null whatever the marks."""
    text = f"trim({name}, ' \t')"
    nulls = ", ".join(quoted(mark) for mark in dict.fromkeys(("", *(m.strip() for m in source.format.nulls))))
    return f"CASE WHEN {text} IN ({nulls}) THEN NULL ELSE {text} END"


def _first_row(connection: DuckDBPyConnection, stage: Stage, name: str) -> dict[str, object]:
    sql = f"SELECT _part, _ordinal FROM stage WHERE {named(name)} IS NOT NULL ORDER BY 1, 2 LIMIT 1"
    found = connection.execute(sql).fetchall()
    for part, ordinal in found:
        return {"file": stage.name_of(part), "row": stage.rows_of(part, [ordinal]).get(ordinal)}
    return {"file": stage.name_of(0), "row": None}
