"""Rows that are no data: totals, wherever their word stands, and units below a header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kurs.model.source import DataType
from kurs.model.table import ColumnType
from kurs.sources.delimited import ORDINAL
from kurs.sources.forms import named, quoted
from kurs.sources.look_dress import OWN_POINT
from kurs.sources.look_layout import is_typed
from kurs.sources.look_seen import Doubt, ReadAs
from kurs.sources.look_totals import INNER_WORDS, LAST_WORD, is_totals_word, matches, pattern_for
from kurs.sources.look_values import NULL_MARKS
from kurs.sources.numerals import latin_digits
from kurs.sources.stage import PART, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import Format
    from kurs.sources.look_layout import Laid
    from kurs.sources.look_seen import SeenColumn
    from kurs.sources.stage import Stage

_EDGE = 5  # rows at the end among which totals are looked for
_MOST_COLUMNS = 60
_COMPARED = 200  # rows that tell units from values
_SUMMED_UP = 3  # rows that make a sum of more than chance
_SUBTOTALS = 2  # names with a word for totals behind them, from which on they are no chance
_BY_CHANCE = 100  # a sum of fewer units may be one by chance, if it is the only one


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that may be no data: the pattern of their cells in one column, the first unless ``header`` says.

    ``adds_up`` says that they are known to hold the sums of the others.
    """

    pattern: str
    column: str
    cells: tuple[str, ...]
    by_word: bool
    header: str | None = None
    adds_up: bool = False
    are_units: bool = False

    @property
    def sql(self) -> str:
        """SQL that is true for such rows."""
        wanted = ".*".join(re.escape(part) for part in self.pattern.split("*"))
        return f"regexp_full_match(trim(coalesce({named(self.column)}, '')), {quoted(wanted)}, 's')"

    def doubt(self, file: str) -> Doubt:
        """Ask what they are."""
        if self.are_units:
            return Doubt("doubt_units", file, None, self.cells, (ReadAs("units"), ReadAs("data")))
        return Doubt("doubt_totals", file, None, self.cells[:3], (ReadAs("totals"), ReadAs("data")))


def rows_aside(connection: DuckDBPyConnection, stage: Stage, laid: Laid | None) -> Aside | None:
    """Find rows that may be no data: by a word, by their sums, by cells that are no values."""
    if laid is None or not stage.columns:
        return None
    column = next(iter(stage.columns))
    if stage.columns[column].placed.position != 0:
        return None
    if not sum(stage.counts):
        return None
    found = (
        _by_inner_word(connection, stage, column)
        or _by_last_word(connection, stage, column)
        or _by_first_cell(connection, stage, column, laid)
    )
    if found is not None and (found.by_word or found.pattern):
        return found
    return _units(connection, stage, column) or found or _by_sums(connection, stage, column)


def _by_first_cell(connection: DuckDBPyConnection, stage: Stage, column: str, laid: Laid) -> Aside | None:
    edge = (
        f"SELECT coalesce(trim({named(column)}), ''), {ORDINAL} > first FROM (SELECT *, max({ORDINAL}) OVER "
        f"(PARTITION BY {PART}) AS last, min({ORDINAL}) OVER (PARTITION BY {PART}) AS first FROM stage) "
        f"WHERE {ORDINAL} > last - {_EDGE} OR {ORDINAL} = first"
    )
    cells = [(str(cell), bool(late)) for cell, late in connection.execute(edge).fetchall()]
    words = [cell for cell, _ in cells if is_totals_word(cell)]
    words += [cell for cell in laid.tail_aside if is_totals_word(cell)]
    if words:
        found = Aside(pattern_for(words), column, tuple(dict.fromkeys(words)), by_word=True)
        ((count,),) = connection.execute(f"SELECT count(*) FROM stage WHERE {found.sql}").fetchall()
        if count <= len([cell for cell, _ in cells if matches(found.pattern, cell)]):
            return found
        word = max(set(words), key=words.count)
        return Aside(word, column, found.cells, by_word=True)
    if laid.tail_aside and 0 < sum(stage.ragged) <= len(laid.tail_aside):  # footnotes
        notes = laid.tail_aside[-sum(stage.ragged) :]
        return Aside(pattern_for(notes), column, notes, by_word=True)
    empty = Aside("", column, ("",), by_word=False)
    ((count, at_edge),) = connection.execute(
        f"SELECT count(*), bool_or({ORDINAL} IN (SELECT max({ORDINAL}) FROM stage UNION ALL "
        f"SELECT min({ORDINAL}) FROM stage)) FROM stage WHERE {empty.sql}"
    ).fetchall()
    return empty if count == 1 and at_edge else None


