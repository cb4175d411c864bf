"""What CLDR says about a locale's signs and digits. Imports Babel: load this module late."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from babel.core import Locale, UnknownLocaleError

MINUS = "−"

# Babel takes the marks of a numbering system from CLDR but leaves the digits Latin.
_ZEROS = {"arab": "٠", "arabext": "۰", "beng": "০", "deva": "०", "latn": "0", "mymr": "၀"}
_NUMBER = re.compile(r"[#0,.]*0[#0,.]*")
_FRACTION = re.compile(r"(0)(?:\.[0#]+)?(?![0#,.])")


@dataclass(frozen=True, slots=True)
class Conventions:
    """One locale's signs. `digits` and `signs` are tables for str.translate, from what Babel writes."""

    locale: Locale
    system: str
    minus: str
    plus: str
    infinity: str
    digits: dict[int, str] = field(repr=False)
    signs: dict[int, str] = field(repr=False)


def known(identifier: str) -> bool:
    """Whether CLDR knows this locale identifier ("sv", "pt_BR", "zh_Hans_CN")."""
    try:
        Locale.parse(identifier)
    except (UnknownLocaleError, ValueError):
        return False
    return True


@lru_cache(maxsize=64)
def conventions(identifier: str) -> Conventions:
    """The signs of a locale that CLDR knows; Latin digits where Babel lacks those of its system."""
    locale = Locale.parse(identifier)
    system = locale.default_numbering_system
    symbols = locale.number_symbols
    if system not in _ZEROS or system not in symbols or "decimal" not in symbols[system]:
        system = "latn"
    signs = symbols[system]
    zero = ord(_ZEROS[system])
    digits = {ord("0") + digit: chr(zero + digit) for digit in range(10)}
    # English CLDR writes a hyphen, as keyboards have no minus; on a screen the true minus reads better.
    minus = signs["minusSign"].replace("-", MINUS)
    return Conventions(
        locale=locale,
        system=system,
        minus=minus,
        plus=signs["plusSign"],
        infinity=signs["infinity"],
        digits=digits,
        signs={**digits, ord("-"): minus, ord("%"): signs["percentSign"]},
    )


def with_decimals(pattern: str, decimals: int) -> str:
    """A CLDR number pattern with exactly this many decimals: "#,##0.###" and 2 give "#,##0.00"."""
    return _FRACTION.sub(r"\1" + ("." + "0" * decimals if decimals else ""), pattern)


def scientific(pattern: str) -> str:
    """The same pattern for a number too large or too small to spell out: "¤#,##0.00" gives "¤0.##E0"."""
    return _NUMBER.sub("0.##E0", pattern)
