"""Numbers as a plan writes them: short, and rounded to the side on which what is asked for still holds."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

from kurs.model.metric import Unit

_DIGITS = 3  # that count
_ROUNDING = {1: ROUND_CEILING, -1: ROUND_FLOOR, 0: ROUND_HALF_EVEN}


def change(share: float, towards: int = 0) -> str:
    """Write a relative change: 0.0512 is ``+5.2%`` where it is rounded up (``towards`` 1), ``+5.1%`` down."""
    return f"{_rounded(share * 100, towards, 2):+f}%"


def amount(value: float, unit: Unit, towards: int = 0) -> str:
    """Write a value of a unit: of a percentage 0.0312 is ``3.12%``."""
    if unit is Unit.PERCENT:
        return f"{_rounded(value * 100, towards):f}%"
    return f"{_rounded(value, towards):f}"


def difference(value: float, unit: Unit, towards: int = 0) -> str:
    """Write a difference between two values of a unit: of percentages ``+0.2pp``."""
    if unit is Unit.PERCENT:
        return f"{_rounded(value * 100, towards):+f}pp"
    return f"{_rounded(value, towards):f}"


def _rounded(value: float, towards: int, digits: int = _DIGITS) -> Decimal:
    """Round to so many digits that count, but no whole number: up (1), down (-1) or to the nearest."""
    exact = Decimal(repr(value))
    if not exact:
        return Decimal(0)
    step = min(exact.adjusted() - digits + 1, 0)
    return exact.quantize(Decimal(1).scaleb(step), _ROUNDING[towards]).normalize() + 0
