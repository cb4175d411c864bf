"""Exchange rates: which table of the plan quotes them, and how old a rate may be."""

from __future__ import annotations

from dataclasses import dataclass

MAX_AGE_DAYS = 7


@dataclass(frozen=True, slots=True)
class Fx:
    """The ``fx:`` block: each row of ``table`` says that 1 of ``source`` was ``rate`` of ``target`` on a day.

    The day is that of the table's ``time``. ``source`` and ``target`` are columns or dimensions of the table,
    or one currency's code for all rows. Only rows with ``base`` on one side are read; all other rates are
    made through it.
    """

    table: str
    base: str
    source: str = "from"
    target: str = "to"
    rate: str = "rate"
    max_age_days: int = MAX_AGE_DAYS


def is_code(text: str) -> bool:
    """Say whether a text has the form of a currency's code, and so cannot be a column of the lake."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()
