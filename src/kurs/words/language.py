"""One reader's language: every text, number and date that a person reads is written by it."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Literal, Protocol, cast, runtime_checkable

from kurs.words.filling import fill, isolated
from kurs.words.texts import CATALOGUES, Texts, available, texts

Number = int | float | Decimal

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?(?:[-_.@].*)?", re.IGNORECASE)
# English without a country is read all over Europe: the day before the month, a clock of 24 hours.
_ENGLISH = "en_GB"
_NOTHING = "–"
_LONGEST_LIST = 10
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


@runtime_checkable
class InLanguages(Protocol):
    """A text that its writer gave in several languages, as the plan has them."""

    def in_language(self, language: str) -> str:
        """Return the text for the tag of a language, else the nearest there is."""
        ...


@dataclass(frozen=True, slots=True)
class Language:
    """A reader's language: `tag` as the web writes it (pt-BR), `locale` as CLDR knows it (pt_BR)."""

    tag: str
    locale: str
    folder: Path = field(default=CATALOGUES, repr=False)

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """Which way the language is written."""
        if self.tag.startswith("en"):
            return "ltr"
        from kurs.words.cldr import conventions

        return "rtl" if conventions(self.locale).locale.text_direction == "rtl" else "ltr"

    @property
    def name(self) -> str:
        """What the language calls itself: English, svenska, فارسی."""
        from kurs.words.cldr import conventions

        own = conventions(self.locale).locale
        return own.get_language_name(own) or self.tag

    # Texts

    def say(self, msgid: str, /, **values: object) -> str:
        """The text in this language, with its {placeholders} filled.

        Strings go in as they are, numbers and dates as CLDR writes them, sequences of strings as lists,
        None as a dash. A missing value is shown as "…" and gives a MissingValueWarning.
        """
        return self._say(msgid, values)

    def say_plural(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """The text in the plural form that the language has for `n`, which fills {n}."""
        text = self._texts().say_plural(singular, plural, n)
        return self._fill(text, {"n": n, **values}, translated=text not in (singular, plural))

    def term(self, key: str) -> str:
        """A label of a fixed value such as "status.on_track"; an unknown key's own words."""
        from kurs.words.terms import TERMS

        phrase = TERMS.get(key)
        if phrase is None:
            return key.rpartition(".")[2].replace("_", " ")
        return self._texts().say(phrase.msgid, phrase.context)

    def problem(self, code: str, values: Mapping[str, object]) -> tuple[str, str]:
        """What is wrong, and how to mend it; a `suggestion` among the values opens the hint."""
        from kurs.words.problems import PROBLEMS, UNDESCRIBED

        text = PROBLEMS.get(code)
        if text is None:
            details = [f"{name}: {self._show(value)}" for name, value in values.items()]
            values = {**values, "code": code, "details": "; ".join(details) or _NOTHING}
            text = UNDESCRIBED
        values = {
            **values,
            **{name: self._terms(kind, values.get(name)) for name, kind in text.terms.items()},
        }
        hints = (self._suggest(values.get("suggestion")), self._say(text.hint, values))
        message = text.without if text.without and None in values.values() else text.message
        return self._say(message, values), " ".join(hint for hint in hints if hint)

    def listed(self, items: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
        """Strings in a row: a, b and c. Of a long row the first nine, and how many more there are."""
        from babel.lists import format_list

        from kurs.words.cldr import conventions

        shown = list(items)
        if len(shown) > _LONGEST_LIST:
            more = len(shown) - _LONGEST_LIST + 1
            shown = [*shown[: _LONGEST_LIST - 1], self.say_plural("{n} more", "{n} more", more)]
        return format_list(shown, style=style, locale=conventions(self.locale).locale) if shown else _NOTHING

    def clauses(self, said: Sequence[str]) -> str:
        """Short texts in one line, apart: as of 20 Nov 2026; provisional."""
        first, *rest = said or ("",)
        return self.say("{first}; {rest}", first=first, rest=self.clauses(rest)) if rest else first

    # Numbers. None and not-a-number are a dash; what rounds to zero has no sign.

    def number(self, x: Number | None, decimals: int | None = None) -> str:
        """A number: the whole part in full, small ones with three significant digits; 1,235; 2.41."""
        from kurs.words import numbers

        return numbers.number(x, self.locale, decimals)

    def compact(self, x: Number | None, currency: str | None = None) -> str:
        """A number, or an amount, in a short form: 12.4K, 3.1M."""
        from kurs.words import numbers

        return numbers.compact(x, self.locale, currency)

    def percent(self, fraction: Number | None, decimals: int | None = None) -> str:
        """A fraction as a percentage: 0.0263 is 2.63%."""
        from kurs.words import numbers

        return numbers.percent(fraction, self.locale, decimals)

    def points(self, difference: Number | None, decimals: int | None = None) -> str:
        """A difference of two fractions in percentage points: 0.004 is +0.4 pp."""
        from kurs.words import numbers

        points = numbers.signed_points(difference, self.locale, decimals)
        return _NOTHING if points is None else self.say("{points}\N{NO-BREAK SPACE}pp", points=points)

    def change(self, relative: Number | None, decimals: int | None = None) -> str:
        """A relative change with its sign: +12%, −3.4%."""
        from kurs.words import numbers

        return numbers.change(relative, self.locale, decimals)

    def money(self, x: Number | None, currency: str | None, decimals: int | None = None) -> str:
        """An amount: €412.37; from a thousand on and for whole amounts without decimals."""
        from kurs.words import numbers

        return numbers.money(x, currency, self.locale, decimals)

    def quantity(
        self, x: Number | None, unit: str, currency: str | None = None, decimals: int | None = None
    ) -> str:
        """A value in its metric's unit: number, currency, percent (of a fraction), ratio, days or seconds."""
        from kurs.words import numbers

        if unit == "currency":
            return numbers.money(x, currency, self.locale, decimals)
        if unit == "percent":
            return numbers.percent(x, self.locale, decimals)
        if unit == "days":
            return numbers.days(x, self.locale, decimals)
        if unit == "seconds":
            return numbers.seconds(x, self.locale)
        return numbers.number(x, self.locale, decimals)

    def difference(self, x: Number | None, unit: str, currency: str | None = None) -> str:
        """A difference of two values of a unit, with its sign; of percentages in percentage points."""
        from kurs.words import cldr

        if unit == "percent":
            return self.points(x)
        text = self.quantity(x, unit, currency)
        return cldr.conventions(self.locale).plus + text if x is not None and x > 0 else text

    def sign(self, x: Number) -> str:
        """The sign of a number, as the language writes it; nothing for zero."""
        from kurs.words import cldr

        signs = cldr.conventions(self.locale)
        return signs.plus if x > 0 else signs.minus if x < 0 else ""

    # Dates. A moment is shown by its own wall clock.

    def date(self, d: datetime.date | None) -> str:
        """A day: 20 Nov 2026."""
        from kurs.words import dates

        return _NOTHING if d is None else dates.day(d, self.locale)

    def moment(self, d: datetime.datetime | None) -> str:
        """A day with hours and minutes: 20 Nov 2026, 15:04."""
        from kurs.words import dates

        return _NOTHING if d is None else dates.moment(d, self.locale)

    def day_month(self, d: datetime.date) -> str:
        """A day without its year: 20 Nov."""
        from kurs.words import dates

        return dates.day_month(d, self.locale)

    def days_range(self, first: datetime.date, last: datetime.date) -> str:
        """Two days and all between them: 20 Nov – 27 Dec 2026."""
        from kurs.words import dates

        return dates.days_range(first, last, self.locale)

    def bucket(self, d: datetime.date, grain: str) -> str:
        """A stretch of time named by its first moment `d`: week 47, 2026; Nov 2026; Q4 2026.

        The grain is hour, day, week, month, quarter or year; any other is named by its day.
        """
        from kurs.words import dates

        if grain == "hour":
            return dates.moment(d, self.locale)
        if grain == "week":
            week, year = dates.week_of(d, self.locale)
            return self.say("week {week}, {year}", week=week, year=year)
        skeletons = {"month": "yMMM", "quarter": "yQQQ", "year": "y"}
        if grain in skeletons:
            return dates.by_skeleton(d, skeletons[grain], self.locale)
        return dates.day(d, self.locale)

    def jalali(self, number: int, year: int, unit: str) -> str:
        """A month, quarter or year of the Jalali calendar, by its number: Mehr 1405; Q3 1405; 1405."""
        from kurs.words import dates, months

        written = dates.year(year, self.locale)
        if unit == "month":
            return f"{months.jalali_month(number, self.locale)} {written}"
        return dates.quarter(number, written, self.locale) if unit == "quarter" else written

    def fiscal(self, number: int, years: tuple[int, int], unit: str) -> str:
        """A week, month, quarter or year of a fiscal year from one year to another: month 3, 2025/26."""
        from kurs.words import cldr, dates

        written = dates.year(years[0], self.locale, years[1])
        place = str(number).translate(cldr.conventions(self.locale).digits)
        if unit == "week":
            return self.say("week {week}, {year}", week=place, year=written)
        if unit == "month":
            return self.say("month {month}, {year}", month=place, year=written)
        return dates.quarter(number, written, self.locale) if unit == "quarter" else written

    # Inside

    def _texts(self) -> Texts:
        return texts(self.tag.replace("-", "_"), self.folder)

    def _say(self, msgid: str, values: Mapping[str, object]) -> str:
        text = self._texts().say(msgid)
        return self._fill(text, values, translated=text != msgid)

    def _fill(self, text: str, values: Mapping[str, object], *, translated: bool) -> str:
        # A Latin name in a Persian sentence drags its neighbours along, unless it is isolated.
        if translated and self.direction == "rtl":
            return fill(isolated(text), values, self._show_isolated)
        return fill(text, values, self._show)

    def _show_isolated(self, value: object) -> str:
        if isinstance(value, str):
            return f"{_FIRST_STRONG_ISOLATE}{value}{_POP_ISOLATE}"
        if isinstance(value, Sequence):
            return self.listed([self._show_isolated(item) for item in cast("Sequence[object]", value)])
        if isinstance(value, InLanguages):
            return self._show_isolated(self._show(value))
        return self._show(value)

    def _show(self, value: object) -> str:
        if value is None:
            return _NOTHING
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return self.term("answer.yes" if value else "answer.no")
        if isinstance(value, int | float | Decimal):
            return self.number(value)
        if isinstance(value, datetime.datetime):
            return self.moment(value)
        if isinstance(value, datetime.date):
            return self.date(value)
        if isinstance(value, Sequence):
            return self.listed([self._show(item) for item in cast("Sequence[object]", value)])
        if isinstance(value, InLanguages):
            return value.in_language(self.tag)
        return str(value)

    def _terms(self, kind: str, keys: object) -> list[str]:
        return [self.term(f"{kind}.{key}") for key in cast("Sequence[object]", keys or ())]

    def _suggest(self, suggestion: object) -> str:
        if not suggestion:
            return ""
        if isinstance(suggestion, str):
            return self.say("Did you mean {suggestion}?", suggestion=suggestion)
        names = [str(name) for name in cast("Sequence[object]", suggestion)]
        if len(names) == 1:
            return self._suggest(names[0])
        return self.say("Did you mean one of {suggestions}?", suggestions=names)


def language(tag: str, folder: Path = CATALOGUES) -> Language:
    """The language of a tag such as "sv", "en_GB", "pt-BR" or "pl_PL.UTF-8".

    A language without a catalogue speaks English with its own numbers and dates; what is no language
    at all is English. `folder` holds the catalogues.
    """
    return _language(tag.strip(), folder)


def languages(folder: Path = CATALOGUES) -> tuple[str, ...]:
    """The tags of the languages that have texts, English first."""
    return tuple(name.replace("_", "-") for name in available(folder))


@lru_cache(maxsize=128)
def _language(tag: str, folder: Path) -> Language:
    match = _TAG.fullmatch(tag)
    if match is None:
        return Language("en", _ENGLISH, folder)
    name, script, territory = match.groups()
    parts = [name.lower(), script and script.title(), territory and territory.upper()]
    if parts == ["en", None, None]:
        return Language("en", _ENGLISH, folder)  # the usual case must not wait for Babel
    shapes = (parts, [parts[0], parts[2]], parts[:2], parts[:1])
    for shape in shapes:
        locale = "_".join(part for part in shape if part)
        if _known(locale, folder):
            return Language(locale.replace("_", "-"), locale if locale != "en" else _ENGLISH, folder)
    return Language("en", _ENGLISH, folder)


def _known(locale: str, folder: Path) -> bool:
    if locale in available(folder):
        return True  # a language of ours need not wait for Babel either
    from kurs.words.cldr import known

    return known(locale)
