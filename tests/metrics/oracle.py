"""The answer to a question by brute force in plain Python: one row, one day, one group at a time.

Written from the design, not from the SQL. What it takes for granted: rows lie in covered days.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from statistics import variance
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from metrics.almanac import (
    DAY,
    NEVER,
    Almanac,
    a_year_after,
    a_year_before,
    begins_month,
    each_day,
    jalali_year_before,
    retail_year_before,
)
from metrics.looking import PLAIN, Look, shifted, start_behind
from metrics.trees import Leaf, Offset, Share, Tree, divided, exact, leaves, names, value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Row: TypeAlias = "Mapping[str, object]"


@dataclass(frozen=True)
class Facts:
    """One table: its rows, how it is read, and which days it covers (None: it has no time).

    With ``has_history`` a row is valid from the day ``since`` until before the day ``until``; None is open.
    """

    rows: Sequence[Row]
    dimensions: Mapping[str, Tree] = field(default_factory=dict)
    joins: Mapping[str, str] = field(default_factory=dict)
    where: Tree | None = None
    time: str | None = None
    time_zone: str | None = None
    covered: frozenset[date] | None = None
    has_history: bool = False


@dataclass(frozen=True)
class Told:
    """A metric; ``fill`` is "", zero, null or none; ``look`` is its own window, period to date or level."""

    tree: Tree
    fill: str = ""
    look: Look = PLAIN


@dataclass(frozen=True)
class World:
    """Tables, metrics and segments of one plan."""

    zone: str
    week_starts: int
    tables: Mapping[str, Facts]
    metrics: Mapping[str, Told]
    segments: Mapping[str, tuple[str, Tree]]
    as_of: date
    fiscal: str = "1"

    def day(self, table: str, row: Row) -> date | None:
        """The day of a row in the project's zone."""
        moment = self.clock(table, row)
        return moment.date() if isinstance(moment, datetime) else moment

    def clock(self, table: str, row: Row) -> date | None:
        """The wall clock of a row in the project's zone, or its date."""
        facts = self.tables[table]
        moment = row[facts.time or ""]
        if not isinstance(moment, datetime):
            assert moment is None or isinstance(moment, date)
            return moment
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=ZoneInfo(facts.time_zone or self.zone))
        return moment.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def joined(self, table: str, row: Row, other: str, day: date | None) -> Row | None:
        """The row of ``other`` that a row finds: none for a null key, a missing match, a later row.

        Of several with the key it is the one that was valid on ``day``, the day of the counted row.
        """
        key = row[self.tables[table].joins[other]]
        found = [each for each in self.tables[other].rows if key is not None and each["id"] == key]
        if self.tables[other].has_history:
            found = [each for each in found if day is not None and was_valid(each, day)]
        return found[0] if found and self.is_there(other, found[0]) else None

    def is_there(self, table: str, row: Row) -> bool:
        """Say whether a row is seen at the end of ``as_of``."""
        facts = self.tables[table]
        if facts.where is not None and value(facts.where, lambda name: row[name]) is not True:
            return False
        if facts.time is None:
            return True
        day = self.day(table, row)
        return day is None or day <= self.as_of

    def reaches(self, table: str) -> tuple[str, ...]:
        """The tables that a row reaches, the nearest first."""
        found = [table]
        for here in found:
            found += [other for other in self.tables[here].joins if other not in found]
        return tuple(found)

    def follow(self, table: str, row: Row, owner: str) -> Row | None:
        """The row of ``owner`` that a row of ``table`` finds over the shortest chain of joins."""
        ways = [(table,)]
        while all(way[-1] != owner for way in ways):
            ways = [(*way, other) for way in ways for other in self.tables[way[-1]].joins]
        found: Row | None = row
        day = self.day(table, row) if self.tables[table].time is not None else None
        for here, other in pairwise(next(way for way in ways if way[-1] == owner)):
            found = self.joined(here, found, other, day) if found is not None else None
        return found

    def find(self, table: str, row: Row, name: str) -> object:
        """What a dimension or ``table.column`` is for a row of ``table``."""
        owner, _, column = name.rpartition(".")
        if not owner:
            owner = next(each for each in self.reaches(table) if name in self.tables[each].dimensions)
        row = self.follow(table, row, owner)
        own = row if row is not None else dict.fromkeys([column, *_columns(self.tables[owner])])
        dimension = self.tables[owner].dimensions.get(column)
        return value(dimension, lambda each: own[each]) if dimension is not None else own[column]

    def metric_leaves(self, metric: str) -> tuple[Leaf, ...]:
        """All aggregates behind a metric."""
        return tuple(leaf for leaf, _ in self.metric_looks(metric))

    def metric_looks(self, metric: str, outer: Look = PLAIN) -> tuple[tuple[Leaf, Look], ...]:
        """All aggregates behind a metric, each with the way in which it looks back."""
        told = self.metrics[metric]
        look = inner(outer, told.look)
        found = [(leaf, of_leaf(look, told.look)) for leaf in leaves(told.tree)]
        for name in names_of_metrics(told.tree):
            found += self.metric_looks(name, look)
        for part in others(told.tree):
            if isinstance(part, Offset):
                found += self.metric_looks(part.metric, look.back(part.by))
            else:
                found += self.metric_looks(part.metric, look)
                found += self.metric_looks(part.metric, whole_of(part, look, outer))
        return tuple(found)


