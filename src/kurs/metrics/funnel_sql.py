"""Funnels as SQL: how far each entry comes, by one window function for each pair of steps.

<name>_events    the rows of all steps, of all tables, with the steps that each of them fulfils
<name>_to_<n>    when step n is reached from a row at the earliest, over all steps between
<name>_entries   one row for each time that an entity enters, with the step that it reaches in time
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlglot import exp

from kurs.metrics.events import EntityRows, FunnelRows
from kurs.metrics.made import STEP, is_built_in, knows_days_only
from kurs.metrics.plan import time_type
from kurs.metrics.zones import date_literal, in_utc

if TYPE_CHECKING:
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan

_LATER = "later"


class Rows(Protocol):
    """What is known of the rows of a pass."""

    def rows(self, scan: Scan) -> exp.Select:
        """Start a SELECT over the rows of a pass, joined and filtered."""
        ...

    def clock(self, scan: Scan) -> exp.Expr:
        """Return a row's wall clock in the project's zone."""
        ...


def made_dimension(scan: Scan, name: str, tree: exp.Expr) -> exp.Expr:
    """Return a dimension as a column of a scan's rows; no name of the plan meets those of kurs itself."""
    if scan.made is None or (isinstance(scan.made, EntityRows) and scan.made.cohort is None):
        return tree.copy()
    return tree.copy() if is_built_in(tree) else exp.column(exp.to_identifier(f"by_{name}"))


def entries_name(scan: Scan) -> str:
    """Name the step of SQL that holds the made rows of a scan."""
    return f"{scan.name}_{'entries' if isinstance(scan.made, FunnelRows) else 'entities'}"


def funnel_entries(scan: Scan, made: FunnelRows, world: Map, rows: Rows) -> list[tuple[str, exp.Query]]:
    """Return the named steps that make the rows of a funnel."""
    count = len(made.events)
    carried = ["entity", *_same(made), "moment", "first_step"]
    of_entry = [exp.column("entered"), exp.column("clock"), *_dimensions(scan)]
    name = f"{scan.name}_events"
    selects = [_events(scan, each, made, world, rows) for each in scan.passes]
    steps: list[tuple[str, exp.Query]] = [
        (name, exp.union(*selects, distinct=False) if len(selects) > 1 else selects[0])
    ]
    for step in range(count, 1, -1):
        kept = [exp.column(column) for column in (*carried, *(f"is_{n}" for n in range(2, step)))]
        reached = [
            exp.alias_(_earliest("moment" if n == step else f"to_{n}", step), f"to_{n}")
            for n in range(step, count + 1)
        ]
        select = exp.select(*kept, *(column.copy() for column in of_entry), *reached).from_(name)
        select.set("windows", [_later(made)])
        name = f"{scan.name}_to_{step}"
        steps.append((name, select))
    limit = exp.Add(this=exp.column("moment"), expression=_interval(made))
    cases = [
        exp.If(this=exp.LTE(this=exp.column(f"to_{n}"), expression=limit.copy()), true=exp.Literal.number(n))
        for n in range(count, 1, -1)
    ]
    furthest = exp.Case(ifs=cases, default=exp.Literal.number(1))
    entries = exp.select("clock", *_dimensions(scan), "entity", exp.alias_(furthest, "reached")).from_(name)
    if any(is_built_in(tree) for _, tree in scan.dimensions):
        numbers = f"UNNEST(GENERATE_SERIES(1, {count}))"
        numbered = exp.select(exp.alias_(exp.maybe_parse(numbers, dialect="duckdb"), STEP)).subquery("steps")
        entries = entries.select(STEP).join(numbered, join_type="cross")
    else:
        entries = entries.select(exp.alias_(exp.Literal.number(count), STEP))
    in_days = exp.LTE(this=exp.cast(exp.column("clock"), "DATE"), expression=date_literal(scan.last))
    steps.append((entries_name(scan), entries.where(exp.column("entered"), in_days)))
    return steps


