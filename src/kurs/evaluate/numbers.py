"""Values as they come from an engine, and comparing numbers without the noise of floats."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

NOISE = 1e-12


def finite(number: float | None) -> float | None:
    """Return the number, or None for NaN and infinities."""
    return number if number is not None and math.isfinite(number) else None


def plain(value: object) -> float | None:
    """Return the value of an answer's cell as an int or a float; NaN and infinities are kept.

    None stays None; so does what is no number, which no metric can be.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float):
        return value
    if isinstance(value, Decimal):
        return float(value)
    return None


def quotient(above: float, below: float) -> float | None:
    """Divide, or return None where there is no finite result."""
    return finite(above / below) if below else None


def same(one: float, other: float) -> bool:
    """Say whether two numbers differ by nothing but float noise (relative 1e-12)."""
    return math.isclose(one, other, rel_tol=NOISE)


def at_least(one: float, other: float) -> bool:
    """Say whether ``one`` >= ``other``, float noise aside."""
    return one > other or same(one, other)


def day_of(moment: object) -> date:
    """Return the day of a bucket's first moment, by the clock that the answer shows."""
    if isinstance(moment, datetime):
        return moment.date()
    if isinstance(moment, date):
        return moment
    raise TypeError(f"{moment!r} is no time")
