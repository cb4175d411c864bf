"""From the facts about each column to types, marks, null marks and totals rows that suit all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import DataType, Keep
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.delimited import ORDINAL
from kurs.sources.files import Kind
from kurs.sources.forms import named, quoted
from kurs.sources.look_dates import read_as
from kurs.sources.look_numbers import Marks, as_number, choose, number_type
from kurs.sources.look_people import personal
from kurs.sources.look_seen import Ask, Decided, Doubt, ReadAs, SeenColumn, decide
from kurs.sources.look_totals import is_totals_word, matches, pattern_for
from kurs.sources.look_values import Facts, facts, samples_of, unix_time
from kurs.sources.stage import PART, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Format
    from kurs.sources.look_layout import Laid
    from kurs.sources.stage import Stage

_EDGE = 5  # rows at the end among which totals are looked for
_CURRENCY = re.compile(r"\(([A-Z]{3})\)\s*$")
_CURRENCY_COLUMN = re.compile(r"^(?:account[ _])?currency(?:[ _]code)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The columns with their types, the format that goes with them, and what concerns all of them."""

    format: Format
    columns: tuple[SeenColumn, ...]
    rows: int
    currency: str | None
    decided: tuple[Decided, ...]
    findings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Totals:
    """Rows that may be the sum of the others: the pattern of their first cell."""

    pattern: str
    column: str
    cells: tuple[str, ...]
    by_word: bool

    @property
    def sql(self) -> str:
        """SQL that is true for such rows."""
        wanted = ".*".join(re.escape(part) for part in self.pattern.split("*"))
        return f"regexp_full_match(trim(coalesce({named(self.column)}, '')), {quoted(wanted)}, 's')"


def look_at_columns(
    connection: DuckDBPyConnection, stage: Stage, form: Format, laid: Laid | None, ask: Ask
) -> LookedAt:
    """Decide about every column of the stage, after all its values."""
    totals = _candidates(connection, stage, laid)
    looked = _look(connection, stage, form, totals, ask)
    if totals is None:
        return looked
    if _adds_up(connection, looked, totals):
        return replace(looked, format=replace(looked.format, totals=totals.pattern))
    if not totals.by_word:
        return _look(connection, stage, form, None, ask)
    if not _in_stage(connection, totals):  # rows of another width cannot be data
        return replace(looked, format=replace(looked.format, totals=totals.pattern))
    readings = (ReadAs("totals"), ReadAs("data"))
    decided = decide(Doubt("doubt_totals", stage.name_of(0), None, totals.cells[:3], readings), ask)
    if decided.taken == "data":
        kept = _look(connection, stage, form, None, ask)
        return replace(kept, decided=(*kept.decided, decided))
    return replace(
        looked, format=replace(looked.format, totals=totals.pattern), decided=(*looked.decided, decided)
    )


def _candidates(connection: DuckDBPyConnection, stage: Stage, laid: Laid | None) -> _Totals | None:
    """Find rows at the beginning and the end that may be totals, by their first cell."""
    if laid is None or not stage.columns:
        return None
    column = next(iter(stage.columns))
    if stage.columns[column].placed.position != 0:
        return None
    edge = (
        f"SELECT coalesce(trim({named(column)}), ''), {ORDINAL} > 0 FROM (SELECT *, max({ORDINAL}) OVER "
        f"(PARTITION BY {PART}) AS last FROM stage) WHERE {ORDINAL} > last - {_EDGE} OR {ORDINAL} = 0"
    )
    cells = [(str(cell), bool(late)) for cell, late in connection.execute(edge).fetchall()]
    words = [cell for cell, _ in cells if is_totals_word(cell)]
    words += [cell for cell in laid.tail_aside if is_totals_word(cell)]
    if words:
        found = _Totals(pattern_for(words), column, tuple(dict.fromkeys(words)), by_word=True)
        ((count,),) = connection.execute(f"SELECT count(*) FROM stage WHERE {found.sql}").fetchall()
        if count <= len([cell for cell, _ in cells if matches(found.pattern, cell)]):
            return found
        return replace(found, pattern=max(set(words), key=words.count))
    empty = _Totals("", column, ("",), by_word=False)
    ((count, last),) = connection.execute(
        f"SELECT count(*), bool_or({ORDINAL} = (SELECT max({ORDINAL}) FROM stage)) "
        f"FROM stage WHERE {empty.sql}"
    ).fetchall()
    return empty if count == 1 and last else None


def _in_stage(connection: DuckDBPyConnection, totals: _Totals) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM stage WHERE {totals.sql} LIMIT 1").fetchall())


