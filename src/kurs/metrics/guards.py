"""What must not be in the data for a number to be believed: each a SELECT that must find no row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import converted_tables, currency_of, rates_alias
from kurs.metrics.arithmetic import safe_arithmetic
from kurs.metrics.expression import DIALECT
from kurs.metrics.rates import rates_by_day, stated_rates
from kurs.metrics.rows import clock_at, clock_of, expressions_of, joined_rows, own_conditions, relation
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan
    from kurs.model.table import Table

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Guard:
    """A SELECT of texts: each row that it finds is an example of what is wrong."""

    code: str
    sql: str
    path: tuple[str, ...]
    values: Mapping[str, object] = field(default_factory=dict[str, object], hash=False)
    severity: Severity = Severity.ERROR

    def problem(self, rows: Iterable[tuple[object, ...]]) -> Problem:
        """Return the problem with its examples."""
        examples = [" ".join(str(value) for value in row if value is not None) for row in rows]
        return Problem(self.code, {**self.values, "examples": examples}, self.severity, path=self.path)


def guards_of_tables(world: Map, tables: Iterable[str], as_of: date | None = None) -> list[Guard]:
    """Return what must hold of tables whose rows have versions, whatever is asked."""
    guards: list[Guard] = []
    for table in (world.project.tables[key] for key in tables):
        if table.latest_by:
            guards.append(_ties(world, table, as_of))
        if table.has_history:
            guards.append(_overlaps(world, table))
    return guards


def guards_of_rates(world: Map) -> list[Guard]:
    """Return what must hold of the plan's rates: one for a day and pair, above 0."""
    fx = world.project.fx
    if fx is None:
        return []
    pair = [exp.column(name) for name in ("source", "target", "day")]
    texts = [exp.cast(column.copy(), "TEXT") for column in pair]
    stated = stated_rates(world, fx).subquery("stated")
    repeated = exp.select(*texts).from_(stated).group_by(*pair).having(_several()).order_by("3").limit(_SHOWN)
    rate = exp.column("rate")
    above = exp.GT(this=rate, expression=exp.Literal.number(0))
    refused = (
        exp.select(*(text.copy() for text in texts), exp.cast(rate.copy(), "TEXT"))
        .from_(stated.copy())
        .where(exp.not_(above))
        .order_by("3")
        .limit(_SHOWN)
    )
    path, values = ("fx", "table"), {"table": fx.table}
    return [
        Guard("rates_repeated", repeated.sql(DIALECT), path, values),
        Guard("rates_not_positive", refused.sql(DIALECT), path, values),
    ]


def guards_of_scan(world: Map, scan: Scan, as_of: date) -> list[Guard]:
    """Return what must hold of the rows of a scan: every amount in them has a rate."""
    return [
        _unpriced(world, scan, table, as_of)
        for table in sorted(converted_tables(world, expressions_of(scan)))
    ]


def _unpriced(world: Map, scan: Scan, table: str, as_of: date) -> Guard:
    """Find the amounts without a rate, by currency and day.

    A filter on amounts cannot tell which rows it would keep, so that it is left out here.
    """
    currency = currency_of(world, table)
    home = exp.Literal.string(world.project.settings.currency or "")
    rate = exp.column("rate", table=rates_alias(world, table))
    clock = clock_of(world, scan) if table == scan.home else clock_at(world, table)
    day = exp.cast(clock, "DATE")
    wanted: list[exp.Expr] = []
    for _, leaf in scan.leaves:
        amounts = _amounts_in(world, table, [leaf.argument] if leaf.argument is not None else [])
        if amounts:
            kept = (
                [leaf.where] if leaf.where is not None and not converted_tables(world, [leaf.where]) else []
            )
            wanted.append(exp.and_(exp.or_(*map(_is_there, amounts)), *kept))
    others = [*scan.conditions, *(tree for _, tree in scan.dimensions)]
    others += [leaf.where for _, leaf in scan.leaves if leaf.where is not None]
    wanted += map(_is_there, _amounts_in(world, table, others))
    conditions = [
        *own_conditions(world, scan, as_of),
        *(condition for condition in scan.conditions if not converted_tables(world, [condition])),
        exp.NullSafeNEQ(this=currency, expression=home),
        exp.Is(this=rate, expression=exp.null()),
        exp.or_(*wanted),
    ]
    rows = joined_rows(world, scan, as_of).where(*map(safe_arithmetic, conditions))
    count = exp.Count(this=exp.Star(), big_int=True)
    shown = exp.DPipe(
        this=exp.DPipe(this=exp.Literal.string("("), expression=exp.cast(count, "TEXT")),
        expression=exp.Literal.string("×)"),
    )
    code = exp.Coalesce(this=exp.cast(currency.copy(), "TEXT"), expressions=[exp.Literal.string("–")])
    found = rows.select(code, exp.cast(day, "TEXT"), shown).group_by(
        exp.Literal.number(1), exp.Literal.number(2)
    )
    found = found.order_by("1", "2").limit(_SHOWN)
    fx = world.project.fx
    for name, step in rates_by_day(world, fx) if fx is not None else []:
        found = found.with_(exp.to_identifier(name), as_=step, copy=False)
    values = {"table": table, "currency": home.name, "max_age": fx.max_age_days if fx else 0}
    return Guard("rate_missing", found.sql(DIALECT), ("tables", table, "amounts"), values)


