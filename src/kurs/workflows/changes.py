"""What changed in a database since the last load, by its cursor, and which of the lake's rows give way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from kurs.lake.lake import ROW_COLUMNS, Scope
from kurs.lake.record import Totals
from kurs.model.coverage import merged
from kurs.model.days import Days
from kurs.model.table import ColumnType
from kurs.problems import Problem, SourceError, closest
from kurs.sources.database import Stretch
from kurs.sources.forms import named, quoted
from kurs.sources.layout import layout

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from duckdb import DuckDBPyRelation

    from kurs.lake.lake import Snapshot
    from kurs.lake.record import LoadRecord
    from kurs.model.source import DataType, Source
    from kurs.sources.database import Column, Rows
    from kurs.sources.take import Taken

_DAY = timedelta(days=1)
_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
_MOST_STRETCHES = 50  # of days; beyond, one stretch takes them all in


@dataclass(frozen=True, slots=True)
class Since:
    """Which rows to read, and the load that they complete.

    ``sure`` is from where on all rows of the lake are surely among those asked for: one that does not come
    was deleted.
    """

    stretch: Stretch
    sure: datetime
    onto: str


def last_whole(snapshot: Snapshot, source: Source, profile: str) -> LoadRecord | None:
    """Return the last load of all rows; None where one since then was read by another profile."""
    loads = [record for record in snapshot.loads if record.source == source.key]
    places = [n for n, record in enumerate(loads) if record.complete and record.only is None]
    if not places or any(record.profile != profile for record in loads[places[-1] :]):
        return None
    return loads[places[-1]]


def cursor_column(source: Source, rows: Rows) -> Column | None:
    """Return the cursor as the database has it, None without one. Raises SourceError ``cursor_missing``."""
    if source.database is None or source.database.cursor is None:
        return None
    name = source.database.cursor
    placed = layout(source, rows.headers, rows.name)
    header = next((column.header for column in placed if column.name == name), None)
    if header is None:
        near = closest(name, [column.name for column in placed])
        values = {"cursor": name, "source": source.key, "suggestion": near}
        raise SourceError(Problem("cursor_missing", values))
    return next(column for column in rows.columns if column.name == header)


def check_cursor(source: Source, types: Mapping[str, DataType]) -> None:
    """Raise SourceError ``cursor_type`` for a cursor that tells no time; one without a value may yet."""
    name = None if source.database is None else source.database.cursor
    data = types.get(name or "")
    if name is not None and data is not None and data.kind not in _TIMES:
        raise SourceError(Problem("cursor_type", {"cursor": name, "source": source.key, "type": str(data)}))


def since_of(snapshot: Snapshot, source: Source, whole: LoadRecord, column: Column) -> Since | None:
    """Return what to read by the cursor; None where all must be read, for want of any value of it.

    The latest value is that of rows which came with a load of all, or by the cursor: a back-fill of some
    days says nothing about the others. One that lies in the future counts as that load's day.
    """
    assert source.database is not None
    name = source.database.cursor or ""
    data = snapshot.types.get(name)
    loads = [record for record in snapshot.loads if record.source == source.key]
    loads = [record for record in loads[loads.index(whole) :] if record.only is None]
    latest = _latest(snapshot, source, name, loads) if data is not None else None
    if data is None or latest is None:
        return None
    latest = min(latest, datetime.fromisoformat(loads[-1].at).astimezone(UTC).replace(tzinfo=None) + _DAY)
    # Where the lake has it in another form than the database, its zone may be another one too.
    wider = timedelta() if column.data == data else _DAY
    first = latest - timedelta(days=source.database.look_back_days)
    return Since(Stretch(column.name, first - wider), first + wider, _last_of(snapshot, source))


def completed(
    snapshot: Snapshot, source: Source, taken: Taken, since: Since
) -> tuple[DuckDBPyRelation, Scope, Totals]:
    """Put the rows that were read among those that stay, each in the place of the one with its key.

    With a window only the days are written that an old or a new one of these rows is in. Returns the
    rows, what they replace, and their totals.
    """
    assert source.database is not None
    cursor = named(source.database.cursor or "")
    key = ", ".join(named(name) for name in source.unique_key)
    columns = ", ".join(named(name) for name in snapshot.types)
    own = f"SELECT {columns} FROM ({snapshot.sql()}) WHERE {Scope(source.key).condition()}"
    late = f"CAST({cursor} AS TIMESTAMP) < TIMESTAMP '{since.sure}'"
    stay = f"SELECT * FROM ({own}) ANTI JOIN fresh USING ({key}) WHERE {late}"
    scope = Scope(source.key)
    if source.window is not None and taken.window is not None:
        gone = f"SELECT {named(source.window)} FROM ({own} EXCEPT ALL {stay})"
        moments = f"SELECT {named(source.window)} FROM fresh UNION {gone}"
        days = _days(taken, moments)
        scope = Scope(source.key, source.account.id, taken.window, days)
    sql = f"SELECT * FROM fresh UNION ALL BY NAME SELECT * FROM ({stay}) WHERE {scope.condition()}"
    relation = _query(taken.relation, "fresh", sql)
    return relation, scope, _totals(relation, taken)


def _days(taken: Taken, moments: str) -> tuple[Days, ...]:
    """Return the days of some values of the window, which SQL over ``fresh`` selects."""
    window = taken.window
    assert window is not None
    hour = f"floor(epoch_us(CAST({named(window.column)} AS TIMESTAMP)) / 3600000000)"
    sql = f"SELECT DISTINCT CAST({hour} AS BIGINT) * 3600000000 FROM ({moments})"
    days: set[date] = set()
    for (moment,) in _query(taken.relation, "fresh", sql).fetchall():
        # Both ends of the hour: in some zones a day begins within one.
        days |= {window.day_of(moment), window.day_of(moment + 3_599_999_999)}
    stretches = merged(Days(day, day) for day in days)
    if len(stretches) <= _MOST_STRETCHES:
        return stretches
    return (Days(stretches[0].first, stretches[-1].last),)


def same_rows(
    snapshot: Snapshot,
    scope: Scope,
    relation: DuckDBPyRelation,
    after: Totals,
    types: Mapping[str, DataType],
) -> bool:
    """Say whether the lake holds exactly these rows where they would go, whichever load brought them."""
    condition = scope.condition()
    if snapshot.totals(condition).rows != after.rows:
        return False
    names = [name for name in {**snapshot.types, **types} if name not in ROW_COLUMNS]
    if any(name in types and snapshot.types.get(name) != types[name] for name in names):
        return False
    there = ", ".join(named(name) for name in names)
    here = ", ".join(named(name) if name in relation.columns else f"NULL AS {named(name)}" for name in names)
    sql = (
        f"SELECT count(*) FROM (SELECT {here} FROM arrived EXCEPT ALL "
        f"SELECT {there} FROM ({snapshot.sql()}) WHERE {condition})"
    )
    ((other,),) = _query(relation, "arrived", sql).fetchall()
    return other == 0


def _latest(snapshot: Snapshot, source: Source, name: str, loads: list[LoadRecord]) -> datetime | None:
    import duckdb

    ids = ", ".join(quoted(record.load) for record in loads)
    moment = named(name)
    if snapshot.types[name].kind is ColumnType.DATE:
        moment = f"CAST({moment} AS TIMESTAMP)"
    condition = f'{Scope(source.key, source.account.id).condition()} AND "_load" IN ({ids})'
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        sql = f"SELECT epoch_us(max({moment})) FROM ({snapshot.sql()}) WHERE {condition}"
        ((found,),) = connection.execute(sql).fetchall()
    return None if found is None else _naive(found)


def _last_of(snapshot: Snapshot, source: Source) -> str:
    return next(record.load for record in reversed(snapshot.loads) if record.source == source.key)


def _totals(relation: DuckDBPyRelation, taken: Taken) -> Totals:
    names = list(taken.sums)
    sums = "".join(f", sum({named(name)})" for name in names)
    ((rows, *values),) = _query(relation, "complete", f"SELECT count(*){sums} FROM complete").fetchall()
    return Totals(rows, {n: v for n, v in zip(names, values, strict=True) if v is not None})


def _naive(microseconds: int) -> datetime:
    return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds)).replace(tzinfo=None)


def _query(relation: DuckDBPyRelation, name: str, sql: str) -> DuckDBPyRelation:
    """Ask over a relation, which ``sql`` calls ``name``; no two may have one name, or one finds itself."""
    found = relation.query(name, sql)
    assert found is not None
    return found
