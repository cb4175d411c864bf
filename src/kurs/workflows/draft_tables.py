"""What the rows themselves tell: the key, the time, the dimensions, and which table belongs to which."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import TYPE_CHECKING

from kurs.model.table import ColumnType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from kurs.model.source import DataType

_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_MOST_TRIED = 400  # combinations of columns that are held against the rows
_MOST_MEMBERS = 60
_LONGEST_MEMBER = 60
_MOST_DIMENSIONS = 15
_BEST_TIMES = (
    r"^(date|day|datum|dag|tag|data|date_day|event_date|report_date|reporting_day|ad_date|date_week)$",
    r"^(order|ordered|purchase|purchased|sent|send|started|start|event|session|visit)_?(date|on|at|time)?$",
    r"(^|_)(date|day|week|month|wk|strt|dt)(_|$)",
    r"^(created|created_at|created_on|create_time|date_created|processed_at|timestamp|time|occurred_at)$",
    r"(_at|_on|_time|timestamp|created)",
)
_NO_TIME = re.compile(
    r"synced|loaded|inserted|updat|modif|expire|(^|_)end(s|ed|ing|_|$)|due|cancel|close|deleted|birth|first_"
)
_KEY_NAMES = re.compile(r"(^|_)(id|key|code|sku|uuid|guid)(_\d+)?$")
_NO_KEY = re.compile(r"synced|loaded|updated|url|description|note|message|metadata|fivetran_deleted|index$")


@dataclass(frozen=True, slots=True)
class Typed:
    """One source's rows as the loader typed them: ``relation`` is their name in the draft's own database."""

    relation: str
    types: Mapping[str, DataType]
    rows: int
    files: int
    numbers: frozenset[str]  # measurements, also those left as text: no part of a key, no dimension

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file, without those of the load."""
        return tuple(name for name in self.types if not name.startswith("_"))


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found in the rows of one source."""

    key: tuple[str, ...]
    time: str | None
    days: tuple[date, ...]
    dimensions: tuple[str, ...]
    members: Mapping[str, int]


def shape_of(connection: DuckDBPyConnection, typed: Typed) -> Shape:
    """Find key, time and dimensions."""
    count = ", ".join(f"count({_q(c)}), count(DISTINCT {_q(c)})" for c in typed.columns)
    row = connection.execute(f"SELECT {count} FROM {typed.relation}").fetchall()[0] if count else ()
    filled = dict(zip(typed.columns, row[::2], strict=True))
    members = dict(zip(typed.columns, row[1::2], strict=True))
    time = _time(typed, filled)
    days: tuple[date, ...] = ()
    if time is not None:
        sql = f"SELECT DISTINCT CAST({_q(time)} AS DATE) FROM {typed.relation} ORDER BY 1"
        found = connection.execute(sql).fetchall()
        days = tuple(day for (day,) in found if isinstance(day, date))
    whole = [c for c in typed.columns if filled[c] == typed.rows]
    whole = [c for c in whole if c not in typed.numbers]
    key = _with_names(typed, _key(connection, typed, whole, members, time), time, whole, members)
    dimensions = [c for c in typed.columns if c not in key[:1] or len(key) > 1]
    dimensions = [c for c in dimensions if _is_dimension(connection, typed, c, members[c])]
    return Shape(key, time, days, tuple(dimensions[:_MOST_DIMENSIONS]), members)


def _time(typed: Typed, filled: Mapping[str, int]) -> str | None:
    """Return the column by which the rows lie in time; it must be there in every row."""
    times = [
        c
        for c in typed.columns
        if typed.types[c].kind in _TIMES and filled[c] == typed.rows and not _NO_TIME.search(c)
    ]
    for pattern in _BEST_TIMES:
        for column in times:
            if re.search(pattern, column):
                return column
    return times[0] if times else None


def _key(
    connection: DuckDBPyConnection,
    typed: Typed,
    columns: Sequence[str],
    members: Mapping[str, int],
    time: str | None,
) -> tuple[str, ...]:
    """Return the fewest columns that are unique over all rows of a file; those that look like keys first."""
    usable = [c for c in columns if not _NO_KEY.search(c) and (c == time or not _is_later_time(typed, c))]
    ranked = sorted(usable, key=lambda c: (not _KEY_NAMES.search(c), c != time, columns.index(c)))
    alone = [c for c in ranked if _KEY_NAMES.search(c) or c == time]
    own = [c for c in alone if c in ("id", f"{typed.relation.removesuffix('s')}_id")]
    candidates: list[tuple[str, ...]] = [(c,) for c in dict.fromkeys((*own, *alone))]
    parts = [c for c in ranked if c == time or members[c] > 1]
    parts.sort(key=lambda c: (c != time, not _KEY_NAMES.search(c)))
    for size in range(2, min(len(parts), 5) + 1):
        combined = combinations(parts[:14], size)
        candidates += [one for one in combined if time is None or time in one or size == 2]
    for candidate in candidates[:_MOST_TRIED]:
        if _product(candidate, members) >= typed.rows / max(typed.files, 1) and _is_unique(
            connection, typed, candidate
        ):
            return candidate
    if len(parts) > 1 and _is_unique(connection, typed, parts):
        for column in reversed(parts):
            fewer = [c for c in parts if c != column]
            if _is_unique(connection, typed, fewer):
                parts = fewer
        return tuple(parts)
    return ()


def _is_later_time(typed: Typed, column: str) -> bool:
    return typed.types[column].kind in _TIMES[1:]


def _product(columns: Sequence[str], members: Mapping[str, int]) -> int:
    product = 1
    for column in columns:
        product *= members[column]
    return product


def _is_unique(connection: DuckDBPyConnection, typed: Typed, columns: Sequence[str]) -> bool:
    names = ", ".join(_q(c) for c in ("_file", *columns))
    sql = f"SELECT 1 FROM {typed.relation} GROUP BY {names} HAVING count(*) > 1 LIMIT 1"
    return not connection.execute(sql).fetchall()


def is_unique_over_all(connection: DuckDBPyConnection, typed: Typed, columns: Sequence[str]) -> bool:
    """Say whether a key holds over all files together."""
    names = ", ".join(_q(c) for c in columns)
    sql = f"SELECT 1 FROM {typed.relation} GROUP BY {names} HAVING count(*) > 1 LIMIT 1"
    return not connection.execute(sql).fetchall()


def shared_days(connection: DuckDBPyConnection, typed: Typed, time: str) -> bool:
    """Say whether two files reach over the same days: then somebody must say which of them counts."""
    day = f"CAST({_q(time)} AS DATE)"
    sql = (
        f"WITH spans AS (SELECT _file, min({day}) AS a, max({day}) AS b FROM {typed.relation} GROUP BY 1) "
        "SELECT 1 FROM spans AS x JOIN spans AS y ON x._file < y._file AND x.a <= y.b AND y.a <= x.b LIMIT 1"
    )
    return bool(connection.execute(sql).fetchall())


def _is_dimension(connection: DuckDBPyConnection, typed: Typed, column: str, members: int) -> bool:
    """Say whether rows can be grouped by a column: few short texts, or true and false."""
    kind = typed.types[column].kind
    if kind is ColumnType.BOOL:
        return members > 0
    if kind is not ColumnType.TEXT or not 0 < members <= _MOST_MEMBERS or column in typed.numbers:
        return False
    if _KEY_NAMES.search(column) or _NO_KEY.search(column) or members > max(typed.rows // 2, 2):
        return False
    sql = f"SELECT max(length({_q(column)})) FROM {typed.relation}"
    ((longest,),) = connection.execute(sql).fetchall()
    return longest <= _LONGEST_MEMBER


def _with_names(
    typed: Typed, key: tuple[str, ...], time: str | None, whole: Sequence[str], members: Mapping[str, int]
) -> tuple[str, ...]:
    """Add what the rows are about to a key of the day alone: a longer file has several rows a day."""
    if key != (time,):
        return key
    texts = [
        c
        for c in whole
        if typed.types[c].kind is ColumnType.TEXT and members[c] > 1 and not _NO_KEY.search(c) and c != time
    ]
    return (*key, *texts[:4])


def joins_of(
    connection: DuckDBPyConnection, tables: Mapping[str, Typed], shapes: Mapping[str, Shape]
) -> dict[str, dict[str, str]]:
    """Find many-to-one joins: a column that names another table's key, and finds every value there."""
    found: dict[str, dict[str, str]] = {name: {} for name in tables}
    for target, shape in shapes.items():
        if len(shape.key) != 1:
            continue
        key = shape.key[0]
        for name, typed in tables.items():
            if name == target or name in found[target]:
                continue
            for column in typed.columns:
                if shapes[name].key == (column,) or not _names_key(column, target, key):
                    continue
                if typed.types[column] == tables[target].types[key] and _all_found(
                    connection, typed.relation, column, tables[target].relation, key
                ):
                    found[name].setdefault(target, column)
    return found


