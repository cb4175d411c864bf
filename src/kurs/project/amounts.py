"""How people write numbers, percentages, days and lengths of time in a plan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kurs.model.days import Days

_AMOUNT = re.compile(
    r"(?P<number>[-+−]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?)\s*(?P<sign>%|pp)?", re.ASCII
)
_GROUPED = re.compile(r"[-+−]?\d{1,3}(?:[ _'\u00a0\u202f,.]\d{3})+(?P<decimals>[.,]\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[-+−]?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_COMMA = re.compile(r"[-+−]?\d+,\d+", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_STRETCH = re.compile(
    r"(?P<year>\d{4})(?:-[Qq](?P<quarter>[1-4])|-(?P<month>\d{2})(?P<day>-\d{2})?)?", re.ASCII
)
CONDITION = re.compile(r"(?P<status>\S+)(?:\s+for\s+(?P<length>.+))?")
_LENGTH = re.compile(r"(?P<count>\d{1,5})\s*(?P<unit>d|days?|w|weeks?)", re.ASCII)


class Sign(StrEnum):
    """What stands behind a number."""

    NONE = ""
    PERCENT = "%"
    POINTS = "pp"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as written: ``+20%`` has the value 0.2, ``0.2pp`` the value 0.002."""

    value: float
    sign: Sign


def amount_of(text: str) -> Amount | None:
    """Read ``1200``, ``+20%``, ``3.6 %`` or ``0.2pp``; None when it is nothing of the kind."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    number = match["number"].replace("−", "-")
    sign = Sign(match["sign"] or "")
    # Through the decimal text, so that 3.6% is the float nearest to 0.036.
    return Amount(float(number) if sign is Sign.NONE else float(_hundredth(number)), sign)


def condition_of(text: str) -> tuple[str, int] | None:
    """Read ``at_risk`` or ``at_risk for 3 days``: a status, and on how many days in a row it must hold."""
    match = CONDITION.fullmatch(text.strip())
    if match is None:
        return None
    days = 1 if match["length"] is None else days_of(match["length"])
    return None if days is None else (match["status"], max(days, 1))


def _hundredth(number: str) -> str:
    mantissa, _, exponent = number.lower().partition("e")
    return f"{mantissa}e{int(exponent or 0) - 2}"


def better_number(text: str) -> str | None:
    """Return ``1 200 000``, ``1,200.50`` or ``3,6%`` as it should be written; None when it is not clear."""
    text = text.strip()
    sign = next((sign for sign in ("%", "pp") if text.endswith(sign)), "")
    number = text.removesuffix(sign).strip()
    if (match := _GROUPED.fullmatch(number)) is not None:
        decimals = match["decimals"] or ""
        whole = re.sub(r"[^\d+-]", "", number.removesuffix(decimals))
        return whole + decimals.replace(",", ".") + sign
    if _COMMA.fullmatch(number):
        return number.replace(",", ".") + sign
    return None


def thousands_of(text: str) -> tuple[str, str] | None:
    """Return both readings of ``200.000``, as they are written without doubt; None when there is but one.

    YAML reads 200; who writes a point between thousands means 200000.
    """
    text = text.strip()
    if _THOUSANDS.fullmatch(text) is None:
        return None
    return text.replace(".", ""), (text[:-4] if text.endswith(".000") else text + "0")


def day_of(text: str) -> date | None:
    """Read an ISO date; None when it is none, or no day of the calendar."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def stretch_of(text: str) -> Days | None:
    """Read ``2026``, ``2026-Q3``, ``2026-09`` or ``2026-09-14`` as days; None when it is no such thing."""
    from kurs.model.days import Days, Grain, bucket_of

    match = _STRETCH.fullmatch(text.strip())
    if match is None:
        return None
    if match["day"] is not None:
        day = day_of(text.strip())
        return None if day is None else Days(day, day)
    year = int(match["year"])
    month = int(match["month"] or 3 * int(match["quarter"] or 1) - 2)
    if year < 1 or not 1 <= month <= 12:
        return None
    grain = Grain.MONTH if match["month"] else Grain.QUARTER if match["quarter"] else Grain.YEAR
    return bucket_of(date(year, month, 1), grain)


def days_of(text: str) -> int | None:
    """Read ``30 days``, ``7d`` or ``2 weeks`` as a number of days; None when it is nothing of the kind."""
    match = _LENGTH.fullmatch(text.strip())
    if match is None:
        return None
    return int(match["count"]) * (7 if match["unit"].startswith("w") else 1)