def _adds_up(connection: DuckDBPyConnection, looked: LookedAt, totals: _Totals) -> bool:
    """Say whether a number of a set-aside row is the sum of its column in the same file."""
    said = looked.format
    for column in looked.columns:
        data = None if column.type is None else DataType.parse(column.type)
        if data is None or data.kind not in (ColumnType.INT, ColumnType.DECIMAL):
            continue
        value = f"trim({named(column.name)})"
        for mark, plain in ((said.thousands, ""), (said.decimal, ".")):
            value = value if mark is None else f"replace({value}, {quoted(mark)}, {quoted(plain)})"
        value = f"TRY_CAST({value} AS DECIMAL(38,9))"
        sql = (
            f"WITH said AS (SELECT {PART} AS part, {value} AS total FROM stage WHERE {totals.sql}), "
            f"summed AS (SELECT {PART} AS part, sum({value}) AS total, count(*) AS n FROM stage "
            f"WHERE NOT {totals.sql} GROUP BY 1) SELECT count(*) FROM said JOIN summed USING (part) "
            "WHERE n > 1 AND summed.total <> 0 AND said.total = summed.total"
        )
        ((count,),) = connection.execute(sql).fetchall()
        if count:
            return True
    return False


def _look(
    connection: DuckDBPyConnection, stage: Stage, form: Format, totals: _Totals | None, ask: Ask
) -> LookedAt:
    rows = "stage" if totals is None else f"(SELECT * FROM stage WHERE NOT {totals.sql})"
    ((count,),) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    found: dict[str, Facts] = {}
    unix: dict[str, Problem] = {}
    texts = [name for name, column in stage.columns.items() if column.data == TEXT]
    filled = _filled(connection, rows, texts)
    for name in texts:
        header = stage.columns[name].placed.header
        if name not in filled:
            found[name] = Facts(name, header, count, 0, (), (), ())
        else:
            found[name] = facts(connection, rows, name, header)
            if problem := unix_time(found[name], connection):
                unix[name] = problem
    is_text_file = stage.files[0].kind is Kind.CSV
    marks, decided, misfits = Marks(), list[Decided](), tuple[str, ...]()
    if is_text_file:
        marks, decided, misfits = _marks(connection, stage, rows, found, form, ask)
    columns: list[SeenColumn] = []
    for name, column in stage.columns.items():
        if name not in found:
            keep = personal(column.placed.header, 0, 0) or Keep.PLAIN
            columns.append(SeenColumn(column.placed.header, name, str(column.data), keep=keep))
            continue
        seen = _typed(connection, stage, rows, found[name], marks, ask, misfit=name in misfits)
        columns.append(replace(seen, findings=(*seen.findings, unix[name])) if name in unix else seen)
    columns = [_protected(stage, column, found.get(column.name), ask) for column in columns]
    nulls, findings = _nulls(columns, found)
    return LookedAt(
        format=replace(form, decimal=marks.decimal, thousands=marks.thousands, nulls=nulls),
        columns=tuple(columns),
        rows=count,
        currency=_currency(connection, rows, columns),
        decided=tuple(decided),
        findings=findings,
    )


def _filled(connection: DuckDBPyConnection, rows: str, columns: Sequence[str]) -> set[str]:
    """Return the columns that have any value: many exports are wide, and mostly empty."""
    tests = ", ".join(f"bool_or(trim({named(name)}) <> '')" for name in columns)
    if not tests:
        return set()
    found = connection.execute(f"SELECT {tests} FROM {rows}").fetchall()[0]
    return {name for name, some in zip(columns, found, strict=True) if some}


def _marks(
    connection: DuckDBPyConnection,
    stage: Stage,
    rows: str,
    found: Mapping[str, Facts],
    form: Format,
    ask: Ask,
) -> tuple[Marks, list[Decided], tuple[str, ...]]:
    numeric = {n: f.numeric for n, f in found.items() if f.numeric and not f.dates and not _is_code(f)}
    chosen = choose(numeric, form.delimiter)
    if not chosen.ambiguous:
        return chosen.readings[0], [], chosen.misfits
    name = chosen.ambiguous[0]
    samples = samples_of(connection, rows, name, "regexp_matches(v, '[.,]')")
    readings = tuple(
        ReadAs(str(marks), tuple(as_number(sample, marks) for sample in samples)) for marks in chosen.readings
    )
    doubt = Doubt("doubt_marks", stage.name_of(0), found[name].header, samples, readings)
    decided = decide(doubt, ask)
    marks = next(marks for marks in chosen.readings if str(marks) == decided.taken)
    return marks, [decided], chosen.misfits


def _is_code(found: Facts) -> bool:
    """Say whether digits are the name of something: nothing is counted by them."""
    digits = all(re.fullmatch("[9Z]9*", shape) for shape in found.numeric)
    return bool(found.numeric) and digits and (found.is_id or found.leading_zeros)


