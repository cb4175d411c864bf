"""Rows that several scans of a question read are read once.

A step of the statement adds them up by day, as a rollup would, and the scans read that step: the same metric
now and a year before, a window beside its own days.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kurs.metrics.filling import added_up
from kurs.metrics.plan import Daily
from kurs.metrics.rollup import Origin, Source, served, together, wanted
from kurs.model.coverage import around
from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlglot import exp

    from kurs.metrics.plan import Plan
    from kurs.metrics.reach import Map
    from kurs.metrics.scan import Scan

_WORTH = 0.9  # of the days that the scans read one by one


def read_once(planned: Plan, world: Map) -> Plan:
    """Let the scans of a plan share a pass over the rows, where this reads fewer days."""
    grain, as_of = planned.question.grain, planned.stretch.as_of
    wishes = [(scan, wanted(scan, world, grain, as_of)) for scan in planned.scans if scan.source is None]
    taken = {*world.relations(), *world.project.tables, *(scan.name for scan in planned.scans)}
    found: list[Daily] = []
    for rollup in together(wish for _, wish in wishes if wish is not None):
        behind = [scan for scan, wish in wishes if wish is not None and rollup.covers(wish)]
        days = _days_of(behind) if len(behind) > 1 else None
        if days is None:
            continue
        name = f"{rollup.home}_daily"
        while name in taken:
            name += "_"
        taken.add(name)
        first = None if any(scan.first is None for scan in behind) else days.first
        found.append(Daily(Source(rollup, name, 0, Origin.STEP), first, days))
    if not found:
        return planned
    sources = [daily.source for daily in found]
    scans: list[Scan] = []
    for scan in planned.scans:
        scans += served((scan,), world, grain, as_of, sources) if scan.source is None else (scan,)
    return replace(planned, scans=tuple(scans), daily=tuple(found))


def daily_step(world: Map, daily: Daily) -> tuple[str, exp.Select]:
    """Return the step that adds up the rows."""
    select = added_up(world, daily.source.rollup, daily.days, ((daily.first, daily.days.last),))
    return daily.source.relation, select


def _days_of(scans: Sequence[Scan]) -> Days | None:
    """Return the days that hold all rows of the scans; None where one pass is not worth it."""
    read = [days for scan in scans if (days := _read(scan)) is not None]
    whole = around(read)
    if whole is None or len(read) < len(scans) or len(whole) > _WORTH * sum(map(len, read)):
        return None
    return whole


def _read(scan: Scan) -> Days | None:
    known = scan.covered or ()
    if not known:
        return None
    first = scan.first if scan.first is not None else known[0].first
    return Days(min(first, scan.last), scan.last)