def _names_key(column: str, table: str, key: str) -> bool:
    one = re.sub(r"(_data|_history|_history_data)$", "", table)
    one = one[:-3] + "y" if one.endswith("ies") else one.removesuffix("s")
    if key == "id" or re.fullmatch(r"id_\d+", key):
        return column.endswith("_id") and one.endswith(column.removesuffix("_id"))
    return column == key and key.endswith("_id") and one.endswith(key.removesuffix("_id"))


def _all_found(connection: DuckDBPyConnection, left: str, column: str, right: str, key: str) -> bool:
    sql = (
        f"SELECT count(*) FILTER (WHERE r.k IS NULL), count(*) FROM (SELECT DISTINCT {_q(column)} AS c "
        f"FROM {left} WHERE {_q(column)} IS NOT NULL) AS l "
        f"LEFT JOIN (SELECT {_q(key)} AS k FROM {right}) AS r ON l.c = r.k"
    )
    missing, count = connection.execute(sql).fetchall()[0]
    return missing == 0 < count


def distinct_texts(connection: DuckDBPyConnection, typed: Typed, column: str) -> tuple[str, ...]:
    """Return the members of a column, the most frequent first; at most twenty."""
    sql = (
        f"SELECT {_q(column)} FROM {typed.relation} WHERE {_q(column)} IS NOT NULL "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 20"
    )
    return tuple(str(row[0]) for row in connection.execute(sql).fetchall())


def _q(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