def _typed(
    connection: DuckDBPyConnection,
    stage: Stage,
    rows: str,
    found: Facts,
    marks: Marks,
    ask: Ask,
    *,
    misfit: bool,
) -> SeenColumn:
    seen = SeenColumn(found.header, found.column, "text", nulls=found.rows - found.filled)
    if not found.filled:
        return replace(seen, type=None)
    if found.is_bool:
        return replace(seen, type="bool")
    if found.dates:
        return _dated(connection, stage, rows, found, seen, ask)
    if found.odd is not None:
        return replace(seen, findings=(found.odd,))
    if not found.numeric:
        return seen
    if _is_code(found):
        zeros = Problem(
            "look_leading_zeros",
            {"column": found.header, "samples": " | ".join(found.samples)},
            Severity.INFO,
        )
        return replace(seen, findings=(zeros,) if found.leading_zeros and not found.is_id else ())
    values = {"column": found.header, "samples": " | ".join(found.samples), "marks": str(marks)}
    kind = None if misfit else number_type(found.numeric, marks)
    if kind is None:
        return replace(seen, findings=(Problem("look_other_marks", values, Severity.WARNING),))
    return replace(seen, type=kind)


def _dated(
    connection: DuckDBPyConnection, stage: Stage, rows: str, found: Facts, seen: SeenColumn, ask: Ask
) -> SeenColumn:
    forms = {form.name: form for form in found.dates}
    first = found.dates[0]
    decided: Decided | None = None
    samples = samples_of(connection, rows, found.column)
    if first.form == "%Y%m%d" and not found.is_dated and len(samples) < 2:
        readings = (ReadAs("number", samples), ReadAs(first.name, read_as(connection, samples, first)))
        decided = decide(Doubt("doubt_digits", stage.name_of(0), found.header, samples, readings), ask)
        if decided.taken == "number":
            return replace(seen, type="text" if found.is_id else "int", decided=(decided,))
    elif len(forms) > 1:
        options = tuple(ReadAs(name, read_as(connection, samples, form)) for name, form in forms.items())
        decided = decide(Doubt("doubt_dates", stage.name_of(0), found.header, samples, options), ask)
        first = forms[decided.taken]
    return replace(
        seen, type=str(first.type), date_format=first.form, decided=() if decided is None else (decided,)
    )


def _protected(stage: Stage, column: SeenColumn, found: Facts | None, ask: Ask) -> SeenColumn:
    """Ask what becomes of a column with personal data."""
    keep = personal(column.header, found.mails if found else 0, found.phones if found else 0)
    if keep is None or column.type not in ("text", "int", None):
        return column
    # The samples are personal data too: they are not shown, nor written anywhere.
    ways = [keep, *(way for way in (Keep.HASHED, Keep.DROPPED, Keep.PLAIN) if way is not keep)]
    doubt = Doubt(
        "doubt_personal", stage.name_of(0), column.header, (), tuple(ReadAs(way.value) for way in ways)
    )
    decided = decide(doubt, ask)
    taken = Keep(decided.taken)
    kind = column.type if taken is Keep.PLAIN else "text"
    findings = column.findings if taken is Keep.PLAIN else ()  # whose samples would give people away
    return replace(column, keep=taken, type=kind, decided=(*column.decided, decided), findings=findings)


def _nulls(
    columns: Sequence[SeenColumn], found: Mapping[str, Facts]
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """Return the null marks that columns need which are no text; say where a text has one of them too."""
    needed: dict[str, None] = {"": None}
    for column in columns:
        if column.type != "text" and column.name in found:
            needed.update(dict.fromkeys(found[column.name].null_marks))
    findings = tuple(
        Problem("look_null_in_text", {"column": column.header, "marks": " | ".join(shared)}, Severity.WARNING)
        for column in columns
        if column.type == "text" and column.name in found
        for shared in [[mark for mark in found[column.name].null_marks if mark in needed]]
        if shared
    )
    return tuple(needed), findings


def _currency(connection: DuckDBPyConnection, rows: str, columns: Sequence[SeenColumn]) -> str | None:
    """Return the one currency of which the headers or a column speak."""
    from babel.numbers import is_currency

    spoken = {match[1] for column in columns if (match := _CURRENCY.search(column.header))}
    for column in columns:
        if _CURRENCY_COLUMN.match(column.header.strip()) and column.type == "text":
            value = f"upper(trim({named(column.name)}))"
            sql = f"SELECT DISTINCT {value} FROM {rows} WHERE {value} <> ''"
            spoken |= {str(row[0]) for row in connection.execute(f"{sql} LIMIT 20").fetchall()}
    return next(iter(spoken)) if len(spoken) == 1 and is_currency(next(iter(spoken))) else None
