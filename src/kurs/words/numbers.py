"""Numbers as people read them, in the patterns of CLDR. Imports Babel: load this module late.

Halves are rounded away from zero, as spreadsheets do (0.125 is 0.13, not 0.12): each value is rounded
here, as a decimal of its shortest spelling, and Babel only dresses what is already exact.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Literal

from babel.lists import format_list
from babel.numbers import (
    NumberPattern,
    format_compact_currency,
    format_compact_decimal,
    get_currency_precision,
    get_currency_symbol,
    parse_pattern,
)
from babel.units import format_unit

from kurs.words.cldr import Conventions, conventions, scientific, with_decimals

NOTHING = "–"
_NO_BREAK = "\N{NO-BREAK SPACE}"
_MOST_DECIMALS = 10  # with 15 whole digits and a percentage this still fits decimal's 28 digits
_VAST = Decimal("1e15")  # from here on whole digits tell a person nothing
_TINY = Decimal("1e-6")
_FLOATS_HOLD = 10  # decimals that a float below a thousand has for sure
_PRECISE = Context(prec=60, rounding=ROUND_HALF_UP)
# Below the first number of seconds, two units and their lengths.
_DURATIONS = (
    (3600, (60, "minute"), (1, "second")),
    (86400, (3600, "hour"), (60, "minute")),
    (int(_VAST), (86400, "day"), (3600, "hour")),
)

Kind = Literal["number", "percent", "currency"]


def exact(x: float | Decimal | None) -> Decimal | None:
    """The decimal that a number's shortest spelling means; None for None and not-a-number."""
    if x is None:
        return None
    if isinstance(x, Decimal):
        value = x
    elif isinstance(x, int):
        value = Decimal(x)
    else:
        value = Decimal(repr(float(x)))
    return None if value.is_nan() else value


def number(x: float | Decimal | None, locale: str, decimals: int | None = None) -> str:
    """A number with its whole part in full and three significant digits at least, or fixed decimals."""
    value = exact(x)
    if value is None:
        return NOTHING
    if decimals is None:
        decimals = _significant(value, 3, most=6)
        if 0 < abs(value) < _TINY:
            return _scientific(value, conventions(locale), "number")
    return _dressed(value, decimals, conventions(locale), "number")


def percent(fraction: float | Decimal | None, locale: str, decimals: int | None = None) -> str:
    """A fraction as a percentage with three significant digits (0.0263 is 2.63 %), or fixed decimals."""
    value = exact(fraction)
    if value is None:
        return NOTHING
    if decimals is None:
        decimals = _significant(_hundredfold(value), 3, most=4)
    return _dressed(value, decimals, conventions(locale), "percent")


def change(relative: float | Decimal | None, locale: str, decimals: int | None = None) -> str:
    """A relative change as a signed percentage with two significant digits, or fixed decimals."""
    value = exact(relative)
    if value is None:
        return NOTHING
    if decimals is None:
        decimals = _significant(_hundredfold(value), 2, most=2)
    return _dressed(value, decimals, conventions(locale), "percent", plus=True)


def signed_points(difference: float | Decimal | None, locale: str, decimals: int | None = None) -> str | None:
    """A difference of fractions in percentage points, signed, without its unit; None for None."""
    value = exact(difference)
    if value is None:
        return None
    points = _hundredfold(value)
    if decimals is None:
        decimals = _significant(points, 2, most=4, least=1)
    return _dressed(points, decimals, conventions(locale), "number", plus=True)


def money(x: float | Decimal | None, currency: str | None, locale: str, decimals: int | None = None) -> str:
    """An amount with its currency's sign (none for None).

    Without `decimals`: none for whole amounts and from a thousand on, the currency's own below it, and
    three significant digits below one (a click for 0.0342).
    """
    value = exact(x)
    if value is None:
        return NOTHING
    if decimals is None:
        decimals = _money_decimals(value, currency)
    return _dressed(value, decimals, conventions(locale), "currency" if currency else "number", currency)


def compact(x: float | Decimal | None, locale: str, currency: str | None = None) -> str:
    """A number, or an amount, short enough for a chart's axis: 12.4K, 3.1M; in full below a thousand."""
    value = exact(x)
    if value is None:
        return NOTHING
    signs = conventions(locale)
    if value.is_infinite() or not 1000 <= abs(value) < _VAST:
        return money(value, currency, locale) if currency else number(value, locale)
    # Babel picks the unit before it rounds (999 950 would be 1000K), so rounding comes first.
    unit = value.adjusted() // 3 * 3
    scaled = value.scaleb(-unit)
    rounded = _rounded(scaled, 1 if abs(scaled) < 100 else 0).scaleb(unit)
    if _without_short_form(rounded, signs):
        return money(rounded, currency, locale, 0) if currency else number(rounded, locale, 0)
    if currency:
        text = format_compact_currency(
            rounded, currency.upper(), locale=signs.locale, fraction_digits=1, numbering_system=signs.system
        )
        return _spaced(text, currency, signs).translate(signs.signs)
    text = format_compact_decimal(
        rounded, locale=signs.locale, fraction_digits=1, numbering_system=signs.system
    )
    return text.translate(signs.signs)


def days(x: float | Decimal | None, locale: str, decimals: int | None = None) -> str:
    """A number of days with the word for it in its right plural."""
    value = exact(x)
    if value is None or value.is_infinite() or abs(value) >= _VAST:
        return number(value, locale, decimals)
    return _with_unit(value, "day", "long", locale, decimals)


