"""Cohorts as SQL: entities by their first event, and what each did in its own days after it.

<name>_first       the first event of every entity, of all time
<name>_cohort      those of them that are asked for; with their ages where those are asked for
<name>_<table>     what a table says of each of them, in its own days
<name>_entities    one row for each entity (and age), with the values that the metric takes of it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp, parse_one

from kurs.metrics.arithmetic import aggregate
from kurs.metrics.buckets import bucket, moved
from kurs.metrics.entity_values import known_value
from kurs.metrics.expression import DIALECT
from kurs.metrics.funnel_sql import entries_name, made_dimension
from kurs.metrics.made import AGE, is_built_in, leaf_names
from kurs.metrics.per_entity import ENTITY
from kurs.metrics.zones import date_literal
from kurs.model.days import Grain

if TYPE_CHECKING:
    from kurs.metrics.events import CohortRows, EntityRows
    from kurs.metrics.funnel_sql import Rows
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan
    from kurs.model.entity import Age

_COHORT = "_cohort"  # no name of the plan begins so
_FIRST_DAY = "first_day"


def cohort_entities(
    scan: Scan, made: EntityRows, cohort: CohortRows, world: Map, rows: Rows
) -> list[tuple[str, exp.Query]]:
    """Return the named steps that make one row for each entity of a cohort."""
    events, *passes = scan.passes
    ages = any(is_built_in(tree) for _, tree in scan.dimensions)
    week_starts = world.project.settings.week_starts
    steps: list[tuple[str, exp.Query]] = [
        (f"{scan.name}_first", _firsts(scan, events, cohort, world, rows)),
        (f"{scan.name}_cohort", _cohort(scan)),
    ]
    for each in passes:
        values = _values(scan, each, cohort, ages, week_starts, rows)
        steps.append((f"{scan.name}_{each.home}", values))
    steps.append((entries_name(scan), _entities(scan, made, cohort, ages, week_starts)))
    return steps


def _firsts(scan: Scan, events: Scan, cohort: CohortRows, world: Map, rows: Rows) -> exp.Select:
    """Number the events of each entity in time; of the same moment, by the key or else by all columns."""
    table = world.project.tables[events.home]
    columns = world.facts[events.home].columns
    tie = [table.unique_key] if table.unique_key is not None else [c for c in columns if c != table.time]
    order = [
        exp.Ordered(this=exp.column(name, table=events.home), nulls_first=False)
        for name in (table.time or "", *tie)
    ]
    number = exp.Window(
        this=exp.RowNumber(),
        partition_by=[cohort.first.entity.copy()],
        order=exp.Order(expressions=order),
    )
    asked = exp.and_(*(tree.copy() for tree in scan.conditions)) if scan.conditions else exp.true()
    return rows.rows(events).select(
        exp.alias_(cohort.first.entity.copy(), "entity"),
        exp.alias_(rows.clock(events), "clock"),
        exp.alias_(asked, "asked"),
        *(
            exp.alias_(tree.copy(), exp.to_identifier(f"by_{name}"))
            for name, tree in scan.dimensions
            if not is_built_in(tree)
        ),
        exp.alias_(number, "number"),
    )


def _cohort(scan: Scan) -> exp.Select:
    day = exp.cast(exp.column("clock"), "DATE")
    bounds: list[exp.Expr] = [exp.LTE(this=day.copy(), expression=date_literal(scan.last))]
    if scan.first is not None:
        bounds.append(exp.GTE(this=day.copy(), expression=date_literal(scan.first)))
    first = exp.EQ(this=exp.column("number"), expression=exp.Literal.number(1))
    select = exp.select("entity", "clock", exp.alias_(day, _FIRST_DAY), *_dimensions(scan))
    return select.from_(f"{scan.name}_first").where(first, exp.column("asked"), *bounds)


def _values(
    scan: Scan, each: Scan, cohort: CohortRows, ages: bool, week_starts: int, rows: Rows
) -> exp.Select:
    """Return what the rows of one table say of each entity, in the days that count."""
    day = exp.cast(rows.clock(each), "DATE")
    first = exp.column(_FIRST_DAY, table=_COHORT)
    entity = dict(each.dimensions)[ENTITY]
    same: list[exp.Expr] = [exp.EQ(this=entity.copy(), expression=exp.column("entity", table=_COHORT))]
    keys: list[exp.Expr] = [exp.column("entity", table=_COHORT)]
    if cohort.within is not None:
        end = moved(first.copy(), days=cohort.within.days, months=cohort.within.months)
        same += [
            exp.GTE(this=day.copy(), expression=first),
            exp.LT(this=day.copy(), expression=end),
        ]
    elif cohort.after is not None:
        age = _age(first, day, cohort.after.unit, week_starts)
        if ages:
            keys.append(exp.alias_(age, AGE))
        else:
            same.append(exp.EQ(this=age, expression=exp.Literal.number(cohort.after.count)))
    leaves = [exp.alias_(aggregate(leaf), name) for name, leaf in each.leaves]
    other = exp.alias_(exp.to_table(f"{scan.name}_cohort"), _COHORT, table=True)
    select = rows.rows(each).join(other, on=exp.and_(*same)).select(*keys, *leaves)
    return select.group_by(*(exp.Literal.number(place + 1) for place in range(len(keys))))


def _entities(scan: Scan, made: EntityRows, cohort: CohortRows, ages: bool, week_starts: int) -> exp.Select:
    names = leaf_names(made.leaves, ())
    homes = {name: f"{scan.name}_{each.home}" for each in scan.passes[1:] for name, _ in each.leaves}
    leaves = [
        (exp.column(names[leaf], table=homes[names[leaf]]), leaf.is_zero_when_empty) for leaf in made.leaves
    ]
    columns = [exp.column(name, table=_COHORT) for name in ("entity", "clock")]
    columns += [exp.column(column.this.copy(), table=_COHORT) for column in _dimensions(scan)]
    select = exp.select(*columns).from_(exp.alias_(exp.to_table(f"{scan.name}_cohort"), _COHORT, table=True))
    keys = ["entity"]
    if ages and cohort.after is not None:
        select = select.select(exp.column(AGE, table="ages"))
        own = _age(exp.column(_FIRST_DAY, table=_COHORT), _known_to(scan), cohort.after.unit, week_starts)
        reached = exp.LTE(this=exp.column(AGE, table="ages"), expression=own)
        select = select.join(_ages(scan, cohort.after, week_starts).subquery("ages"), on=reached)
        keys.append(AGE)
    select = select.select(*(exp.alias_(known_value(tree, leaves), name) for name, tree in made.values))
    for home in dict.fromkeys(homes.values()):
        same = [
            exp.EQ(
                this=exp.column(key, table="ages" if key == AGE else _COHORT),
                expression=exp.column(key, table=home),
            )
            for key in keys
        ]
        select = select.join(exp.to_table(home), on=exp.and_(*same), join_type="left")
    return select


def _ages(scan: Scan, after: Age, week_starts: int) -> exp.Select:
    """Return every age that an entity of the cohort can have reached, and some more."""
    start = scan.first or (scan.covered[0].first if scan.covered else scan.last)
    start = min(start, scan.passes[0].last)
    oldest = _age(date_literal(start), _known_to(scan), after.unit, week_starts)
    series = parse_one("UNNEST(GENERATE_SERIES(0, 0))", read=DIALECT)
    series.find(exp.GenerateSeries).set("end", oldest)  # type: ignore[union-attr]
    return exp.select(exp.alias_(series, AGE))


def _known_to(scan: Scan) -> exp.Expr:
    return date_literal(scan.passes[0].last)


def _age(first: exp.Expr, day: exp.Expr, unit: Grain, week_starts: int) -> exp.Expr:
    """Return how many units of the calendar lie between two days."""
    if unit is Grain.WEEK:
        weeks = [bucket(each.copy(), Grain.WEEK, week_starts) for each in (day, first)]
        days = exp.DateDiff(this=weeks[0], expression=weeks[1], unit=exp.var("DAY"))
        return exp.IntDiv(this=days, expression=exp.Literal.number(7))
    return exp.DateDiff(this=day.copy(), expression=first.copy(), unit=exp.var(unit.upper()))


def _dimensions(scan: Scan) -> list[exp.Column]:
    named = [made_dimension(scan, name, tree) for name, tree in scan.dimensions if not is_built_in(tree)]
    return [column for column in named if isinstance(column, exp.Column)]
