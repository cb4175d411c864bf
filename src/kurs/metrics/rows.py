"""The rows of one pass as SQL: where they are from, what is joined to each, which of them count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import converted_tables, currency_of, rates_alias, rates_step
from kurs.metrics.arithmetic import safe_arithmetic
from kurs.metrics.caveats import extent
from kurs.metrics.expression import parse_select
from kurs.metrics.history import newest, valid_at, valid_on
from kurs.metrics.reach import in_brackets, time_type
from kurs.metrics.trees import both, cast, joined, selected
from kurs.metrics.zones import local, within
from kurs.model.days import Days

if TYPE_CHECKING:
    from datetime import date

    from kurs.metrics.reach import Map, Step
    from kurs.metrics.scan import Scan
    from kurs.model.table import Table


def rows_of(world: Map, scan: Scan, as_of: date) -> exp.Select:
    """Start a SELECT over the rows of a scan, joined and filtered."""
    select = joined_rows(world, scan, as_of)
    conditions = (*own_conditions(world, scan, as_of), *scan.conditions)
    return select.where(*map(safe_arithmetic, conditions), copy=False) if conditions else select


def joined_rows(world: Map, scan: Scan, as_of: date) -> exp.Select:
    """Start a SELECT over all rows of a scan's home, with what its expressions need beside each."""
    converted = converted_tables(world, expressions_of(scan))
    select = selected(source=relation(world, scan.home, as_of))
    if scan.home in converted:
        select = _with_rates(select, world, scan.home, clock_of(world, scan))
    for step in in_order(scan.home, scan.steps):
        select = _joined(select, world, scan, step, as_of)
        if step.join.table in converted:
            select = _with_rates(select, world, step.join.table, clock_at(world, step.join.table))
    return select


def expressions_of(scan: Scan) -> tuple[exp.Expr, ...]:
    """Return everything that a scan computes of single rows."""
    leaves = [part for _, leaf in scan.leaves for part in (leaf.argument, leaf.where) if part is not None]
    entity = (scan.each,) if scan.each is not None else ()
    return (*leaves, *scan.conditions, *(tree for _, tree in scan.dimensions), *entity)


def own_conditions(world: Map, scan: Scan, as_of: date) -> list[exp.Expr]:
    """Return the conditions of the table itself: the days of the scan, its ``where``, what is valid."""
    table = world.project.tables[scan.home]
    conditions = world.where(scan.home)
    if table.time is None:
        return [*(valid_on(world, table, as_of) if table.has_history else []), *conditions]
    column = exp.column(table.time, table=scan.home)
    kind, zone = time_type(world, scan.home), world.project.settings.timezone
    return [*within(column, kind, table.timezone, zone, scan.first, scan.last), *conditions]


def clock_of(world: Map, scan: Scan) -> exp.Expr:
    """Return a row's wall clock in the project's zone, or its date."""
    known = scan.covered or ()
    first = scan.first or (known[0].first if known else None)
    return clock_at(world, scan.home, Days(min(first, scan.last), scan.last) if first else None)


def clock_at(world: Map, table: str, days: Days | None = None) -> exp.Expr:
    """Return the wall clock of a row of ``table``; ``days`` are those in which its rows lie, if known."""
    noun = world.project.tables[table]
    column = exp.column(noun.time or "", table=table)
    return local(column, time_type(world, table), noun.timezone, world.project.settings.timezone, days)


def relation(world: Map, table: str, as_of: date | None = None) -> exp.Expr:
    """Return a table of the plan as it stands in a FROM, under its own name."""
    noun = world.project.tables[table]
    source: exp.Expr
    if noun.sql is not None:
        source = parse_select(noun.sql).subquery(exp.to_identifier(table), copy=False)
    else:
        target = exp.to_table(noun.relation or table)
        own = target.name == table and not target.db
        source = target if own else exp.alias_(target, table, table=True, copy=False)
    if not noun.latest_by:
        return source
    return newest(world, noun, source, as_of).subquery(exp.to_identifier(table))


def in_order(home: str, steps: frozenset[Step]) -> list[Step]:
    """Return joins so that each starts from a table that is already there."""
    ordered: list[Step] = []
    there = {home}
    left = sorted(steps, key=lambda step: (step.start, step.join.table))
    while left:
        ready = [step for step in left if step.start in there]
        ordered += ready
        there |= {step.join.table for step in ready}
        left = [step for step in left if step not in ready]
    return ordered


def _joined(select: exp.Select, world: Map, scan: Scan, step: Step, as_of: date) -> exp.Select:
    other = world.project.tables[step.join.table]
    left = world.own(step.start, step.join.column)
    key = exp.column(other.unique_key or "", table=other.key)
    target = relation(world, other.key, as_of)
    conditions = [*world.where(other.key), *_not_later(world, other, as_of)]
    if conditions:
        rows = selected(exp.Star(), source=target).where(*map(safe_arithmetic, conditions), copy=False)
        target = rows.subquery(exp.to_identifier(other.key), copy=False)
    same = [exp.EQ(this=in_brackets(left), expression=key)]
    if other.has_history:
        same += valid_at(world, world.project.tables[scan.home], other)
    return joined(select, target, both(same), "LEFT")


def _not_later(world: Map, table: Table, as_of: date) -> list[exp.Expr]:
    """Leave out joined rows that were not there yet at the end of ``as_of``."""
    known = extent(world.facts[table.key].covered) if table.key in world.facts else None
    if table.time is None or known is None or known.last <= as_of:
        return []
    column = exp.column(table.time, table=table.key)
    kind, zone = time_type(world, table.key), world.project.settings.timezone
    seen = within(column, kind, table.timezone, zone, None, as_of)
    return [exp.or_(*seen, exp.Is(this=column.copy(), expression=exp.null()), copy=False)]


def _with_rates(select: exp.Select, world: Map, table: str, clock: exp.Expr) -> exp.Select:
    """Put the rate of its own day beside each row of ``table``."""
    alias = rates_alias(world, table)
    same = [
        exp.EQ(this=in_brackets(currency_of(world, table)), expression=exp.column("currency", table=alias)),
        exp.EQ(this=cast(clock, "DATE"), expression=exp.column("day", table=alias)),
    ]
    return joined(select, exp.table_(rates_step(world), alias=alias), both(same), "LEFT")