def _events(scan: Scan, each: Scan, made: FunnelRows, world: Map, rows: Rows) -> exp.Select:
    """Return the rows of one table that fulfil a step."""
    enters = each.home == scan.home
    own = next(event for event in made.events if event.home == each.home)
    conditions = [
        (event.where if event.where is not None else exp.true()) if event.home == each.home else exp.false()
        for event in made.events
    ]
    # What is not known is not the same: such a row may enter, but continues nothing.
    known = [tree.copy().is_(exp.null()).not_() for tree in own.holding]
    later = [tree if _is(tree, False) else _all(tree, *known) for tree in conditions[1:]]
    entered = _all(conditions[0], *scan.conditions)
    return rows.rows(each).select(
        exp.alias_(own.entity.copy(), "entity"),
        *(exp.alias_(tree.copy(), same) for tree, same in zip(own.holding, _same(made), strict=True)),
        exp.alias_(_moment(world, each, made, rows), "moment"),
        exp.alias_(_first_step(conditions), "first_step"),
        *(exp.alias_(tree.copy(), f"is_{place + 2}") for place, tree in enumerate(later)),
        exp.alias_(entered if enters else exp.false(), "entered"),
        exp.alias_(rows.clock(each) if enters else exp.null(), "clock"),
        *(
            exp.alias_(tree.copy() if enters else exp.null(), exp.to_identifier(f"by_{name}"))
            for name, tree in scan.dimensions
            if not is_built_in(tree)
        ),
    )


def _moment(world: Map, each: Scan, made: FunnelRows, rows: Rows) -> exp.Expr:
    """Return a row's place in time: an instant, or its day where one of the tables knows days only."""
    if any(knows_days_only(world, table) for table in made.tables):
        return exp.cast(rows.clock(each), "DATE")
    table = world.project.tables[each.home]
    column = exp.column(table.time or "", table=each.home)
    return in_utc(column, time_type(world, each.home), table.timezone or world.project.settings.timezone)


def _earliest(column: str, step: int) -> exp.Expr:
    condition = exp.Where(this=exp.column(f"is_{step}"))
    first = exp.Filter(this=exp.Min(this=exp.column(column)), expression=condition)
    return exp.Window(this=first, alias=exp.to_identifier(_LATER))


def _later(made: FunnelRows) -> exp.Expr:
    """Return the window of the rows that come after one: of the same moment, those of a later step."""
    order = [exp.Ordered(this=exp.column(name), nulls_first=False) for name in ("moment", "first_step")]
    return exp.Window(
        this=exp.to_identifier(_LATER),
        partition_by=[exp.column(name) for name in ("entity", *_same(made))],
        order=exp.Order(expressions=order),
        spec=exp.WindowSpec(
            kind="GROUPS",
            start=exp.Literal.number(1),
            start_side="FOLLOWING",
            end="UNBOUNDED",
            end_side="FOLLOWING",
        ),
    )


def _interval(made: FunnelRows) -> exp.Expr:
    amount, unit = made.within.amount
    return exp.Interval(this=exp.Literal.string(str(amount)), unit=exp.var(unit))


def _same(made: FunnelRows) -> list[str]:
    return [f"same_{place + 1}" for place in range(len(made.events[0].holding))]


def _dimensions(scan: Scan) -> list[exp.Expr]:
    return [made_dimension(scan, name, tree) for name, tree in scan.dimensions if not is_built_in(tree)]


def _first_step(conditions: list[exp.Expr]) -> exp.Expr:
    """Return the number of the first condition that a row fulfils."""
    cases: list[exp.If] = []
    for place, tree in enumerate(conditions):
        number = exp.Literal.number(place + 1)
        if _is(tree, True):
            return exp.Case(ifs=cases, default=number) if cases else number
        if not _is(tree, False):
            cases.append(exp.If(this=tree.copy(), true=number))
    return exp.Case(ifs=cases)


def _all(*trees: exp.Expr) -> exp.Expr:
    some = [tree.copy() for tree in trees if not _is(tree, True)]
    return exp.and_(*some) if some else exp.true()


def _is(tree: exp.Expr, truth: bool) -> bool:
    return isinstance(tree, exp.Boolean) and tree.this is truth
