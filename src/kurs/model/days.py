"""Days, grains and buckets: the calendar arithmetic that everything else stands on.

A day is a day of the project's zone. Ranges are inclusive on both sides, as people say them.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping


class Grain(StrEnum):
    """The length of a bucket of time."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    FISCAL_WEEK = "fiscal_week"
    FISCAL_MONTH = "fiscal_month"
    FISCAL_QUARTER = "fiscal_quarter"
    FISCAL_YEAR = "fiscal_year"
    JALALI_MONTH = "jalali_month"
    JALALI_QUARTER = "jalali_quarter"
    JALALI_YEAR = "jalali_year"


class OwnPeriods(str):
    """The name of a set of periods of the plan, which is a grain like any other."""

    __slots__ = ()


AnyGrain: TypeAlias = Grain | OwnPeriods

CIVIL = (Grain.HOUR, Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR)
_FEWEST_WEEKS, _FEWEST_MONTHS = 8, 4
# By these a bucket is as long as the calendar says, so a shift moves its end as the month's end.
MONTHS_IN: Mapping[AnyGrain | None, int] = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


def grain_named(name: str) -> AnyGrain:
    """Return the grain of that name; a name that is no grain of every plan is one of this plan's."""
    return Grain(name) if name in set(Grain) else OwnPeriods(name)


def grain_of_rows(days: Collection[date]) -> Literal[Grain.WEEK, Grain.MONTH] | None:
    """Return what rows seem to stand for that are only of these days: whole weeks, or whole months.

    Weeks are of one weekday, months of their first or their last day. None for other days, and for so few
    that it may be chance.
    """
    if len(days) >= _FEWEST_WEEKS and len({day.weekday() for day in days}) == 1:
        return Grain.WEEK
    ends = ({day.day for day in days}, {(day + timedelta(days=1)).day for day in days})
    return Grain.MONTH if len(days) >= _FEWEST_MONTHS and {1} in ends else None


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """A range of days, both ends included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} lies before {self.first}")

    def __len__(self) -> int:
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first}..{self.last}"

    def __iter__(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range(len(self)))

    def overlap(self, other: Days) -> Days | None:
        """Return the days that lie in both ranges, or None."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None

    def until(self, day: date) -> Days | None:
        """Return the part that is over at the end of ``day``, or None before it starts."""
        return self.overlap(Days(min(self.first, day), day))

    def shifted(self, days: int) -> Days:
        """Return the range moved by ``days``."""
        return Days(self.first + timedelta(days=days), self.last + timedelta(days=days))

    @property
    def is_whole_months(self) -> bool:
        """Say whether the range starts on a first and ends on the last day of a month."""
        return self.first.day == 1 and (self.last + timedelta(days=1)).day == 1


def add_months(day: date, months: int) -> date:
    """Move a day by calendar months; a day that the month does not have becomes its last one."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def bucket_of(day: date, grain: AnyGrain, week_starts: int = 0) -> Days:
    """Return the bucket of a civil ``grain`` in which ``day`` lies; ``Reckoning`` knows those of all grains.

    ``week_starts`` is the weekday on which a week begins, Monday being 0. An hour's bucket is its day.
    """
    if grain in (Grain.HOUR, Grain.DAY):
        return Days(day, day)
    if grain is Grain.WEEK:
        first = day - timedelta(days=(day.weekday() - week_starts) % 7)
        return Days(first, first + timedelta(days=6))
    months = MONTHS_IN[grain]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Days(first, add_months(first, months) - timedelta(days=1))
