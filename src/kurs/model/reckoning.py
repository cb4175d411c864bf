"""How a project reckons time: the one place that knows the buckets of every grain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kurs.model.comparison import year_before
from kurs.model.days import CIVIL, MONTHS_IN, AnyGrain, Days, Grain, OwnPeriods, bucket_of
from kurs.model.frame import Span, Steps
from kurs.model.years import CALENDAR_YEARS, JalaliYears, MonthYears, WeekYears, Years

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kurs.model.periods import PeriodSet

_DAY = timedelta(days=1)
_FISCAL = (Grain.FISCAL_MONTH, Grain.FISCAL_QUARTER, Grain.FISCAL_YEAR)
_JALALI = (Grain.JALALI_MONTH, Grain.JALALI_QUARTER, Grain.JALALI_YEAR)
_OTHER_MONTHS_IN: dict[AnyGrain, int] = dict(zip((*_FISCAL, *_JALALI), (1, 3, 12) * 2, strict=True))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bucket stands in its year: the twelfth month of the year from 2025-02-02 to 2026-01-31.

    ``number`` counts the buckets of the grain within the year, from 1. ``year`` is that of ``years``.
    """

    number: int
    year: int
    days: Days


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The calendar of a project.

    ``week_starts`` is the weekday on which a week begins, Monday being 0. ``fiscal`` is the rule of the
    fiscal year, ``own`` are the sets of periods of the plan, each of which is a grain.
    """

    week_starts: int = 0
    fiscal: Years = CALENDAR_YEARS
    own: tuple[PeriodSet, ...] = ()

    @property
    def grains(self) -> tuple[str, ...]:
        """Name the grains that there are: a fiscal week only where fiscal years are made of weeks."""
        weeks = self.fiscal.has_weeks
        built_in = tuple(str(grain) for grain in Grain if grain is not Grain.FISCAL_WEEK or weeks)
        return (*built_in, *(periods.key for periods in self.own))

    def bucket_of(self, day: date, grain: AnyGrain) -> Days | None:
        """Return the bucket in which ``day`` lies; None where the plan's own periods leave a gap."""
        if isinstance(grain, OwnPeriods):
            return next((days for days in self._own(grain) if day in days), None)
        if grain in CIVIL:
            return bucket_of(day, grain, self.week_starts)
        first_days = self._firsts(day, grain)
        after = next(place for place, first in enumerate(first_days) if first > day)
        return Days(first_days[after - 1], first_days[after] - _DAY)

    def buckets(self, days: Days, grain: AnyGrain) -> Iterator[Days]:
        """Yield the whole buckets that touch ``days``, in order."""
        if isinstance(grain, OwnPeriods):
            yield from (period for period in self._own(grain) if period.overlap(days))
            return
        first = days.first
        while first <= days.last:
            bucket = self.bucket_of(first, grain) or Days(first, first)
            yield bucket
            first = bucket.last + _DAY

    def at_or_before(self, day: date, grain: AnyGrain) -> Days | None:
        """Return the bucket of ``day``, in a gap the last one before it; None before all of them."""
        if not isinstance(grain, OwnPeriods):
            return self.bucket_of(day, grain)
        begun = [days for days in self._own(grain) if days.first <= day]
        return begun[-1] if begun else None

    def first(self, grain: AnyGrain) -> Days:
        """Return the first of the plan's own periods. Raises ValueError for any other grain."""
        periods = self._own(grain)
        if not periods:
            raise ValueError(f"{grain} has no first period")
        return periods[0]

    def before(self, bucket: Days, grain: AnyGrain) -> Days | None:
        """Return the bucket before another one."""
        return self.at_or_before(bucket.first - _DAY, grain)

    def place(self, day: date, grain: AnyGrain) -> Place:
        """Return where the bucket of ``day`` stands in its fiscal or Jalali year."""
        year = self.years(grain).year_of(day)
        first_days = self._firsts(day, grain)
        number = sum(first <= day for first in first_days)
        return Place(number, year, Days(first_days[0], first_days[-1] - _DAY))

    def years(self, grain: AnyGrain) -> Years:
        """Return the years to which a grain belongs; of a civil one, calendar years."""
        if grain in _JALALI:
            return JalaliYears()
        return self.fiscal if grain in (*_FISCAL, Grain.FISCAL_WEEK) else CALENDAR_YEARS

    def goes_by_months(self, grain: AnyGrain | None) -> bool:
        """Say whether the buckets of ``grain`` are whole calendar months."""
        return grain in MONTHS_IN or (grain in _FISCAL and isinstance(self.fiscal, MonthYears))

    # Going back.

    def year_of_comparison(self, grain: AnyGrain | None) -> Span | Steps:
        """Return the way back to last year: that of the grain's own calendar."""
        if grain in _JALALI:
            return Steps(1, Grain.JALALI_YEAR)
        if grain in (*_FISCAL, Grain.FISCAL_WEEK):
            return Steps(1, Grain.FISCAL_YEAR)
        return Span(months=12)

    def year_before(self, days: Days, grain: AnyGrain | None) -> Days | None:
        """Return the same days one year earlier, by the calendar of ``grain``; None where it has none."""
        way = self.year_of_comparison(grain)
        return self.back(days, way, keeps_whole=True) if isinstance(way, Steps) else year_before(days)

    def plain(self, steps: Steps) -> Span | Steps:
        """Return steps that are calendar months or days as such."""
        if steps.grain is Grain.FISCAL_WEEK:
            return Span(days=7 * steps.count)
        if steps.grain in _FISCAL and isinstance(self.fiscal, MonthYears):
            return Span(months=_OTHER_MONTHS_IN[steps.grain] * steps.count)
        return steps

    def back(self, days: Days, steps: Steps, *, keeps_whole: bool) -> Days | None:
        """Return the days at the same place some months, quarters, years or own periods before.

        A day keeps its number in the month, as 31 March goes to 28 February: 30 Esfand goes to 29 Esfand.
        In months of weeks the fifth week of one that has four, and the 53rd week of a year, have no
        counterpart: None; days that begin before them end with the month. ``keeps_whole``: whole months go
        to whole months, however long they are, but for whole years of weeks, which go by week.
        """
        if isinstance(steps.grain, OwnPeriods):
            return self._back_in_own(days, steps)
        years, months = self.years(steps.grain), _OTHER_MONTHS_IN[steps.grain] * steps.count
        keeps_whole = keeps_whole and not (years.has_weeks and months % 12 == 0)
        month, target = _month(years, days.first), _month(years, days.first, back=months)
        first = target.first + (days.first - month.first)
        keeps_whole = keeps_whole and days.first == month.first
        if first > target.last:
            if years.has_weeks:
                return None
            first = target.last
        month, target = _month(years, days.last), _month(years, days.last, back=months)
        last = min(target.first + (days.last - month.first), target.last)
        return Days(first, target.last if keeps_whole and days.last == month.last else last)

    def is_whole(self, days: Days, grain: AnyGrain) -> bool:
        """Say whether ``days`` are whole months of the calendar to which ``grain`` belongs."""
        if isinstance(grain, OwnPeriods):
            return False
        years = self.years(grain)
        return _month(years, days.first).first == days.first and _month(years, days.last).last == days.last

    def _back_in_own(self, days: Days, steps: Steps) -> Days | None:
        periods = self._own(steps.grain)
        here = next((place for place, period in enumerate(periods) if days.first in period), None)
        if here is None or here < steps.count:
            return None
        period, target = periods[here], periods[here - steps.count]
        first = target.first + (days.first - period.first)
        whole = days.last >= period.last
        last = target.last if whole else min(first + timedelta(days=len(days) - 1), target.last)
        return Days(first, last) if first <= last else None

    def _own(self, grain: AnyGrain) -> tuple[Days, ...]:
        return next((periods.days for periods in self.own if periods.key == grain), ())

    def _firsts(self, day: date, grain: AnyGrain) -> tuple[date, ...]:
        """Return the first days of the buckets of a grain in the year of ``day``, and of the next year."""
        years = self.years(grain)
        months = years.first_days(years.year_of(day))
        if grain is not Grain.FISCAL_WEEK:
            return months[:: _OTHER_MONTHS_IN[grain]]
        weeks = (months[-1] - months[0]).days // 7
        return tuple(months[0] + timedelta(weeks=week) for week in range(weeks + 1))

    def extra_week(self, day: date) -> Days | None:
        """Return the 53rd week of the fiscal year in which ``day`` lies."""
        if not isinstance(self.fiscal, WeekYears):
            return None
        first = self.fiscal.extra_week(self.fiscal.year_of(day))
        return Days(first, first + timedelta(days=6)) if first is not None else None


def _month(years: Years, day: date, *, back: int = 0) -> Days:
    """Return the month in which ``day`` lies, or the one so many months before."""
    year = years.year_of(day)
    month = sum(first <= day for first in years.first_days(year)) - 1
    year, month = divmod(year * 12 + month - back, 12)
    first_days = years.first_days(year)
    return Days(first_days[month], first_days[month + 1] - _DAY)


CIVIL_TIME = Reckoning()
