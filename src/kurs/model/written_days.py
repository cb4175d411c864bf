"""How days and moments are written in files: strptime forms, calendars, the words for months."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_PIECE = re.compile(r"%-?.|[^%]+|%", re.DOTALL)
_KNOWN = frozenset("YymdbBaAHIpMSfjz%")
_SPECIAL = frozenset("YymdbBaAHIpMSfGVq%")  # what can be read where DuckDB's own reading does not do
_PERIODS = frozenset("GVq")  # a week by its number in the year of ISO 8601, a quarter: the first day of it
UNIX = {"unix_s": 1_000_000, "unix_ms": 1_000, "unix_us": 1}  # form -> its unit in microseconds


class CalendarKind(StrEnum):
    """The calendar in which days are written."""

    GREGORIAN = "gregorian"
    JALALI = "jalali"


@dataclass(frozen=True, slots=True)
class WrittenDays:
    """What belongs to a form beside it: the calendar, the language of its words, the century of 26.

    ``years_from`` is the first of the hundred years that two digits stand for.
    """

    calendar: CalendarKind = CalendarKind.GREGORIAN
    locale: str = "en"
    years_from: int | None = None

    def is_special(self, form: str) -> bool:
        """Say whether DuckDB itself cannot read the form so."""
        said = directives(form)
        named = said & set("bBaA") and self.locale != "en"
        return (
            self.calendar is CalendarKind.JALALI
            or bool(named)
            or bool(said & _PERIODS)
            or ("y" in said and self.years_from is not None)
        )

    def fault(self, form: str) -> str | None:
        """Return the part of a form for which it cannot be read; None for a good one."""
        if form in UNIX:
            return None
        known = _SPECIAL if self.is_special(form) else _KNOWN
        seen: set[str] = set()
        for piece in pieces(form):
            if not piece.startswith("%"):
                continue
            letter = piece[-1]
            if len(piece) == 1 or letter not in known or (letter != "%" and letter in seen):
                return piece
            seen.add(letter)
        if seen & _PERIODS:
            return None if seen - {"%"} in ({"G", "V"}, {"Y", "q"}) else form
        if not seen & set("Yy") or not (seen & set("mbB") or "j" in seen) or len(seen & set("Yy")) > 1:
            return form
        return form if len(seen & set("mbB")) > 1 or len(seen & set("HI")) > 1 else None


def pieces(form: str) -> list[str]:
    """Take a form apart into directives, such as ``%d``, and the texts between them."""
    return _PIECE.findall(form)


def directives(form: str) -> set[str]:
    """Return the letters of a form's directives."""
    return {piece[-1] for piece in pieces(form) if piece.startswith("%") and len(piece) > 1}
