"""Frames as SQL: which days stand behind a bucket, and one value made of the values of those days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.buckets import all_buckets, bucket, moved
from kurs.metrics.leaf import ZERO_WHEN_EMPTY, Aggregate
from kurs.metrics.trees import cast, joined, named, selected, series
from kurs.metrics.zones import date_literal
from kurs.model.days import MONTHS_IN, AnyGrain, Days, Grain, bucket_of
from kurs.model.frame import Edge, Frame, FrameKind, Span, Steps
from kurs.model.metric import At

if TYPE_CHECKING:
    from datetime import date

    from kurs.metrics.leaf import Leaf
    from kurs.model.frame import Shift
    from kurs.model.project import Settings

_LONGEST = 366


def last_of(time: exp.Expr, grain: AnyGrain) -> exp.Expr:
    """Return the last day of the bucket that begins at ``time``."""
    match grain:
        case Grain.HOUR | Grain.DAY:
            return cast(time, "DATE")
        case Grain.WEEK:
            return cast(moved(time, days=6), "DATE")
        case _:
            return cast(moved(moved(time, months=MONTHS_IN[grain]), days=-1), "DATE")


def first_and_last(days: Days, data_to: date) -> exp.Select:
    """Return a SELECT of one bucket: the asked days that have data, or all where none of them has."""
    seen = days.until(data_to) or days
    ends = (("first_day", seen.first), ("last_day", seen.last))
    return selected(*(named(date_literal(day), name) for name, day in ends))


def buckets_with_days(days: Days, grain: AnyGrain, settings: Settings, data_to: date) -> exp.Select:
    """Return a SELECT of every bucket with its first and last asked day; a running one ends with the data."""
    time = exp.column("time")
    begins = exp.Greatest(this=time.copy(), expressions=[date_literal(days.first)], ignore_nulls=True)
    ends = exp.Least(
        this=last_of(time.copy(), grain), expressions=[date_literal(days.last)], ignore_nulls=True
    )
    if data_to < days.last:
        running = exp.And(
            this=exp.LTE(this=begins.copy(), expression=date_literal(data_to)),
            expression=exp.GT(this=ends.copy(), expression=date_literal(data_to)),
        )
        ends = exp.Case(ifs=[exp.If(this=running, true=date_literal(data_to))], default=ends)
    series = all_buckets(days, grain, settings).subquery("series", copy=False)
    return selected(time, named(begins, "first_day"), named(ends, "last_day"), source=series)


def buckets_without_data(days: Days | None, grain: AnyGrain | None, settings: Settings) -> exp.Select:
    """Return a SELECT of the asked buckets, if any are asked for, with no day behind their values."""
    nothing = [named(cast(exp.null(), "DATE"), name) for name in ("first_day", "last_day")]
    if grain is None:
        return selected(*nothing)
    if days is None:
        return selected(named(cast(exp.null(), "DATE"), "time"), *nothing).where(exp.false(), copy=False)
    series = all_buckets(days, grain, settings).subquery("series", copy=False)
    return selected(exp.column("time"), *nothing, source=series)


def days_of_buckets(buckets: str, days: Days, has_time: bool) -> exp.Select:
    """Return a SELECT of the days of every bucket, as buckets of one day."""
    day = exp.column("time", table="days")
    columns = [exp.column("time", table=buckets)] if has_time else []
    ends = [named(day.copy(), name) for name in ("first_day", "last_day")]
    each = series(date_literal(days.first), date_literal(days.last), "1 day")
    every = selected(named(cast(each, "DATE"), "time")).subquery("days", copy=False)
    first, last = (exp.column(name, table=buckets) for name in ("first_day", "last_day"))
    within = exp.Between(this=day, low=first, high=last)
    return joined(selected(*columns, *ends, source=buckets), every, within)


def days_behind(
    frame: Frame,
    table: str,
    by_months: bool,
    grain: AnyGrain | None,
    week_starts: int,
    data_to: date | None,
) -> tuple[exp.Expr | None, exp.Expr]:
    """Return the first and last day that ``frame`` takes in.

    Both are made of ``first_day`` and ``last_day`` of ``table``, which has a row for each bucket. The first
    is None where the frame reaches back to the beginning. ``by_months``: the buckets are whole months,
    which stay whole when they are moved. ``data_to`` is the last day with data, where buckets lie after it:
    such a bucket has a value when its days, moved back, have data, as last year's of next week.
    """
    first, last = _moved_back(frame, table, by_months, grain, week_starts)
    if data_to is not None:
        ends = exp.column("last_day", table=table)
        if frame.shifts:
            ends = exp.Least(this=ends, expressions=[last.copy()], ignore_nulls=True)
        known = exp.LTE(this=ends, expression=date_literal(data_to))
        last = exp.Case(ifs=[exp.If(this=known, true=last)])
    match frame.kind:
        case FrameKind.BUCKET:
            return first, last
        case FrameKind.ROLLING if frame.span is not None and frame.span.months:
            start = moved(moved(last.copy(), days=1), months=-frame.span.months)
            return cast(start, "DATE"), last
        case FrameKind.ROLLING:
            days = frame.span.days if frame.span is not None else 1
            return cast(moved(last.copy(), days=1 - days), "DATE"), last
        case FrameKind.TO_DATE:
            return bucket(last.copy(), frame.grain or Grain.YEAR, week_starts), last
        case FrameKind.SINCE:
            return (date_literal(frame.since) if frame.since is not None else None), last


def _moved_back(
    frame: Frame, table: str, by_months: bool, grain: AnyGrain | None, week_starts: int
) -> tuple[exp.Expr, exp.Expr]:
    first: exp.Expr = exp.column("first_day", table=table)
    last: exp.Expr = exp.column("last_day", table=table)
    if frame.edge is Edge.FIRST:
        last = first.copy()
    for shift in frame.shifts:
        first, last = _back(first, last, shift, by_months, grain, week_starts)
    return first, last


def reach_back(frame: Frame, first: date, grain: AnyGrain | None) -> date | None:
    """Return a day at or before the first one that ``frame`` takes in for buckets from ``first`` on.

    Both have civil grains alone: a ``Listing`` knows of the others.
    """
    if frame.kind is FrameKind.SINCE:
        return frame.since
    start = bucket_of(first, grain).first if grain else first
    spans = [*frame.shifts, *([frame.span] if frame.span else []), *([frame.grain] if frame.grain else [])]
    back = sum(s.days + s.months * 31 if isinstance(s, Span) else _LONGEST for s in spans)
    return start - timedelta(days=back + 31)


def of_days(leaf: Leaf, name: str) -> exp.Expr:
    """Return one value made of the daily values in the column ``name`` beside ``day``.

    A level is that of the same days for all groups (those of ``counted``), so that parts add up to the whole:
    a group without rows on the last of them has no level, not one that is older. Where each entity has days
    of its own, ``counted`` are those, and the entities' levels are added up.
    """
    column, day = exp.column(name, table="by_day"), exp.column("day", table="by_day")
    if leaf.at is None:
        merge = {Aggregate.MIN: exp.Min, Aggregate.MAX: exp.Max}.get(leaf.kind, exp.Sum)
        return merge(this=column)
    adds_up = leaf.kind in ZERO_WHEN_EMPTY
    if leaf.where is not None and adds_up and not leaf.keeps_null:  # rows, but none that passes: 0 of them
        column = exp.Coalesce(this=column, expressions=[exp.Literal.number(0)])
    if leaf.at is At.AVERAGE and leaf.each is not None:
        return exp.Sum(this=exp.Div(this=column, expression=exp.column("days", table="counted")))
    if leaf.at is At.AVERAGE:
        days = exp.Max(this=exp.column("days", table="counted"))
        return exp.Div(this=exp.Sum(this=column), expression=days) if adds_up else exp.Avg(this=column)
    which = exp.column("first_count" if leaf.at is At.FIRST else "last_count", table="counted")
    on_day = exp.Where(this=exp.EQ(this=day, expression=which))
    merge = exp.Sum if leaf.each is not None else exp.Max
    return exp.Filter(this=merge(this=column), expression=on_day)


def counted_days() -> list[exp.Expr]:
    """Return the columns that say which days of a bucket have rows, whatever their group."""
    day = exp.column("day", table="by_day")
    return [
        named(exp.Min(this=day), "first_count"),
        named(exp.Max(this=day.copy()), "last_count"),
        named(exp.Count(this=exp.Distinct(expressions=[day.copy()]), big_int=True), "days"),
    ]


def touches(covered: tuple[Days, ...], first: exp.Expr | None, last: exp.Expr) -> exp.Expr:
    """Return the condition under which the days from ``first`` to ``last`` meet covered ones."""
    parts: list[exp.Expr] = []
    for days in covered:
        part: exp.Expr = exp.GTE(this=last.copy(), expression=date_literal(days.first))
        if first is not None:
            before = exp.LTE(this=first.copy(), expression=date_literal(days.last))
            part = exp.And(this=part, expression=before)
        parts.append(part)
    return exp.or_(*parts, copy=False) if parts else exp.false()


def _back(
    first: exp.Expr,
    last: exp.Expr,
    shift: Shift,
    by_months: bool,
    grain: AnyGrain | None,
    week_starts: int,
) -> tuple[exp.Expr, exp.Expr]:
    if isinstance(shift, Steps):
        raise TypeError(f"{shift}: a listing goes back by it")
    if not isinstance(shift, Span):
        start = bucket(first, shift, week_starts)
        ends = last_of(start.copy(), grain or Grain.DAY)
        # Never past the bucket's own end: a running one has only begun.
        return start, exp.Least(this=ends, expressions=[last], ignore_nulls=True)
    if shift.months and by_months:
        # The month's end stays the month's end: 28 February goes back to 29 February.
        end = moved(moved(moved(last, days=1), months=-shift.months), days=-1)
        return cast(moved(first, months=-shift.months), "DATE"), cast(end, "DATE")
    back = {"days": -shift.days} if shift.days else {"months": -shift.months}
    return cast(moved(first, **back), "DATE"), cast(moved(last, **back), "DATE")