def inner(outer: Look, own: Look) -> Look:
    """A metric's own window at the place to which ``outer`` looks, and the filters of both."""
    kept = replace(own if own.has_frame else outer, at="", each="")
    return replace(kept, shifts=outer.shifts, only=(*outer.only, *own.only), whole=outer.whole)


def of_leaf(look: Look, own: Look) -> Look:
    """How an aggregate in a metric's own formula looks: a level only there."""
    return replace(look, at=own.at, each=own.each)


def whole_of(share: Share, look: Look, outer: Look) -> Look:
    """How the whole of a share looks: without the metric's own filter."""
    return replace(look, only=outer.only, whole=share.whole)


def others(tree: Tree) -> Iterator[Offset | Share]:
    """Yield the offsets and shares of a formula."""
    if isinstance(tree[1], (Offset, Share)):
        yield tree[1]
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from others(part)


def _columns(facts: Facts) -> Iterator[str]:
    for tree in facts.dimensions.values():
        yield from names(tree)


def was_valid(row: Row, day: date) -> bool:
    """Say whether a row with a history was the valid one on a day."""
    since, until = row["since"], row["until"]
    assert since is None or isinstance(since, date)
    assert until is None or isinstance(until, date)
    return (since is None or since <= day) and (until is None or day < until)


def names_of_metrics(tree: Tree) -> Iterator[str]:
    """Yield the metrics that a formula names, outside its aggregates."""
    if tree[0] == "metric":
        yield str(tree[1])
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from names_of_metrics(part)


