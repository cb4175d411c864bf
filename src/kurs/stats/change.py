"""Is a change real? Intervals and p-values that do not cry wolf on days that hang together."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

from kurs.stats.student import t_quantile, t_two_sided

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST_BLOCKS = 6
LEAST_PAIRS = 20
BLOCK = 28  # days: shorter blocks hang together too much (see benchmarks/false_alarms.py)
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a test says of a change: its p-value and its 95 % interval."""

    p_value: float
    low95: float
    high95: float


def blocks(days: Floats) -> Floats:
    """Add days up to blocks of four weeks or little more."""
    count = len(days) // BLOCK
    return np.array([part.sum() for part in np.array_split(days, count)]) if count else np.zeros(0)


def welch(y0: Floats, x0: Floats, y1: Floats, x1: Floats) -> Verdict | None:
    """Test the change of sum(y) / sum(x) between two sets of blocks, by the delta method and Welch's t.

    Each block's e = y - R x is taken as independent: Var(R) = var(e) / (n mean(x)^2). None where nothing
    varies, or a side has fewer than two blocks.
    """
    parts = [_scaled_errors(y, x) for y, x in ((y0, x0), (y1, x1))]
    if any(part is None or len(part) < 2 for part in parts):
        return None
    shares = [float(part.var(ddof=1)) / len(part) for part in parts if part is not None]
    variance = sum(shares)
    if variance <= 0:
        return None
    sizes = [len(part) for part in parts if part is not None]
    freedom = variance**2 / sum(s**2 / (n - 1) for s, n in zip(shares, sizes, strict=True))
    return by_student(float(y1.sum() / x1.sum() - y0.sum() / x0.sum()), sqrt(variance), freedom)


def paired(y0: Floats, x0: Floats, y1: Floats, x1: Floats) -> Verdict | None:
    """Test the same where block i of one side belongs to block i of the other: the same weekdays."""
    before, after = _scaled_errors(y0, x0), _scaled_errors(y1, x1)
    if before is None or after is None or len(before) != len(after) or len(before) < 2:
        return None
    variance = float((after - before).var(ddof=1)) / len(before)
    if variance <= 0:
        return None
    change = float(y1.sum() / x1.sum() - y0.sum() / x0.sum())
    return by_student(change, sqrt(variance), len(before) - 1)


def least_pairs(days: int) -> int:
    """Return how many earlier pairs tell what is usual for two periods of so many days together.

    They begin a week apart, so they overlap: long ones need more of them to be of as much use.
    """
    return max(LEAST_PAIRS, 2 * -(-days // 7))


def placebo(
    then: float,
    now: float,
    reference: Sequence[tuple[float, float]],
    least: int = LEAST_PAIRS,
    width: float = 1.0,
) -> Verdict | None:
    """Test a change against those of earlier pairs of periods, in which nothing special was done.

    The p-value is its rank by size among them, ``width`` times as large, the interval the change +- their
    95 % quantile; relative where all values are positive. None with fewer than ``least`` pairs.
    """
    if len(reference) < least:
        return None
    relative = min(then, now, *(value for pair in reference for value in pair)) > 0
    usual = width * np.array([abs(log(b / a) if relative else b - a) for a, b in reference])
    change = log(now / then) if relative else now - then
    as_large = int((usual >= abs(change) * (1 - 1e-12)).sum())
    half = float(np.quantile(usual, _LEVEL, method="weibull"))
    ends = (change - half, change + half)
    low, high = (then * (exp(end) - 1) for end in ends) if relative else ends
    return Verdict((1 + as_large) / (1 + len(usual)), low, high)


def width_of(pairs: int, weeks: int) -> float:
    """Return how much wider an interval must be since its pairs, a week apart, share days.

    Pairs whose later side has so many ``weeks`` tell as much as ``pairs / weeks`` that share none: Student's
    quantile of so few, as a multiple of that of many.
    """
    return t_quantile(_LEVEL, max(pairs / weeks, 1.0)) / t_quantile(_LEVEL, 1e6)


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return q-values: the share of false finds when all up to each of them are believed."""
    p = np.array(p_values, float)
    order = np.argsort(p, kind="stable")
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    falling = np.minimum.accumulate(ranked[::-1])[::-1]
    q = np.empty_like(p)
    q[order] = np.minimum(falling, 1.0)
    return [float(value) for value in q]


def _scaled_errors(y: Floats, x: Floats) -> Floats | None:
    if not len(x) or not x.sum():
        return None
    return (y - y.sum() / x.sum() * x) / x.mean()


def by_student(change: float, error: float, freedom: float) -> Verdict:
    """Test a change of a known standard error by Student's t."""
    half = t_quantile(_LEVEL, freedom) * error
    return Verdict(t_two_sided(change / error, freedom), change - half, change + half)
