"""A plan becomes one SQL statement of named steps, which a person can read.

<table>_now, <table>_then   one pass over the rows of each table, grouped
..._by_day, ..._days        where values look back: daily values; of a level, which days were counted
<table>_daily               rows added up by day, where several steps need them
rates_by_day                what other currencies are worth, where amounts are converted
members, buckets, groups    every group that the answer has, empty buckets too
leaves                      the passes side by side, 0 where nothing happened on covered days
answer                      the formulas
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.amounts import converted_tables
from kurs.metrics.arithmetic import (
    aggregate,
    may_be_wild,
    no_wild_number,
    safe_arithmetic,
    unless_zero,
)
from kurs.metrics.buckets import all_buckets, back, bucket, forward, in_covered, moved
from kurs.metrics.entity_sql import made_steps
from kurs.metrics.events import EntityRows
from kurs.metrics.framed import Pass, days_known, framed_steps
from kurs.metrics.frames import (
    buckets_with_days,
    buckets_without_data,
    days_behind,
    days_of_buckets,
    first_and_last,
    touches,
)
from kurs.metrics.funnel_sql import entries_name, made_dimension
from kurs.metrics.leaf import Leaf, LeafRef
from kurs.metrics.listing import Listing
from kurs.metrics.maturity import is_mature
from kurs.metrics.rates import rates_by_day
from kurs.metrics.rollup import day_of, from_states, on_keys, states_of
from kurs.metrics.rows import clock_of, expressions_of, rows_of
from kurs.metrics.shared import daily_step
from kurs.metrics.trees import both, cast, grouped, joined, named, selected
from kurs.model.days import MONTHS_IN, Grain
from kurs.model.frame import PLAIN
from kurs.model.metric import Whole

if TYPE_CHECKING:
    from kurs.metrics.plan import Computed, Plan
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan
    from kurs.model.days import AnyGrain


def statement(plan: Plan, world: Map) -> exp.Select:
    """Return the one SELECT that answers ``plan``."""
    writer = _Writer(plan, world)
    return writer.statement()


class _Writer:
    def __init__(self, plan: Plan, world: Map) -> None:
        self.plan = plan
        self.world = world
        self.grain = plan.question.grain
        self.settings = world.project.settings
        self.keys = (("time",) if self.grain else ()) + plan.question.by
        # The other steps see this one first, so it must not hide a relation of the same name.
        taken = world.relations()
        self.buckets = next(name for name in ("buckets", "buckets_", "buckets__") if name not in taken)
        self.days = next(name for name in ("days", "days_", "days__") if name not in taken)
        passes = [each for scan in plan.scans for each in scan.all_passes]
        # The frames whose value is the mean over the days of a bucket, which takes more than one day.
        self.averages = {scan.frame for scan in passes if scan.is_mean and self.grain is not Grain.DAY}
        # A day or an hour meets its counterpart in the join; a coarser bucket takes in moved days.
        self.listing = plan.stretch.listing
        self.frames = tuple(dict.fromkeys((scan.frame, scan.then) for scan in passes if scan.frame))
        self.joins_by_day = self.grain in (Grain.HOUR, Grain.DAY)
        # Whole months go back to whole months, however long they are.
        asked = plan.question.days
        self.by_months = self.grain in MONTHS_IN or (
            self.grain is None and asked is not None and asked.is_whole_months
        )

    def statement(self) -> exp.Select:
        daily = dict(daily_step(self.world, each) for each in self.plan.daily)
        ctes = [*self._rates(), *self._buckets(), *daily.items()]
        for scan in self.plan.scans:
            ctes += self._steps(scan)
        ctes += self._groups()
        if self.plan.metrics:
            ctes.append(("leaves", self._leaves()))
        source = "leaves" if self.plan.metrics else "groups"
        answer = selected(*map(exp.column, self.keys), *self._values(), source=source)
        if self.plan.compares:
            ctes.append(("answer", answer))
            answer = selected(*self._with_changes(), source="answer")
        for name, query in ctes:
            once = True if name in daily else None  # what several steps read is not made again for each
            answer = answer.with_(exp.to_identifier(name), as_=query, materialized=once, copy=False)
        order = self.plan.question.order
        ordered = [_ordered(each.column, descending=each.descending) for each in order]
        asked = {each.column for each in order}
        ordered += [_ordered(key) for key in self.keys if key not in asked]
        answer = answer.order_by(*ordered, copy=False) if ordered else answer
        limit = self.plan.question.limit
        return answer.limit(limit, copy=False) if limit is not None else answer

    def _rates(self) -> list[tuple[str, exp.Query]]:
        fx, scans = self.world.project.fx, self.plan.scans
        passes = [each for scan in scans for each in scan.all_passes]
        used = any(converted_tables(self.world, expressions_of(each)) for each in passes)
        return rates_by_day(self.world, fx) if fx is not None and used else []

    # The stretches of time.

    def _buckets(self) -> list[tuple[str, exp.Query]]:
        """List the buckets where other steps need them; with their days where values look back."""
        days, data_to = self.plan.days, self.plan.data_to
        if self.listing is not None:
            listed: list[tuple[str, exp.Query]] = [(self.buckets, self.listing.select(self.frames))]
            means = [each for each in self.frames if each[0] in self.averages]
            if not means:
                return listed
            return [*listed, (self.days, self.listing.days_of_buckets(means))]
        if not self.plan.framed:
            if self.grain is None or days is None or not self.plan.question.by or self.plan.leaves_empty_out:
                return []
            return [(self.buckets, all_buckets(days, self.grain, self.settings))]
        if days is None or data_to is None:
            names = (self.buckets, *([self.days] if self.averages else []))
            return [(name, buckets_without_data(days, self.grain, self.settings)) for name in names]
        if self.grain is None:
            buckets = first_and_last(days, data_to)
        else:
            buckets = buckets_with_days(days, self.grain, self.settings, data_to)
        if not self.averages:
            return [(self.buckets, buckets)]
        return [(self.buckets, buckets), (self.days, days_of_buckets(self.buckets, days, bool(self.grain)))]

    # One pass over the rows of a table.

    def _steps(self, scan: Scan) -> list[tuple[str, exp.Query]]:
        made = made_steps(scan, self.grain is not None, self.world, self, self._steps)
        if isinstance(scan.made, EntityRows) and scan.made.cohort is None:
            times: list[exp.Expr] = [exp.column("time")] if self.grain else []
            return [*made, (scan.name, self._grouped(scan, times, self.rows(scan)))]
        if scan.frame is None:
            keys = [named(self._bucket(scan, self.grain), "time")] if self.grain else []
            return [*made, (scan.name, self._grouped(scan, keys, self.rows(scan)))]
        buckets = self.days if scan.frame in self.averages else self.buckets
        looking = Pass(
            scan,
            scan.name,
            self.rows(scan),
            self._day(scan),
            partial(self._grouped, scan),
            buckets,
            ("time",) if self.grain else (),
            *self._days_behind(scan, buckets),
            tells_groups=bool(scan.dimensions) or self.plan.leaves_empty_out,
        )
        return [*made, *framed_steps(looking, self.settings.week_starts)]

    def _days_behind(self, scan: Scan, table: str) -> tuple[exp.Expr | None, exp.Expr]:
        frame = scan.frame or PLAIN
        if self.listing is not None:
            return self.listing.between((frame, scan.then), self.frames, table)
        days, data_to = self.plan.days, self.plan.data_to
        until = data_to if days and data_to and data_to < days.last else None
        by_months, grain = (False, Grain.DAY) if frame in self.averages else (self.by_months, self.grain)
        return days_behind(frame, table, by_months, grain, self.settings.week_starts, until)

    def rows(self, scan: Scan) -> exp.Select:
        """Start a SELECT over the rows of a scan, joined and filtered; over made rows, or a rollup's."""
        if scan.source is not None:
            return states_of(scan, scan.source)
        if scan.made is not None:
            return selected(source=entries_name(scan))
        return rows_of(self.world, scan, self.plan.stretch.as_of)

    def _grouped(self, scan: Scan, keys: list[exp.Expr], rows: exp.Select) -> exp.Select:
        dimensions = [named(_dimension(scan, name, tree), name) for name, tree in scan.dimensions]
        source = scan.source
        leaves = [
            named(aggregate(leaf) if source is None else from_states(leaf, source), name)
            for name, leaf in scan.leaves
        ]
        return grouped(rows.select(*keys, *dimensions, *leaves, copy=False), len(keys) + len(dimensions))

    def _day(self, scan: Scan) -> exp.Expr:
        return self._bucket(replace(scan, then=False), Grain.DAY)

    def _bucket(self, scan: Scan, grain: AnyGrain) -> exp.Expr:
        clock = exp.column("clock") if scan.made is not None else self.clock(scan)
        if scan.then and not self.joins_by_day:
            clock = moved(clock, days=self.plan.stretch.shift, months=12 * self.plan.stretch.years)
        return bucket(clock, grain, self.settings.week_starts)

    def clock(self, scan: Scan) -> exp.Expr:
        """Return a row's wall clock in the project's zone, or its date."""
        return clock_of(self.world, scan) if scan.source is None else day_of(scan.source)

    # Every group that the answer has.

    def _groups(self) -> list[tuple[str, exp.Query]]:
        by, ends = self.plan.question.by, ("first_day", "last_day") if self.plan.framed else ()
        pairs = Listing.columns(self.frames).values() if self.listing is not None else ()
        ends = (*ends, *(column for pair in pairs for column in pair))
        if self.plan.leaves_empty_out and not ends:
            return [("groups", self._union(self.keys))]
        if self.plan.leaves_empty_out:
            keys = (exp.column(key, table="found") for key in self.keys)
            found = exp.select(*keys, *(exp.column(end, table=self.buckets) for end in ends))
            found = found.from_(self._union(self.keys).subquery("found"))
            return [("groups", found.join(self.buckets, using=["time"]))]
        if not self.grain and not ends:
            return [("groups", self._union(by))] if by else []
        if self.grain and not ends and self.plan.days is None:  # no data: no bucket is known
            nothing = selected(*(named(exp.null(), key) for key in self.keys))
            return [("groups", nothing.where(exp.false(), copy=False))]
        if self.grain and not ends and not by and self.plan.days is not None:
            return [("groups", all_buckets(self.plan.days, self.grain, self.settings))]
        of_buckets = (*(("time",) if self.grain else ()), *ends)
        columns = [exp.column(key, table=self.buckets) for key in of_buckets]
        columns += [exp.column(key, table="members") for key in by]
        groups = selected(*columns, source=self.buckets)
        if not by:
            return [("groups", groups)]
        return [("members", self._union(by)), ("groups", joined(groups, "members", how="CROSS"))]

    def _union(self, keys: tuple[str, ...]) -> exp.Query:
        late = [scan for scan in self.plan.scans if scan.then]
        full = [scan for scan in self.plan.scans if scan.whole is Whole.GROUP]
        scans = [scan for scan in full if not ("time" in keys and scan in late)]
        parts = [selected(*map(exp.column, keys), source=scan.name) for scan in scans]
        if len(parts) == 1:
            return parts[0].distinct(copy=False)
        return exp.union(*parts, distinct=True, copy=False)

    # The passes side by side.

    def _leaves(self) -> exp.Select:
        keys = [exp.column(key, table="groups") for key in self.keys]
        columns = [
            named(self._known(scan, name, leaf), _then(name) if scan.then else name)
            for scan in self.plan.scans
            for name, leaf in scan.leaves
        ]
        if not self.keys:
            first, *others = (scan.name for scan in self.plan.scans)
            select = selected(*columns, source=first)
            means = [days_known(scan.name) for scan in self.plan.scans if scan.is_mean]
            for other in (*others, *means, *([self.buckets] if self.plan.framed else [])):
                select = joined(select, other, how="CROSS")
            return select
        select = selected(*keys, *columns, source="groups")
        for scan in self.plan.scans:
            there = {"time", *(name for name, _ in scan.dimensions)}
            same = both(self._same(scan, key) for key in self.keys if key in there)
            select = joined(select, scan.name, same, "LEFT")
            if scan.is_mean:
                known = days_known(scan.name)
                times = [exp.column("time", table=table) for table in ("groups", known)]
                at = exp.EQ(this=times[0], expression=times[1]) if self.grain else exp.true()
                select = joined(select, known, at, "LEFT")
        return select

    def _same(self, scan: Scan, key: str) -> exp.Expr:
        group, own = exp.column(key, table="groups"), exp.column(key, table=scan.name)
        if key != "time":
            return exp.NullSafeEQ(this=group, expression=own)
        if scan.then and scan.frame is None and self.joins_by_day:
            group = self._counterpart(group)
        return exp.EQ(this=group, expression=own)

    def _counterpart(self, time: exp.Expr) -> exp.Expr:
        """Return the day or hour with which the one at ``time`` is compared."""
        then = moved(time, days=-self.plan.stretch.shift, months=-12 * self.plan.stretch.years)
        return then if self.grain is Grain.HOUR else cast(then, "DATE")

    def _known(self, scan: Scan, name: str, leaf: Leaf) -> exp.Expr:
        filled = self._filled(scan, name, leaf)
        column = exp.column(name, table=scan.name)
        return no_wild_number(column, filled) if may_be_wild(self.world, leaf) else filled

    def _filled(self, scan: Scan, name: str, leaf: Leaf) -> exp.Expr:
        value = self._zero_where_known(scan, name, leaf)
        cohort = scan.made.cohort if isinstance(scan.made, EntityRows) else None
        if cohort is None or not cohort.takes_time:
            return value
        _, last = self._days_behind(scan, "groups" if self.keys else self.buckets)
        mature = is_mature(scan, cohort, last, self.world, self.plan.stretch.as_of)
        return exp.Case(ifs=[exp.If(this=mature, true=value)])

    def _zero_where_known(self, scan: Scan, name: str, leaf: Leaf) -> exp.Expr:
        column = exp.column(name, table=scan.name)
        if not leaf.is_zero_when_empty:
            return _if_any(column) if leaf.counts and leaf.keeps_null else column
        filled = exp.Coalesce(this=column, expressions=[exp.Literal.number(0)])
        if scan.covered is None:
            return filled
        if scan.frame is not None:
            if scan.is_mean:
                known = exp.column("days", table=days_known(scan.name))
                inside: exp.Expr = exp.GT(this=known, expression=exp.Literal.number(0))
            else:
                behind = self._days_behind(scan, "groups" if self.keys else self.buckets)
                inside = touches(scan.covered, *behind)
            unknown = _if_any(column.copy()) if leaf.counts else column.copy()
            return exp.Case(ifs=[exp.If(this=inside, true=filled)], default=unknown)
        covered, span, stretch = scan.covered, self.plan.days, self.plan.stretch
        if self.grain is None or span is None:
            return filled if covered else _if_any(column)
        time: exp.Expr = exp.column("time", table="groups")
        if scan.then and self.joins_by_day:
            time, span = self._counterpart(time), back(span, stretch.shift, stretch.years)
        elif scan.then:
            covered = tuple(forward(days, stretch.shift, stretch.years) for days in covered)
        if any(days.first <= span.first and days.last >= span.last for days in covered):
            return filled
        inside = in_covered(time, self.grain, covered, self.settings.week_starts)
        return exp.Case(ifs=[exp.If(this=inside, true=filled)], default=column.copy())

    # The formulas.

    def _values(self) -> list[exp.Expr]:
        values: list[exp.Expr] = []
        for computed in self.plan.metrics:
            values.append(named(_formula(computed, then=False), computed.column))
            if self.plan.compares:
                values.append(named(_formula(computed, then=True), f"{computed.column}__compare"))
        return values

    def _with_changes(self) -> list[exp.Expr]:
        columns: list[exp.Expr] = [exp.column(key) for key in self.keys]
        for computed in self.plan.metrics:
            now, before = exp.column(computed.column), exp.column(f"{computed.column}__compare")
            # Relative to the size of the earlier value: a loss that halves is a change of +50 %.
            moved_by = exp.paren(exp.Sub(this=now.copy(), expression=before.copy()), copy=False)
            size = unless_zero(exp.Abs(this=before.copy()))
            change = exp.Div(this=moved_by, expression=size, typed=False, safe=False)
            columns += [now, before, named(change, f"{computed.column}__change")]
        return columns


def _formula(computed: Computed, *, then: bool) -> exp.Expr:
    def with_names(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, LeafRef):
            return node
        name = computed.leaf_names[int(node.name)]
        return exp.column(_then(name) if then else name)

    return safe_arithmetic(computed.formula.tree).transform(with_names, copy=False)


def _dimension(scan: Scan, name: str, tree: exp.Expr) -> exp.Expr:
    if scan.source is not None:
        return on_keys(tree, scan.source)
    return made_dimension(scan, name, tree)


def _if_any(column: exp.Expr) -> exp.Expr:
    # A count of no rows is not a 0 over days that no load covers, nor where ``fill`` says so.
    return exp.Nullif(this=column, expression=exp.Literal.number(0))


def _then(name: str) -> str:
    return f"{name}__then"


def _ordered(name: str, *, descending: bool = False) -> exp.Ordered:
    return exp.Ordered(this=exp.column(name), desc=descending, nulls_first=False)
