"""What a value would have been by itself: as the year before went on, or as the weeks before did."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_then(before: float, before_then: float, after_then: float) -> float:
    """Carry the change of another time over to ``before``: a difference in differences.

    Relative where all three values are positive, so that a shop that grew has the season of its new size.
    """
    if min(before, before_then, after_then) > 0:
        return before * (after_then / before_then)
    return before + (after_then - before_then)


def as_trend(before: float, earlier: Sequence[float], steps: float) -> float:
    """Carry ``before`` on by the straight line through ``earlier``, one value a step, ``steps`` ahead.

    The slope is that of least squares, of logarithms where all values are positive.
    """
    relative = min(before, *earlier) > 0
    values = np.array([log(value) if relative else value for value in earlier])
    at = np.arange(len(values)) - (len(values) - 1) / 2
    slope = float(at @ values / (at @ at))
    return before * exp(slope * steps) if relative else before + slope * steps
