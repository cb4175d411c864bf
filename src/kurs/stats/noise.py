"""How much a series moves from week to week by itself, and the least change that can be told from it."""

from __future__ import annotations

from itertools import pairwise
from math import log, sqrt
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_STEPS = 8
_MAD = 1.4826  # of a normal distribution: its standard deviation over its median absolute deviation
# The quantiles of the normal distribution for 5 % false alarms on two sides and 80 % of true changes seen.
_SEEN = 1.960 + 0.842


def week_to_week(values: Sequence[float | None]) -> float | None:
    """Return the usual size of a step from one value to the next, as a share: 0.06 is 6 %.

    The robust standard deviation of the logarithms' differences: a trend and a few strange weeks do not
    count. None with fewer than ``LEAST_STEPS`` steps between values above zero.
    """
    pairs = pairwise(values)
    steps = [log(b / a) for a, b in pairs if a is not None and b is not None and a > 0 and b > 0]
    if len(steps) < LEAST_STEPS:
        return None
    middle = median(steps)
    return _MAD * median([abs(step - middle) for step in steps])


def least_visible(noise: float, weeks: float) -> float:
    """Return the least relative change between two stretches of ``weeks`` that is seen 4 times out of 5.

    ``noise`` is that of ``week_to_week``: the difference of two weeks. That of two means of n weeks is
    smaller by the root of n while weeks do not hang together; where they do, even more is needed.
    """
    return _SEEN * noise / sqrt(max(weeks, 1.0))


def cases_to_see(share: float, change: float) -> float:
    """Return how many cases two stretches each need: a change of a share is then seen 4 times out of 5.

    ``share`` is p, ``change`` its absolute difference: n = 2 z^2 p (1 - p) / change^2, the usual sample
    size of two proportions near each other (Fleiss, Statistical Methods for Rates and Proportions).
    """
    return 2 * _SEEN**2 * share * (1 - share) / change**2
