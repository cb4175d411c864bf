"""Years of twelve months in other calendars than the civil one: fiscal, retail, Jalali.

Each is a rule that says in which of its years a day lies, and on which days the months of a year begin.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Protocol

from kurs.model.days import Grain, add_months, bucket_of

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_WEEKS_OF_A_YEAR = 52


class Years(Protocol):
    """A calendar whose years have twelve months; a year is known by a number."""

    @property
    def has_weeks(self) -> bool:
        """Say whether its months are made of whole weeks."""
        ...

    def year_of(self, day: date) -> int:
        """Return the number of the year in which ``day`` lies."""
        ...

    def first_days(self, year: int) -> tuple[date, ...]:
        """Return the first days of the twelve months of ``year``, and of the next year: thirteen days."""
        ...


@dataclass(frozen=True, slots=True)
class MonthYears:
    """Twelve calendar months from the first day of the month ``starts`` on; numbered by their first day."""

    starts: int = 1

    @property
    def has_weeks(self) -> bool:
        """Say that calendar months are not made of weeks."""
        return False

    def year_of(self, day: date) -> int:
        """Return the calendar year in which the year of ``day`` begins."""
        return day.year if day.month >= self.starts else day.year - 1

    def first_days(self, year: int) -> tuple[date, ...]:
        """Return thirteen first days of months."""
        first = date(year, self.starts, 1)
        return tuple(add_months(first, months) for months in range(13))


@dataclass(frozen=True, slots=True)
class JalaliYears:
    """The solar Hijri calendar of Iran and Afghanistan: a year begins on Nowruz, in March."""

    @property
    def has_weeks(self) -> bool:
        """Say that Jalali months are not made of weeks."""
        return False

    def year_of(self, day: date) -> int:
        """Return the Jalali year of ``day``: 1405 begins on 21 March 2026."""
        year = day.year - 621
        return year if _jalali_months(year)[0] <= day else year - 1

    def first_days(self, year: int) -> tuple[date, ...]:
        """Return thirteen first days of months."""
        return _jalali_months(year)


@lru_cache(maxsize=256)
def _jalali_months(year: int) -> tuple[date, ...]:
    from persiantools.jdatetime import JalaliDate

    months = [(year, month) for month in range(1, 13)]
    return tuple(JalaliDate(y, month, 1).to_gregorian() for y, month in (*months, (year + 1, 1)))


CALENDAR_YEARS = MonthYears()


class YearEnd(StrEnum):
    """Which weekday ends a year of weeks: the nearest to the end of a month, or the last one in it."""

    NEAREST = "nearest"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class WeekYears:
    """Years of 52 or 53 whole weeks, such as the retail calendar.

    ``weeks`` are those of the three months of each quarter: 4-5-4. A year ends on the weekday ``ends_on``
    (Monday is 0) that is ``rule`` to the end of ``month``. The 53rd week that this rule brings every five or
    six years belongs to the twelfth month. The defaults are those of the National Retail Federation: a
    year ends on the Saturday nearest to 31 January. Years are numbered by that month's calendar year less 1.
    """

    weeks: tuple[int, int, int] = (4, 5, 4)
    ends_on: int = 5
    month: int = 1
    rule: YearEnd = YearEnd.NEAREST

    @property
    def has_weeks(self) -> bool:
        """Say that the months are made of whole weeks."""
        return True

    def year_of(self, day: date) -> int:
        """Return the number of the year in which ``day`` lies."""
        year = day.year - 2
        while self._last_day(year) < day:
            year += 1
        return year

    def first_days(self, year: int) -> tuple[date, ...]:
        """Return thirteen first days of months."""
        first, after = self._last_day(year - 1) + _DAY, self._last_day(year) + _DAY
        weeks = accumulate((self.weeks * 4)[:11], initial=0)
        return (*(first + count * _WEEK for count in weeks), after)

    def extra_week(self, year: int) -> date | None:
        """Return the first day of the 53rd week of ``year``; None in a year of 52."""
        first, after = self._last_day(year - 1) + _DAY, self._last_day(year) + _DAY
        extra = first + _WEEKS_OF_A_YEAR * _WEEK
        return extra if extra < after else None

    def _last_day(self, year: int) -> date:
        end = bucket_of(date(year + 1, self.month, 1), Grain.MONTH).last
        last = end - ((end.weekday() - self.ends_on) % 7) * _DAY
        later = last + _WEEK
        return later if self.rule is YearEnd.NEAREST and later - end < end - last else last
