"""The words for months and weekdays in the files that come in. Imports Babel: load this module late."""

from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from babel.dates import get_day_names, get_month_names

from kurs.words.cldr import known

_JALALI = {
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
    "en": "Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand",
}
# What other languages call them on a screen; CLDR. Files are not read so: nobody writes them so.
_JALALI_SHOWN = {
    **_JALALI,
    "pl": "Farwardin Ordibeheszt Chordād Tir Mordād Szahriwar Mehr Ābān Āsar Déi Bahman Esfand",
    "sv": "farvardin ordibehesht khordād tir mordād shahrivar mehr ābān āzar dey bahman esfand",
}


def has_months(locale: str, *, jalali: bool) -> bool:
    """Whether the words of this language are known."""
    return locale in _JALALI if jalali else known(locale)


@lru_cache(maxsize=64)
def months(locale: str, *, jalali: bool = False) -> Mapping[str, int]:
    """The words for months, in small letters, with their numbers.

    A month may be written in full, in any case of its language, shortened with or without a point, or by
    its first three letters; what could be two months is none.
    """
    if jalali:
        names = _JALALI[locale].split()
        return {name.lower(): number for number, name in enumerate(names, 1)}
    found: dict[str, set[int]] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            names = cast("Mapping[int, str]", get_month_names(width, context, locale))
            for number, name in names.items():
                low = name.lower()
                for word in (low, low.rstrip("."), low[:3], f"{low[:3]}."):
                    found.setdefault(word, set()).add(number)
    return {word: next(iter(numbers)) for word, numbers in found.items() if len(numbers) == 1 and word}


def jalali_month(number: int, locale: str) -> str:
    """The name of a Jalali month, from 1 to 12; in English where the language has none of its own."""
    return _JALALI_SHOWN.get(locale.partition("_")[0], _JALALI["en"]).split()[number - 1]


@lru_cache(maxsize=64)
def weekdays(locale: str) -> tuple[str, ...]:
    """The words for weekdays, in small letters, the longest first."""
    words: set[str] = set()
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            names = cast("Mapping[int, str]", get_day_names(width, context, locale))
            for name in names.values():
                words |= {name.lower(), name.lower().rstrip("."), name.lower()[:3]}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))
