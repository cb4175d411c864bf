"""What data there is: how fresh each source is, what is missing, what the last loads did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from kurs.lake.record import covered_by
from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kurs.lake.inventory import Inventory
    from kurs.lake.record import LoadRecord
    from kurs.model.coverage import Covered
    from kurs.model.project import Project

_DAY = timedelta(days=1)
_LOADS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class DoneLoad:
    """One load of the past: the version of ``table`` that it made, and its record."""

    table: str
    version: int
    record: LoadRecord


@dataclass(frozen=True, slots=True)
class SourceData:
    """One source and account, in one table.

    ``gaps`` are days between covered ones. ``days_late`` are those from the last covered day to the asked
    one, None where no day is covered. From ``provisional_from`` on the source may still correct what it
    said. ``in_plan`` is false for rows whose source left the plan.
    """

    source: str
    table: str
    account: str
    in_plan: bool
    covered: tuple[Days, ...] = ()
    gaps: tuple[Days, ...] = ()
    days_late: int | None = None
    provisional_from: date | None = None
    rows_rejected: int = 0
    loads: int = 0
    last: DoneLoad | None = None


@dataclass(frozen=True, slots=True)
class Data:
    """All that is known, as of a day in ``zone``; ``loads`` are the last ones, newest first."""

    as_of: date
    zone: str
    sources: tuple[SourceData, ...]
    tables: tuple[Inventory, ...]
    loads: tuple[DoneLoad, ...]


def data_state(project: Project, tables: tuple[Inventory, ...], day: date) -> Data:
    """Say what the store's records tell of each source of the plan, and of those that left it."""
    loads = [DoneLoad(table.table, version, record) for table in tables for version, record in table.loads]
    loads.sort(key=lambda done: (done.record.at, done.version), reverse=True)
    sources = [found for table in tables for found in _sources(project, table, day)]
    loaded = {found.source for found in sources}
    sources += [
        SourceData(source.key, source.into, source.account.id, in_plan=True)
        for source in project.sources.values()
        if source.key not in loaded
    ]
    order = list(project.sources)
    sources.sort(key=lambda s: (order.index(s.source) if s.in_plan else len(order), s.source, s.account))
    return Data(day, project.settings.timezone, tuple(sources), tables, tuple(loads[:_LOADS_SHOWN]))


def _sources(project: Project, table: Inventory, day: date) -> Iterator[SourceData]:
    records = [record for _, record in table.loads]
    covered = {(entry.source, entry.account): entry for entry in covered_by(records)}
    last = {record.source: DoneLoad(table.table, version, record) for version, record in table.loads}
    for source, done in last.items():
        if done.record.is_pruned:
            continue
        accounts = [account for name, account in covered if name == source] or [done.record.account]
        for account in accounts:
            own = [r for r in records if (r.source, r.account) == (source, account)]
            plan = project.sources.get(source)
            found = SourceData(
                source=source,
                table=table.table,
                account=account,
                in_plan=plan is not None and plan.into == table.table,
                loads=len(own),
                last=done,
            )
            yield _with_days(found, covered.get((source, account)), day)


def _with_days(found: SourceData, covered: Covered | None, day: date) -> SourceData:
    if covered is None:
        return found
    provisional = covered.to - timedelta(days=covered.restates_days - 1) if covered.restates_days else None
    return replace(
        found,
        covered=covered.days,
        gaps=_gaps(covered.days),
        days_late=max((day - covered.to).days, 0),
        provisional_from=provisional,
        rows_rejected=covered.rejected_rows,
    )


def _gaps(days: Sequence[Days]) -> tuple[Days, ...]:
    return tuple(Days(before.last + _DAY, after.first - _DAY) for before, after in pairwise(days))