def seconds(x: float | Decimal | None, locale: str) -> str:
    """A duration in its two largest units, rounded: 45.2 secs; 3 mins, 5 secs; 2 hrs, 10 mins."""
    value = exact(x)
    if value is None or value.is_infinite() or abs(value) >= _VAST:
        return number(value, locale)
    signs = conventions(locale)
    size, sign = abs(value), signs.minus if value < 0 else ""
    if size < 60 and _rounded(size, _significant(size, 3, most=3)) < 60:
        return _with_unit(value, "second", "short", locale, None)
    parts = _in_two_units(size)
    texts = [_with_unit(Decimal(count), name, "short", locale, 0) for count, name in parts if count]
    # Babel holds only a part of this pattern for some languages (Spanish), and then fails on it.
    patterns = signs.locale.list_patterns
    torn = "unit-short" in patterns and not {"start", "middle", "end", "2"} <= set(patterns["unit-short"])
    style = "standard" if torn else "unit-short"
    return sign + format_list(texts, style=style, locale=signs.locale)


def _in_two_units(seconds: Decimal) -> tuple[tuple[int, str], tuple[int, str]]:
    """A duration as so many large and so many small units; rounding may lift it to the next pair."""
    pairs = iter(_DURATIONS)
    limit, (large, large_name), (small, small_name) = next(pairs)
    while (rounded := int(_rounded(seconds / small, 0)) * small) > limit - small:
        limit, (large, large_name), (small, small_name) = next(pairs)
    return (rounded // large, large_name), (rounded % large // small, small_name)


def _significant(value: Decimal, digits: int, most: int, least: int = 0) -> int:
    """How many decimals, from `least` to `most`, give so many significant digits; trailing zeros are shed."""
    if not value or value.is_infinite() or abs(value) >= _VAST:
        return 0
    decimals = min(max(digits - 1 - value.adjusted(), least), most)
    return _needed(_rounded(value, decimals)) if decimals else 0


def _needed(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def _money_decimals(value: Decimal, currency: str | None) -> int:
    if value.is_infinite() or abs(value) >= 1000:
        return 0
    if _rounded(value, _FLOATS_HOLD) == _rounded(value, 0):  # 40 + 0.6 x 860 is a hair off 556
        return 0
    own = get_currency_precision(currency.upper()) if currency else 2
    return own if abs(value) >= 1 else max(own, _significant(value, 3, most=6))


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), context=_PRECISE)


def _hundredfold(value: Decimal) -> Decimal:
    return value.scaleb(2)


def _dressed(
    value: Decimal,
    decimals: int,
    signs: Conventions,
    kind: Kind,
    currency: str | None = None,
    *,
    plus: bool = False,
) -> str:
    """Round and write one value; a value that rounds to zero has no sign."""
    if value.is_infinite():
        return (signs.minus if value < 0 else signs.plus if plus else "") + signs.infinity
    if abs(value) >= _VAST:
        return (signs.plus if plus and value > 0 else "") + _scientific(value, signs, kind, currency)
    decimals = min(max(decimals, 0), _MOST_DECIMALS)
    rounded = _rounded(value, decimals + 2 if kind == "percent" else decimals) or Decimal(0)
    pattern = _pattern(str(signs.locale), kind, decimals)
    text = _apply(pattern, rounded, signs, currency)
    return (signs.plus if plus and rounded > 0 else "") + text


def _scientific(value: Decimal, signs: Conventions, kind: Kind, currency: str | None = None) -> str:
    return _apply(_pattern(str(signs.locale), kind, None), value, signs, currency)


def _apply(pattern: NumberPattern, value: Decimal, signs: Conventions, currency: str | None) -> str:
    code = currency.upper() if currency else None
    text = pattern.apply(
        value, signs.locale, currency=code, currency_digits=False, numbering_system=signs.system
    )
    return (_spaced(text, code, signs) if code else text).translate(signs.signs)


@lru_cache(maxsize=512)
def _pattern(locale: str, kind: Kind, decimals: int | None) -> NumberPattern:
    """The locale's pattern with so many decimals; scientific for None."""
    cldr = conventions(locale).locale
    formats = {
        "number": lambda: cldr.decimal_formats[None],
        "percent": lambda: cldr.percent_formats[None],
        "currency": lambda: cldr.currency_formats["standard"],
    }
    text: str = formats[kind]().pattern
    return parse_pattern(scientific(text) if decimals is None else with_decimals(text, decimals))


def _spaced(text: str, currency: str, signs: Conventions) -> str:
    """CLDR parts a currency's letters from the digits that follow (SEK 412), which Babel leaves out."""
    sign = get_currency_symbol(currency.upper(), signs.locale)
    if not sign[-1:].isalpha():
        return text
    before, found, after = text.partition(sign)
    return f"{before}{sign}{_NO_BREAK}{after}" if found and after[:1].isdecimal() else text


def _without_short_form(value: Decimal, signs: Conventions) -> bool:
    """Some languages do not shorten thousands (German)."""
    short = signs.locale.compact_decimal_formats["short"]["other"]
    return parse_pattern(short[str(10 ** value.adjusted())]).pattern == "0"


def _with_unit(
    value: Decimal, unit: str, length: Literal["short", "long"], locale: str, decimals: int | None
) -> str:
    signs = conventions(locale)
    if decimals is None:
        decimals = _significant(value, 3, most=3)
    decimals = min(max(decimals, 0), _MOST_DECIMALS)
    rounded = _rounded(value, decimals) or Decimal(0)
    name = f"duration-{unit}"
    pattern = with_decimals(signs.locale.decimal_formats[None].pattern, decimals)
    text = format_unit(rounded, name, length, pattern, signs.locale, numbering_system=signs.system)
    if name in text:  # Babel lacks some languages' long forms, and then writes the unit's code
        text = format_unit(rounded, name, "short", pattern, signs.locale, numbering_system=signs.system)
    return text.translate(signs.signs)
