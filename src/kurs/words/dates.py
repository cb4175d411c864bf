"""Days and moments as people read them, in the patterns of CLDR. Imports Babel: load this module late.

A moment is shown by its own wall clock: nothing is converted between zones here.
"""

from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_interval, format_skeleton, format_time, get_datetime_format

from kurs.words.cldr import conventions


def day(d: date, locale: str) -> str:
    """A day with its month by name: 20 Nov 2026."""
    signs = conventions(locale)
    return format_date(_day_of(d), "medium", signs.locale).translate(signs.digits)


def moment(d: date, locale: str) -> str:
    """A day with hours and minutes: 20 Nov 2026, 15:04; a bare date is its midnight."""
    signs = conventions(locale)
    wall = d.time().replace(tzinfo=None) if isinstance(d, datetime) else time()
    clock = format_time(wall, "short", locale=signs.locale)
    both = str(get_datetime_format("medium", locale=signs.locale))
    return both.replace("{0}", clock.translate(signs.digits)).replace("{1}", day(d, locale))


def by_skeleton(d: date, skeleton: str, locale: str) -> str:
    """A day in the fields that a CLDR skeleton names: "MMMd" is 20 Nov, "yMMM" is Nov 2026."""
    signs = conventions(locale)
    return format_skeleton(skeleton, _day_of(d), locale=signs.locale).translate(signs.digits)


def days_range(first: date, last: date, locale: str) -> str:
    """Two days and all between them, saying once what they share: 20 – 27 Nov 2026."""
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


def _day_of(d: date) -> date:
    return d.date() if isinstance(d, datetime) else d
