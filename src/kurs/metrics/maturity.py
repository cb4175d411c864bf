"""Which cohorts are old enough: their time must have run out before the data do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.buckets import bucket, moved
from kurs.metrics.events import EntityRows
from kurs.metrics.made import AGE, is_built_in
from kurs.metrics.zones import date_literal
from kurs.model.days import MONTHS_IN, Days, Grain, add_months, bucket_of
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kurs.metrics.events import CohortRows
    from kurs.metrics.leaf import Leaf
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan


def known_to(made: EntityRows, world: Map, as_of: date) -> date:
    """Return the last day that is known of all tables behind the values."""
    ends = [world.facts[table].until(as_of).complete_to for table in made.tables]
    return min((day for day in ends if day is not None), default=as_of)


def is_mature(scan: Scan, cohort: CohortRows, last: exp.Expr, world: Map, as_of: date) -> exp.Expr:
    """Return the condition that the time of those first seen on the day ``last`` is over."""
    assert isinstance(scan.made, EntityRows)
    to = date_literal(known_to(scan.made, world, as_of))
    if cohort.within is not None:
        over: exp.Expr = moved(last.copy(), days=cohort.within.days, months=cohort.within.months)
    else:
        over = _over(scan, cohort, last, world.project.settings.week_starts)
    return exp.LTE(this=over, expression=moved(to, days=1))


def _over(scan: Scan, cohort: CohortRows, last: exp.Expr, week_starts: int) -> exp.Expr:
    """Return the day after the calendar unit that is valued."""
    assert cohort.after is not None
    unit, start = cohort.after.unit, bucket(last.copy(), cohort.after.unit, week_starts)
    months = MONTHS_IN.get(unit, 0)
    days = 0 if months else 7 if unit is Grain.WEEK else 1
    if not any(is_built_in(tree) for _, tree in scan.dimensions):
        later = cohort.after.count + 1
        return moved(start, days=days * later, months=months * later)
    one = exp.Interval(
        this=exp.Literal.string(str(months or days)), unit=exp.var("MONTH" if months else "DAY")
    )
    units = exp.paren(exp.Add(this=exp.column(AGE, table="groups"), expression=exp.Literal.number(1)))
    return exp.Add(this=start, expression=exp.Mul(this=units, expression=one))


def too_young(
    leaves: Iterable[Leaf], world: Map, seen: Days | None, as_of: date, by: tuple[str, ...]
) -> list[Problem]:
    """Warn of cohorts that have no value yet, and say until which day they have one."""
    found: list[Problem] = []
    for made in dict.fromkeys(leaf.made for leaf in leaves if isinstance(leaf.made, EntityRows)):
        cohort = made.cohort
        if cohort is None or not cohort.takes_time or seen is None or AGE in by:
            continue
        to, week_starts = known_to(made, world, as_of), world.project.settings.week_starts
        day = seen.last
        while day >= seen.first and _last_day(cohort, day, week_starts) > to:
            day -= timedelta(days=1)
        if day < seen.last:
            values = {"name": made.key, "to": day}
            found.append(Problem("cohorts_young", values, Severity.WARNING))
    return found


def _last_day(cohort: CohortRows, day: date, week_starts: int) -> date:
    """Return the last day that counts for those first seen on ``day``."""
    if cohort.within is not None:
        end = add_months(day, cohort.within.months) + timedelta(days=cohort.within.days)
        return end - timedelta(days=1)
    assert cohort.after is not None
    unit = bucket_of(day, cohort.after.unit, week_starts)
    for _ in range(cohort.after.count):
        unit = bucket_of(unit.last + timedelta(days=1), cohort.after.unit, week_starts)
    return unit.last