@dataclass(frozen=True)
class Wanted:
    """A question, as plain values; ``against`` is a name or "range" with ``against_days``."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: str | None = None
    days: tuple[date, date] | None = None
    where: tuple[Tree, ...] = ()
    segments: tuple[str, ...] = ()
    against: str | None = None
    against_days: tuple[date, date] | None = None


class Oracle:
    """Answers one question."""

    def __init__(self, world: World, wanted: Wanted) -> None:
        self.world = world
        self.wanted = wanted
        found = [leaf.home for name in wanted.metrics for leaf in world.metric_leaves(name)]
        self.homes = tuple(dict.fromkeys(found))

    # Which days.

    def covered(self, home: str) -> frozenset[date] | None:
        """The days that are covered at the end of ``as_of``."""
        days = self.world.tables[home].covered
        return None if days is None else frozenset(day for day in days if day <= self.world.as_of)

    @cached_property
    def all_covered(self) -> list[date]:
        """The covered days of all homes, in order."""
        return sorted({day for home in self.homes for day in self.covered(home) or ()})

    @cached_property
    def days(self) -> list[date]:
        """The asked days, else the first to the last covered one."""
        if self.wanted.days is not None:
            return list(each_day(*self.wanted.days))
        return list(each_day(self.all_covered[0], self.all_covered[-1])) if self.all_covered else []

    @property
    def seen_to(self) -> date:
        """The last day that is over and covered."""
        return min([self.world.as_of, *self.all_covered[-1:]])

    @cached_property
    def seen(self) -> list[date]:
        """The days that are over and covered up to their last: the stretch to date."""
        return [day for day in self.days if day <= self.seen_to] or self.days

    def counterparts(self, day: date) -> list[date]:
        """The days of the comparison that belong to ``day``, one of the stretch to date."""
        if self.wanted.against == "last_year":
            return self._a_year_before(day)
        return [day - self._moved]

    def _a_year_before(self, day: date) -> list[date]:
        """The counterparts of a day by the calendar of the grain."""
        kind = (self.wanted.grain or "").partition("_")
        rule = "jalali" if kind[0] == "jalali" else self.world.fiscal if kind[1] else ""
        if rule == "jalali":
            return jalali_year_before(day)
        return retail_year_before(day) if rule == "4-5-4" else [a_year_before(day)]

    @property
    def listed(self) -> bool:
        """Say whether the grain is that of another calendar."""
        return self.wanted.grain == "seasons" or "_" in (self.wanted.grain or "")

    @property
    def _moved(self) -> timedelta:
        if self.wanted.against == "last_year_weekday":
            return timedelta(days=364)
        if self.wanted.against == "previous":
            return timedelta(days=len(self.days))
        assert self.wanted.against_days is not None
        return self.days[0] - self.wanted.against_days[0]

    @cached_property
    def then(self) -> list[date]:
        """The days of the whole comparison."""
        if self.wanted.against == "range" and self.wanted.against_days is not None:
            whole = list(each_day(*self.wanted.against_days))
            return whole[: len(self.seen)] if len(whole) == len(self.days) else whole
        if not self.seen:
            return []
        if self.listed:
            return sorted({other for bucket in self.buckets() for other in self._behind(bucket)})
        first, last = self.counterparts(self.seen[0]), self.counterparts(self.seen[-1])
        ends = self.seen[-1] + DAY
        if self.wanted.against == "last_year" and ends.day == 1 and self._ends_with_whole_month():
            last = [a_year_before(ends) - DAY]
        return list(each_day(first[0], last[0]))

    def _ends_with_whole_month(self) -> bool:
        """Whole months stay whole months: those of the range, or those of the last bucket."""
        if self.wanted.grain in ("day", "hour"):
            return False
        last = [day for day in self.seen if self.bucket(day) == self.bucket(self.seen[-1])]
        return self.seen[0].day == 1 or (self.wanted.grain is not None and last[0].day == 1)

    def _behind(self, bucket: date | None) -> set[date]:
        """The days of the comparison that stand behind a bucket of another calendar."""
        own = [day for day in self.seen if self.bucket(day) == bucket]
        days = {other for day in own for other in self.counterparts(day)}
        if own and self.wanted.against == "last_year" and self.wanted.grain != "seasons":
            kind = "jalali" if str(self.wanted.grain).startswith("jalali") else self.world.fiscal
            whole = begins_month(own[0], kind, 1) and begins_month(own[-1] + DAY, kind, 1)
            if whole and kind != "4-5-4":  # whole months stay whole: 30 Esfand, 29 February
                last = max(days) + DAY
                while not begins_month(last, kind, 1):
                    days.add(last)
                    last += DAY
        # A period that has not begun is compared with days that all have data, or with none.
        return set() if self.days[0] > self.seen_to and max(days, default=NEVER) > self.seen_to else days

    # Buckets.

    @cached_property
    def almanac(self) -> Almanac:
        """The project's calendar."""
        return Almanac(self.world.week_starts, self.world.fiscal)

    def bucket(self, day: date) -> date:
        """The first day of the bucket in which a day lies."""
        if self.wanted.grain in (None, "hour"):
            return day
        found = self.almanac.bucket(day, self.wanted.grain)
        return found[0] if found is not None else NEVER

    def buckets(self) -> list[date | None]:
        """Every bucket of the days; [None] without a grain."""
        if self.wanted.grain is None:
            return [None]
        if self.wanted.grain != "hour":
            return sorted({self.bucket(day) for day in self.days} - {NEVER})  # type: ignore[return-value]
        zone, wanted = ZoneInfo(self.world.zone), set(self.days)
        if not self.days:
            return []
        moment = datetime.combine(self.days[0], datetime.min.time(), UTC) - 2 * DAY
        end = datetime.combine(self.days[-1], datetime.min.time(), UTC) + 3 * DAY
        hours: set[datetime] = set()
        while moment < end:
            clock = moment.astimezone(zone).replace(tzinfo=None, minute=0)
            if clock.date() in wanted:
                hours.add(clock)
            moment += timedelta(minutes=15)
        return sorted(hours)  # type: ignore[return-value]

    # Looking back.

    @cached_property
    def by_months(self) -> bool:
        """Whole months stay whole when they are moved."""
        if self.wanted.grain is None and self.wanted.days is not None:
            first, last = self.wanted.days
            return first.day == 1 and (last + DAY).day == 1
        kind, _, unit = (self.wanted.grain or "").partition("_")
        if kind == "fiscal":
            return unit != "week" and self.world.fiscal.isdigit()
        return kind in ("month", "quarter", "year")

    def whole_of(self, rule: str) -> bool:
        """Whole months of a calendar stay whole where the question speaks of its months, or has such days."""
        if self.wanted.grain is None:
            return self.wanted.days is not None and all(
                begins_month(day, rule, 1) for day in (self.wanted.days[0], self.wanted.days[1] + DAY)
            )
        named = self.listed and self.wanted.grain not in ("seasons", "fiscal_week")
        return named and self.almanac.rule(self.wanted.grain) == rule

    def span_of(self, bucket: date | None) -> tuple[date, date, bool] | None:
        """The days of a bucket, and whether it lies after all data: a running one ends with the data."""
        days = [day for day in self.days if bucket is None or self.bucket(day) == bucket]
        if not days or not self.all_covered:
            return None
        end = min(self.world.as_of, self.all_covered[-1])
        over = [day for day in days if day <= end]
        return (days[0], (over or days)[-1], not over)

    def stretch(self, first: date, last: date, look: Look, *, then: bool) -> tuple[date | None, date] | None:
        """The days behind a value that is asked for from first to last; None where there are none."""
        by_day = look.edge == "average"
        if look.edge == "first":
            last = first
        for shift in (*((self.shift_then,) if then else ()), *look.shifts):
            moved = shifted(
                first,
                last,
                shift,
                self.almanac,
                by_months=self.by_months and not by_day,
                whole_of=self.whole_of if not by_day else lambda _: False,
                grain="day" if by_day else self.wanted.grain,
            )
            if moved is None:
                return None
            first, last = moved
        return start_behind(look, first, last, self.almanac)

    @property
    def shift_then(self) -> str:
        """The comparison as one more shift."""
        kind = (self.wanted.grain or "").partition("_")
        year = f"{kind[0]}_year" if kind[1] else "year"
        return f"1 {year}" if self.wanted.against == "last_year" else f"{self._moved.days} days"

    def behind(self, bucket: date | None, look: Look, *, then: bool) -> list[tuple[date | None, date]]:
        """The stretches behind a bucket's value: one, or that of each day of which it is the mean."""
        span = self.span_of(bucket)
        if span is None:
            return []
        first, last, is_after = span
        # Of other calendars a level is compared only where it has a day itself, once the period has begun.
        bare = not look.has_frame and (not then or (self.listed and self.days[0] <= self.seen_to))
        if is_after and not look.shifts and (bare or not then):
            return []
        ends = [(first, last)]
        if look.edge == "average" and self.wanted.grain != "day":
            asked = set(self.days)
            ends = [(day, day) for day in each_day(first, last) if day in asked]
        end = min(self.world.as_of, self.all_covered[-1])
        stretches = [self.stretch(*each, look, then=then) for each in ends]
        return [found for found in stretches if found is not None and (not is_after or found[1] <= end)]

    def looked(self, home: str, first: date | None, last: date) -> tuple[list[Row], bool]:
        """The rows of a stretch, and whether it touches covered days."""
        covered = self.covered(home) or frozenset()
        known = any((first is None or first <= day) and day <= last for day in covered)
        if first is not None and last < first:  # a day before the one since which is counted: 0 up to now
            known = covered.issuperset(each_day(last, first))
        rows = [
            row
            for row in self.all_rows[home]
            if (day := self._day(home, row)) is not None and (first is None or first <= day) and day <= last
        ]
        return rows, known

    @cached_property
    def all_rows(self) -> dict[str, list[Row]]:
        """The rows of any day by table."""
        return {home: self.rows(home, None) for home in self.homes}

    def looking(
        self,
        leaf: Leaf,
        look: Look,
        bucket: date | None,
        group: tuple[object, ...],
        *,
        then: bool,
        known: bool,
    ) -> object:
        """An aggregate of the days behind a bucket, or the mean of those behind its days."""
        stretches = self.behind(bucket, look, then=then)
        found = [self.stretched(leaf, look, stretch, group, known=known) for stretch in stretches]
        if look.edge != "average" or self.wanted.grain == "day":
            return found[0] if found else None
        adds_up = leaf.kind in ("sum", "count", "count distinct") and not look.at and known
        touched = [self.looked(leaf.home, *stretch)[1] for stretch in stretches]
        values = [each for each in found if each is not None]
        if not values or (adds_up and not any(touched)):
            return None
        return divided(sum(values), sum(touched) if adds_up else len(values))  # type: ignore[arg-type]

    def stretched(
        self,
        leaf: Leaf,
        look: Look,
        stretch: tuple[date | None, date],
        group: tuple[object, ...],
        *,
        known: bool,
    ) -> object:
        """An aggregate of the days of a stretch."""
        rows, touched = self.looked(leaf.home, *stretch)
        of_group = [row for row in rows if self.belongs(leaf.home, row, look, group)]
        if look.each:
            return self.levels(leaf, look, rows, of_group, known=known)
        if look.at:
            return self.level(leaf, look.at, rows, of_group, known=known)
        return self.aggregate(leaf, of_group, known=known and touched)

    def levels(self, leaf: Leaf, look: Look, rows: list[Row], of_group: list[Row], *, known: bool) -> object:
        """The levels of all entities, each on its own days, added up."""
        found: list[object] = []
        for entity in {self.world.find(leaf.home, row, look.each) for row in rows}:
            own, in_group = (
                [row for row in some if self.world.find(leaf.home, row, look.each) == entity]
                for some in (rows, of_group)
            )
            found.append(self.level(leaf, look.at, own, in_group, known=known))
        values = [each for each in found if each is not None]
        # A count without a day of its own counts nothing; where that must show, 0 is no value.
        total = sum(values) if values else None  # type: ignore[arg-type]
        return None if total == 0 and leaf.kind == "count" and not known else total

    def belongs(self, home: str, row: Row, look: Look, group: tuple[object, ...]) -> bool:
        """Say whether a row is in the group, or in the groups that are taken together with it."""
        kept = {"group": len(group), "parent": max(len(group) - 1, 0), "all": 0}[look.whole]
        return self.group(home, row)[:kept] == group[:kept]

    def level(self, leaf: Leaf, at: str, rows: list[Row], of_group: list[Row], *, known: bool) -> object:
        """A level: of the first or last day that was counted for any group, or the mean over counted days."""
        counted = sorted({day for row in rows if (day := self._day(leaf.home, row)) is not None})
        adds_up = leaf.kind in ("sum", "count", "count distinct")
        daily: dict[date, object] = {}
        for day in counted:
            there = [row for row in of_group if self._day(leaf.home, row) == day]
            if there:
                zero = known and (leaf.where is not None or leaf.kind.startswith("count"))
                daily[day] = self.aggregate(leaf, there, known=zero)
        values = [found for found in daily.values() if found is not None]
        if at != "average":
            return daily.get(counted[0 if at == "first" else -1]) if counted else None
        if not values:
            return None
        return divided(sum(values), len(counted) if adds_up else len(values))  # type: ignore[arg-type]

    # Rows.

    def rows(self, home: str, days: set[date] | None) -> list[Row]:
        """The rows of a table that the question sees on these days; None: on any day."""
        world, found = self.world, []
        for row in world.tables[home].rows:
            if not world.is_there(home, row):
                continue
            if world.tables[home].time is not None:
                day = world.day(home, row)
                if day is None or (days is not None and day not in days):
                    continue
            elif world.tables[home].has_history and not was_valid(row, world.as_of):
                continue
            conditions = [*self.wanted.where]
            conditions += [_of(*world.segments[name]) for name in self.wanted.segments]
            entities = {world.segments[name][0] for name in self.wanted.segments}
            held = all(self._holds(home, row, tree) for tree in conditions)
            if held and all(world.follow(home, row, entity) is not None for entity in entities):
                found.append(row)
        return found

    def _holds(self, home: str, row: Row, condition: Tree) -> bool:
        return value(condition, lambda name: self.world.find(home, row, name)) is True

    def group(self, home: str, row: Row) -> tuple[object, ...]:
        """The members of a row."""
        return tuple(self.world.find(home, row, name) for name in self.wanted.by)

    def part(self, home: str, bucket: date | None, *, then: bool) -> tuple[list[Row], bool]:
        """The rows of one bucket (or of its counterpart), and whether it touches covered days."""
        rows = self.then_rows[home] if then else self.now_rows[home]
        covered = self.covered(home)
        span = self.then if then else self.days
        if covered is None:
            return rows, True
        if bucket is None:
            asked = then or self.wanted.days is not None
            return rows, bool(covered & set(span)) if asked else bool(covered)
        if isinstance(bucket, datetime):
            day, hour = bucket.date(), bucket.hour
            days = self._at(day, then=then)
            return [
                row for row in rows if self._hour(home, row) == hour and self._day(home, row) in days
            ], bool(days & covered & set(span))
        if self.listed and then:
            days = self._behind(bucket)
            return [row for row in rows if self._day(home, row) in days], bool(days & covered)
        days = {day for day in span if self._bucket_where(day, then=then) == bucket}
        if self.wanted.grain == "day" and then:
            days = self._at(bucket, then=True) & set(span)
        return [row for row in rows if self._day(home, row) in days], bool(days & covered)

    def _at(self, day: date, *, then: bool) -> set[date]:
        return {other for other in self.counterparts(day) if other in self.then} if then else {day}

    def _bucket_where(self, day: date, *, then: bool) -> date:
        """The bucket in which a day counts: a day of the comparison moves to where it belongs."""
        if then:
            day = a_year_after(day) if self.wanted.against == "last_year" else day + self._moved
        return self.bucket(day)

    def _day(self, home: str, row: Row) -> date | None:
        return self.world.day(home, row)

    def _hour(self, home: str, row: Row) -> int | None:
        clock = self.world.clock(home, row)
        return clock.hour if isinstance(clock, datetime) else None

    @cached_property
    def now_rows(self) -> dict[str, list[Row]]:
        """The rows of the asked days by table."""
        days = set(self.days) if self.wanted.days is not None else None
        return {home: self.rows(home, days) for home in self.homes}

    @cached_property
    def then_rows(self) -> dict[str, list[Row]]:
        """The rows of the comparison by table."""
        if self.wanted.against is None:
            return {home: [] for home in self.homes}
        return {home: self.rows(home, set(self.then)) for home in self.homes}

    # Values.

    def answer(self) -> list[dict[str, object]]:
        """Every row of the answer, in the order of its keys."""
        members = {group: None for found in self.groups.values() for group in found}
        if not self.wanted.by:
            members = {(): None}
        keys = list(product(self.buckets(), members))
        if self.wanted.grain and all(self.world.metrics[name].fill == "none" for name in self.wanted.metrics):
            keys = [(bucket, group) for bucket, group in keys if group in self.groups[bucket]]
        return [self._row(bucket, group) for bucket, group in keys]

    @cached_property
    def groups(self) -> dict[date | None, set[tuple[object, ...]]]:
        """The members that have rows behind the value of each bucket; of the comparison under None."""
        found: dict[date | None, set[tuple[object, ...]]] = {bucket: set() for bucket in self.buckets()}
        later = found.setdefault(None, set())
        for leaf, look in dict.fromkeys(
            pair for name in self.wanted.metrics for pair in self.world.metric_looks(name)
        ):
            home = leaf.home
            for bucket in self.buckets():
                if look.whole != "group":
                    continue
                if look.is_plain:
                    found[bucket] |= {self.group(home, row) for row in self.part(home, bucket, then=False)[0]}
                for span in [] if look.is_plain else self.behind(bucket, look, then=False):
                    found[bucket] |= {self.group(home, row) for row in self.looked(home, *span)[0]}
                if self.wanted.against is not None and not look.is_plain:
                    for span in self.behind(bucket, look, then=True):
                        later |= {self.group(home, row) for row in self.looked(home, *span)[0]}
            if look.is_plain:
                later |= {self.group(home, row) for row in (*self.now_rows[home], *self.then_rows[home])}
        return found

    def _row(self, bucket: date | None, group: tuple[object, ...]) -> dict[str, object]:
        row: dict[str, object] = {"time": bucket} if self.wanted.grain else {}
        row |= dict(zip(self.wanted.by, group, strict=True))
        for name in self.wanted.metrics:
            row[name] = self.metric(name, bucket, group, then=False)
            if self.wanted.against is not None:
                before = row[f"{name}__compare"] = self.metric(name, bucket, group, then=True)
                row[f"{name}__change"] = change(row[name], before)
        return row

    def metric(
        self,
        name: str,
        bucket: date | None,
        group: tuple[object, ...],
        *,
        then: bool,
        outer: Look = PLAIN,
    ) -> object:
        """The value of a metric in one cell: its formula over the cell's aggregates."""
        told = self.world.metrics[name]
        look = inner(outer, told.look)
        known = told.fill not in ("null", "none")

        def leaf_value(part: Leaf | Offset | Share) -> object:
            if isinstance(part, Offset):
                return self.metric(part.metric, bucket, group, then=then, outer=look.back(part.by))
            if isinstance(part, Share):
                whole = whole_of(part, look, outer)
                both = [
                    self.metric(part.metric, bucket, group, then=then, outer=each) for each in (look, whole)
                ]
                return None if None in both else divided(*both)  # type: ignore[arg-type]
            own = of_leaf(look, told.look)
            for only in look.only:
                part = replace(part, where=only if part.where is None else ("and", part.where, only))
            halves = part.parts()
            if halves is None:
                return self.one(part, own, bucket, group, then=then, known=known)
            both = [self.one(each, own, bucket, group, then=then, known=known) for each in halves]
            return None if None in both else divided(*both)  # type: ignore[arg-type]

        found = value(
            told.tree, lambda each: self.metric(each, bucket, group, then=then, outer=look), leaf_value
        )
        if found is None and told.fill == "zero" and self.all_known(name, outer, bucket, then=then):
            return 0
        return found

    def one(
        self,
        leaf: Leaf,
        look: Look,
        bucket: date | None,
        group: tuple[object, ...],
        *,
        then: bool,
        known: bool,
    ) -> object:
        """One aggregate in one cell."""
        if not look.is_plain:
            return self.looking(leaf, look, bucket, group, then=then, known=known)
        rows, touched = self.part(leaf.home, bucket, then=then)
        rows = [row for row in rows if self.belongs(leaf.home, row, look, group)]
        return self.aggregate(leaf, rows, known=touched and known)

    def all_known(self, name: str, outer: Look, bucket: date | None, *, then: bool) -> bool:
        """Say whether the days behind every leaf of a metric touch covered ones."""
        for leaf, look in self.world.metric_looks(name, outer):
            if replace(look, at="").is_plain:
                known = self.part(leaf.home, bucket, then=then)[1]
            else:
                known = any(self.looked(leaf.home, *span)[1] for span in self.behind(bucket, look, then=then))
            if not known:
                return False
        return True

    def aggregate(self, leaf: Leaf, rows: list[Row], *, known: bool) -> object:
        """One aggregate over rows; over nothing it is 0 for a count or sum where that is known."""

        def of(row: Row, tree: Tree) -> object:
            return value(tree, lambda name: self.world.find(leaf.home, row, name))

        if leaf.where is not None:
            rows = [row for row in rows if of(row, leaf.where) is True]
        counted = [1 if leaf.of is None else of(row, leaf.of) for row in rows]
        found = [exact(each) for each in counted if each is not None]
        if leaf.kind in ("count", "count distinct"):
            number = len(found) if leaf.kind == "count" else len(set(found))
            return number if number or known else None
        if not found:
            return 0 if leaf.kind == "sum" and known else None
        return of_numbers(leaf, [int(each) if isinstance(each, bool) else each for each in found])  # type: ignore[misc]


def _of(table: str, tree: Tree) -> Tree:
    """A segment's condition, its columns with their table."""
    if tree[0] == "col":
        return ("col", f"{table}.{tree[1]}")
    return tuple(_of(table, part) if isinstance(part, tuple) else part for part in tree)


def of_numbers(leaf: Leaf, found: list[int | Fraction | float]) -> object:
    """An aggregate that is not a count, over at least one number."""
    match leaf.kind:
        case "sum":
            return sum(found)
        case "min":
            return min(found)
        case "max":
            return max(found)
        case "stddev" | "variance":
            if len(found) < 2:
                return None
            squares = variance([Fraction(each) for each in found])
            return math.sqrt(squares) if leaf.kind == "stddev" else float(squares)
        case _:
            ordered = sorted(float(each) for each in found)
            place = (len(ordered) - 1) * (float(leaf.share) if leaf.share else 0.5)
            low = int(place)
            high = min(low + 1, len(ordered) - 1)
            return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def change(now: object, before: object) -> object:
    """The relative change; there is none from 0."""
    if now is None or before is None or before == 0:
        return None
    return float((Fraction(now) - Fraction(before)) / abs(Fraction(before)))  # type: ignore[arg-type]
