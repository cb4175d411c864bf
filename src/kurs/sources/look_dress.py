"""What stands around the digits of numbers: currencies, percent, parentheses, bounds, other digits."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kurs.model.source import Digits, Negatives
from kurs.sources.forms import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

OWN_POINT = "\ue000"  # the point of a number that a sheet holds as one: it fits every decimal mark
_MOST_EDGES = 400
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "MXN", "SGD", "HKD", "TWD", "CLP", "COP", "ARS"})
# Signs and words beside amounts, and the currencies that they may mean; codes of ISO 4217 are known anyhow.
_CURRENCIES = {
    "€": {"EUR"},
    "£": {"GBP"},
    "$": _DOLLARS,
    "us$": {"USD"},
    "a$": {"AUD"},
    "c$": {"CAD"},
    "r$": {"BRL"},
    "¥": {"JPY", "CNY"},
    "kr": {"SEK", "NOK", "DKK", "ISK"},
    "zł": {"PLN"},
    "zl": {"PLN"},
    "ft": {"HUF"},
    "kč": {"CZK"},
    "lei": {"RON"},
    "fr": {"CHF"},
    "₹": {"INR"},
    "₺": {"TRY"},
    "₽": {"RUB"},
    "﷼": {"IRR"},
    "ریال": {"IRR"},
    "ريال": {"IRR"},
    "تومان": {"toman"},
    "تومن": {"toman"},
}
_TOKEN = re.compile(
    r"(?P<bound>[<>≤≥]=?)|(?P<minus>[-−])|(?P<plus>\+)|(?P<open>\()|(?P<close>\))|(?P<percent>[%٪])"
    rf"|(?P<blank>[ \u00a0\u2007\u2009\u202f]+)|(?P<point>[.,٫{OWN_POINT}])"
    r"|(?P<money>[A-Za-z]{1,2}\$|[^\W\d_]+\.?|[^\w\s])"
)


@dataclass(frozen=True, slots=True)
class Dress:
    """What the numbers of one column wear; ``mixed`` says why no profile can take it off.

    ``signs`` are of one currency, which is one of ``currencies``. ``upper`` says that some bound is one
    from below (``> 90``), of which there is no half.
    """

    signs: tuple[str, ...] = ()
    currencies: frozenset[str] = frozenset()
    percent: bool = False
    negatives: Negatives = Negatives.MINUS
    bounds: bool = False
    upper: bool = False
    mixed: str | None = None

    def bare(self, text: str) -> str:
        """Return SQL for the digits and marks of ``text``."""
        for sign in sorted(self.signs, key=len, reverse=True):
            text = f"replace({text}, {quoted(sign)}, '')"
        kept = f"0-9.,٫{OWN_POINT}"
        return f"regexp_replace({text}, '^[^{kept}]+|[^{kept}]+$', '', 'g')"


def dress_of(connection: DuckDBPyConnection, values: str) -> Dress | None:
    """Return the dress of all values of column ``v``; None where they are no numbers in any."""
    edges = connection.execute(
        "SELECT regexp_extract(v, '^[^0-9]*') AS front, regexp_extract(v, '[^0-9]*$') AS back, "
        f"bool_and(regexp_matches(v, '[0-9]')) FROM {values} GROUP BY 1, 2 LIMIT {_MOST_EDGES + 1}"
    ).fetchall()
    if not edges or len(edges) > _MOST_EDGES or not all(whole for _, _, whole in edges):
        return None
    return _combined((front, back) for front, back, _ in edges)


def digits_of(connection: DuckDBPyConnection, values: str) -> Digits:
    """Say which digits the values of column ``v`` are written in."""
    ((persian, arabic),) = connection.execute(
        f"SELECT bool_or(regexp_matches(v, '[۰-۹]')), bool_or(regexp_matches(v, '[٠-٩]')) FROM {values}"
    ).fetchall()
    return Digits.PERSIAN if persian else Digits.ARABIC if arabic else Digits.LATIN


@lru_cache(maxsize=500)
def currencies_of(sign: str) -> frozenset[str]:
    """Return what a sign or word beside a number may mean; empty where it is no currency."""
    from babel.numbers import is_currency

    plain = sign.removesuffix(".").lower()
    if plain in _CURRENCIES:
        return frozenset(_CURRENCIES[plain])
    if is_currency(sign.upper()) and sign.isascii():
        return frozenset({sign.upper()})
    return frozenset({sign}) if len(sign) == 1 and unicodedata.category(sign) == "Sc" else frozenset()


def _combined(edges: Iterable[tuple[str, str]]) -> Dress | None:
    found: list[dict[str, list[str]]] = []
    for front, back in edges:
        one = _pieces(front, back)
        if one is None:
            return None
        found.append(one)
    signs = tuple(dict.fromkeys(sign for one in found for sign in one.get("money", ())))
    meant = [currencies_of(sign) for sign in signs]
    if not all(meant):
        return None
    shared = frozenset[str].intersection(*meant) if meant else frozenset[str]()
    percents = [bool(one.get("percent")) for one in found]
    trailing = any("trailing" in one for one in found)
    parentheses = any("open" in one for one in found)
    bounds = [mark for one in found for mark in one.get("bound", ())]
    mixed = None
    if signs and not shared:
        mixed = "look_mixed_currencies"
    elif any(percents) and not all(percents):
        mixed = "look_some_percent"
    elif trailing and parentheses:
        mixed = "look_mixed_marks"
    ways = Negatives.TRAILING if trailing else Negatives.PARENTHESES if parentheses else Negatives.MINUS
    upper = any(mark[0] in ">≥" for mark in bounds)
    return Dress(signs, shared, any(percents), ways, bool(bounds), upper, mixed)


def _pieces(front: str, back: str) -> dict[str, list[str]] | None:
    """Take apart what stands before and behind the digits; None for what no number wears."""
    found: dict[str, list[str]] = {}
    for text, behind in ((front, False), (back, True)):
        place = 0
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                return None
            kind, piece = str(match.lastgroup), match[0]
            place = match.end()
            if kind == "blank":
                continue
            if kind == "point":  # of .5 or 5., next to the digits
                if (match.start() if behind else len(text) - place) != 0:
                    return None
                continue
            if kind == "minus" and behind:
                kind = "trailing"
            if behind and kind in ("plus", "bound"):
                return None
            found.setdefault(kind, []).append(piece)
    twice = any(len(pieces) > 1 for kind, pieces in found.items() if kind != "money")
    if twice or len(found.get("money", ())) > 1 or ("open" in found) != ("close" in found):
        return None
    return None if "minus" in found and {"trailing", "open"} & set(found) else found
