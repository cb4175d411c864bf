"""Is a change more than chance, judged by the users behind it? Their own spread, and that of days beyond it.

Users act each for themselves, but a day (the weather, a campaign) moves all of them together: taken alone,
they call one change in five real where there is none (benchmarks/false_alarms.py). The wider of both counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from kurs.stats.change import Verdict, by_student

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

WEEK = 7
LEAST_WEEKS = 2  # on each side
LEAST_USERS = 100  # on each side
# The spread of days is itself rough, however many there are: with more, false alarms pass 6 %.
_MOST_FREEDOM = 8
_LONG, _LAGS, _LAGS_OF_LONG = 8 * WEEK, 6, 13  # days hang together over a week, in long periods over two


@dataclass(frozen=True, slots=True)
class Sums:
    """Numerators and denominators, one a unit, then and now; a flow has no denominators.

    Of users the units of both sides are the same ones; of days each side has its own.
    """

    y0: Floats
    y1: Floats
    x0: Floats | None = None
    x1: Floats | None = None

    @property
    def change(self) -> float:
        """The change of sum(y) / sum(x), of a flow that of sum(y)."""
        if self.x0 is None or self.x1 is None:
            return float(self.y1.sum() - self.y0.sum())
        return float(self.y1.sum() / self.x1.sum() - self.y0.sum() / self.x0.sum())

    def errors(self) -> tuple[Floats, Floats]:
        """Return what each unit adds to the change beyond its expectation: (y - R x) / sum(x) by side."""
        if self.x0 is None or self.x1 is None:
            return self.y0, self.y1
        sides = ((self.y0, self.x0), (self.y1, self.x1))
        then, now = ((y - y.sum() / x.sum() * x) / x.sum() for y, x in sides)
        return then, now


def variance_of_users(users: Sums) -> float:
    """Return the variance of the change by the delta method, clustered by user: who is on both sides is one.

    Of a flow, who comes is chance too: users are a Poisson sample, and the variance is their sum of squares.
    """
    then, now = users.errors()
    count = int(((then != 0) | (now != 0)).sum())
    return float(np.square(now - then).sum()) * (count / (count - 1) if count > 1 else 1.0)


def variance_of_days(days: Sums, weekdays: tuple[NDArray[np.int_], NDArray[np.int_]]) -> float:
    """Return the variance of the change by days that hang together, beyond the week's own pattern.

    Newey and West (Econometrica 55, 1987): autocovariances with falling weights.
    """
    sides = [side - side.mean() for side in days.errors()]
    both, of = np.concatenate(sides), np.concatenate(weekdays)
    usual = np.bincount(of, both, WEEK) / np.maximum(np.bincount(of, minlength=WEEK), 1)
    left = [side - usual[day] for side, day in zip(sides, weekdays, strict=True)]
    lags = _LAGS_OF_LONG if min(map(len, sides)) >= _LONG else _LAGS
    total = 0.0
    for side in left:
        shared = [
            (1 - lag / (lags + 1)) * float((side[lag:] * side[:-lag]).sum()) for lag in range(1, lags + 1)
        ]
        total += max(float(np.square(side).sum()) + 2 * sum(shared), 0.0)
    return total * len(both) / (len(both) - WEEK)


def by_users(users: Sums, days: Sums, weekdays: tuple[NDArray[np.int_], NDArray[np.int_]]) -> Verdict | None:
    """Test the change by the wider of both variances and Student's t over the weeks.

    None with fewer than two weeks or a hundred users on a side, and where nothing varies.
    """
    weeks = [len(side) // WEEK for side in weekdays]
    counts = [int((side != 0).sum()) for side in (users.x0, users.x1) if side is not None]
    counts = counts or [int((side != 0).sum()) for side in (users.y0, users.y1)]
    if min(weeks) < LEAST_WEEKS or min(counts) < LEAST_USERS:
        return None
    variance = max(variance_of_users(users), variance_of_days(days, weekdays))
    freedom = min(sum(weeks) - 2, _MOST_FREEDOM)
    return by_student(days.change, sqrt(variance), freedom) if variance > 0 else None
