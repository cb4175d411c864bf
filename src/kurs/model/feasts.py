"""Days that move from year to year: by which rule, and when they fall.

Easter is computed by the Gregorian and the Julian rule. The Islamic feasts and the lunar new year come from
the tables of the library ``holidays``: computed ahead, so that a sighting of the moon may differ by a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from kurs.model.days import Days

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY = timedelta(days=1)
_THURSDAY = 3


class Feast(StrEnum):
    """Feasts and seasons of trade that return on other days each year."""

    EASTER = "easter"  # Good Friday to Easter Monday
    ORTHODOX_EASTER = "orthodox_easter"
    RAMADAN = "ramadan"  # to the eve of the Eid
    EID_AL_FITR = "eid_al_fitr"
    EID_AL_ADHA = "eid_al_adha"
    NOWRUZ = "nowruz"  # 1 to 13 Farvardin
    LUNAR_NEW_YEAR = "lunar_new_year"
    BLACK_FRIDAY = "black_friday"  # the day after the fourth Thursday of November
    BLACK_WEEK = "black_week"  # its week, from Monday to Sunday
    CYBER_MONDAY = "cyber_monday"


# Whose days are told by the moon, and known for certain only when it was seen.
COMPUTED = frozenset({Feast.RAMADAN, Feast.EID_AL_FITR, Feast.EID_AL_ADHA})


@dataclass(frozen=True, slots=True)
class Rule:
    """A feast, and so many days ``before`` and ``after`` it that belong to the event."""

    feast: Feast
    before: int = 0
    after: int = 0

    def runs(self, year: int) -> tuple[Days, ...]:
        """Return the occurrences whose feast begins in a civil year: none, one, or two of a lunar one."""
        wider = (self.before * _DAY, self.after * _DAY)
        return tuple(Days(one.first - wider[0], one.last + wider[1]) for one in _feasts(self.feast, year))


@lru_cache(maxsize=1024)
def _feasts(feast: Feast, year: int) -> tuple[Days, ...]:
    match feast:
        case Feast.EASTER:
            return (_around_easter(easter(year)),)
        case Feast.ORTHODOX_EASTER:
            return (_around_easter(orthodox_easter(year)),)
        case Feast.BLACK_FRIDAY:
            return (Days(_black_friday(year), _black_friday(year)),)
        case Feast.BLACK_WEEK:
            friday = _black_friday(year)
            return (Days(friday - 4 * _DAY, friday + 2 * _DAY),)
        case Feast.CYBER_MONDAY:
            monday = _black_friday(year) + 3 * _DAY
            return (Days(monday, monday),)
        case Feast.NOWRUZ:
            first = _nowruz(year)
            return (Days(first, first + 12 * _DAY),)
        case Feast.RAMADAN:
            ends = [*_told(Feast.EID_AL_FITR, year), *_told(Feast.EID_AL_FITR, year + 1)]
            firsts = _told(Feast.RAMADAN, year)
            return tuple(
                Days(first, min(end for end in ends if end > first) - _DAY)
                for first in firsts
                if any(end > first for end in ends)
            )
        case Feast.EID_AL_FITR | Feast.EID_AL_ADHA | Feast.LUNAR_NEW_YEAR:
            return tuple(Days(day, day) for day in _told(feast, year))


def easter(year: int) -> date:
    """Return Easter Sunday of the western churches (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    shift = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * shift) // 451
    month, day = divmod(h + shift - 7 * m + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Return Easter Sunday of the eastern churches (Meeus's Julian rule), as a civil day of 1900 to 2099."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + 13 * _DAY


def _around_easter(sunday: date) -> Days:
    return Days(sunday - 2 * _DAY, sunday + _DAY)


def _black_friday(year: int) -> date:
    first = date(year, 11, 1)
    thursday = first + ((_THURSDAY - first.weekday()) % 7 + 21) * _DAY
    return thursday + _DAY


def _nowruz(year: int) -> date:
    from persiantools.jdatetime import JalaliDate

    return JalaliDate(year - 621, 1, 1).to_gregorian()


class _Moon(Protocol):
    """The library's Islamic calendar; each day comes with whether it is an estimate."""

    def ramadan_beginning_dates(self, year: int) -> Iterable[tuple[date, bool]]: ...
    def eid_al_fitr_dates(self, year: int) -> Iterable[tuple[date, bool]]: ...
    def eid_al_adha_dates(self, year: int) -> Iterable[tuple[date, bool]]: ...


class _MoonAndSun(Protocol):
    """The library's Chinese calendar."""

    def lunar_new_year_date(self, year: int) -> tuple[date | None, bool]: ...


def _told(feast: Feast, year: int) -> tuple[date, ...]:
    """Return the first days of a feast in a year, by the tables of the library; none outside of them.

    The tables have no public door, and the countries that celebrate mend them by their own sightings.
    """
    from holidays.calendars import chinese, islamic

    if feast is Feast.LUNAR_NEW_YEAR:
        first, _ = cast("_MoonAndSun", vars(chinese)["_ChineseLunisolar"]()).lunar_new_year_date(year)
        return () if first is None else (first,)
    moon = cast("_Moon", vars(islamic)["_IslamicLunar"]())
    found = {
        Feast.RAMADAN: moon.ramadan_beginning_dates,
        Feast.EID_AL_FITR: moon.eid_al_fitr_dates,
        Feast.EID_AL_ADHA: moon.eid_al_adha_dates,
    }[feast](year)
    return tuple(sorted({day for day, _ in found if day.year == year}))
