"""Buckets of time as SQL: the bucket of a wall clock, the list of all buckets, what is covered."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.trees import cast, named, selected, series
from kurs.metrics.zones import date_literal, skipped_hours
from kurs.model.days import AnyGrain, Days, Grain, add_months, bucket_of

if TYPE_CHECKING:
    from kurs.model.project import Settings

_STEP: dict[AnyGrain, str] = {
    Grain.HOUR: "1 hour",
    Grain.DAY: "1 day",
    Grain.WEEK: "7 days",
    Grain.MONTH: "1 month",
    Grain.QUARTER: "3 months",
    Grain.YEAR: "1 year",
}


def bucket(clock: exp.Expr, grain: AnyGrain, week_starts: int) -> exp.Expr:
    """Return the first moment of the bucket of a wall clock: a timestamp for hours, else a date."""
    if grain is Grain.HOUR:
        return exp.TimestampTrunc(this=clock, unit=exp.var("HOUR"))
    if grain is Grain.DAY:
        return cast(clock, "DATE")
    if grain is Grain.WEEK and week_starts:
        monday = exp.TimestampTrunc(this=moved(clock, days=-week_starts), unit=exp.var("WEEK"))
        return cast(moved(monday, days=week_starts), "DATE")
    return cast(exp.TimestampTrunc(this=clock, unit=exp.var(grain.upper())), "DATE")


def moved(tree: exp.Expr, days: int = 0, months: int = 0) -> exp.Expr:
    """Return a date or timestamp moved by days or by calendar months."""
    amount, unit = (months, "MONTH") if months else (days, "DAY")
    if amount == 0:
        return tree
    if unit == "MONTH" and amount % 12 == 0:
        amount, unit = amount // 12, "YEAR"
    interval = exp.Interval(this=exp.Literal.string(str(abs(amount))), unit=exp.var(unit))
    return (exp.Add if amount > 0 else exp.Sub)(this=tree, expression=interval)


def all_buckets(days: Days, grain: AnyGrain, settings: Settings) -> exp.Select:
    """Return a SELECT of every bucket that touches ``days``, as the column ``time``."""
    first = bucket_of(days.first, grain, settings.week_starts).first
    last = bucket_of(days.last, grain, settings.week_starts).first
    start, end, kind = str(first), str(last), "DATE"
    if grain is Grain.HOUR:
        start, end, kind = f"{first} 00:00:00", str(datetime.combine(last, time(23))), "TIMESTAMP"
    begins, ends = (cast(exp.Literal.string(moment), kind) for moment in (start, end))
    select = selected(named(cast(series(begins, ends, _STEP[grain]), kind), "time"))
    skipped = skipped_hours(settings.timezone, days) if grain is Grain.HOUR else ()
    if not skipped:
        return select
    hours = [cast(exp.Literal.string(str(hour)), "TIMESTAMP") for hour in skipped]
    within = selected(exp.column("time"), source=select.subquery("hours", copy=False))
    return within.where(exp.In(this=exp.column("time"), expressions=hours).not_(copy=False), copy=False)


def in_covered(
    bucket_time: exp.Expr, grain: AnyGrain, covered: tuple[Days, ...], week_starts: int
) -> exp.Expr:
    """Return the condition under which a bucket touches covered days."""
    if not covered:
        return exp.false()
    parts: list[exp.Expr] = []
    for days in covered:
        first = date_literal(bucket_of(days.first, grain, week_starts).first)
        last = date_literal(days.last + timedelta(days=1 if grain is Grain.HOUR else 0))
        after = exp.GTE(this=bucket_time.copy(), expression=first)
        before_type = exp.LT if grain is Grain.HOUR else exp.LTE
        parts.append(exp.And(this=after, expression=before_type(this=bucket_time.copy(), expression=last)))
    return exp.or_(*parts, copy=False) if len(parts) > 1 else parts[0]


def forward(days: Days, shift: int, years: int) -> Days:
    """Return the days into which ``days`` of the comparison are moved; 29 February goes to the 28th."""
    if not years:
        return days.shifted(shift)
    return Days(add_months(days.first, 12 * years), add_months(days.last, 12 * years))


def back(days: Days, shift: int, years: int) -> Days:
    """Return the days from the counterpart of the first to that of the last."""
    return forward(days, -shift, -years)
