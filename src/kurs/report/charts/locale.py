"""The signs by which Vega writes numbers and dates by itself, made from CLDR: d3's own tables differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kurs.words import Language

_MONTHS, _WEEKDAYS = range(1, 13), (6, 0, 1, 2, 3, 4, 5)  # d3 begins a week on Sunday


def number_locale(language: Language) -> Mapping[str, object]:
    """Return d3's format locale for a language: its digits, marks, groups and signs."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    from kurs.words.cldr import conventions

    signs = conventions(language.locale)
    percent = signs.locale.percent_formats[None].pattern
    sign = signs.signs[ord("%")]
    return {
        "decimal": get_decimal_symbol(signs.locale, numbering_system=signs.system),
        "thousands": get_group_symbol(signs.locale, numbering_system=signs.system),
        "grouping": [3],
        "currency": ["", ""],
        "numerals": [signs.digits[ord(str(digit))] for digit in range(10)],
        "percent": f"\N{NO-BREAK SPACE}{sign}" if "\N{NO-BREAK SPACE}" in percent else sign,
        "minus": signs.minus,
        "nan": "–",
    }


def time_locale(language: Language) -> Mapping[str, object]:
    """Return d3's time format locale for a language, of the Gregorian calendar.

    Our own charts write each day by ``Language``, which knows other calendars, too.
    """
    from babel.dates import get_day_names, get_month_names, get_period_names

    from kurs.words.cldr import conventions

    locale = conventions(language.locale).locale
    periods = cast("Mapping[str, str]", get_period_names("wide", "format", locale))
    months = {width: get_month_names(width, "stand-alone", locale) for width in ("wide", "abbreviated")}
    days = {width: get_day_names(width, "stand-alone", locale) for width in ("wide", "abbreviated")}
    return {
        "dateTime": "%-d %B %Y %H:%M",
        "date": "%-d %b %Y",
        "time": "%H:%M",
        "periods": [periods.get("am", "AM"), periods.get("pm", "PM")],
        "days": [str(days["wide"][day]) for day in _WEEKDAYS],
        "shortDays": [str(days["abbreviated"][day]) for day in _WEEKDAYS],
        "months": [str(months["wide"][month]) for month in _MONTHS],
        "shortMonths": [str(months["abbreviated"][month]) for month in _MONTHS],
    }