def _amounts_in(world: Map, table: str, trees: list[exp.Expr]) -> list[exp.Column]:
    if table not in converted_tables(world, trees):
        return []
    names = world.project.tables[table].amounts
    found = {column for tree in trees for column in tree.find_all(exp.Column)}
    return sorted((c for c in found if c.table == table and c.name in names), key=lambda c: c.name)


def _ties(world: Map, table: Table, as_of: date | None) -> Guard:
    """Find keys of which several rows are the newest."""
    columns = [exp.column(name, table=table.key) for name in (table.unique_key or "", *table.latest_by)]
    newest = exp.select(*(exp.cast(column.copy(), "TEXT") for column in columns))
    newest = newest.from_(relation(world, table.key, as_of)).where(_is_there(columns[0]))
    tied = newest.group_by(*columns).having(_several()).limit(_SHOWN)
    values = {"table": table.key, "columns": table.latest_by}
    return Guard("newest_tied", tied.sql(DIALECT), ("tables", table.key, "latest_by"), values)


def _overlaps(world: Map, table: Table) -> Guard:
    """Find keys of which two rows are valid at once: one that begins before the one before it is over."""
    key, start, end = (
        exp.column(name or "", table=table.key)
        for name in (table.unique_key, table.valid_from, table.valid_to)
    )
    order = exp.Order(expressions=[exp.Ordered(this=start.copy(), nulls_first=True)])
    following = exp.Window(this=exp.Lead(this=_or_earliest(start)), partition_by=[key.copy()], order=order)
    lasting = exp.or_(_is_null(start), _is_null(end), exp.LT(this=start.copy(), expression=end.copy()))
    windows = exp.select(
        exp.alias_(key, "key"),
        exp.alias_(start, "begins"),
        exp.alias_(end, "ends"),
        exp.alias_(following, "following"),
    ).from_(relation(world, table.key))
    windows = windows.where(*map(safe_arithmetic, world.where(table.key)), _is_there(key), lasting)
    begins, ends, after = (exp.column(name) for name in ("begins", "ends", "following"))
    both = exp.or_(_is_null(ends), exp.LT(this=after, expression=ends.copy()))
    texts = [exp.cast(column.copy(), "TEXT") for column in (exp.column("key"), begins, after)]
    found = exp.select(*texts).from_(windows.subquery("windows")).where(_is_there(after), both)
    values = {"table": table.key, "key": table.unique_key or ""}
    sql = found.order_by("1", "2").limit(_SHOWN).sql(DIALECT)
    return Guard("windows_overlap", sql, ("tables", table.key, "valid_from"), values)


def _or_earliest(start: exp.Expr) -> exp.Expr:
    # Two rows that are valid since ever overlap; a null would say that there is no next row.
    return exp.Coalesce(this=start.copy(), expressions=[exp.cast(exp.Literal.string("0001-01-01"), "DATE")])


def _several() -> exp.Expr:
    return exp.GT(this=exp.Count(this=exp.Star(), big_int=True), expression=exp.Literal.number(1))


def _is_there(column: exp.Expr) -> exp.Expr:
    return exp.not_(_is_null(column))


def _is_null(column: exp.Expr) -> exp.Expr:
    return exp.Is(this=column.copy(), expression=exp.null())
