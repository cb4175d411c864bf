"""A sparkline: the last values as a line without axes, from the lowest to the highest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 96, 28
_EDGE = 3  # room for the dot at the end


@dataclass(frozen=True, slots=True)
class Trend:
    """An SVG path over WIDTH x HEIGHT, and where its last known value lies. A gap interrupts the path."""

    path: str
    last: tuple[float, float]


def trend(values: Sequence[float | None], most: int = 24) -> Trend | None:
    """Draw the last ``most`` values; None where fewer than two are known."""
    shown = values[-most:]
    known = [value for value in shown if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    span = high / 2 - low / 2  # halved first: the distance of two huge numbers would not be finite
    step = (WIDTH - 2 * _EDGE) / (len(shown) - 1)

    def height(value: float) -> float:
        share = (value / 2 - low / 2) / span if span > 0 else 0.5
        return round(HEIGHT - _EDGE - share * (HEIGHT - 2 * _EDGE), 1)

    path: list[str] = []
    points: list[tuple[float, float]] = []
    pen_is_down = False
    for place, value in enumerate(shown):
        if value is None:
            pen_is_down = False
            continue
        points.append((round(_EDGE + place * step, 1), height(value)))
        path.append(f"{'L' if pen_is_down else 'M'}{points[-1][0]:g} {points[-1][1]:g}")
        pen_is_down = True
    return Trend("".join(path), points[-1])
