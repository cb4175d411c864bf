"""What stands in the calendar of some days: public holidays, feasts, the plan's own events."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from kurs.model.days import Days
from kurs.model.feasts import COMPUTED
from kurs.model.text import Text

if TYPE_CHECKING:
    from datetime import date

    from kurs.model.events import Calendar


class MarkKind(StrEnum):
    """What a mark in the calendar is."""

    HOLIDAY = "holiday"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that makes days unlike others. ``name`` is a country such as SE, or the key of an event.

    ``computed``: the days are told by the moon and were computed ahead: they may differ by a day.
    """

    days: Days
    kind: MarkKind
    name: str
    label: Text
    computed: bool = False


def marks(calendar: Calendar, days: Days, languages: tuple[str, ...] = ("en",)) -> tuple[Mark, ...]:
    """Return everything in the calendar that touches ``days``, by its first day; holidays come first."""
    found = [mark for country in calendar.countries for mark in _holidays(country, days, languages)]
    for event in calendar.events:
        computed = event.rule is not None and event.rule.feast in COMPUTED
        label = event.label or Text.plain(event.key)
        found += [Mark(one, MarkKind.EVENT, event.key, label, computed) for one in event.within(days)]
    return tuple(sorted(found, key=lambda mark: (mark.days.first, mark.kind is MarkKind.EVENT, mark.name)))


def knows(country: str) -> bool:
    """Say whether the holidays of a country, or of a part such as DE-BY, are known."""
    from holidays import list_supported_countries

    code, _, part = country.partition("-")
    parts = list_supported_countries(include_aliases=True).get(code)
    return parts is not None and (not part or part in parts)


def parts_of(country: str) -> tuple[str, ...]:
    """Return the parts of a country that have holidays of their own: DE-BY, DE-BE."""
    from holidays import list_supported_countries

    code = country.partition("-")[0]
    return tuple(f"{code}-{part}" for part in list_supported_countries().get(code, ()))


def _holidays(country: str, days: Days, languages: tuple[str, ...]) -> list[Mark]:
    if not knows(country):
        return []
    names = [_named(country, year, languages) for year in range(days.first.year, days.last.year + 1)]
    return [
        Mark(Days(day, day), MarkKind.HOLIDAY, country, label)
        for year in names
        for day, label in year
        if day in days
    ]


@lru_cache(maxsize=64)
def _named(country: str, year: int, languages: tuple[str, ...]) -> tuple[tuple[date, Text], ...]:
    """Return the holidays of a year with their names in those of the languages that the library has.

    The name in the country's own language stands where none of them is known.
    """
    from holidays import country_holidays

    code, _, part = country.partition("-")

    def told(language: str | None) -> dict[date, str]:
        return dict(country_holidays(code, subdiv=part or None, years=year, language=language).items())

    of = country_holidays(code, subdiv=part or None, years=year)
    known = {_plain(tag): tag for tag in of.supported_languages}
    wanted = [language for language in (*languages, "en") if language in known]
    own = told(of.default_language)
    by_language = {language: told(known[language]) for language in dict.fromkeys(wanted)}
    return tuple(
        (day, Text((*((tag, names[day]) for tag, names in by_language.items() if day in names), ("", name))))
        for day, name in sorted(own.items())
    )


def _plain(tag: str) -> str:
    """Return the language of a tag: en_US is English."""
    return tag.partition("_")[0]
