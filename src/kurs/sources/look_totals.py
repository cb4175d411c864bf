"""Which rows are no data but the sum of the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_WORDS = re.compile(
    r"(?:grand |sub)?totals?\b.*|totalt?\b.*|(?:gesamt)?summe?\b.*|gesamt(?:ergebnis)?\b.*|insgesamt\b.*"
    r"|razem\b.*|suma\b.*|summa\b.*|ogółem\b.*|łącznie\b.*|итого\b.*|جمع\b.*|مجموع\b.*",
    re.IGNORECASE | re.DOTALL,
)
# What a cell within a table says of a row of sums, in small letters: no name of something begins so.
INNER_WORDS = (
    r"(?:grand |sub)?totals?|totalt|(?:gesamt)?summe|gesamt(?:ergebnis)?|insgesamt|razem|suma|summa|ogółem"
    r"|łącznie|итого|جمع(?: کل)?|مجموع"
)

# The same as most exports write it, to be found at no cost among the rows of a load.
PLAIN_WORDS = (
    *(
        "Total",
        "Totals",
        "TOTAL",
        "total",
        "Grand total",
        "Grand Total",
        "Subtotal",
        "Totalt",
        "Summa",
        "Summe",
    ),
    *("Gesamt", "Gesamtergebnis", "Razem", "Suma", "Ogółem", "Łącznie", "Итого", "جمع", "جمع کل", "مجموع"),
)
# What stands behind a name in a row of its sums.
LAST_WORD = r"^.*[^\s:–-]([\s:–-]+(?i:totals?|summe|suma|summa|razem|ergebnis|gesamt|جمع))$"


def is_totals_word(cell: str) -> bool:
    """Say whether a first cell reads like that of a totals row, in the languages of usual exports."""
    return _WORDS.fullmatch(cell.strip()) is not None


def pattern_for(cells: Sequence[str]) -> str:
    """Return one pattern, with ``*`` as wildcard, for the first cells of totals rows."""
    distinct = list(dict.fromkeys(cell.strip() for cell in cells))
    if len(distinct) == 1:
        return distinct[0]
    first, last = min(distinct), max(distinct)
    length = next(
        (n for n, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first)
    )
    shared = first[:length]
    return shared.rstrip() + "*" if shared.strip() else distinct[0]


def matches(pattern: str, cell: str) -> bool:
    """Say whether the loader would set a row with this first cell aside."""
    parts = (re.escape(part) for part in pattern.split("*"))
    return re.fullmatch(".*".join(parts), cell.strip(), re.DOTALL) is not None