def _by_inner_word(connection: DuckDBPyConnection, stage: Stage, first: str) -> Aside | None:
    """Find a column within the table that says ``Total`` in rows of sums: one for each day, say."""
    names = [name for name, one in stage.columns.items() if one.data == TEXT][:_MOST_COLUMNS]
    tests = [f"regexp_full_match(lower(trim({named(name)})), {quoted(INNER_WORDS)})" for name in names]
    counts = ", ".join(f"count_if({test})" for test in tests)
    ((rows, *found),) = connection.execute(f"SELECT count(*), {counts} FROM stage").fetchall()
    for n, (name, count) in enumerate(zip(names, found, strict=True)):
        if name == first or not 0 < 2 * count <= rows:
            continue
        words = connection.execute(
            f"SELECT DISTINCT trim({named(name)}) FROM stage WHERE {tests[n]} LIMIT 3"
        ).fetchall()
        ((others,),) = connection.execute(
            f"SELECT count_if({tests[names.index(first)]} AND NOT coalesce({tests[n]}, FALSE)) FROM stage"
            if first in names
            else "SELECT 0"
        ).fetchall()
        if len(words) > 1 or others:  # one profile knows one word, in one column
            continue
        cells = (str(words[0][0]),)
        header = stage.columns[name].placed.header.strip()
        one = Aside(cells[0], name, cells, by_word=True, header=header)
        left = [PART, *(named(other) for other in names[:n])]
        return replace(one, adds_up=_sums(connection, "stage", one.sql, left, names[n + 1 :]))
    return None


def _by_last_word(connection: DuckDBPyConnection, stage: Stage, column: str) -> Aside | None:
    """Find subtotals whose first cell ends with a word for totals: ``North Total``, and ``Grand Total``."""
    cell = f"trim(coalesce({named(column)}, ''))"
    word = f"regexp_extract({cell}, {quoted(LAST_WORD)}, 1)"
    found = connection.execute(
        f"SELECT {word}, count(DISTINCT {cell}) FROM stage WHERE {word} <> '' GROUP BY 1 LIMIT 2"
    ).fetchall()
    if len(found) != 1 or found[0][1] < _SUBTOTALS or "*" in found[0][0]:
        return None
    one = Aside(f"*{found[0][0]}", column, (f"*{found[0][0]}",), by_word=True)
    ((count,),) = connection.execute(f"SELECT count(*) FROM stage WHERE {one.sql}").fetchall()
    if 2 * count > sum(stage.counts):
        return None
    numbers = [name for name, staged in stage.columns.items() if staged.data == TEXT and name != column]
    # The sums of the groups make the sum of all rows, those of all rows once more: once, or twice, or thrice.
    for name in numbers[:_MOST_COLUMNS]:
        value = _digits(name)
        ((said, total),) = connection.execute(
            f"SELECT sum({value}) FILTER ({one.sql}), sum({value}) FILTER (NOT {one.sql}) FROM stage"
        ).fetchall()
        if said and total and said in (total, 2 * total, 3 * total):
            return replace(one, adds_up=True)
    return None


def _by_sums(connection: DuckDBPyConnection, stage: Stage, column: str) -> Aside | None:
    """Find a first or a last row that holds the sums of the others, whatever its first cell says."""
    numbers = [name for name, one in stage.columns.items() if one.data == TEXT and name != column]
    for edge in ("min", "max"):
        is_edge = f"{ORDINAL} = (SELECT {edge}({ORDINAL}) FROM stage WHERE {PART} = 0) AND {PART} = 0"
        rows = connection.execute(f"SELECT trim({named(column)}) FROM stage WHERE {is_edge}").fetchall()
        if not rows or not rows[0][0] or "*" in rows[0][0]:
            continue
        found = Aside(rows[0][0], column, (rows[0][0],), by_word=False, adds_up=True)
        ((count,),) = connection.execute(f"SELECT count(*) FROM stage WHERE {found.sql}").fetchall()
        if count == len(stage.files) < sum(stage.counts) / _SUMMED_UP and _sums(
            connection, "stage", found.sql, [PART], numbers[:_MOST_COLUMNS]
        ):
            return found
    return None


