"""A bullet bar: how far a value is, where it should be by now, and where it has to go."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kurs.evaluate.reading import Band
from kurs.report.pages.tone import tone_of

if TYPE_CHECKING:
    from kurs.evaluate.reading import Reading

_HEADROOM = 1.06  # the outermost mark must not stand on the edge


@dataclass(frozen=True, slots=True)
class Bullet:
    """Places on a bar from 0 to 1000, whole so that they are the same everywhere.

    ``zero`` is where the bar starts: at 0, unless there are negative numbers. ``band`` is a target that
    is a range, or the side of an edge on which the value is to stay.
    """

    zero: int
    value: int
    tone: str
    target: int | None = None
    expected: int | None = None
    band: tuple[int, int] | None = None

    @property
    def bar(self) -> tuple[int, int]:
        """The start and the width of the bar of the value."""
        return min(self.zero, self.value), abs(self.value - self.zero)


def bullet(reading: Reading) -> Bullet | None:
    """Return the bar of a reading; None without a value, or without anything to hold it against."""
    value, target = reading.value, reading.target
    if value is None or target is None:
        return None
    edges = [target.low, target.high] if isinstance(target, Band) else [target]
    expected = expected_on_the_way(reading)
    known = [0.0, value, *edges, *([expected] if expected is not None else [])]
    low, high = min(known) * _HEADROOM, max(known) * _HEADROOM
    span = high - low
    if not 0 < span < float("inf"):
        return None

    def place(number: float) -> int:
        return round(1000 * (number - low) / span)

    return Bullet(
        zero=place(0),
        value=place(value),
        tone=tone_of(reading.status),
        target=place(target) if not isinstance(target, Band) else None,
        expected=place(expected) if expected is not None else None,
        band=(place(target.low), place(target.high)) if isinstance(target, Band) else None,
    )


def expected_on_the_way(reading: Reading) -> float | None:
    """Return what is expected by now; None where that is the target itself, as of what is to be kept."""
    expected = reading.expected_by_now
    return None if expected is None or same(expected, reading.target) else expected


def same(one: float, other: float | Band | None) -> bool:
    """Say whether a number is that of a target; a range has none."""
    return isinstance(other, int | float) and math.isclose(one, other, rel_tol=1e-9)
