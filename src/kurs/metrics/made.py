"""Rows that kurs makes before it aggregates: which passes over which tables they are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlglot import exp

from kurs.model.table import ColumnType
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kurs.metrics.formula import Leaf
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan
    from kurs.model.days import Days

STEP = "step"


def built_in(leaf_is_made: bool, world: Map) -> frozenset[str]:
    """Return the dimensions that made rows have of themselves; one that the plan declares goes before."""
    declared = any(table.dimension(STEP) for table in world.project.tables.values())
    return frozenset({STEP} if leaf_is_made and not declared else ())


def with_passes(scan: Scan, as_of: date) -> Scan:
    """Return the scan with a pass over each table that its rows are made of.

    The later steps are looked for beyond the days of the question: those who entered on the last day may
    take them afterwards.
    """
    made = scan.made
    if made is None:
        return scan
    last = min(as_of, scan.last + timedelta(days=made.within.days_touched))
    passes: list[Scan] = []
    for home in made.tables:
        events = [event for event in made.events if event.home == home]
        conditions = [event.where for event in events]
        some = () if None in conditions else (exp.or_(*(tree for tree in conditions if tree is not None)),)
        steps = frozenset(step for event in events for step in event.steps)
        enters = home == scan.home
        each = replace(
            scan,
            home=home,
            leaves=(),
            dimensions=scan.dimensions if enters else (),
            conditions=(*some, events[0].entity.is_(exp.null()).not_()),
            steps=steps | scan.steps if enters else steps,
            last=last,
            frame=None,
            made=None,
        )
        passes.append(each)
    return replace(scan, passes=tuple(passes))


def times_misfit(leaves: Iterable[Leaf], world: Map) -> list[Problem]:
    """Refuse a length of hours among tables that know only days."""
    found: list[Problem] = []
    for made in dict.fromkeys(leaf.made for leaf in leaves if leaf.made is not None):
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
    for made in dict.fromkeys(leaf.made for leaf in leaves if leaf.made is not None):
        known = [world.facts[table].until(as_of).complete_to for table in made.tables]
        complete_to = min((day for day in known if day is not None), default=as_of)
        first = complete_to - timedelta(days=made.within.days_touched - 1)
        if seen is not None and seen.last >= first:
            values = {"name": made.key, "from": max(first, seen.first), "to": complete_to}
            found.append(Problem("funnel_running", values, Severity.WARNING))
    return found
