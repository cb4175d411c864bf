"""Calendars by brute force: walk from day to day until a week, a month, a quarter or a year begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from persiantools.jdatetime import JalaliDate

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3, "year": 12}
NEVER = date.max
SEASONS = (
    (date(2021, 9, 1), date(2021, 9, 25)),
    (date(2023, 2, 20), date(2023, 3, 10)),
    (date(2024, 2, 20), date(2024, 3, 10)),
    (date(2024, 3, 20), date(2024, 4, 10)),
    (date(2025, 2, 26), date(2025, 3, 31)),
)


def ends_retail_year(day: date) -> bool:
    """Say whether a day is a Saturday at most three days from 31 January."""
    return day.weekday() == 5 and abs((day - date(day.year, 1, 31)).days) <= 3


@lru_cache(maxsize=100_000)
def offset_in_retail_year(day: date) -> int:
    """How many days of the retail year are over before a day."""
    return 0 if ends_retail_year(day - DAY) else offset_in_retail_year(day - DAY) + 1


@lru_cache(maxsize=100_000)
def begins_month(day: date, rule: str, months: int) -> bool:
    """Say whether a month, a quarter or a year of a calendar begins on a day."""
    if rule == "jalali":
        jalali = JalaliDate.to_jalali(day)
        return jalali.day == 1 and (jalali.month - 1) % months == 0
    if rule == "4-5-4":
        starts = [0, 4, 9, 13, 17, 22, 26, 30, 35, 39, 43, 48][::months]
        return offset_in_retail_year(day) in {7 * weeks for weeks in starts}
    return day.day == 1 and (day.month - int(rule)) % months == 0


def jalali_year_before(day: date) -> list[date]:
    """The same day of the Jalali year before; 30 Esfand is compared with the 29th."""
    jalali = JalaliDate.to_jalali(day)
    number = 29 if (jalali.month, jalali.day) == (12, 30) else jalali.day
    return [JalaliDate(jalali.year - 1, jalali.month, number).to_gregorian()]


def retail_year_before(day: date) -> list[date]:
    """The same weekday of the week of the same number; the 53rd week has none."""
    offset = offset_in_retail_year(day)
    before = day - timedelta(days=offset + 1)
    length = offset_in_retail_year(before) + 1
    return [before - timedelta(days=length - 1 - offset)] if offset < length else []


def each_day(first: date, last: date) -> Iterator[date]:
    """Yield the days from first to last."""
    while first <= last:
        yield first
        first += DAY


def a_year_before(day: date) -> date:
    """The same day of the year before; 29 February is compared with the 28th."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def a_year_after(day: date) -> date:
    """Where a day counts one year later."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


@dataclass(frozen=True)
class Almanac:
    """A project's calendar: ``week_starts`` is 0 for Monday, ``fiscal`` is a month, jalali or 4-5-4."""

    week_starts: int
    fiscal: str

    def rule(self, grain: str | None) -> str:
        """The calendar to which a grain belongs: that of its name, of the fiscal year, or the civil one."""
        kind, _, unit = (grain or "").partition("_")
        return "1" if not unit else "jalali" if kind == "jalali" else self.fiscal

    def begins(self, day: date, grain: str) -> bool:
        """Say whether a bucket begins on a day."""
        unit = grain.rpartition("_")[2]
        if grain == "week":
            return day.weekday() == self.week_starts
        if unit == "week":
            return offset_in_retail_year(day) % 7 == 0
        return grain == "day" or begins_month(day, self.rule(grain), MONTHS[unit])

    def bucket(self, day: date, grain: str) -> tuple[date, date] | None:
        """The first and last day of the bucket of a day; None between two seasons."""
        if grain == "seasons":
            return next((season for season in SEASONS if season[0] <= day <= season[1]), None)
        return walked(self, day, grain)

    def place(self, day: date, grain: str, back: int) -> tuple[int, tuple[date, date]]:
        """How many days of its month are over, and the month so many before, by the grain's calendar."""
        month = f"{grain.partition('_')[0]}_month"
        own = self.bucket(day, month)
        assert own is not None
        then = own
        for _ in range(back):
            before = self.bucket(then[0] - DAY, month)
            assert before is not None
            then = before
        return (day - own[0]).days, then


@lru_cache(maxsize=100_000)
def walked(almanac: Almanac, day: date, grain: str) -> tuple[date, date]:
    """The first and last day of a bucket, found step by step."""
    first, last = day, day
    while not almanac.begins(first, grain):
        first -= DAY
    while not almanac.begins(last + DAY, grain):
        last += DAY
    return first, last


def season_before(first: date, last: date, count: int) -> tuple[date, date] | None:
    """The same days of a season before: counted from its start, a whole one whole; no more than it has."""
    here = next((at for at, season in enumerate(SEASONS) if season[0] <= first <= season[1]), None)
    if here is None or here < count:
        return None
    own, then = SEASONS[here], SEASONS[here - count]
    start = then[0] + (first - own[0])
    end = then[1] if last >= own[1] else min(start + (last - first), then[1])
    return (start, end) if start <= end else None
