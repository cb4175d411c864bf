"""Days and moments as people read them, in the patterns of CLDR. Imports Babel: load this module late.

A moment is shown by its own wall clock: nothing is converted between zones here. Who reads Persian lives by
the Jalali calendar: a day is named by it, while a month, quarter or year of the civil calendar, which
begins and ends on other days, keeps its civil name.
"""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_interval, format_skeleton, format_time, get_datetime_format

from kurs.words.cldr import conventions
from kurs.words.months import jalali_month

_JALALI_BEGINS = date(622, 3, 22)
_JALALI_LANGUAGES = ("fa",)  # CLDR's calendar preference is by country, and Persian has names for the months


def day(d: date, locale: str) -> str:
    """A day with its month by name: 20 Nov 2026."""
    civil = _day_of(d)
    if _is_jalali(locale, civil):
        return _jalali((civil,), "{day} {month} {year}", locale)
    signs = conventions(locale)
    return format_date(civil, "medium", signs.locale).translate(signs.digits)


def moment(d: date, locale: str) -> str:
    """A day with hours and minutes: 20 Nov 2026, 15:04; a bare date is its midnight."""
    signs = conventions(locale)
    wall = d.time().replace(tzinfo=None) if isinstance(d, datetime) else time()
    clock = format_time(wall, "short", locale=signs.locale)
    both = str(get_datetime_format("medium", locale=signs.locale))
    return both.replace("{0}", clock.translate(signs.digits)).replace("{1}", day(d, locale))


def by_skeleton(d: date, skeleton: str, locale: str) -> str:
    """A civil day in the fields that a CLDR skeleton names: "MMMd" is 20 Nov, "yMMM" is Nov 2026."""
    signs = conventions(locale)
    return format_skeleton(skeleton, _day_of(d), locale=signs.locale).translate(signs.digits)


def day_month(d: date, locale: str) -> str:
    """A day without its year: 20 Nov."""
    civil = _day_of(d)
    return (
        _jalali((civil,), "{day} {month}", locale)
        if _is_jalali(locale, civil)
        else by_skeleton(civil, "MMMd", locale)
    )


def days_range(first: date, last: date, locale: str) -> str:
    """Two days and all between them, saying once what they share: 20 – 27 Nov 2026."""
    if _is_jalali(locale, first, last):
        return _jalali_range(_day_of(first), _day_of(last), locale)
    signs = conventions(locale)
    text = format_interval(_day_of(first), _day_of(last), "yMMMd", locale=signs.locale)
    return text.translate(signs.digits)


def week_of(d: date, locale: str) -> tuple[str, str]:
    """The ISO number and year of the week that begins on this day, be it a Saturday, Sunday or Monday."""
    signs = conventions(locale)
    # The fourth day of a week decides its year, and lies in the same ISO week for all three beginnings.
    year, week, _ = (_day_of(d) + timedelta(days=3)).isocalendar()
    return str(week).translate(signs.digits), str(year).translate(signs.digits)


def year(number: int, locale: str, last: int | None = None) -> str:
    """A year by its number: 1405; one that ends in another: 2025/26."""
    text = str(number) if last in (None, number) else f"{number}/{last % 100:02d}"
    return text.translate(conventions(locale).digits)


def quarter(number: int, year: str, locale: str) -> str:
    """A quarter of a year that is no calendar year: Q3 2025/26."""
    any_year = 2001
    text = by_skeleton(date(any_year, 3 * number, 1), "yQQQ", locale)
    return text.replace(str(any_year).translate(conventions(locale).digits), year)


def _is_jalali(locale: str, *days: date) -> bool:
    return locale.partition("_")[0] in _JALALI_LANGUAGES and min(map(_day_of, days)) >= _JALALI_BEGINS


def _jalali_range(first: date, last: date, locale: str) -> str:
    """CLDR's intervals of Persian, with the fields of its own calendar."""
    if first == last:
        return day(first, locale)
    (year, month, _), (last_year, last_month, _) = _jalali_place(first), _jalali_place(last)
    if year != last_year:
        return _jalali((first, last), "{day} {month} {year} تا {day2} {month2} {year2}", locale)
    if month != last_month:
        return _jalali((first, last), "{day} {month} تا {day2} {month2} {year}", locale)
    return _jalali((first, last), "{day} تا {day2} {month} {year}", locale)


def _jalali(days: tuple[date, ...], pattern: str, locale: str) -> str:
    fields: dict[str, object] = {}
    for civil, which in zip(days, ("", "2"), strict=False):
        year, month, number = _jalali_place(civil)
        named = {"day": number, "month": jalali_month(month, locale), "year": year}
        fields |= {f"{name}{which}": value for name, value in named.items()}
    return pattern.format_map(fields).translate(conventions(locale).digits)


def _jalali_place(civil: date) -> tuple[int, int, int]:
    """Year, month and day of the Jalali calendar."""
    from persiantools.jdatetime import JalaliDate

    place = JalaliDate(civil)
    return place.year, place.month, place.day


def _day_of(d: date) -> date:
    return d.date() if isinstance(d, datetime) else d
