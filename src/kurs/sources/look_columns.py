"""From the facts about each column to types, marks, null marks and totals rows that suit all of them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import Bounds, Digits, Keep, Negatives
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity
from kurs.sources.files import Kind
from kurs.sources.forms import named
from kurs.sources.look_aside import Aside, adds_up, is_in_stage, rows_aside
from kurs.sources.look_days import DaysChosen, choose_days, dated
from kurs.sources.look_numbers import Marks, as_number, choose, number_type, possible
from kurs.sources.look_people import personal
from kurs.sources.look_seen import Ask, Decided, Doubt, ReadAs, SeenColumn, decide
from kurs.sources.look_values import Facts, facts, is_dated, samples_of, unread_days
from kurs.sources.stage import TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Format
    from kurs.sources.look_layout import Laid
    from kurs.sources.stage import Stage

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


def look_at_columns(
    connection: DuckDBPyConnection, stage: Stage, form: Format, laid: Laid | None, ask: Ask
) -> LookedAt:
    """Decide about every column of the stage, after all its values."""
    aside = rows_aside(connection, stage, laid)
    looked = _look(connection, stage, form, aside, ask)
    if aside is None:
        return looked
    without = replace(looked, format=replace(looked.format, totals=aside.pattern, totals_in=aside.header))
    if aside.adds_up and not aside.by_word:
        said = {"file": stage.name_of(0), "rows": " | ".join(aside.cells)}
        found = Problem("look_sums_left_out", said, Severity.INFO)
        return replace(without, findings=(*looked.findings, found))
    if aside.adds_up or adds_up(connection, looked.format, looked.columns, aside):
        return without
    if not aside.by_word:
        return _look(connection, stage, form, None, ask)
    if not is_in_stage(connection, aside):  # rows of another width cannot be data
        said = {"file": stage.name_of(0), "rows": " | ".join(aside.cells[:3])}
        return replace(without, findings=(*looked.findings, Problem("look_left_out", said, Severity.INFO)))
    decided = decide(aside.doubt(stage.name_of(0)), ask)
    if decided.taken == "data":
        kept = _look(connection, stage, form, None, ask)
        return replace(kept, decided=(*kept.decided, decided))
    return replace(without, decided=(*looked.decided, decided))


def _look(
    connection: DuckDBPyConnection, stage: Stage, form: Format, aside: Aside | None, ask: Ask
) -> LookedAt:
    rows = "stage" if aside is None else f"(SELECT * FROM stage WHERE NOT {aside.sql})"
    ((count,),) = connection.execute(f"SELECT count(*) FROM {rows}").fetchall()
    found = _facts(connection, stage, rows, count)
    chosen, asked = choose_days(connection, stage.name_of(0), rows, tuple(found.values()), ask)
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
        decided=(*asked, *decided, *worn),
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
        return replace(seen, findings=unread_days(found))
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
    unread = unread_days(found) if kind == "int" and found.shapes == ("99999",) else ()
    return replace(seen, type=kind, currency_signs=dress.signs, findings=unread)


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
