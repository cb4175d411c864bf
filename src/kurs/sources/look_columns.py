"""From the facts about each column to types, marks, null marks and totals rows that suit all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import Bounds, DataType, Digits, Keep, Negatives
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.delimited import ORDINAL
from kurs.sources.files import Kind
from kurs.sources.forms import named, quoted
from kurs.sources.look_days import DaysChosen, choose_days, dated
from kurs.sources.look_dress import OWN_POINT
from kurs.sources.look_numbers import Marks, as_number, choose, number_type, possible
from kurs.sources.look_people import personal
from kurs.sources.look_seen import Ask, Decided, Doubt, ReadAs, SeenColumn, decide
from kurs.sources.look_totals import is_totals_word, matches, pattern_for
from kurs.sources.look_values import Facts, facts, is_dated, samples_of
from kurs.sources.numerals import latin_digits
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
        said = {"file": stage.name_of(0), "rows": " | ".join(totals.cells[:3])}
        found = (*looked.findings, Problem("look_left_out", said, Severity.INFO))
        return replace(looked, format=replace(looked.format, totals=totals.pattern), findings=found)
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
        f"SELECT coalesce(trim({named(column)}), ''), {ORDINAL} > first FROM (SELECT *, max({ORDINAL}) OVER "
        f"(PARTITION BY {PART}) AS last, min({ORDINAL}) OVER (PARTITION BY {PART}) AS first FROM stage) "
        f"WHERE {ORDINAL} > last - {_EDGE} OR {ORDINAL} = first"
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
    if laid.tail_aside and 0 < sum(stage.ragged) <= len(laid.tail_aside):  # footnotes
        notes = laid.tail_aside[-sum(stage.ragged) :]
        return _Totals(pattern_for(notes), column, notes, by_word=True)
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
        value = latin_digits(f"trim({named(column.name)})")
        for mark, plain in ((said.thousands, ""), (said.decimal, "."), (OWN_POINT, ".")):
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
    found = _facts(connection, stage, rows, count)
    chosen = choose_days(found.values())
    marks, decided = _marks(connection, stage, rows, found, form, ask)
    wear, worn = _dress(stage, found, ask)
    columns: list[SeenColumn] = []
    for name, column in stage.columns.items():
        known = found.get(name)
        if known is None or (column.data != TEXT and not known.dates):
            keep = personal(column.placed.header, 0, 0) or Keep.PLAIN
            columns.append(SeenColumn(column.placed.header, name, str(column.data), keep=keep))
        else:
            columns.append(_typed(connection, stage, rows, known, marks, wear, chosen, ask))
    columns = [_protected(stage, column, found.get(column.name), ask) for column in columns]
    nulls, findings = _nulls(columns, found)
    typed = {column.name for column in columns if column.type not in ("text", None)}
    written = [one.digits for name, one in found.items() if name in typed]
    days = [column.date_format or "" for column in columns]
    return LookedAt(
        format=replace(
            form,
            decimal=marks.decimal,
            thousands=marks.thousands,
            nulls=nulls,
            digits=next((digits for digits in written if digits is not Digits.LATIN), Digits.LATIN),
            negatives=wear.negatives,
            bounds=wear.bounds,
            calendar=chosen.calendar,
            locale=chosen.locale,
            years_from=chosen.years_from if any("%y" in one for one in days) else None,
        ),
        columns=tuple(columns),
        rows=count,
        currency=_currency(connection, rows, columns, found),
        decided=(*decided, *worn),
        findings=findings,
    )


def _facts(connection: DuckDBPyConnection, stage: Stage, rows: str, count: int) -> dict[str, Facts]:
    """Look at the columns of texts, and of whole numbers that may be days."""
    found: dict[str, Facts] = {}
    texts = [name for name, column in stage.columns.items() if column.data == TEXT]
    filled = _filled(connection, rows, texts)
    own_days = stage.files[0].kind is Kind.SHEET
    for name, column in stage.columns.items():
        header = column.placed.header
        if name in filled:
            found[name] = facts(connection, rows, name, header, own_days=own_days)
        elif name in texts:
            found[name] = Facts(name, header, count, 0, (), (), ())
        elif column.data.kind is ColumnType.INT and (is_dated(header) or header.endswith("_at")):
            found[name] = facts(connection, rows, name, header)
    return found


@dataclass(frozen=True, slots=True)
class _Wear:
    """What the profile of the file says about the dress of all numbers."""

    negatives: Negatives = Negatives.MINUS
    bounds: Bounds | None = None


def _dress(stage: Stage, found: Mapping[str, Facts], ask: Ask) -> tuple[_Wear, list[Decided]]:
    """Choose how negatives are written, and ask what becomes of bounds such as ``< 10``."""
    ways = [one.dress.negatives for one in found.values() if one.numeric]
    ways = [way for way in ways if way is not Negatives.MINUS]
    negatives = max(set(ways), key=ways.count) if ways else Negatives.MINUS
    bounded = [one for one in found.values() if one.numeric and one.dress.bounds]
    if not bounded:
        return _Wear(negatives), []
    samples = tuple(sample for one in bounded for sample in one.samples if re.search("[<>≤≥]", sample))[:3]
    samples = samples or bounded[0].samples[:1]
    readings = [ReadAs(Bounds.EMPTY.value), ReadAs(Bounds.VALUE.value)]
    if not any(one.dress.upper for one in bounded):
        readings.append(ReadAs(Bounds.HALF.value))
    doubt = Doubt("doubt_bounds", stage.name_of(0), bounded[0].header, samples, tuple(readings))
    decided = decide(doubt, ask)
    return _Wear(negatives, Bounds(decided.taken)), [decided]


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
) -> tuple[Marks, list[Decided]]:
    if stage.files[0].kind not in (Kind.CSV, Kind.SHEET):  # numbers of JSON always have the point
        return Marks(), []
    numeric = {n: f.numeric for n, f in found.items() if f.numeric and not f.dates and not _is_code(f)}
    chosen = choose(numeric, form.delimiter)
    if not chosen.ambiguous:
        return chosen.readings[0], []
    name = chosen.ambiguous[0]
    samples = samples_of(connection, rows, name, "regexp_matches(v, '[.,٫]')")
    readings = tuple(
        ReadAs(str(marks), tuple(as_number(sample, marks) for sample in samples)) for marks in chosen.readings
    )
    doubt = Doubt("doubt_marks", stage.name_of(0), found[name].header, samples, readings)
    decided = decide(doubt, ask)
    return next(marks for marks in chosen.readings if str(marks) == decided.taken), [decided]


def _is_code(found: Facts) -> bool:
    """Say whether digits are the name of something: nothing is counted by them."""
    digits = all(re.fullmatch("[9Z]9*", shape) for shape in found.numeric)
    plain = not found.dress.signs and not found.dress.percent
    return bool(found.numeric) and plain and digits and (found.is_id or found.leading_zeros)


def _typed(
    connection: DuckDBPyConnection,
    stage: Stage,
    rows: str,
    found: Facts,
    marks: Marks,
    wear: _Wear,
    days: DaysChosen,
    ask: Ask,
) -> SeenColumn:
    seen = SeenColumn(found.header, found.column, "text", nulls=found.rows - found.filled)
    if not found.filled:
        return replace(seen, type=None)
    if found.is_bool:
        return replace(seen, type="bool")
    if found.dates:
        return dated(connection, stage.name_of(0), rows, found, seen, days, ask)
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
    dress = found.dress
    kind = number_type(found.numeric, marks) if marks in possible(found.numeric) else None
    if dress.negatives not in (Negatives.MINUS, wear.negatives):
        kind = None
    if kind is None:
        return replace(seen, findings=(Problem("look_other_marks", values, Severity.WARNING),))
    if dress.percent:
        kind = "percent" if kind in ("int", "decimal") else "text"
    elif kind == "int" and dress.bounds and wear.bounds is Bounds.HALF:
        kind = "decimal"
    elif stage.files[0].kind is Kind.SHEET and kind.startswith("decimal("):
        kind = "float"  # computed cells, such as 0.30000000000000004
    return replace(seen, type=kind, currency_signs=dress.signs)


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


def _currency(
    connection: DuckDBPyConnection, rows: str, columns: Sequence[SeenColumn], found: Mapping[str, Facts]
) -> str | None:
    """Return the one currency of which the headers, a column or the signs beside amounts speak."""
    from babel.numbers import is_currency

    spoken = {match[1] for column in columns if (match := _CURRENCY.search(column.header))}
    spoken = {code for code in spoken if is_currency(code)}  # (UTC) is none
    for column in columns:
        if _CURRENCY_COLUMN.match(column.header.strip()) and column.type == "text":
            value = f"upper(trim({named(column.name)}))"
            sql = f"SELECT DISTINCT {value} FROM {rows} WHERE {value} <> ''"
            spoken |= {str(row[0]) for row in connection.execute(f"{sql} LIMIT 20").fetchall()}
    worn = [found[column.name].dress.currencies for column in columns if column.currency_signs]
    if worn:
        meant = frozenset[str].intersection(*worn)
        if spoken and not spoken <= meant:
            return None
        spoken = spoken or set(meant)
    return next(iter(spoken)) if len(spoken) == 1 and is_currency(next(iter(spoken))) else None
