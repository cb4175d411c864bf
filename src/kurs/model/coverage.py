"""Which days the data covers, by source and account."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kurs.model.table import ColumnType


@dataclass(frozen=True, slots=True)
class Covered:
    """The days that the loads of one source and account cover, and how many of the last may change."""

    source: str
    account: str
    days: tuple[Days, ...]
    restates_days: int = 0
    rejected_rows: int = 0

    @property
    def to(self) -> date:
        """The last covered day."""
        return self.days[-1].last


@dataclass(frozen=True, slots=True)
class RelationFacts:
    """What is known of a relation before a question is asked.

    ``columns`` maps a name to one of ``ColumnType``. ``covered`` is empty where nothing was recorded.
    ``version`` changes whenever the rows do.
    """

    columns: Mapping[str, ColumnType] = field(default_factory=dict[str, "ColumnType"])
    covered: tuple[Covered, ...] = ()
    version: str = ""

    def until(self, day: date) -> RelationFacts:
        """Return the facts as they would be with nothing later than ``day``."""
        kept: list[Covered] = []
        for entry in self.covered:
            days = tuple(part for whole in entry.days if (part := whole.until(day)) is not None)
            if days:
                kept.append(
                    Covered(entry.source, entry.account, days, entry.restates_days, entry.rejected_rows)
                )
        return RelationFacts(self.columns, tuple(kept), self.version)

    @property
    def days(self) -> tuple[Days, ...]:
        """The days that at least one source covers, joined where they touch."""
        return merged(days for entry in self.covered for days in entry.days)

    @property
    def complete_to(self) -> date | None:
        """The earliest covered-to date among the sources and accounts."""
        return min((entry.to for entry in self.covered), default=None)


def around(days: Iterable[Days]) -> Days | None:
    """Return the one range that holds all of them; None of none."""
    spans = list(days)
    return Days(min(one.first for one in spans), max(one.last for one in spans)) if spans else None


def without(ranges: Iterable[Days], others: Iterable[Days]) -> tuple[Days, ...]:
    """Return the days of ``ranges`` that lie in none of ``others``, sorted and disjoint."""
    left: list[Days] = []
    cuts = merged(others)
    for days in merged(ranges):
        first = days.first
        for cut in cuts:
            if first <= cut.last and cut.first <= days.last:
                if first < cut.first:
                    left.append(Days(first, cut.first - timedelta(days=1)))
                first = cut.last + timedelta(days=1)
        if first <= days.last:
            left.append(Days(first, days.last))
    return tuple(left)


def merged(ranges: Iterable[Days]) -> tuple[Days, ...]:
    """Join ranges that overlap or touch; the result is sorted and disjoint."""
    joined: list[Days] = []
    for days in sorted(ranges):
        if joined and days.first <= joined[-1].last + timedelta(days=1):
            joined[-1] = Days(joined[-1].first, max(joined[-1].last, days.last))
        else:
            joined.append(days)
    return tuple(joined)
