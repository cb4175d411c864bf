"""A row of numbers as a row of bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_BARS = "▁▂▃▄▅▆▇█"
_MIDDLE = "▄"
_NOTHING = " "


def sparkline(values: Sequence[float | None], most: int = 24) -> str:
    """Draw the last ``most`` values from their lowest to their highest; a gap for None.

    Equal values are a line in the middle; nothing but None is an empty text.
    """
    shown = values[-most:]
    known = [value for value in shown if value is not None]
    if not known:
        return ""
    low, high = min(known), max(known)
    return "".join(_NOTHING if value is None else _bar(value, low, high) for value in shown)


def _bar(value: float, low: float, high: float) -> str:
    # Halved first: the distance of two huge numbers would not be finite.
    span = high / 2 - low / 2
    if span <= 0:
        return _MIDDLE
    return _BARS[min(int((value / 2 - low / 2) / span * len(_BARS)), len(_BARS) - 1)]