def _sums(
    connection: DuckDBPyConnection, relation: str, is_sum: str, groups: Sequence[str], columns: Sequence[str]
) -> bool:
    """Say whether rows hold, in each group that has others, their sums: of two columns, or of a large one.

    Compared are the digits alone, so that no mark has to be known: a sum whose parts have another number
    of decimals is not found.
    """
    if not columns:
        return False
    digits = [_digits(column) for column in columns]
    sums = "".join(
        f", sum({value}) FILTER ({is_sum}) AS said_{n}, sum({value}) FILTER (NOT {is_sum}) AS sum_{n}"
        for n, value in enumerate(digits)
    )
    by_group = (
        f"SELECT count_if(NOT {is_sum}) AS others{sums} FROM {relation} GROUP BY {', '.join(groups)} "
        f"HAVING count_if({is_sum}) > 0 AND count_if(NOT {is_sum}) > 0"
    )
    tests = ", ".join(
        f"count_if(said_{n} IS NOT NULL AND said_{n} <> 0), "
        f"count_if(said_{n} = sum_{n} AND said_{n} <> 0), "
        f"count_if(said_{n} = sum_{n} AND abs(said_{n}) >= {_BY_CHANCE} AND others >= {_SUMMED_UP})"
        for n in range(len(digits))
    )
    (row,) = connection.execute(f"SELECT {tests} FROM ({by_group})").fetchall()
    equal = [
        (same, sure)
        for said, same, sure in zip(row[::3], row[1::3], row[2::3], strict=True)
        if said == same and same
    ]
    return len(equal) > 1 or any(sure for _, sure in equal)


def _digits(column: str) -> str:
    """Return SQL for the digits of a text that holds a number and little else; NULL for any other."""
    text = latin_digits(f"trim({named(column)})")
    marks = f"0-9.,٫٬'' \u00a0\u202f{OWN_POINT}"
    is_number = f"regexp_full_match({text}, '[^0-9]{{0,5}}[0-9][{marks}]*[^0-9%]{{0,5}}')"
    bare = f"TRY_CAST(regexp_replace({text}, '[^0-9]', '', 'g') AS DECIMAL(38,0))"
    sign = f"CASE WHEN regexp_matches({text}, '[(−-]') THEN -1 ELSE 1 END"
    return f"CASE WHEN {is_number} THEN {bare} * {sign} END"


def _units(connection: DuckDBPyConnection, stage: Stage, column: str) -> Aside | None:
    """Find a row of units or of second headers: the first, where it alone has words among values."""
    names = [name for name, one in stage.columns.items() if one.data == TEXT]
    listed = ", ".join(f"coalesce(trim(CAST({named(name)} AS VARCHAR)), '')" for name in names)
    if not names:
        return None
    rows = connection.execute(
        f"SELECT {listed} FROM stage WHERE {PART} = 0 ORDER BY {ORDINAL} LIMIT {_COMPARED}"
    ).fetchall()
    odd = 0
    for n in range(len(names)) if len(rows) > _SUMMED_UP else ():
        first, *others = [str(row[n]) for row in rows]
        others = [cell for cell in others if cell and cell.lower() not in NULL_MARKS]
        if is_typed(first):
            return None
        odd += bool(first) and first.lower() not in NULL_MARKS and bool(others) and all(map(is_typed, others))
    if odd < 2:
        return None
    cell = str(rows[0][names.index(column)]) if column in names else ""
    found = Aside(cell, column, (" | ".join(filter(None, map(str, rows[0]))),), by_word=True, are_units=True)
    ((count,),) = connection.execute(f"SELECT count(*) FROM stage WHERE {found.sql}").fetchall()
    return found if count == len(stage.files) and "*" not in cell else None


def is_in_stage(connection: DuckDBPyConnection, aside: Aside) -> bool:
    """Say whether there are such rows as wide as the table."""
    return bool(connection.execute(f"SELECT 1 FROM stage WHERE {aside.sql} LIMIT 1").fetchall())


def adds_up(
    connection: DuckDBPyConnection, said: Format, columns: Sequence[SeenColumn], aside: Aside
) -> bool:
    """Say whether a number of a set-aside row is the sum of its column in the same file."""
    for column in columns:
        data = None if column.type is None else DataType.parse(column.type)
        if data is None or data.kind not in (ColumnType.INT, ColumnType.DECIMAL):
            continue
        value = latin_digits(f"trim({named(column.name)})")
        for mark, plain in ((said.thousands, ""), (said.decimal, "."), (OWN_POINT, ".")):
            value = value if mark is None else f"replace({value}, {quoted(mark)}, {quoted(plain)})"
        value = f"TRY_CAST({value} AS DECIMAL(38,9))"
        sql = (
            f"WITH said AS (SELECT {PART} AS part, {value} AS total FROM stage WHERE {aside.sql}), "
            f"summed AS (SELECT {PART} AS part, sum({value}) AS total, count(*) AS n FROM stage "
            f"WHERE NOT {aside.sql} GROUP BY 1) SELECT count(*) FROM said JOIN summed USING (part) "
            "WHERE n > 1 AND summed.total <> 0 AND said.total = summed.total"
        )
        ((count,),) = connection.execute(sql).fetchall()
        if count:
            return True
    return False
