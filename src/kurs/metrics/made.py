"""Rows that kurs makes before it aggregates: which passes over which tables they are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, count
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.metrics.events import EntityRows, FunnelRows
from kurs.metrics.leaf import Aggregate
from kurs.metrics.per_entity import ASKED
from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.metrics.leaf import Leaf
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan
    from kurs.model.days import Days

STEP, AGE = "step", "age"


def built_in(made: FunnelRows | EntityRows | None, world: Map) -> frozenset[str]:
    """Return the dimensions that made rows have of themselves; one that the plan declares goes before."""
    own: set[str] = set()
    if isinstance(made, FunnelRows):
        own = {STEP}
    elif made is not None and made.cohort is not None and made.cohort.after is not None:
        own = {AGE}
    return frozenset(
        name for name in own if not any(table.dimension(name) for table in world.project.tables.values())
    )


def is_built_in(tree: exp.Expr) -> bool:
    """Say whether a dimension is none of the plan, which all have their table."""
    return tree in (exp.column(STEP), exp.column(AGE))


def with_passes(scan: Scan, made: FunnelRows, as_of: date) -> Scan:
    """Return the scan with a pass over each table that its rows are made of.

    The later steps are looked for beyond the days of the question: those who entered on the last day may
    take them afterwards.
    """
    last = min(as_of, scan.last + timedelta(days=made.within.days_touched))
    passes: list[Scan] = []
    for home in made.tables:
        events = [event for event in made.events if event.home == home]
        conditions = [event.where for event in events]
        some = () if None in conditions else (exp.or_(*(tree for tree in conditions if tree is not None)),)
        steps = frozenset(step for event in events for step in event.steps)
        enters = home == scan.home
        also = (*(scan.conditions if enters else ()), *(tree for event in events for tree in event.holding))
        each = replace(
            scan,
            home=home,
            leaves=(),
            dimensions=(*(scan.dimensions if enters else ()), *((ASKED, tree) for tree in also)),
            conditions=(*some, events[0].entity.is_(exp.null()).not_()),
            steps=steps | scan.steps if enters else steps,
            last=last,
            frame=None,
            made=None,
        )
        passes.append(each)
    return replace(scan, passes=tuple(passes))


def common_days(covered: Iterable[tuple[Days, ...] | None]) -> tuple[Days, ...] | None:
    """Return the days that all cover; None where none of them has a time."""
    common: tuple[Days, ...] | None = None
    for days in covered:
        if common is None or days is None:
            common = days if common is None else common
            continue
        common = tuple(both for one in common for other in days if (both := one.overlap(other)) is not None)
    return common


def leaf_names(leaves: Iterable[Leaf], taken: Iterable[str]) -> dict[Leaf, str]:
    """Name each leaf for a column: what is done, and to what; never as one that is taken."""
    names: dict[Leaf, str] = {}
    used = {"time", *taken}
    for leaf in leaves:
        if leaf in names:
            continue
        column = leaf.made.key if leaf.made is not None else _said_of(leaf.argument) or leaf.home
        word = "distinct" if leaf.kind is Aggregate.COUNT_DISTINCT else str(leaf.kind)
        stem = f"{word}_{column}"
        numbered = (f"{stem}_{number}" for number in count(2))
        names[leaf] = next(name for name in chain((stem,), numbered) if name not in used)
        used.add(names[leaf])
    return names


def _said_of(argument: exp.Expr | None) -> str:
    """Return the one column that a leaf is made of, or ""; an amount is the column that is converted."""
    if isinstance(argument, exp.Paren) and isinstance(argument.this, exp.Mul):
        return argument.this.this.name
    return argument.name if argument is not None else ""


def times_misfit(leaves: Iterable[Leaf], world: Map) -> list[Problem]:
    """Refuse a length of hours among tables that know only days."""
    found: list[Problem] = []
    for made in dict.fromkeys(leaf.made for leaf in leaves if isinstance(leaf.made, FunnelRows)):
        by_days = [table for table in made.tables if knows_days_only(world, table)]
        if by_days and made.within.days is None:
            values = {"name": made.key, "table": by_days[0]}
            found.append(Problem("within_too_fine", values, path=("metrics", made.key, "within")))
    return found


def knows_days_only(world: Map, table: str) -> bool:
    """Say whether the times of a table are dates."""
    facts, time = world.facts.get(table), world.project.tables[table].time
    return facts is not None and facts.columns.get(time or "") is ColumnType.DATE


def still_running(leaves: Iterable[Leaf], world: Map, seen: Days | None, as_of: date) -> list[Problem]:
    """Warn of funnels that were entered so late that their time has not run out."""
    found: list[Problem] = []
    for made in dict.fromkeys(leaf.made for leaf in leaves if isinstance(leaf.made, FunnelRows)):
        known = [world.facts[table].until(as_of).complete_to for table in made.tables]
        complete_to = min((day for day in known if day is not None), default=as_of)
        first = complete_to - timedelta(days=made.within.days_touched - 1)
        if seen is not None and seen.last >= first:
            values = {"name": made.key, "from": max(first, seen.first), "to": complete_to}
            found.append(Problem("funnel_running", values, Severity.WARNING))
    return found
