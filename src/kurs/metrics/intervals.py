"""Distinct counts over windows and periods to date, by the intervals in which each entity counts.

An entity that is seen on a day counts from then on until the window has passed it, or until the day before it
is seen again: +1 on one day, -1 on another, and a running sum. Each row is read once; a join of the rows to
every bucket that they count in would read it as often as the window has buckets.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.arithmetic import safe_arithmetic
from kurs.metrics.buckets import bucket, moved
from kurs.metrics.leaf import Aggregate
from kurs.metrics.trees import named
from kurs.metrics.zones import date_literal
from kurs.model.days import AnyGrain, Grain
from kurs.model.frame import FrameKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kurs.metrics.framed import Pass, Step
    from kurs.metrics.leaf import Leaf
    from kurs.model.frame import Frame

_NEVER = date(9999, 12, 31)
_STEPS: dict[AnyGrain, dict[str, int]] = {
    Grain.WEEK: {"days": 7},
    Grain.MONTH: {"months": 1},
    Grain.QUARTER: {"months": 3},
}


def has_intervals(leaf: Leaf) -> bool:
    """Say whether a leaf counts distinct things over days that reach back from one."""
    counts = leaf.kind is Aggregate.COUNT_DISTINCT and leaf.made is None and leaf.at is None
    return counts and leaf.frame.kind is not FrameKind.BUCKET


def interval_steps(looking: Pass, week_starts: int) -> list[Step]:
    """Return the steps of a scan with one distinct count: seen, changes, running, and its value by bucket.

    A group without anything to count is there, with 0, as long as it has rows in the frame: ``there``.
    """
    scan, name = looking.scan, looking.name
    frame = scan.frame
    assert frame is not None
    ((column, leaf),) = scan.leaves
    names = [dimension for dimension, _ in scan.dimensions]
    running = exp.select(
        *map(_column, names),
        _column("day"),
        _over(exp.func("LEAD", _column("day"), exp.Literal.number(1), date_literal(_NEVER)), names, "until"),
        _over(exp.Sum(this=_column("things")), names, "things"),
        _over(exp.Sum(this=_column("there")), names, "there"),
    ).from_(f"{name}_changes")
    last = looking.last
    counts = exp.select(
        *(exp.column(time, table=looking.buckets) for time in looking.times),
        *(exp.column(exp.to_identifier(each), table="running") for each in names),
        exp.alias_(exp.column("things", table="running"), exp.to_identifier(column)),
    )
    counts = counts.from_(looking.buckets).join(
        exp.alias_(exp.to_table(f"{name}_running"), "running", table=True),
        on=exp.And(
            this=exp.GTE(this=last.copy(), expression=exp.column("day", table="running")),
            expression=exp.LT(this=last.copy(), expression=exp.column("until", table="running")),
        ),
    )
    some = exp.GT(this=exp.column("there", table="running"), expression=exp.Literal.number(0))
    return [
        (f"{name}_seen", _seen(looking, frame, leaf, week_starts)),
        (f"{name}_changes", _changes(f"{name}_seen", names)),
        (f"{name}_running", running),
        (name, counts.where(some)),
    ]


def _seen(looking: Pass, frame: Frame, leaf: Leaf, week_starts: int) -> exp.Query:
    """Return who was seen on which ``day``, and the first day ``until`` which that counts."""
    thing = safe_arithmetic(leaf.argument) if leaf.argument is not None else exp.null()
    read = looking.rows
    if (
        not looking.tells_groups
    ):  # most rows may have nothing to count: then neither day nor place is made of them
        counted = [exp.not_(thing.copy().is_(exp.null()), copy=False)]
        counted += [safe_arithmetic(leaf.where)] if leaf.where is not None else []
        read = read.where(*counted, copy=False)
    elif leaf.where is not None:
        thing = exp.Case(ifs=[exp.If(this=safe_arithmetic(leaf.where), true=thing)])
    dimensions = [exp.alias_(tree.copy(), exp.to_identifier(name)) for name, tree in looking.scan.dimensions]
    names = [name for name, _ in looking.scan.dimensions]
    whose = [*dimensions, exp.alias_(thing, "thing")]
    if frame.kind is FrameKind.ROLLING:
        rows = read.select(*whose, named(looking.day, "day"), copy=False).distinct(copy=False)
        again = exp.Window(
            this=exp.func("LEAD", _column("day")),
            partition_by=[*map(_column, names), _column("thing")],
            order=exp.Order(expressions=[_column("day")]),
        )
        passed = _passed(frame, _column("day"))
        until = exp.Least(this=passed, expressions=[again], ignore_nulls=True)
        columns = (*map(_column, (*names, "thing", "day")), exp.alias_(until, "until"))
        return exp.select(*columns).from_(rows.subquery("seen"))
    # To date only the first time in each period counts.
    until = date_literal(_NEVER)
    if frame.kind is FrameKind.TO_DATE and frame.grain is not None:
        step = _STEPS.get(frame.grain, {"months": 12})
        until = exp.cast(moved(bucket(looking.day.copy(), frame.grain, week_starts), **step), "DATE")
    first = exp.alias_(exp.Min(this=looking.day), "day")
    grouped = [exp.Literal.number(place) for place in (*range(1, len(whose) + 1), len(whose) + 2)]
    rows = read.select(*whose, first, named(until, "until"), copy=False)
    return rows.group_by(*grouped[:-1], *(grouped[-1:] if frame.kind is FrameKind.TO_DATE else ()))


def _passed(frame: Frame, day: exp.Expr) -> exp.Expr:
    """Return the first day whose window does not hold ``day`` any more.

    A window of a month goes from the day after the same day of the month before. The last day of a month has
    all days of that name behind it: 28 February counts as long as 31 March looks back at 1 March.
    """
    span = frame.span
    if span is None or not span.months:
        return exp.cast(moved(day, days=span.days if span is not None else 1), "DATE")
    later = moved(day, months=span.months)
    at_end = exp.EQ(this=exp.LastDay(this=day.copy()), expression=day.copy())
    return exp.cast(
        exp.Case(ifs=[exp.If(this=at_end, true=exp.LastDay(this=later))], default=later.copy()), "DATE"
    )


def _changes(seen: str, names: Sequence[str]) -> exp.Select:
    """Return by how many things and rows each group grows on each day."""
    is_thing = exp.If(this=_column("thing").is_(exp.null()), true=exp.Literal.number(0))
    parts: list[exp.Select] = []
    for day, change in (("day", 1), ("until", -1)):
        one = exp.Literal.number(change)
        things = exp.Case(ifs=[is_thing.copy()], default=one)
        columns = [_column(name) for name in names]
        parts.append(
            exp.select(
                *columns,
                exp.alias_(_column(day), "day"),
                exp.alias_(exp.Sum(this=things), "things"),
                exp.alias_(exp.Sum(this=one.copy()), "there"),
            )
            .from_(seen)
            .group_by(*(exp.Literal.number(place) for place in range(1, len(names) + 2)))
        )
    both = exp.union(*parts, distinct=False).subquery("both")
    total = (exp.alias_(exp.Sum(this=_column(name)), name) for name in ("things", "there"))
    select = exp.select(*map(_column, names), _column("day"), *total).from_(both)
    return select.group_by(*(exp.Literal.number(place) for place in range(1, len(names) + 2)))


def _over(call: exp.Expr, names: Sequence[str], alias: str) -> exp.Expr:
    order = exp.Order(expressions=[_column("day")])
    return exp.alias_(exp.Window(this=call, partition_by=[*map(_column, names)], order=order), alias)


def _column(name: str) -> exp.Column:
    return exp.column(exp.to_identifier(name))
