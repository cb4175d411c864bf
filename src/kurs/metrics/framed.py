"""Values that look back, as steps of SQL: daily values or rows, brought to the buckets that take them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.frames import counted_days, of_days, touches
from kurs.metrics.intervals import interval_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from kurs.metrics.scan import Scan

Step = tuple[str, exp.Query]
# The key of a bucket that is one day of the question's buckets.
DAY = "last_day"


@dataclass(frozen=True, slots=True)
class Pass:
    """What is known of a scan that looks back.

    ``name`` is that of its last step. ``rows`` is a SELECT without columns over its rows, ``day`` the day of
    one, ``grouped`` adds keys, dimensions and aggregates. ``buckets`` names the step with the buckets,
    ``times`` their keys there; ``first`` and ``last`` are the days behind each.
    """

    scan: Scan
    name: str
    rows: exp.Select
    day: exp.Expr
    grouped: Callable[[list[exp.Expr], exp.Select], exp.Select]
    buckets: str
    times: tuple[str, ...]
    first: exp.Expr | None
    last: exp.Expr


def framed_steps(looking: Pass, week_starts: int) -> list[Step]:
    """Return the steps of a scan that looks back; the last one has a row for each bucket and group."""
    scan = looking.scan
    if scan.is_mean and DAY not in looking.times:
        return _averaged(looking, week_starts)
    if scan.by_day:
        return _of_daily_values(looking)
    if scan.alone:
        return interval_steps(looking, week_starts)
    rows = looking.rows.join(looking.buckets, on=_between(looking.day, looking.first, looking.last))
    return [(looking.name, looking.grouped(_times(looking), rows))]


def _averaged(looking: Pass, week_starts: int) -> list[Step]:
    """Return the steps of the mean over the days of each bucket; a day that no data cover is not one of them.

    Where nothing happened on a covered day, a sum or count is 0 there.
    """
    scan, daily, days = looking.scan, f"{looking.name}_on_days", days_known(looking.name)
    steps = framed_steps(replace(looking, name=daily, times=(*looking.times, DAY)), week_starts)
    times = [exp.column(time) for time in looking.times]
    known = exp.select(*times, exp.alias_(exp.Count(this=exp.Star(), big_int=True), "days"))
    known = known.from_(looking.buckets).where(touches(scan.covered or (), looking.first, looking.last))
    means: list[exp.Expr] = []
    for name, leaf in scan.leaves:
        value: exp.Expr = _column(name, daily)
        if leaf.is_zero_when_empty:
            number = exp.Max(this=_column("days", days))
            mean: exp.Expr = exp.Div(this=exp.Sum(this=value), expression=number, typed=False, safe=False)
        else:
            unsaid = leaf.counts and leaf.keeps_null  # a level of 0 rows is one, though
            value = exp.Nullif(this=value, expression=exp.Literal.number(0)) if unsaid else value
            mean = exp.Avg(this=value)
        means.append(exp.alias_(mean, exp.to_identifier(name)))
    names = [name for name, _ in scan.dimensions]
    keys = [_column(name, daily) for name in (*looking.times, *names)]
    together = [exp.EQ(this=_column(time, daily), expression=_column(time, days)) for time in looking.times]
    merged = exp.select(*keys, *means).from_(daily)
    merged = merged.join(days, on=exp.and_(*together) if together else exp.true())
    merged = merged.group_by(*places(len(keys)))
    return [*steps, (days, known.group_by(*places(len(times)))), (looking.name, merged)]


def days_known(name: str) -> str:
    """Name the step that counts, for each bucket of a mean, the days that have data."""
    return f"{name}_days_known"


def _of_daily_values(looking: Pass) -> list[Step]:
    scan, daily = looking.scan, f"{looking.name}_by_day"
    keys = [exp.alias_(looking.day, "day")]
    entity = ["entity"] if scan.each is not None else []
    if scan.each is not None:
        keys.append(exp.alias_(scan.each.copy(), "entity"))
    by_day = exp.alias_(exp.to_table(daily), "by_day", table=True)
    same = _between(exp.column("day", table="by_day"), looking.first, looking.last)
    steps: list[Step] = [(daily, looking.grouped(keys, looking.rows))]
    names = [name for name, _ in scan.dimensions]
    merged = exp.select(
        *_times(looking),
        *(_column(name, "by_day") for name in names),
        *(exp.alias_(of_days(leaf, name), exp.to_identifier(name)) for name, leaf in scan.leaves),
    )
    merged = merged.from_(looking.buckets).join(by_day, on=same)
    if any(leaf.at for _, leaf in scan.leaves):
        whose = [*_times(looking), *(_column(name, "by_day") for name in entity)]
        counted = exp.select(*whose, *counted_days()).from_(looking.buckets).join(by_day, on=same)
        steps.append((f"{looking.name}_days", counted.group_by(*places(len(whose)))))
        other = exp.alias_(exp.to_table(f"{looking.name}_days"), "counted", table=True)
        meets = [
            exp.EQ(this=_column(time, looking.buckets), expression=_column(time, "counted"))
            for time in looking.times
        ]
        meets += [
            exp.NullSafeEQ(this=_column(name, "by_day"), expression=_column(name, "counted"))
            for name in entity
        ]
        merged = merged.join(other, on=exp.and_(*meets) if meets else exp.true())
    return [*steps, (looking.name, merged.group_by(*places(len(looking.times) + len(names))))]


def places(count: int) -> list[exp.Expr]:
    """Return 1 to ``count``, as GROUP BY names the columns."""
    return [exp.Literal.number(place + 1) for place in range(count)]


def _times(looking: Pass) -> list[exp.Expr]:
    return [_column(time, looking.buckets) for time in looking.times]


def _column(name: str, table: str) -> exp.Column:
    return exp.column(exp.to_identifier(name), table=table)


def _between(day: exp.Expr, first: exp.Expr | None, last: exp.Expr) -> exp.Expr:
    if first is None:
        return exp.LTE(this=day, expression=last.copy())
    return exp.Between(this=day, low=first.copy(), high=last.copy())
