"""Days and moments that DuckDB's own strptime cannot read: other calendars, words, two-digit years, Unix."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from kurs.model.written_days import UNIX, CalendarKind, WrittenDays, pieces
from kurs.words.months import months, weekdays

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_JALALI, _LAST_JALALI = 1200, 1599
_NUMBERS = {
    "Y": r"(\d{4})",
    "y": r"(\d{2})",
    "f": r"(\d{1,6})",
    "G": r"(\d{4})",
    "q": "([1-4])",
    **dict.fromkeys("mdHIMSV", r"(\d{1,2})"),
}
# DuckDB takes M and m for one name.
_GROUPS = {
    "Y": "year",
    "y": "two_digits",
    "m": "month",
    "b": "short",
    "B": "long",
    "d": "day",
    "H": "hour",
    "I": "half_hour",
    "p": "half",
    "M": "minute",
    "S": "second",
    "f": "fraction",
    "G": "year_of_weeks",
    "V": "week",
    "q": "quarter",
}
_MICROSECONDS = {"H": 3_600_000_000, "I": 3_600_000_000, "M": 60_000_000, "S": 1_000_000}


def special_moment(text: str, form: str, days: WrittenDays) -> str:
    """Return SQL for the timestamp, as clocks show it, that a text is by a special form; NULL if it is none.

    Every part is checked: there is no 31st of a month that has 30 days, no 25th hour, no unknown month.
    """
    pattern, names = _pattern(form, days)
    listed = ", ".join(_quoted(_GROUPS[name]) for name in names)
    parts = f"regexp_extract({text}, {_quoted(f'^(?i:{pattern})$')}, [{listed}])"

    def word(name: str) -> str:
        return f"lower({parts}[{_quoted(_GROUPS[name])}])"

    def part(name: str) -> str:
        return f"TRY_CAST({parts}[{_quoted(_GROUPS[name])}] AS INTEGER)"

    if "V" in names:
        return _week(part("G"), part("V"))
    year = part("Y")
    if "y" in names:
        first = days.years_from or 1969
        year = f"({first} + ({part('y')} - {first % 100} + 100) % 100)"
    month = f"({part('q')} * 3 - 2)" if "q" in names else part("m")
    for name in ("b", "B"):
        if name in names:
            known = months(days.locale, jalali=days.calendar is CalendarKind.JALALI)
            pairs = ", ".join(f"{_quoted(word)}: {number}" for word, number in known.items())
            month = f"MAP {{{pairs}}}[{word(name)}]"
    day = part("d") if "d" in names else "1"
    date = _jalali(year, month, day) if days.calendar is CalendarKind.JALALI else _gregorian(year, month, day)
    return f"({date} + {_time(names, word, part)})"


def unix_moment(text: str, form: str) -> str:
    """Return SQL for the timestamp in UTC of a count since 1970; NULL where it is none."""
    unit = UNIX[form]
    shape = r"-?\d{1,17}" if unit == 1 else r"-?\d{1,14}(?:\.\d{1,6}0*)?"
    exact = f"TRY_CAST({text} AS DECIMAL(24,6)) * {unit}"
    count = f"TRY_CAST({exact} AS BIGINT)"
    return (
        f"CASE WHEN regexp_full_match({text}, {_quoted(shape)}) AND {count} = {exact} "
        f"AND abs({count}) < 250000000000000000 THEN make_timestamp({count}) END"
    )


def _pattern(form: str, days: WrittenDays) -> tuple[str, list[str]]:
    """Return a form's pattern, a group a part, and the letters of the groups."""
    pattern, names = "", list[str]()
    found = pieces(form)
    for n, piece in enumerate(found):
        letter = piece[-1]
        if not piece.startswith("%"):
            pattern += re.escape(piece)
        elif letter == "%":
            pattern += "%"
        elif letter in "aA":
            pattern += f"(?:{'|'.join(map(re.escape, weekdays(days.locale)))})"
        else:
            names.append(letter)
            if letter in "bB":
                known = months(days.locale, jalali=days.calendar is CalendarKind.JALALI)
                pattern += f"({'|'.join(map(re.escape, sorted(known, key=len, reverse=True)))})"
            elif letter == "p":
                pattern += "([ap]m)"
            else:
                crowded = any(0 <= m < len(found) and found[m].startswith("%") for m in (n - 1, n + 1))
                one = _NUMBERS[letter]
                pattern += r"(\d{2})" if crowded and one == r"(\d{1,2})" else one
    return pattern, names


def _time(names: list[str], word: Callable[[str], str], part: Callable[[str], str]) -> str:
    """Return SQL for the time of day as an interval; NULL where there is no such time."""
    terms, tests = ["0"], ["TRUE"]
    for letter in names:
        if letter in _MICROSECONDS:
            number = part(letter)
            most = {"H": 23, "I": 12}.get(letter, 59)
            tests.append(f"{number} BETWEEN {1 if letter == 'I' else 0} AND {most}")
            number = f"{number} % 12" if letter == "I" else number
            terms.append(f"CAST({number} AS BIGINT) * {_MICROSECONDS[letter]}")
        elif letter == "f":
            terms.append(f"CAST(rpad({word('f')}, 6, '0') AS BIGINT)")
        elif letter == "p":
            terms.append(f"CASE WHEN {word('p')} = 'pm' THEN 43200000000 ELSE 0 END")
    return f"CASE WHEN {' AND '.join(tests)} THEN to_microseconds({' + '.join(terms)}) END"


def _gregorian(year: str, month: str, day: str) -> str:
    text = f"format('{{:04d}}-{{:02d}}-{{:02d}}', {year}, {month}, {day})"
    return f"CAST(TRY_CAST({text} AS DATE) AS TIMESTAMP)"


def _week(year: str, week: str) -> str:
    """Return the Monday of a week of ISO 8601: the first week of a year has its 4 January."""
    day = f"date_trunc('week', make_date({year}, 1, 4)) + to_days(({week} - 1) * 7)"
    there = f"{year} > 0 AND {week} BETWEEN 1 AND 53 AND isoyear({day}) = {year}"
    return f"CASE WHEN {there} THEN CAST({day} AS TIMESTAMP) END"


def _jalali(year: str, month: str, day: str) -> str:
    """Count from the new year's day of the Jalali year, which the library knows."""
    starts = f"[{', '.join(map(str, _new_years()))}]"
    start, after = f"{starts}[{year} - {_FIRST_JALALI - 1}]", f"{starts}[{year} - {_FIRST_JALALI - 2}]"
    length = f"CASE WHEN {month} <= 6 THEN 31 WHEN {month} <= 11 THEN 30 ELSE {after} - {start} - 336 END"
    there = (
        f"{year} BETWEEN {_FIRST_JALALI} AND {_LAST_JALALI - 1} AND {month} BETWEEN 1 AND 12 "
        f"AND {day} BETWEEN 1 AND {length}"
    )
    count = f"{start} + ({month} - 1) * 31 - greatest({month} - 7, 0) + {day} - 1"
    return f"CASE WHEN {there} THEN CAST(DATE '1970-01-01' + CAST({count} AS INTEGER) AS TIMESTAMP) END"


@lru_cache(maxsize=1)
def _new_years() -> tuple[int, ...]:
    """Return the first day of each Jalali year as days since 1970."""
    from datetime import date

    from persiantools.jdatetime import JalaliDate

    epoch = date(1970, 1, 1)
    return tuple(
        (JalaliDate(year, 1, 1).to_gregorian() - epoch).days
        for year in range(_FIRST_JALALI, _LAST_JALALI + 1)
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
