"""Rows that change: the newest of a key, and the one that was valid at a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.zones import local, within
from kurs.model.table import ColumnType

if TYPE_CHECKING:
    from datetime import date

    from kurs.metrics.reach import Map
    from kurs.model.table import Table

_TIMES = (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)


def newest(world: Map, table: Table, source: exp.Expr, as_of: date | None) -> exp.Select:
    """Return the newest row of each key by the end of ``as_of``; a row without a key has no other version.

    Of several newest rows all are there: a guard finds their key more than once, and refuses.
    """
    rows = exp.select("*").from_(source)
    kind = world.type_of(table.key, table.latest_by[0])
    if as_of is not None and kind in _TIMES:
        column = exp.column(table.latest_by[0], table=table.key)
        zone = world.project.settings.timezone
        seen = within(column, kind, table.timezone, zone, None, as_of)
        rows = rows.where(exp.or_(*seen, _is_null(column)))
    key = exp.column(table.unique_key or "", table=table.key)
    order = [
        exp.Ordered(this=exp.column(name, table=table.key), desc=True, nulls_first=False)
        for name in table.latest_by
    ]
    place = exp.Window(
        this=exp.Anonymous(this="RANK"), partition_by=[key.copy()], order=exp.Order(expressions=order)
    )
    first = exp.EQ(this=place, expression=exp.Literal.number(1))
    return rows.qualify(exp.or_(_is_null(key), first))


def valid_at(world: Map, home: Table, other: Table) -> list[exp.Expr]:
    """Return the conditions under which a row of ``other`` is the one valid at the time of a row of ``home``.

    A window takes in its start and not its end; null is open. Instants meet as instants. Where one side only
    has days, days of the project are compared: the row of a day is then the one valid at the day's end.
    """
    zone = world.project.settings.timezone
    stretch = [(other, other.valid_from or ""), (other, other.valid_to or "")]
    named = [(home, home.time or ""), *stretch]
    kinds = [world.type_of(table.key, column) for table, column in named]
    columns = [exp.column(column, table=table.key) for table, column in named]
    zones = [table.timezone or zone for table, _ in named]
    sides: list[exp.Expr] = [*columns]
    if ColumnType.DATE in kinds:
        sides = [
            column
            if kind is ColumnType.DATE
            else exp.cast(local(column, kind, table.timezone, zone, None), "DATE")
            for column, kind, (table, _) in zip(columns, kinds, named, strict=True)
        ]
    elif len(set(kinds)) > 1 or (kinds[0] is ColumnType.TIMESTAMP and len(set(zones)) > 1):
        sides = [
            column
            if kind is not ColumnType.TIMESTAMP
            else exp.func("timezone", exp.Literal.string(own), column)
            for column, kind, own in zip(columns, kinds, zones, strict=True)
        ]
    moment, start, end = sides
    begun = exp.GTE(this=moment, expression=start)
    not_over = exp.LT(this=moment.copy(), expression=end)
    return [exp.or_(_is_null(columns[1]), begun), exp.or_(_is_null(columns[2]), not_over)]


def valid_on(world: Map, table: Table, as_of: date) -> list[exp.Expr]:
    """Return the conditions under which a row is the one valid at the end of ``as_of``."""
    zone = world.project.settings.timezone
    start, end = (exp.column(name or "", table=table.key) for name in (table.valid_from, table.valid_to))
    start_kind, end_kind = (world.type_of(table.key, column.name) for column in (start, end))
    begun = within(start, start_kind, table.timezone, zone, None, as_of)
    over = within(end, end_kind, table.timezone, zone, None, as_of)
    return [exp.or_(_is_null(start), *begun), exp.or_(_is_null(end), exp.not_(exp.and_(*over)))]


def _is_null(column: exp.Expr) -> exp.Expr:
    return exp.Is(this=column.copy(), expression=exp.null())
