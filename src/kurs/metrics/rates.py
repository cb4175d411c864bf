"""Exchange rates as SQL: what one unit of each currency is in the project's currency, day by day.

stated_rates    the plan's rates that touch the base
quotes          each row of the plan's rates both ways: 1 of ``source`` was ``rate`` of ``target``
quotes_by_day   each quote on the days on which it applies: until the next one, at most ``max_age``
rates_by_day    to the project's currency, through the base where it is another one

A stated rate is taken to the digit, as a decimal; an inverse or a cross rate is rounded to 16 decimals. Of a
day that has a quote in both directions, the one in the needed direction is taken.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import rates_step
from kurs.metrics.arithmetic import unless_zero
from kurs.metrics.buckets import moved
from kurs.metrics.reach import time_type
from kurs.metrics.rows import relation
from kurs.metrics.zones import local
from kurs.model.fx import Fx, is_code

if TYPE_CHECKING:
    from kurs.metrics.reach import Map

_EXACT = "DECIMAL(28, 16)"


def rates_by_day(world: Map, fx: Fx) -> list[tuple[str, exp.Query]]:
    """Return the steps whose last one has the columns ``currency``, ``day`` and ``rate``."""
    home = world.project.settings.currency or ""
    names = ("stated_rates", "quotes", "quotes_by_day")
    stated_step, quotes, by_day = (_free_name(world, name) for name in names)
    both_ways = exp.union(_quotes(stated_step), _quotes(stated_step, inverse=True), distinct=False)
    stated = exp.select(exp.alias_(_column("source"), "currency"), "day", "rate").from_(by_day)
    stated = stated.where(_is("target", home))
    rates: exp.Query = stated
    if fx.base != home:
        rates = exp.union(
            stated.where(_is("source", fx.base)), _crossed(by_day, fx.base, home), distinct=False
        )
    first = (stated_step, stated_rates(world, fx))
    return [
        first,
        (quotes, both_ways),
        (by_day, _by_day(quotes, fx.max_age_days)),
        (rates_step(world), rates),
    ]


def stated_rates(world: Map, fx: Fx) -> exp.Select:
    """Return the plan's rates that have the base on one side: ``day, source, target, rate`` as stated."""
    sides = [_side(world, fx, side) for side in (fx.source, fx.target)]
    noun = world.project.tables[fx.table]
    clock = exp.column(noun.time or "", table=fx.table)
    kind, zone = time_type(world, fx.table), world.project.settings.timezone
    day = exp.cast(local(clock, kind, noun.timezone, zone, None), "DATE")
    rate = world.own(fx.table, fx.rate)
    rows = exp.select(
        exp.alias_(day, "day"),
        exp.alias_(sides[0], "source"),
        exp.alias_(sides[1], "target"),
        exp.alias_(rate, "rate"),
    ).from_(relation(world, fx.table))
    known = [*world.where(fx.table), exp.not_(exp.Is(this=rate, expression=exp.null()))]
    if fx.base not in (fx.source, fx.target):
        known.append(exp.or_(*(exp.EQ(this=s.copy(), expression=exp.Literal.string(fx.base)) for s in sides)))
    return rows.where(*known)


def _quotes(stated_step: str, *, inverse: bool = False) -> exp.Select:
    """Return the stated rates, or what they say the other way round."""
    source, target = ("target", "source") if inverse else ("source", "target")
    rate: exp.Expr = _column("rate")
    if inverse:
        rate = exp.Div(this=exp.Literal.number("1.0"), expression=unless_zero(rate), typed=False, safe=False)
    return exp.select(
        "day",
        exp.alias_(_column(source), "source") if inverse else "source",
        exp.alias_(_column(target), "target") if inverse else "target",
        exp.alias_(exp.cast(rate, _EXACT), "rate"),
        exp.alias_(exp.false() if inverse else exp.true(), "is_stated"),
    ).from_(stated_step)


def _by_day(quotes: str, max_age_days: int) -> exp.Select:
    pair = [_column("source"), _column("target")]
    # On one day the stated rate comes last, so that the inverse one is over before it begins.
    order = exp.Order(expressions=[exp.Ordered(this=_column(name)) for name in ("day", "is_stated")])
    next_day = exp.Window(this=exp.Lead(this=_column("day")), partition_by=pair, order=order)
    oldest = exp.cast(moved(_column("day"), days=max_age_days), "DATE")
    until = exp.Least(
        this=oldest, expressions=[exp.cast(moved(next_day, days=-1), "DATE")], ignore_nulls=True
    )
    spans = exp.select("source", "target", "day", "rate", exp.alias_(until, "until")).from_(quotes)
    days = exp.func(
        "generate_series", _column("day"), _column("until"), exp.Interval(this="1", unit=exp.var("DAY"))
    )
    day = exp.cast(exp.Explode(this=days), "DATE")
    return exp.select("source", "target", exp.alias_(day, "day"), "rate").from_(spans.subquery("spans"))


def _crossed(by_day: str, base: str, home: str) -> exp.Select:
    """Return the rates of currencies that are neither: to the base, and from there on."""
    first, second = exp.to_table(by_day), exp.alias_(exp.to_table(by_day), "onward", table=True)
    # A product of two such decimals has more digits than a decimal can hold.
    product = exp.Mul(this=exp.cast(_column("rate", by_day), "DOUBLE"), expression=_column("rate", "onward"))
    same_day = exp.EQ(this=_column("day", "onward"), expression=_column("day", by_day))
    return (
        exp.select(
            exp.alias_(_column("source", by_day), "currency"),
            _column("day", by_day),
            exp.alias_(exp.cast(product, _EXACT), "rate"),
        )
        .from_(first)
        .join(second, on=exp.and_(_is("source", base, "onward"), _is("target", home, "onward"), same_day))
        .where(_is("target", base, by_day), exp.not_(_is("source", home, by_day)))
    )


def _side(world: Map, fx: Fx, side: str) -> exp.Expr:
    return exp.Literal.string(side) if is_code(side) else world.own(fx.table, side)


def _free_name(world: Map, stem: str) -> str:
    taken = world.relations()
    return next(name for marks in count() if (name := stem + "_" * marks) not in taken)


def _column(name: str, table: str | None = None) -> exp.Column:
    return exp.column(name, table=table)


def _is(column: str, code: str, table: str | None = None) -> exp.Expr:
    return exp.EQ(this=_column(column, table), expression=exp.Literal.string(code))
