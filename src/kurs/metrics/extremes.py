"""The first and last day of a table, for relations whose coverage nobody recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from kurs.metrics.expression import DIALECT
from kurs.metrics.reach import Map
from kurs.metrics.rows import relation
from kurs.metrics.trees import selected
from kurs.metrics.zones import local
from kurs.model.table import ColumnType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.model.project import Project
    from kurs.model.table import Table


def first_and_last_day(
    project: Project, table: Table, columns: Mapping[str, ColumnType], ends: str | None = None
) -> str | None:
    """Return a SELECT of one row: the days of the table's earliest and latest time in the project's zone.

    None when the table has no time, or its column cannot be one. ``ends`` is a SELECT that has both times at
    least: then it is read instead of the rows.
    """
    kind = columns.get(table.time or "")
    if (
        table.time is None
        or kind is None
        or kind not in (ColumnType.DATE, ColumnType.TIMESTAMP, ColumnType.TIMESTAMPTZ)
    ):
        return None
    column = exp.column(table.time, table=table.key)
    days = [
        exp.cast(
            local(extreme(this=column.copy()), kind, table.timezone, project.settings.timezone, None), "DATE"
        )
        for extreme in (exp.Min, exp.Max)
    ]
    source = relation(Map(project, {}), table.key)
    if ends is not None:
        source = parse_one(ends, read=DIALECT, into=exp.Select).subquery(exp.to_identifier(table.key))
    return selected(*days, source=source).sql(DIALECT, copy=False)


def repeated_keys(project: Project, table: Table, limit: int = 3) -> str:
    """Return a SELECT of (key, rows) for keys of ``table`` that more than one row has."""
    key = exp.column(table.unique_key or "", table=table.key)
    rows = exp.Count(this=exp.Star(), big_int=True)
    select = exp.select(exp.cast(key.copy(), "TEXT"), rows).from_(relation(Map(project, {}), table.key))
    world = Map(project, {})
    select = select.where(*world.where(table.key))
    select = select.where(key.copy().is_(exp.null()).not_())
    return (
        select.group_by(key)
        .having(exp.GT(this=rows.copy(), expression=exp.Literal.number(1)))
        .order_by(exp.Ordered(this=exp.Literal.number(2), desc=True, nulls_first=False))
        .limit(limit)
        .sql(DIALECT)
    )
