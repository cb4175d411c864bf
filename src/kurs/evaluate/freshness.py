"""How far the data reach, and which of them may still change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from kurs.model.coverage import Covered, merged
from kurs.model.days import Days
from kurs.problems import Problem, Severity

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.project import Project


@dataclass(frozen=True, slots=True)
class Freshness:
    """What the coverage behind a metric says at the end of one day.

    ``entries`` are the sources and accounts that have data by then, with all their days: which days may
    still be restated is counted from what is loaded, not from the day asked for. ``days`` are covered in
    every relation, none later than that day; None where no coverage was recorded, as in an existing
    warehouse: then all days up to it count as covered. ``data_to`` is the last day with data of any
    source, ``complete_to`` of all of them.
    """

    as_of: date
    entries: tuple[Covered, ...]
    days: tuple[Days, ...] | None
    data_to: date | None
    complete_to: date | None

    def missing(self, wanted: Days) -> int:
        """Count the days of ``wanted`` that some relation does not cover."""
        known = (Days(min(wanted.first, self.as_of), self.as_of),) if self.days is None else self.days
        parts = (wanted.overlap(days) for days in known)
        return len(wanted) - sum(len(part) for part in parts if part is not None)

    def caveats(self, evaluated: Days, kpi: str | None = None) -> tuple[Problem, ...]:
        """Say which source is late, which has rows left out, and which days may still be restated.

        A reading is provisional if and only if there is one of them.
        """
        found: list[Problem] = []
        for entry in self.entries:
            values: dict[str, object] = {"source": entry.source, "account": entry.account or None}
            last = _last_day(entry, self.as_of)
            if last < evaluated.last:
                found.append(Problem("late_source", values | {"to": last}, Severity.WARNING, kpi=kpi))
            if entry.rejected_rows > 0:
                rows = values | {"rows": entry.rejected_rows}
                found.append(Problem("rows_rejected", rows, Severity.WARNING, kpi=kpi))
            restated = _restated(entry, evaluated)
            if restated is not None:
                until = restated.last + timedelta(days=entry.restates_days)
                days = values | {"from": restated.first, "until": until}
                found.append(Problem("may_be_restated", days, Severity.WARNING, kpi=kpi))
        return tuple(found)

    def provisional_from(self, evaluated: Days) -> date | None:
        """Return the first evaluated day that may change or lacks a source; None where all are final."""
        days = [restated.first for entry in self.entries if (restated := _restated(entry, evaluated))]
        ends = (_last_day(entry, self.as_of) for entry in self.entries)
        days += [max(end + timedelta(days=1), evaluated.first) for end in ends if end < evaluated.last]
        return min(days, default=None)


def _restated(entry: Covered, evaluated: Days) -> Days | None:
    """Return the evaluated days that the next loads of a source and account may still change."""
    if entry.restates_days <= 0:
        return None
    return Days(entry.to - timedelta(days=entry.restates_days - 1), entry.to).overlap(evaluated)


def freshness(project: Project, covered: tuple[Covered, ...], as_of: date) -> Freshness:
    """Judge the coverage of a metric's relations at the end of ``as_of``."""
    sources = (project.sources.get(entry.source) for entry in covered)
    relations = tuple(source.into if source is not None else None for source in sources)
    return _freshness(covered, relations, as_of)


@lru_cache(maxsize=4096)
def _freshness(covered: tuple[Covered, ...], relations: tuple[str | None, ...], as_of: date) -> Freshness:
    if not covered:
        return Freshness(as_of, (), None, as_of, as_of)
    entries = tuple(entry for entry in covered if entry.days and entry.days[0].first <= as_of)
    by_relation: dict[str, list[Days]] = {}
    for entry, relation in zip(covered, relations, strict=True):
        by_relation.setdefault(relation or entry.source, []).extend(entry.days)
    common = reduce(_shared, (merged(days) for days in by_relation.values()))
    days = tuple(part for whole in common if (part := whole.until(as_of)) is not None)
    ends = [_last_day(entry, as_of) for entry in entries]
    return Freshness(as_of, entries, days, max(ends, default=None), min(ends, default=None))


def _last_day(entry: Covered, as_of: date) -> date:
    """Return the last covered day that is not later than ``as_of``; there must be one."""
    return max(min(days.last, as_of) for days in entry.days if days.first <= as_of)


def _shared(ours: tuple[Days, ...], theirs: tuple[Days, ...]) -> tuple[Days, ...]:
    """Return the days that lie in both; each side is sorted and disjoint."""
    parts = (our.overlap(their) for our in ours for their in theirs)
    return tuple(sorted(part for part in parts if part is not None))
