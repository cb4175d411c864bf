"""Values that look back, as steps of SQL: daily values or rows, brought to the buckets that take them in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.frames import counted_days, of_days, touches
from kurs.metrics.intervals import interval_steps
from kurs.metrics.trees import both, grouped, joined, named, selected

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
    ``times`` their keys there; ``first`` and ``last`` are the days behind each. ``tells_groups``: the
    step says which groups have rows, also of those without anything to count.
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
    tells_groups: bool = True


def framed_steps(looking: Pass, week_starts: int) -> list[Step]:
    """Return the steps of a scan that looks back; the last one has a row for each bucket and group."""
    scan = looking.scan
    if scan.is_mean and DAY not in looking.times:
        return _averaged(looking, week_starts)
    if scan.by_day:
        return _of_daily_values(looking)
    if scan.alone:
        return interval_steps(looking, week_starts)
    rows = joined(looking.rows, looking.buckets, _between(looking.day, looking.first, looking.last))
    return [(looking.name, looking.grouped(_times(looking), rows))]


def _averaged(looking: Pass, week_starts: int) -> list[Step]:
    """Return the steps of the mean over the days of each bucket; a day that no data cover is not one of them.

    Where nothing happened on a covered day, a sum or count is 0 there.
    """
    scan, daily, days = looking.scan, f"{looking.name}_on_days", days_known(looking.name)
    steps = framed_steps(replace(looking, name=daily, times=(*looking.times, DAY)), week_starts)
    times = [exp.column(time) for time in looking.times]
    covered = touches(scan.covered or (), looking.first, looking.last)
    known = selected(*times, named(exp.Count(this=exp.Star(), big_int=True), "days"), source=looking.buckets)
    known = known.where(covered, copy=False)
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
        means.append(named(mean, name))
    names = [name for name, _ in scan.dimensions]
    keys = [_column(name, daily) for name in (*looking.times, *names)]
    together = [exp.EQ(this=_column(time, daily), expression=_column(time, days)) for time in looking.times]
    merged = joined(selected(*keys, *means, source=daily), days, both(together))
    return [*steps, (days, grouped(known, len(times))), (looking.name, grouped(merged, len(keys)))]


def days_known(name: str) -> str:
    """Name the step that counts, for each bucket of a mean, the days that have data."""
    return f"{name}_days_known"


def _of_daily_values(looking: Pass) -> list[Step]:
    scan, daily = looking.scan, f"{looking.name}_by_day"
    keys = [named(looking.day, "day")]
    entity = ["entity"] if scan.each is not None else []
    if scan.each is not None:
        keys.append(named(scan.each.copy(), "entity"))
    by_day = exp.table_(daily, alias="by_day")
    same = _between(exp.column("day", table="by_day"), looking.first, looking.last)
    steps: list[Step] = [(daily, looking.grouped(keys, looking.rows))]
    names = [name for name, _ in scan.dimensions]
    merged = selected(
        *_times(looking),
        *(_column(name, "by_day") for name in names),
        *(named(of_days(leaf, name), name) for name, leaf in scan.leaves),
        source=looking.buckets,
    )
    merged = joined(merged, by_day, same)
    if any(leaf.at for _, leaf in scan.leaves):
        whose = [*_times(looking), *(_column(name, "by_day") for name in entity)]
        counted = selected(*whose, *counted_days(), source=looking.buckets)
        counted = joined(counted, by_day.copy(), same.copy())
        steps.append((f"{looking.name}_days", grouped(counted, len(whose))))
        other = exp.table_(f"{looking.name}_days", alias="counted")
        meets = [
            exp.EQ(this=_column(time, looking.buckets), expression=_column(time, "counted"))
            for time in looking.times
        ]
        meets += [
            exp.NullSafeEQ(this=_column(name, "by_day"), expression=_column(name, "counted"))
            for name in entity
        ]
        merged = joined(merged, other, both(meets))
    return [*steps, (looking.name, grouped(merged, len(looking.times) + len(names)))]


def _times(looking: Pass) -> list[exp.Expr]:
    return [_column(time, looking.buckets) for time in looking.times]


def _column(name: str, table: str) -> exp.Column:
    return exp.column(name, table=table)


def _between(day: exp.Expr, first: exp.Expr | None, last: exp.Expr) -> exp.Expr:
    if first is None:
        return exp.LTE(this=day, expression=last.copy())
    return exp.Between(this=day, low=first.copy(), high=last.copy())
